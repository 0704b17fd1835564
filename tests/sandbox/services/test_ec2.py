import json

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.services.resources import RefusedError, Resource, Resources

GROUP = "aws:ec2/securityGroup:SecurityGroup"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
HTTPS = {"protocol": "tcp", "fromPort": 443, "toPort": 443}
INGEST = "com.amazonaws.eu-west-1.timestream.ingest-cell2"


def vpc(resources: Resources) -> Resource:
    return resources.create("aws:ec2/vpc:Vpc", cidrBlock="10.20.0.0/16", enableDnsHostnames=True)


def group(resources: Resources, **inputs: object) -> Resource:
    stated = {"name": "writers", "description": "Writers", "vpcId": vpc(resources).id, **inputs}
    return resources.create(GROUP, **stated)


def found(resources: Resources, group_id: str) -> dict[str, object]:
    client = resources.aws.client("ec2")
    answer: dict[str, object] = client.describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0]
    return answer


def test_a_vpc_names_what_aws_makes_with_it(resources: Resources) -> None:
    made = vpc(resources)
    parts = ("defaultSecurityGroupId", "mainRouteTableId", "defaultNetworkAclId")
    assert [made.state[part].rsplit("-", 1)[0] for part in parts] == ["sg", "rtb", "acl"]


def test_a_vpc_in_use_cannot_be_deleted(resources: Resources) -> None:
    made = vpc(resources)
    resources.create("aws:ec2/subnet:Subnet", vpcId=made.id, cidrBlock="10.20.1.0/24")
    with pytest.raises(ClientError, match="DependencyViolation"):
        made.delete()


def test_a_group_lets_nothing_out_unless_it_says_so(resources: Resources) -> None:
    assert found(resources, group(resources).id)["IpPermissionsEgress"] == []


def test_a_group_lets_out_what_it_says(resources: Resources) -> None:
    made = group(resources, egress=[{**HTTPS, "cidrBlocks": ["10.20.0.0/16"], "description": "TLS"}])
    assert found(resources, made.id)["IpPermissionsEgress"] == [
        {
            "IpProtocol": "tcp",
            "FromPort": 443,
            "ToPort": 443,
            "IpRanges": [{"CidrIp": "10.20.0.0/16", "Description": "TLS"}],
            "Ipv6Ranges": [],
            "PrefixListIds": [],
            "UserIdGroupPairs": [],
        }
    ]


def test_an_empty_list_of_rules_revokes_all(resources: Resources) -> None:
    made = group(resources, ingress=[{**HTTPS, "self": True}])
    made.update({"ingress": []})
    assert found(resources, made.id)["IpPermissions"] == []


def test_rules_of_their_own_survive_an_update_of_the_group(resources: Resources) -> None:
    made = group(resources)
    rule = resources.create(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        securityGroupId=made.id,
        ipProtocol="-1",
        referencedSecurityGroupId=made.id,
    )
    made.update({"tags": {"team": "billing"}})
    assert rule.find(rule.state) is not None
    assert made.state["ingress"] == [{"protocol": "-1", "fromPort": 0, "toPort": 0, "self": True}]


def test_private_dns_is_off_unless_the_endpoint_asks_for_it(resources: Resources) -> None:
    endpoint = resources.create(
        ENDPOINT, vpcId=vpc(resources).id, serviceName=INGEST, vpcEndpointType="Interface"
    )
    client = resources.aws.client("ec2")
    assert client.describe_vpc_endpoints()["VpcEndpoints"][0]["PrivateDnsEnabled"] is False
    endpoint.update({"privateDnsEnabled": True})
    assert client.describe_vpc_endpoints()["VpcEndpoints"][0]["PrivateDnsEnabled"] is True


def test_dns_options_and_address_type_of_an_endpoint_are_kept(resources: Resources) -> None:
    endpoint = resources.create(
        ENDPOINT,
        vpcId=vpc(resources).id,
        serviceName=INGEST,
        vpcEndpointType="Interface",
        ipAddressType="dualstack",
        dnsOptions={"dnsRecordIpType": "dualstack"},
    )
    assert (endpoint.state["ipAddressType"], endpoint.state["dnsOptions"]) == (
        "dualstack",
        {"dnsRecordIpType": "dualstack"},
    )


def test_deleting_an_endpoint_policy_allows_everything_again(resources: Resources) -> None:
    endpoint = resources.create(
        ENDPOINT, vpcId=vpc(resources).id, serviceName=INGEST, vpcEndpointType="Interface"
    )
    statement = {"Effect": "Allow", "Principal": "*", "Action": "timestream:WriteRecords", "Resource": "*"}
    policy = resources.create(
        "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy",
        vpcEndpointId=endpoint.id,
        policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    policy.delete()
    left = resources.aws.client("ec2").describe_vpc_endpoints()["VpcEndpoints"][0]["PolicyDocument"]
    assert json.loads(left)["Statement"] == [
        {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    ]


def test_a_flow_log_goes_to_a_log_group_by_its_arn(resources: Resources) -> None:
    logs = resources.create("aws:cloudwatch/logGroup:LogGroup", name="/flows")
    role = "arn:aws:iam::000000000000:role/flows"
    flow_log = resources.create(
        "aws:ec2/flowLog:FlowLog",
        vpcId=vpc(resources).id,
        trafficType="ALL",
        iamRoleArn=role,
        logDestination=logs.state["arn"],
    )
    assert (flow_log.state["logDestination"], flow_log.state["iamRoleArn"]) == (logs.state["arn"], role)


def test_a_flow_log_to_a_bucket_that_does_not_exist_is_an_error(resources: Resources) -> None:
    with pytest.raises(RuntimeError, match="CreateFlowLogs: 400: LogDestination: nowhere does not exist"):
        resources.create(
            "aws:ec2/flowLog:FlowLog",
            vpcId=vpc(resources).id,
            trafficType="ALL",
            logDestinationType="s3",
            logDestination="arn:aws:s3:::nowhere",
        )


def test_a_flow_log_of_nothing_is_refused(resources: Resources) -> None:
    with pytest.raises(RefusedError) as refusal:
        resources.create("aws:ec2/flowLog:FlowLog", logDestination="arn:aws:s3:::flows")
    assert refusal.value.args == ([("vpcId", "give exactly one of `vpcId`, `subnetId` and `eniId`.")],)
