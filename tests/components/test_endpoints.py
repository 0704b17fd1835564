"""Interface endpoints: what is made, who comes in, and what is refused before anything is made."""

import json
from types import SimpleNamespace
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from tests.components.arns import ACCOUNT, REGION
from tests.components.recorder import UNKNOWN, Deployment, deploy
from timestream_baseline import TimestreamBaseline
from timestream_baseline.documents.endpoints import service_endpoint_policy, timestream_endpoint_policy
from timestream_baseline.endpoint_services import (
    EndpointError,
    EndpointService,
    find_service,
    left_out,
    place_subnets,
    service_name,
)
from timestream_baseline.endpoints import PrivateEndpoints
from timestream_baseline.inputs import ArgumentsError, CamelCaseArgs, baseline_settings
from timestream_baseline.inputs.network import Network, PrivateEndpointsPart
from timestream_baseline.location import Location

PLACE = Location(partition="aws", region=REGION, account=ACCOUNT, caller_arn="")
TIMESTREAM = f"arn:aws:timestream:{REGION}:{ACCOUNT}:database"
VPC = "vpc-0123456789abcdef0"
# The last letter of an id is that of the zone; the mocked services are offered in a and b.
IN_A, IN_B, IN_C, ALSO_IN_A = "subnet-0000000a", "subnet-0000000b", "subnet-0000000c", "subnet-1111111a"
CLIENTS, OTHERS = "sg-0123456789abcdef0", "sg-00000000000000001"
ENDPOINT = "vpce-0123456789abcdef0"
SMALL: Any = {
    "vpc_id": VPC,
    "subnet_ids": [IN_A, IN_B],
    "client_security_group_ids": [CLIENTS],
    "ingest_cell": "cell2",
    "query_cell": "cell3",
    "database_arns": [f"{TIMESTREAM}/metrics"],
}


def changed(**changes: Any) -> Any:
    return {key: value for key, value in {**SMALL, **changes}.items() if value is not None}


def endpoints(args: Any, *, unknown: bool = False) -> Deployment:
    def program() -> dict[str, pulumi.Output[Any]]:
        made = PrivateEndpoints("baseline", args)
        outputs = {"ids": made.endpoint_ids, "urls": made.endpoint_urls, "cells": made.cells}
        return outputs if made.security_group_id is None else {**outputs, "group": made.security_group_id}

    return deploy(program, unknown=unknown)


def made_by(deployment: Deployment) -> list[str]:
    return sorted(f"{it.type.rsplit(':', 1)[1]} {it.name}" for it in deployment.registrations)


def endpoint(deployment: Deployment, kind: str) -> dict[str, Any]:
    return deployment.named("VpcEndpoint", f"baseline-{kind}").inputs


def warnings(deployment: Deployment) -> list[str]:
    return [message for level, message in deployment.log if level == "warning"]


def test_private_endpoints_make_exactly_these_resources() -> None:
    assert made_by(endpoints(SMALL)) == [
        "PrivateEndpoints baseline",
        "SecurityGroup baseline-endpoints",
        f"SecurityGroupIngressRule baseline-endpoints/{CLIENTS}",
        "VpcEndpoint baseline-ingest",
        "VpcEndpoint baseline-query",
    ]


def test_an_endpoint_stands_in_the_vpc_behind_the_group() -> None:
    made = endpoints(changed(tags={"owner": "platform"}))
    inputs = endpoint(made, "ingest")
    assert json.loads(inputs.pop("policy"))["Version"] == "2012-10-17"
    assert inputs == {
        "vpcId": VPC,
        "vpcEndpointType": "Interface",
        "serviceName": "com.amazonaws.eu-west-1.timestream.ingest-cell2",
        "subnetIds": [IN_A, IN_B],
        "securityGroupIds": [made.outputs["group"]],
        "privateDnsEnabled": True,
        "tags": {"owner": "platform"},
        "region": REGION,
    }


def test_private_dns_can_be_turned_off_knowingly() -> None:
    made = endpoints(changed(private_dns=False))
    assert endpoint(made, "query")["privateDnsEnabled"] is False
    assert warnings(made) == [
        "private_dns is false (default true): the names in endpoint_urls lead to public addresses; "
        "applications have to use the endpoints' own names (TS-EP-004)"
    ]


def test_nothing_of_it_is_protected_or_retained() -> None:
    assert not any(it.protect or it.retain_on_delete for it in endpoints(SMALL).registrations)


@pytest.mark.parametrize(
    ("change", "services"),
    [
        pytest.param(
            {},
            {"ingest": "timestream.ingest-cell2", "query": "timestream.query-cell3"},
            id="databases",
        ),
        pytest.param(
            {"database_arns": None, "influxdb": True},
            {"influxdb": "timestream-influxdb"},
            id="InfluxDB alone",
        ),
        pytest.param(
            {"influxdb": True, "also": ["kms", "sts", "logs", "secretsmanager"]},
            {
                "ingest": "timestream.ingest-cell2",
                "query": "timestream.query-cell3",
                "influxdb": "timestream-influxdb",
                "kms": "kms",
                "sts": "sts",
                "logs": "logs",
                "secretsmanager": "secretsmanager",
            },
            id="everything",
        ),
        pytest.param(
            {"database_arns": None, "also_allow_databases": [f"{TIMESTREAM}/theirs"]},
            {"ingest": "timestream.ingest-cell2", "query": "timestream.query-cell3"},
            id="databases of others",
        ),
        pytest.param({"database_arns": None, "also": ["kms"]}, {"kms": "kms"}, id="another service alone"),
    ],
)
def test_what_is_used_gets_endpoints(change: dict[str, Any], services: dict[str, str]) -> None:
    made = endpoints(changed(**change))
    names = {it.name: it.inputs["serviceName"] for it in made.of("VpcEndpoint")}
    assert names == {f"baseline-{kind}": f"com.amazonaws.eu-west-1.{it}" for kind, it in services.items()}
    assert made.outputs["ids"].keys() == services.keys()


class TestSecurityGroup:
    def test_it_takes_tls_from_each_client_and_lets_nothing_out(self) -> None:
        made = endpoints(
            changed(
                client_security_group_ids=[CLIENTS, OTHERS],
                client_cidrs=["10.1.0.0/16", "2001:db8::/32"],
                tags={"owner": "platform"},
            )
        )
        (group,) = made.of("SecurityGroup")
        assert group.inputs == {
            "name": "timestream-baseline-endpoints",
            "description": "Interface endpoints of Timestream: TLS from named clients",
            "vpcId": VPC,
            "tags": {"owner": "platform"},
            "region": REGION,
        }
        assert made.of("SecurityGroupEgressRule") == []
        rules = {it.name.partition("/")[2]: dict(it.inputs) for it in made.of("SecurityGroupIngressRule")}
        common = {
            "securityGroupId": made.outputs["group"],
            "description": "TLS from a client",
            "ipProtocol": "tcp",
            "fromPort": 443,
            "toPort": 443,
            "tags": {"owner": "platform"},
            "region": REGION,
        }
        assert rules == {
            CLIENTS: {**common, "referencedSecurityGroupId": CLIENTS},
            OTHERS: {**common, "referencedSecurityGroupId": OTHERS},
            "10.1.0.0/16": {**common, "cidrIpv4": "10.1.0.0/16"},
            "2001-db8--/32": {**common, "cidrIpv6": "2001:db8::/32"},
        }

    def test_a_computed_client_is_named_by_its_place(self) -> None:
        made = endpoints(changed(client_security_group_ids=[CLIENTS, pulumi.Output.from_input(OTHERS)]))
        names = [it.name for it in made.of("SecurityGroupIngressRule")]
        assert names == ["baseline-endpoints/client-1", f"baseline-endpoints/{CLIENTS}"]


class TestPolicies:
    def policy(self, kind: str, **changes: Any) -> Any:
        return json.loads(endpoint(endpoints(changed(**changes)), kind)["policy"])

    @pytest.mark.parametrize("kind", ["ingest", "query"])
    def test_the_endpoints_of_live_analytics_reach_the_named_databases(self, kind: str) -> None:
        theirs = "arn:aws:timestream:eu-west-1:111122223333:database/theirs"
        assert self.policy(kind, also_allow_databases=[theirs]) == timestream_endpoint_policy(
            partition="aws",
            region=REGION,
            account=ACCOUNT,
            organization=None,
            database_arns=[f"{TIMESTREAM}/metrics", theirs],
        )

    @pytest.mark.parametrize(
        ("kind", "service"), [("influxdb", "timestream-influxdb"), ("sts", "sts"), ("kms", "kms")]
    )
    def test_other_endpoints_are_limited_by_their_callers(self, kind: str, service: str) -> None:
        policy = self.policy(kind, influxdb=True, also=["kms", "sts"], organization_id="o-a1b2c3d4e5")
        assert policy == service_endpoint_policy(
            service=service, account=ACCOUNT, organization="o-a1b2c3d4e5"
        )

    def test_a_database_that_is_known_later_is_not_lost(self) -> None:
        theirs = f"{TIMESTREAM}/theirs"
        policy = self.policy("query", also_allow_databases=[pulumi.Output.from_input(theirs)])
        assert f"{theirs}/table/*" in policy["Statement"][0]["Resource"]

    def test_an_unknown_database_makes_the_policy_unknown_and_nothing_else(self) -> None:
        def program() -> dict[str, pulumi.Output[Any]]:
            database = aws.timestreamwrite.Database("theirs", database_name="theirs")
            return {
                "ids": PrivateEndpoints("baseline", changed(also_allow_databases=[database.arn])).endpoint_ids
            }

        inputs = endpoint(deploy(program, unknown=True), "ingest")
        assert inputs["policy"] == UNKNOWN
        assert inputs["subnetIds"] == [IN_A, IN_B]

    def test_too_many_databases_are_refused_before_anything_is_made(self) -> None:
        databases = [f"{TIMESTREAM}/{number:064}" for number in range(100)]
        assert mistakes(changed(database_arns=databases)) == [
            "makes an endpoint policy 26,174 characters long, and AWS takes 20,480; "
            "reach fewer databases through this VPC, or give them shorter names"
        ]

    def test_too_many_computed_databases_are_refused_when_they_are_known(self) -> None:
        databases = [pulumi.Output.from_input(f"{TIMESTREAM}/{number:064}") for number in range(100)]
        with pytest.raises(ArgumentsError) as caught:
            endpoints(changed(also_allow_databases=databases))
        assert str(caught.value.mistakes[0]).startswith("makes an endpoint policy 26,304 ")


class TestOutputs:
    def test_databases_have_cells_and_urls(self) -> None:
        outputs = endpoints(SMALL).outputs
        assert outputs["cells"] == {"ingest": "cell2", "query": "cell3"}
        assert outputs["urls"] == {
            "ingest": "https://ingest-cell2.timestream.eu-west-1.amazonaws.com",
            "query": "https://query-cell3.timestream.eu-west-1.amazonaws.com",
        }

    def test_influxdb_has_a_url_and_no_cell(self) -> None:
        outputs = endpoints(changed(database_arns=None, influxdb=True)).outputs
        assert outputs["cells"] == {}
        assert outputs["urls"] == {"influxdb": "https://timestream-influxdb.eu-west-1.amazonaws.com"}

    def test_in_state_they_have_the_names_of_other_languages(self) -> None:
        made = endpoints(SMALL)
        assert made.registered_outputs["timestream-baseline:index:PrivateEndpoints::baseline"] == {
            "endpointIds": made.outputs["ids"],
            "endpointUrls": made.outputs["urls"],
            "cells": made.outputs["cells"],
            "securityGroupId": made.outputs["group"],
        }


def without_network(**changes: Any) -> Any:
    nothing = {"vpc_id": None, "subnet_ids": None, "client_security_group_ids": None}
    return changed(**nothing, **changes)


class TestExisting:
    def test_endpoints_that_exist_are_only_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def never(*_: object, **__: object) -> None:
            raise AssertionError("nothing may be read")

        monkeypatch.setattr(aws.ec2, "get_subnet", never)
        monkeypatch.setattr(aws.ec2, "get_vpc_endpoint_service", never)
        named = {"ingest_endpoint_id": ENDPOINT, "query_endpoint_id": "vpce-00000000000000001"}
        made = endpoints(without_network(existing=named))
        assert made_by(made) == ["PrivateEndpoints baseline"]
        assert made.outputs["ids"] == {"ingest": ENDPOINT, "query": "vpce-00000000000000001"}
        assert made.outputs["urls"].keys() == {"ingest", "query"}
        assert warnings(made) == []

    def test_what_they_leave_out_is_said(self) -> None:
        made = endpoints(without_network(existing={"ingest_endpoint_id": ENDPOINT}, influxdb=True))
        assert warnings(made) == [
            "existing names no endpoint for query, influxdb: those calls go to public addresses"
        ]

    def test_one_that_nothing_uses_is_refused(self) -> None:
        named = {"ingest_endpoint_id": ENDPOINT, "influxdb_endpoint_id": "vpce-00000000000000001"}
        assert mistakes(without_network(existing=named)) == [
            "existing.influxdb_endpoint_id: is an endpoint of InfluxDB, which is not used here"
        ]


def test_without_any_endpoint_one_warning_says_so() -> None:
    made = endpoints(without_network())
    assert made_by(made) == ["PrivateEndpoints baseline"]
    assert made.outputs["ids"] == {}
    assert made.outputs["urls"].keys() == {"ingest", "query"}
    assert warnings(made) == [
        "neither vpc_id nor existing is given (default: no endpoints): applications reach Timestream at "
        "public addresses (TS-EP-001)"
    ]


class TestSubnets:
    def subnets(self, given: Any) -> tuple[Any, list[str]]:
        made = endpoints(changed(subnet_ids=given))
        notes = [message for level, message in made.log if level == "info"]
        return endpoint(made, "ingest")["subnetIds"], notes

    def test_zones_that_are_not_offered_and_second_subnets_of_a_zone_are_left_out(self) -> None:
        chosen, notes = self.subnets([IN_A, ALSO_IN_A, IN_B, IN_C])
        assert chosen == [IN_A, IN_B]
        assert notes == [
            f"left out of the endpoints: {ALSO_IN_A} (eu-west-1a), {IN_C} (eu-west-1c); an endpoint takes "
            "one subnet for each zone that AWS offers its service in"
        ]

    def test_nothing_is_said_when_all_are_taken(self) -> None:
        assert self.subnets([IN_B]) == ([IN_B], [])

    @pytest.mark.parametrize(
        "computed",
        [
            pytest.param(lambda: pulumi.Output.from_input([IN_A, IN_C]), id="the whole list"),
            pytest.param(lambda: [pulumi.Output.from_input(IN_A), IN_C], id="an item"),
            pytest.param(lambda: pulumi.Output.secret([IN_A, IN_C]), id="a secret list"),
        ],
    )
    def test_computed_subnets_are_limited_when_they_are_known(self, computed: Any) -> None:
        chosen, notes = self.subnets(computed())
        if isinstance(chosen, dict):
            chosen = chosen["value"]
        assert chosen == [IN_A]
        assert len(notes) == 1

    def test_unknown_subnets_are_unknown_and_nothing_else_is(self) -> None:
        def program() -> dict[str, pulumi.Output[Any]]:
            subnet = aws.ec2.Subnet("a", vpc_id=VPC, cidr_block="10.0.0.0/24")
            made = PrivateEndpoints("baseline", changed(subnet_ids=[subnet.id, IN_B]))
            return {"urls": made.endpoint_urls}

        made = deploy(program, unknown=True)
        inputs = endpoint(made, "query")
        assert inputs["subnetIds"] == UNKNOWN
        assert inputs["serviceName"] == "com.amazonaws.eu-west-1.timestream.query-cell3"
        assert made.outputs["urls"]["query"] == "https://query-cell3.timestream.eu-west-1.amazonaws.com"

    NOWHERE = (
        "no subnet lies in a zone that AWS offers: com.amazonaws.eu-west-1.timestream.ingest-cell2 in "
        "eu-west-1a, eu-west-1b; com.amazonaws.eu-west-1.timestream.query-cell3 in eu-west-1a, eu-west-1b. "
        "The subnets lie in eu-west-1c"
    )

    def test_if_none_is_left_one_error_says_where_they_lie(self) -> None:
        assert mistakes(changed(subnet_ids=[IN_C])) == [f"subnet_ids: {self.NOWHERE}"]

    def test_if_none_of_computed_ones_is_left_the_error_is_the_same(self) -> None:
        with pytest.raises(ArgumentsError) as caught:
            endpoints(changed(subnet_ids=pulumi.Output.from_input([IN_C])))
        assert [str(mistake) for mistake in caught.value.mistakes] == [f"subnet_ids: {self.NOWHERE}"]

    def test_a_subnet_that_cannot_be_read_is_an_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(aws.ec2, "get_subnet", failing("no matching subnet found"))
        assert mistakes(SMALL) == [
            f"subnet_ids: the zone of {IN_A} cannot be read (no matching subnet found)"
        ]

    def test_each_service_gets_the_zones_that_it_offers(self) -> None:
        services = {
            "ingest": EndpointService(name="ingest", zones=("a",)),
            "query": EndpointService(name="query", zones=("a", "b")),
            "kms": EndpointService(name="kms", zones=None),
        }
        zones = {"s1": "a", "s2": "a", "s3": "b", "s4": "c"}
        chosen = place_subnets(zones, services)
        assert chosen == {"ingest": ("s1",), "query": ("s1", "s3"), "kms": ("s1", "s3", "s4")}
        assert left_out(zones, chosen) == (
            "left out of the endpoints: s2 (a); an endpoint takes one subnet for each zone that AWS offers "
            "its service in"
        )

    def test_no_subnet_at_all_is_an_error(self) -> None:
        with pytest.raises(EndpointError) as caught:
            place_subnets({}, {"ingest": EndpointService(name="ingest", zones=("a",))})
        assert str(caught.value) == (
            "no subnet lies in a zone that AWS offers: ingest in a. The subnets lie in no zone, since there "
            "are none"
        )


def failing(message: str) -> Any:
    def fail(*_: object, **__: object) -> None:
        raise Exception(
            f"invoke of aws:ec2/x:x failed: invocation of aws:ec2/x:x returned an error: {message}"
        )

    return fail


class TestServices:
    def test_another_cell_than_the_accounts_is_one_readable_error(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(aws.ec2, "get_vpc_endpoint_service", failing("does not exist"))
        name, gone = "com.amazonaws.eu-west-1.timestream", "(does not exist)"
        assert mistakes(changed(also=["kms"], influxdb=True)) == [
            f"ingest_cell: is cell2, but AWS answers no endpoint service {name}.ingest-cell2 {gone}. "
            "Give the cell that `aws timestream-write describe-endpoints --region eu-west-1` answers",
            f"query_cell: is cell3, but AWS answers no endpoint service {name}.query-cell3 {gone}. "
            "Give the cell that `aws timestream-query describe-endpoints --region eu-west-1` answers",
            "vpc_id: cannot get an endpoint for InfluxDB: AWS answers no endpoint service "
            f"{name}-influxdb {gone}",
            "also[0]: is kms, but AWS answers no endpoint service com.amazonaws.eu-west-1.kms "
            "(does not exist)",
        ]

    def test_a_service_that_no_policy_could_limit_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        real = aws.ec2.get_vpc_endpoint_service

        def without_policy(**arguments: Any) -> Any:
            answer = real(**arguments)
            answer.__dict__["vpc_endpoint_policy_supported"] = not arguments["service_name"].endswith("kms")
            return answer

        monkeypatch.setattr(aws.ec2, "get_vpc_endpoint_service", without_policy)
        assert mistakes(changed(also=["kms"])) == [
            "also[0]: is kms, but com.amazonaws.eu-west-1.kms takes no endpoint policy, so that nothing "
            "would limit it"
        ]

    def test_names_that_do_not_exist_cannot_lead_to_an_endpoint(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = aws.ec2.get_vpc_endpoint_service

        def without_name(**arguments: Any) -> Any:
            answer = real(**arguments)
            answer.__dict__["private_dns_name"] = ""
            return answer

        monkeypatch.setattr(aws.ec2, "get_vpc_endpoint_service", without_name)
        assert mistakes(changed(database_arns=None, also=["kms", "sts"])) == [
            "private_dns: is true (the default), but AWS has no private host name for "
            "com.amazonaws.eu-west-1.kms, com.amazonaws.eu-west-1.sts; set it to false"
        ]
        assert made_by(endpoints(changed(private_dns=False)))[-1] == "VpcEndpoint baseline-query"

    def test_in_another_region_than_the_providers_the_zones_are_not_known(self) -> None:
        made = endpoints(changed(region="us-east-1", subnet_ids=[IN_A, ALSO_IN_A, IN_C]))
        inputs = endpoint(made, "ingest")
        assert inputs["serviceName"] == "com.amazonaws.us-east-1.timestream.ingest-cell2"
        assert (inputs["region"], inputs["subnetIds"]) == ("us-east-1", [IN_A, IN_C])
        assert warnings(made) == [
            "the endpoints are made in us-east-1, but the provider works in eu-west-1: in which zones AWS "
            "offers its services is not known, and it may refuse a subnet while it makes them"
        ]

    @pytest.mark.parametrize(
        ("kind", "name"),
        [
            ("ingest", "com.amazonaws.us-gov-west-1.timestream.ingest-cell2"),
            ("influxdb", "com.amazonaws.us-gov-west-1.timestream-influxdb"),
            ("logs", "com.amazonaws.us-gov-west-1.logs"),
        ],
    )
    def test_names_follow_the_region(self, kind: str, name: str) -> None:
        place = Location(partition="aws-us-gov", region="us-gov-west-1", account=ACCOUNT, caller_arn="")
        assert service_name(kind, {"ingest": "cell2"}, place) == name

    def test_in_china_a_service_may_have_another_name(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: dict[str, Any] = {}

        def answer(**arguments: Any) -> SimpleNamespace:
            asked.update(arguments)
            return SimpleNamespace(
                service_name="cn.com.amazonaws.cn-north-1.kms",
                vpc_endpoint_policy_supported=True,
                availability_zones=["cn-north-1b", "cn-north-1a"],
                private_dns_name="",
                private_dns_names=["kms.cn-north-1.amazonaws.com.cn"],
            )

        monkeypatch.setattr(aws.ec2, "get_vpc_endpoint_service", answer)
        china = Location(partition="aws-cn", region="cn-north-1", account=ACCOUNT, caller_arn="")
        found = find_service(None, "kms", {}, china, ask=True)  # type: ignore[arg-type]
        names = ["com.amazonaws.cn-north-1.kms", "cn.com.amazonaws.cn-north-1.kms"]
        assert (asked["service_name"], asked["filters"]) == (
            None,
            [{"name": "service-name", "values": names}],
        )
        assert found == EndpointService(
            name="cn.com.amazonaws.cn-north-1.kms", zones=("cn-north-1a", "cn-north-1b")
        )


def mistakes(args: Any) -> list[str]:
    with pytest.raises(ArgumentsError) as caught:
        endpoints(args)
    return [str(mistake) for mistake in caught.value.mistakes]


NETWORK: Any = {"vpc_id": VPC, "subnet_ids": [IN_A], "client_security_group_ids": [CLIENTS]}


def changed_network(**changes: Any) -> Any:
    return {key: value for key, value in {**NETWORK, **changes}.items() if value is not None}


def test_alone_there_must_be_something_to_reach() -> None:
    assert mistakes(changed(database_arns=None)) == ["names nothing to reach; give database_arns or influxdb"]


def test_alone_it_knows_no_keys_and_nothing_to_protect() -> None:
    offered = {"database_arns", "influxdb", "tags", "region"}
    own = set(PrivateEndpointsPart.__dataclass_fields__) - set(Network.__dataclass_fields__) - {"plan"}
    assert own == offered
    (mistake,) = mistakes(changed(protect_data=False))
    assert mistake.startswith("protect_data: is unknown; ")


class TestInsideTheBaseline:
    """The same part, with the databases of the baseline and paths below `network`."""

    def baseline(self, network: Any) -> Deployment:
        pinned = {"ingest_cell": "cell2", "query_cell": "cell3", **network}
        args: Any = {"databases": {"metrics": {}, "fleet": {}}, "network": pinned}

        def program() -> dict[str, pulumi.Output[Any]]:
            return TimestreamBaseline("baseline", args).outputs()

        return deploy(program)

    def test_its_databases_are_reached(self) -> None:
        made = self.baseline(NETWORK)
        statement = json.loads(endpoint(made, "ingest")["policy"])["Statement"][0]
        assert statement["Resource"] == [
            f"{TIMESTREAM}/fleet",
            f"{TIMESTREAM}/fleet/table/*",
            f"{TIMESTREAM}/metrics",
            f"{TIMESTREAM}/metrics/table/*",
        ]
        assert made.outputs["endpointIds"].keys() == {"ingest", "query"}
        (part,) = made.of("PrivateEndpoints")
        assert {it.parent for it in made.of("VpcEndpoint")} == {part.urn}

    def test_without_network_the_urls_are_there_and_one_warning_says_what_is_missing(self) -> None:
        made = self.baseline({})
        assert made.outputs["endpointUrls"].keys() == {"ingest", "query"}
        assert made.outputs["endpointIds"] == {}
        assert [it for it in warnings(made) if "endpoints" in it] == [
            "neither network.vpc_id nor network.existing is given (default: no endpoints): applications "
            "reach Timestream at public addresses (TS-EP-001)"
        ]

    @pytest.mark.parametrize(
        "subnets",
        [
            pytest.param(lambda: [IN_C], id="plain"),
            pytest.param(lambda: pulumi.Output.from_input([IN_C]), id="computed"),
        ],
    )
    def test_what_is_wrong_with_its_subnets_is_said_with_the_path(self, subnets: Any) -> None:
        with pytest.raises(ArgumentsError) as caught:
            self.baseline(changed_network(subnet_ids=subnets()))
        assert [mistake.path for mistake in caught.value.mistakes] == ["network.subnet_ids"]

    @pytest.mark.parametrize(
        ("network", "enough"),
        [
            pytest.param({}, False, id="no endpoint"),
            pytest.param({"existing": {"influxdb_endpoint_id": ENDPOINT}}, False, id="that of InfluxDB"),
            pytest.param({"existing": {"query_endpoint_id": ENDPOINT}}, True, id="one that exists"),
            pytest.param(NETWORK, True, id="endpoints that are made"),
        ],
    )
    def test_a_role_requires_endpoints_of_live_analytics(self, network: Any, enough: bool) -> None:
        trust = {"services": ["lambda.amazonaws.com"]}
        args = {
            "databases": {"metrics": {}},
            "network": network,
            "access": {"readers": {"bi": {"trust": trust, "require_endpoint": True}}},
        }
        found = []
        try:
            baseline_settings("baseline", args)
        except ArgumentsError as error:
            found = [str(mistake) for mistake in error.mistakes]
        missing = (
            "is true, but there is no endpoint for LiveAnalytics; give network.vpc_id or network.existing"
        )
        assert found == ([] if enough else [f"access.readers.bi.require_endpoint: {missing}"])


def test_arguments_of_other_languages_are_read_as_they_are_written() -> None:
    args = {
        "vpcId": VPC,
        "subnetIds": [IN_A],
        "clientCidrs": ["10.0.0.0/16"],
        "ingestCell": "cell2",
        "queryCell": "cell3",
        "databaseArns": [f"{TIMESTREAM}/metrics"],
    }
    made = endpoints(CamelCaseArgs(args))
    assert [it.name for it in made.of("VpcEndpoint")] == ["baseline-ingest", "baseline-query"]
