from typing import Any

import pytest

from tests.policies.helpers import UNDECIDED, UNKNOWN, messages, said
from timestream_policies.evaluation import judge
from timestream_policies.examples import Given, build, document
from timestream_policies.examples.endpoints import INFLUXDB, INGEST, OWN, QUERY, SUBNETS, allow, interface
from timestream_policies.rules import endpoint_access as access
from timestream_policies.rules import endpoints
from timestream_policies.settings import Settings
from timestream_policies.types import (
    DATABASE,
    DB_CLUSTER,
    DEFAULT_SECURITY_GROUP,
    DEFAULT_VPC,
    SECURITY_GROUP,
    SECURITY_GROUP_ASSOCIATION,
    SECURITY_GROUP_INGRESS_RULE,
    SUBNET,
    TABLE,
    VPC,
    VPC_ENDPOINT,
    VPC_ENDPOINT_POLICY,
    VPC_ENDPOINT_SUBNET,
)

GOOD = interface(
    privateDnsEnabled=True,
    vpcId="vpc-1",
    region="eu-west-1",
    subnetIds=SUBNETS,
    securityGroupIds=["sg-1"],
    policy=document(allow(**OWN)),
)
PUBLIC = "is reached at public addresses: no interface endpoint leads to {}"
NO_INGEST, NO_QUERY = (PUBLIC.format(f"timestream.{kind}-cell<n>") for kind in ("ingest", "query"))


def endpoint(service: Any, **more: Any) -> Given:
    return Given(VPC_ENDPOINT, interface(service, **more), str(service))


@pytest.mark.parametrize(
    ("type_", "others", "expected"),
    [
        pytest.param(DATABASE, [endpoint(INGEST), endpoint(QUERY)], [], id="both"),
        pytest.param(DATABASE, [], [NO_INGEST, NO_QUERY], id="none"),
        pytest.param(DATABASE, [endpoint(INGEST)], [NO_QUERY], id="one"),
        pytest.param(
            DATABASE, [endpoint(INGEST, vpcEndpointType="Gateway")], [NO_INGEST, NO_QUERY], id="no interface"
        ),
        pytest.param(DATABASE, [endpoint(INGEST), endpoint(UNKNOWN)], [UNDECIDED], id="perhaps the other"),
        pytest.param(TABLE, [], [NO_INGEST, NO_QUERY], id="a table alone"),
        pytest.param(TABLE, [Given(DATABASE, {}, "database")], [], id="the database speaks for its tables"),
        pytest.param(DB_CLUSTER, [endpoint(INFLUXDB)], [], id="InfluxDB"),
        pytest.param(DB_CLUSTER, [], [PUBLIC.format("timestream-influxdb")], id="InfluxDB, none"),
    ],
)
def test_endpoints_exist(type_: str, others: list[Given], expected: Any) -> None:
    assert messages(endpoints.endpoints_exist, type_, {}, {}, *others) == expected


def test_endpoints_of_another_stack_are_an_assumption() -> None:
    stack = build((Given(DATABASE, {}),))
    stack.settings = Settings(managed_elsewhere=frozenset({"endpoints"}))
    judgement = judge(endpoints.endpoints_exist, stack.resources[0], stack)
    assert said(judgement) == []
    assert [assumption.text for assumption in judgement.assumptions] == [
        "endpoints are managed elsewhere, as the settings say"
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"privateDnsEnabled": False}, ["does not answer to the names of Timestream"]),
        ({"privateDnsEnabled": None}, ["does not answer to the names of Timestream"]),
        ({"privateDnsEnabled": UNKNOWN}, [UNDECIDED]),
        ({"privateDnsEnabled": None, "serviceName": "com.amazonaws.eu-west-1.kms"}, []),
        ({"privateDnsEnabled": None, "vpcEndpointType": None}, []),
    ],
)
def test_private_dns_is_on(change: Any, expected: Any) -> None:
    assert messages(endpoints.private_dns_is_on, VPC_ENDPOINT, GOOD, change) == expected


SUPPORT = "lies in 'vpc', which has no DNS support"
HOST_NAMES = "has private DNS in 'vpc', which has no DNS host names"


@pytest.mark.parametrize(
    ("type_", "vpc", "change", "expected"),
    [
        (VPC, {"enableDnsSupport": True, "enableDnsHostnames": True}, {}, []),
        (VPC, {"enableDnsHostnames": True}, {}, []),
        (VPC, {}, {}, [HOST_NAMES]),
        (VPC, {}, {"privateDnsEnabled": False}, []),
        (VPC, {"enableDnsSupport": False}, {}, [SUPPORT, HOST_NAMES]),
        (VPC, {"enableDnsSupport": False}, {"privateDnsEnabled": False}, [SUPPORT]),
        (VPC, {"enableDnsHostnames": UNKNOWN}, {}, [UNDECIDED]),
        (VPC, {"enableDnsSupport": UNKNOWN}, {}, [HOST_NAMES]),
        (VPC, {"enableDnsSupport": False}, {"vpcEndpointType": "Gateway"}, []),
        (VPC, {}, {"serviceName": "com.amazonaws.eu-west-1.sqs"}, [HOST_NAMES]),
        (DEFAULT_VPC, {}, {}, []),
    ],
)
def test_the_vpc_resolves_names(type_: str, vpc: Any, change: Any, expected: Any) -> None:
    given = Given(type_, vpc, "vpc", id="vpc-1")
    assert messages(endpoints.vpc_resolves_names, VPC_ENDPOINT, GOOD, change, given) == expected


def test_gateways_are_routed() -> None:
    gateway = {"serviceName": "com.amazonaws.eu-west-1.dynamodb", "vpcEndpointType": "Gateway"}
    rule = endpoints.gateways_are_routed
    assert messages(rule, VPC_ENDPOINT, gateway, {}) == ["stands in no route table"]
    assert messages(rule, VPC_ENDPOINT, gateway, {"routeTableIds": []}) == ["stands in no route table"]
    assert messages(rule, VPC_ENDPOINT, gateway, {"routeTableIds": ["rtb-1"]}) == []
    assert messages(rule, VPC_ENDPOINT, gateway, {"routeTableIds": UNKNOWN}) == [UNDECIDED]
    assert messages(rule, VPC_ENDPOINT, gateway, {"vpcEndpointType": "Interface"}) == []


OF_MAIN = {"vpcEndpointId": ("main",)}


@pytest.mark.parametrize(
    ("change", "others", "expected"),
    [
        pytest.param({}, [], [], id="two"),
        pytest.param({"subnetIds": None}, [], ["lies in no subnet"], id="none"),
        pytest.param({"subnetIds": SUBNETS[:1]}, [], ["lies in one subnet only"], id="one"),
        pytest.param({"subnetIds": SUBNETS[:1] * 2}, [], ["lies in one subnet only"], id="one, twice"),
        pytest.param({"subnetIds": UNKNOWN}, [], [UNDECIDED], id="not known yet"),
        pytest.param(
            {"subnetIds": SUBNETS[:1]},
            [Given(VPC_ENDPOINT_SUBNET, {"vpcEndpointId": UNKNOWN, "subnetId": "subnet-9"}, "a", OF_MAIN)],
            [],
            id="one here and one beside",
        ),
        pytest.param(
            {"subnetIds": None, "subnetConfigurations": [{"subnetId": "a"}, {"subnetId": "b"}]},
            [],
            [],
            id="with addresses",
        ),
        pytest.param({"vpcEndpointType": "Gateway", "subnetIds": None}, [], [], id="a gateway has none"),
        pytest.param(
            {},
            [Given(SUBNET, {"availabilityZone": "a"}, id_, id=id_) for id_ in SUBNETS],
            ["lies in the zone a only"],
            id="two in one zone",
        ),
        pytest.param(
            {},
            [Given(SUBNET, {"availabilityZone": id_}, id_, id=id_) for id_ in SUBNETS],
            [],
            id="two in two zones",
        ),
        pytest.param(
            {}, [Given(SUBNET, {"availabilityZone": "a"}, "x", id=SUBNETS[0])], [], id="one of another stack"
        ),
    ],
)
def test_endpoints_span_zones(change: Any, others: list[Given], expected: Any) -> None:
    assert messages(endpoints.endpoints_span_zones, VPC_ENDPOINT, GOOD, change, *others) == expected


@pytest.mark.parametrize(
    ("service", "wrong"),
    [
        (INGEST, False),
        (QUERY, False),
        (INFLUXDB, False),
        ("cn.com.amazonaws.eu-west-1.timestream.ingest-cell1", False),
        ("com.amazonaws.eu-west-1.kms", False),
        ("com.amazonaws.eu-west-1.timestream.query-cell-1", True),
        ("com.amazonaws.eu-west-1.timestream-ingest-cells", True),
        ("com.amazonaws.eu-west-1.timestream.ingest", True),
        ("com.amazonaws.eu-west-1.timestream-influxb", True),
        ("com.amazonaws.eu-west-1.timesteam.ingest-cell1", True),
    ],
)
def test_service_names_exist(service: str, wrong: bool) -> None:
    expected = [f"leads to {service}, which does not exist"] if wrong else []
    change = {"serviceName": service}
    assert messages(endpoints.service_names_exist, VPC_ENDPOINT, GOOD, change) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"region": "us-east-1"}, [f"leads to {INGEST} from the region us-east-1"]),
        ({"region": "us-east-1", "serviceRegion": "eu-west-1"}, []),
        ({"region": None}, []),
        ({"vpcEndpointType": None}, ["is not an interface, but Timestream has no other kind"]),
        ({"serviceName": UNKNOWN}, [UNDECIDED]),
    ],
)
def test_service_names_fit_the_endpoint(change: Any, expected: Any) -> None:
    assert messages(endpoints.service_names_exist, VPC_ENDPOINT, GOOD, change) == expected


def policy(**parts: Any) -> dict[str, Any]:
    return {"policy": document(allow(**parts))}


EVERYTHING = "lets everybody do everything: statement It of its policy"
NOTHING_SAID = "has no policy: everybody may do everything through it"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="good"),
        pytest.param({"policy": None}, [NOTHING_SAID], id="none"),
        pytest.param({"policy": ""}, [NOTHING_SAID], id="empty"),
        pytest.param(policy(), [EVERYTHING], id="everything"),
        pytest.param(policy(Action="timestream:*"), [EVERYTHING], id="everything that there is"),
        pytest.param(policy(Action=None, NotAction="iam:*"), [EVERYTHING], id="everything but"),
        pytest.param(policy(Principal={"AWS": ["*"]}), [EVERYTHING], id="in a list"),
        pytest.param(policy(Principal=None, NotPrincipal="a"), [EVERYTHING], id="everybody but"),
        pytest.param(policy(Effect="Deny"), [], id="denied"),
        pytest.param(policy(Action="timestream:Select"), [], id="another rule's"),
        pytest.param(policy(Principal={"AWS": "arn:aws:iam::111122223333:root"}), [], id="one account"),
        pytest.param(
            policy(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}),
            [],
            id="one organization",
        ),
        pytest.param(
            policy(Condition={"StringEqualsIfExists": {"aws:ResourceAccount": "111122223333"}}),
            [],
            id="resources of one account",
        ),
        pytest.param(
            policy(Condition={"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}),
            [EVERYTHING],
            id="resources of whoever calls",
        ),
        pytest.param(
            policy(Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}}),
            [EVERYTHING],
            id="through itself",
        ),
        pytest.param(
            policy(Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}),
            [EVERYTHING],
            id="all organizations but one",
        ),
        pytest.param(
            policy(Resource="arn:aws:timestream:eu-west-1:111122223333:database/*"), [], id="of one account"
        ),
        pytest.param(policy(Resource="arn:aws:timestream:*:*:database/*"), [EVERYTHING], id="of any account"),
        pytest.param({"policy": UNKNOWN}, [UNDECIDED], id="not known yet"),
        pytest.param(policy(Principal=UNKNOWN), [UNDECIDED], id="nobody known yet"),
        pytest.param({"policy": None, "serviceName": "com.amazonaws.eu-west-1.s3"}, [NOTHING_SAID], id="S3"),
        pytest.param({"policy": None, "serviceName": "com.amazonaws.vpce.x.vpce-svc-1"}, [], id="of others"),
    ],
)
def test_endpoint_policies_are_limited(change: Any, expected: Any) -> None:
    assert messages(access.endpoint_policies_are_limited, VPC_ENDPOINT, GOOD, change) == expected


def test_the_policy_may_stand_beside_the_endpoint() -> None:
    rule = access.endpoint_policies_are_limited
    apart = Given(VPC_ENDPOINT_POLICY, {"vpcEndpointId": UNKNOWN, **policy(**OWN)}, "policy", OF_MAIN)
    assert messages(rule, VPC_ENDPOINT, GOOD, {"policy": None}, apart) == []
    unplaced = Given(VPC_ENDPOINT_POLICY, {"vpcEndpointId": UNKNOWN, **policy(**OWN)}, "policy")
    assert messages(rule, VPC_ENDPOINT, GOOD, {"policy": None}, unplaced) == [UNDECIDED]
    good = {"vpcEndpointId": "vpce-1", **policy(**OWN)}
    assert messages(rule, VPC_ENDPOINT_POLICY, good, {}) == []
    assert messages(rule, VPC_ENDPOINT_POLICY, good, policy()) == [EVERYTHING]
    assert messages(rule, VPC_ENDPOINT_POLICY, good, {"policy": None}) == [NOTHING_SAID]


OPEN = (
    "lets everybody in: statement It of its policy allows a wildcard principal, "
    "and neither its conditions nor its resources keep strangers out"
)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"policy": None}, []),
        (policy(), []),
        (policy(Action="timestream:WriteRecords"), [OPEN]),
        (policy(Action="timestream:WriteRecords", **OWN), []),
        (policy(Action="s3:GetObject", Resource="arn:aws:s3:::packages/*"), []),
        (policy(Action="s3:GetObject", Resource=["arn:aws:s3:::packages/*", "*"]), [OPEN]),
        (policy(Action=[UNKNOWN]), [UNDECIDED]),
    ],
)
def test_endpoint_policies_name_principals(change: Any, expected: Any) -> None:
    assert messages(access.endpoint_policies_name_principals, VPC_ENDPOINT, GOOD, change) == expected


def test_only_trusted_accounts_are_named_if_there_is_a_list() -> None:
    principals = {
        "AWS": ["arn:aws:iam::111122223333:root", "444455556666", "arn:aws:iam::777788889999:role/r"]
    }
    arn = "arn:aws:ec2:eu-west-1:777788889999:vpc-endpoint/vpce-1"
    stack = build((Given(VPC_ENDPOINT, {**GOOD, **policy(Principal=principals)}, outputs={"arn": arn}),))
    main = stack.resources[0]
    assert said(judge(access.endpoint_policies_name_principals, main, stack)) == []
    main.settings = Settings(trusted_accounts=("111122223333",))
    assert said(judge(access.endpoint_policies_name_principals, main, stack)) == [
        "admits the account 444455556666, which is not trusted: statement It of its policy"
    ]


FALLS_BACK = "falls back to the default security group of its VPC"


@pytest.mark.parametrize(
    ("change", "others", "expected"),
    [
        pytest.param({}, [], [], id="a group"),
        pytest.param({"securityGroupIds": None}, [], [FALLS_BACK], id="none"),
        pytest.param({"securityGroupIds": []}, [], [FALLS_BACK], id="an empty list"),
        pytest.param({"securityGroupIds": UNKNOWN}, [], [UNDECIDED], id="not known yet"),
        pytest.param({"securityGroupIds": None, "vpcEndpointType": "Gateway"}, [], [], id="a gateway"),
        pytest.param(
            {"securityGroupIds": None},
            [Given(SECURITY_GROUP_ASSOCIATION, {"vpcEndpointId": UNKNOWN}, "a", OF_MAIN)],
            [FALLS_BACK],
            id="one beside the default one",
        ),
        pytest.param(
            {},
            [Given(DEFAULT_SECURITY_GROUP, {}, "default", id="sg-1")],
            ["uses the default security group of 'default'"],
            id="the default one",
        ),
    ],
)
def test_endpoints_have_groups(change: Any, others: list[Given], expected: Any) -> None:
    assert messages(access.endpoints_have_groups, VPC_ENDPOINT, GOOD, change, *others) == expected


TLS = {"protocol": "tcp", "fromPort": 443, "toPort": 443}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"securityGroups": ["sg-2"]}, []),
        ({"self": True}, []),
        ({"cidrBlocks": ["10.0.0.0/16"]}, []),
        ({"cidrBlocks": ["10.0.0.0/8"]}, ["takes traffic from 10.0.0.0/8 through its group 'group'"]),
        ({"ipv6CidrBlocks": ["::/0"]}, ["takes traffic from ::/0 through its group 'group'"]),
        ({"cidrBlocks": ["203.0.113.7/32"]}, ["takes traffic from 203.0.113.7/32 through its group 'group'"]),
        (
            {"securityGroups": ["sg-2"], "protocol": "-1"},
            ["takes all protocols through its group 'group', not port 443 alone"],
        ),
        (
            {"securityGroups": ["sg-2"], "fromPort": 80},
            ["takes tcp ports 80 to 443 through its group 'group', not port 443 alone"],
        ),
        ({"securityGroups": ["sg-2"], "toPort": UNKNOWN}, [UNDECIDED]),
        (
            {"cidrBlocks": ["10.0.0.0/8"], "toPort": UNKNOWN},
            ["takes traffic from 10.0.0.0/8 through its group 'group'"],
        ),
    ],
)
def test_endpoints_take_tls_only(rule: Any, expected: Any) -> None:
    group = Given(SECURITY_GROUP, {"ingress": [{**TLS, **rule}]}, "group", id="sg-1")
    judged = access.endpoints_take_tls_only
    assert messages(judged, VPC_ENDPOINT, GOOD, {}, group) == expected
    assert messages(judged, VPC_ENDPOINT, GOOD, {"serviceName": "com.amazonaws.eu-west-1.kms"}, group) == []
    beside = Given(
        SECURITY_GROUP_ASSOCIATION, {"vpcEndpointId": UNKNOWN, "securityGroupId": "sg-1"}, "a", OF_MAIN
    )
    assert messages(judged, VPC_ENDPOINT, GOOD, {"securityGroupIds": None}, group, beside) == expected


def test_rules_beside_the_group_count() -> None:
    group = Given(SECURITY_GROUP, {}, "group", id="sg-1")
    open_ = {
        "securityGroupId": "sg-1",
        "ipProtocol": "tcp",
        "fromPort": 22,
        "toPort": 22,
        "cidrIpv4": "10.0.0.0/24",
    }
    rule = Given(SECURITY_GROUP_INGRESS_RULE, open_, "ssh")
    assert messages(access.endpoints_take_tls_only, VPC_ENDPOINT, GOOD, {}, group, rule) == [
        "takes tcp port 22 through its group 'group', not port 443 alone"
    ]
