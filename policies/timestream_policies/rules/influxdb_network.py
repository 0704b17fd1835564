"""Rules on who can reach InfluxDB over the network."""

from collections.abc import Iterator

import timestream_policies.examples.influxdb_network as examples
from timestream_policies.cidr import is_wider_than_allowed
from timestream_policies.influxdb import port_of
from timestream_policies.model import Finding, Resource
from timestream_policies.routes import has_way_out
from timestream_policies.rule import Severity, rule
from timestream_policies.security_groups import default_group_of, groups_of, reachable_from
from timestream_policies.stack import Stack
from timestream_policies.types import DEFAULT_SUBNET, INFLUXDB, SUBNET

NETWORK_PAGE = "https://docs.aws.amazon.com/timestream/latest/developerguide/timestream-for-influxdb.html"
GROUPS_PAGE = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html"
GROUPS = "vpcSecurityGroupIds"
SUBNETS = "vpcSubnetIds"


@rule(
    "TS-IDB-002",
    title="InfluxDB is reached from narrow networks only",
    severity=Severity.CRITICAL,
    applies_to=INFLUXDB,
    why="Whoever reaches the port may try passwords and tokens for as long as it takes.",
    fix="Allow the clients' security group, or networks of /16 (IPv6: /48) and narrower.",
    snippet=examples.SNIPPET,
    good=examples.NARROW_GOOD,
    bad=examples.NARROW_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.1"],
        "nist-800-53-r5": ["AC-4", "SC-7"],
        "pci-dss-4.0": ["1.3.1"],
        "iso-27001-2022": ["A.8.20"],
        "aws-timestream-security": ["security-best-practices"],
    },
    catalogue=["GAP-02"],
    links=[NETWORK_PAGE, GROUPS_PAGE],
)
def networks_are_narrow(database: Resource, stack: Stack) -> Iterator[Finding]:
    """Follow the groups, and judge the ranges that they let in to the port."""
    for group in groups_of(database, GROUPS, stack):
        with database:
            port = port_of(database)
            for _, cidr in reachable_from(group, stack, port):
                if is_wider_than_allowed(cidr, database.settings.thresholds):
                    yield database.finding(
                        f"is reached on port {port} from {cidr} through the security group {group.name!r}",
                        at=GROUPS,
                        key=f"{GROUPS}/{group.name}/{cidr}",
                    )


@rule(
    "TS-IDB-003",
    title="InfluxDB stands in private subnets",
    severity=Severity.HIGH,
    applies_to=INFLUXDB,
    why="In a public subnet one wrong flag or rule is enough to open the database to the internet.",
    fix="Name subnets without map_public_ip_on_launch and without a route to an internet gateway.",
    snippet=examples.SNIPPET,
    good=examples.SUBNETS_GOOD,
    bad=examples.SUBNETS_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.1"],
        "nist-800-53-r5": ["SC-7"],
        "pci-dss-4.0": ["1.4.4"],
        "aws-timestream-security": ["security-best-practices"],
    },
    catalogue=["GAP-03"],
    links=[NETWORK_PAGE, "https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html"],
)
def subnets_are_private(database: Resource, stack: Stack) -> Iterator[Finding]:
    """Follow the subnets, and their routes."""
    for subnet in stack.behind(database, SUBNETS, SUBNET, DEFAULT_SUBNET):
        with subnet:
            key = f"{SUBNETS}/{subnet.name}"
            if subnet.flag("mapPublicIpOnLaunch"):
                yield database.finding(
                    f"stands in the subnet {subnet.name!r}, which gives public addresses", at=SUBNETS, key=key
                )
        with subnet:
            if has_way_out(subnet, stack):
                yield database.finding(
                    f"stands in the subnet {subnet.name!r}, which has a route to the internet",
                    at=SUBNETS,
                    key=f"{key}/route",
                )


@rule(
    "TS-IDB-004",
    title="InfluxDB has a security group of its own",
    severity=Severity.HIGH,
    applies_to=INFLUXDB,
    why="The default group lets everything in the VPC that shares it in, on every port.",
    fix="Set vpc_security_group_ids to a group that lets the clients in, and nobody else.",
    snippet=examples.SNIPPET,
    good=examples.OWN_GROUP_GOOD,
    bad=examples.OWN_GROUP_BAD,
    controls={"cis-aws-db-2.0.0": ["10.1"], "nist-800-53-r5": ["SC-7"], "aws-fsbp": ["EC2.2"]},
    catalogue=["GAP-04"],
    links=[NETWORK_PAGE, GROUPS_PAGE],
)
def groups_are_its_own(database: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for no group at all, and for the VPC's default group."""
    if not database.part(GROUPS).partly_known:
        yield database.finding("has no security group, so it takes the default one", at=GROUPS)
    elif default := default_group_of(database, GROUPS, stack):
        yield database.finding(f"takes a default security group ({default.name!r})", at=GROUPS)
