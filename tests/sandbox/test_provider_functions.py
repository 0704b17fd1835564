"""The functions that programs call."""

import pytest

from aws_sandbox import schema
from aws_sandbox.functions import FUNCTIONS
from aws_sandbox.sandbox import Sandbox
from tests.sandbox.provider_client import CheckFailedError, Properties, ProviderClient, ProviderError

SUBNET = "aws:ec2/getSubnet:getSubnet"
VPC = "aws:ec2/getVpc:getVpc"
SERVICE = "aws:ec2/getVpcEndpointService:getVpcEndpointService"


@pytest.fixture
def network(provider: ProviderClient) -> Properties:
    vpc = provider.create("aws:ec2/vpc:Vpc", {"cidrBlock": "10.7.0.0/16", "tags": {"Name": "grid"}})
    subnet = provider.create(
        "aws:ec2/subnet:Subnet",
        {
            "vpcId": vpc.id,
            "cidrBlock": "10.7.1.0/24",
            "availabilityZone": "eu-west-1a",
            "tags": {"Name": "a"},
        },
    )
    return {"vpc": vpc.id, "subnet": subnet.id}


def test_every_declared_function_is_there() -> None:
    assert sorted(FUNCTIONS) == sorted(schema.package()["functions"])


def test_the_caller_is_the_sandboxs_user(provider: ProviderClient) -> None:
    assert provider.invoke("aws:index/getCallerIdentity:getCallerIdentity") == {
        "accountId": "000000000000",
        "arn": "arn:aws:iam::000000000000:user/sandbox",
        "id": "000000000000",
        "userId": "AIDASANDBOX0000000000",
    }


def test_the_region_is_the_providers(provider: ProviderClient) -> None:
    assert provider.invoke("aws:index/getRegion:getRegion") == {
        "description": "Europe (Ireland)",
        "endpoint": "ec2.eu-west-1.amazonaws.com",
        "id": "eu-west-1",
        "name": "eu-west-1",
        "region": "eu-west-1",
    }


def test_a_named_region_is_looked_up(provider: ProviderClient) -> None:
    assert (
        provider.invoke("aws:index/getRegion:getRegion", region="us-east-2")["description"]
        == "US East (Ohio)"
    )


def test_the_partition_is_the_public_one(provider: ProviderClient) -> None:
    assert provider.invoke("aws:index/getPartition:getPartition") == {
        "dnsSuffix": "amazonaws.com",
        "id": "aws",
        "partition": "aws",
        "reverseDnsPrefix": "com.amazonaws",
    }


def test_regions_and_zones_are_listed(provider: ProviderClient) -> None:
    assert "eu-west-1" in provider.invoke("aws:index/getRegions:getRegions")["names"]
    zones = provider.invoke("aws:index/getAvailabilityZones:getAvailabilityZones", state="available")
    assert zones["names"] == ["eu-west-1a", "eu-west-1b", "eu-west-1c"]


def test_an_arn_that_is_no_session_is_its_own_issuer(provider: ProviderClient) -> None:
    arn = "arn:aws:iam::000000000000:user/sandbox"
    context = provider.invoke("aws:iam/getSessionContext:getSessionContext", arn=arn)
    assert context["issuerArn"] == arn


@pytest.mark.parametrize("cell", ["ingest-cell2", "query-cell3"])
def test_the_endpoint_services_of_the_cells_are_there(cell: str, provider: ProviderClient) -> None:
    name = f"com.amazonaws.eu-west-1.timestream.{cell}"
    found = provider.invoke(SERVICE, serviceName=name, serviceType="Interface")
    assert (found["serviceName"], found["serviceType"]) == (name, "Interface")
    assert found["vpcEndpointPolicySupported"] is True
    assert found["availabilityZones"] == ["eu-west-1a", "eu-west-1b"]


def test_the_prefix_list_of_s3_is_found_by_its_name(provider: ProviderClient) -> None:
    name = "com.amazonaws.eu-west-1.s3"
    found = provider.invoke("aws:ec2/getManagedPrefixList:getManagedPrefixList", name=name)
    assert (found["name"], found["ownerId"]) == (name, "AWS")
    assert found["id"].startswith("pl-")
    assert found["entries"]


def test_a_subnet_is_found_by_id_and_by_tag(network: Properties, provider: ProviderClient) -> None:
    by_id = provider.invoke(SUBNET, id=network["subnet"])
    assert (by_id["vpcId"], by_id["cidrBlock"], by_id["availabilityZone"]) == (
        network["vpc"],
        "10.7.1.0/24",
        "eu-west-1a",
    )
    by_tag = provider.invoke(SUBNET, vpcId=network["vpc"], tags={"Name": "a"})
    assert by_tag["id"] == network["subnet"]


def test_a_vpc_is_found_by_filter(network: Properties, provider: ProviderClient) -> None:
    found = provider.invoke(VPC, filters=[{"name": "tag:Name", "values": ["grid"]}])
    assert (found["id"], found["cidrBlock"], found["enableDnsSupport"], found["default"]) == (
        network["vpc"],
        "10.7.0.0/16",
        True,
        False,
    )


def test_a_vpc_that_is_not_there_is_an_error(provider: ProviderClient) -> None:
    with pytest.raises(ProviderError) as error:
        provider.invoke(VPC, tags={"Name": "nowhere"})
    assert str(error.value) == (
        "calling aws:ec2/getVpc:getVpc: no matching VPC found. Check the id and the filters."
    )


def test_more_than_one_is_an_error(
    network: Properties, provider: ProviderClient, empty_sandbox: Sandbox
) -> None:
    empty_sandbox.client("ec2").create_vpc(CidrBlock="10.8.0.0/16")
    with pytest.raises(ProviderError) as error:
        provider.invoke(VPC, default=False, state="available")
    assert str(error.value) == (
        "calling aws:ec2/getVpc:getVpc: 3 matching VPC found. Use more specific filters."
    )


def test_an_argument_that_the_function_has_not_is_refused(provider: ProviderClient) -> None:
    with pytest.raises(CheckFailedError) as error:
        provider.invoke(VPC, vpcId="vpc-1")
    assert [name for name, _ in error.value.failures] == ["vpcId"]


def test_a_function_that_the_sandbox_has_not_is_named_with_those_of_the_service(
    provider: ProviderClient,
) -> None:
    with pytest.raises(ProviderError) as error:
        provider.invoke("aws:iam/getRole:getRole", name="a")
    assert str(error.value) == (
        "The sandbox has no aws:iam/getRole:getRole; it has: aws:iam/getSessionContext:getSessionContext."
    )
