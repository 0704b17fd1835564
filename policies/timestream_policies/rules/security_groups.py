"""Rules on what security groups let in."""

from collections.abc import Iterator

import timestream_policies.examples.security_groups as examples
from timestream_policies.cidr import is_internet, is_wide
from timestream_policies.model import Finding, Resource
from timestream_policies.rule import Severity, rule
from timestream_policies.security_groups import WITH_RULES, GroupRule, admits_internet, own_rules
from timestream_policies.undecided import any_of, holds

GROUPS_PAGE = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html"
RULES_PAGE = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"
# What Security Hub, prowler, cdk-nag and KICS call sensitive, without 22, 80, 443 and 3389.
_SENSITIVE = frozenset(
    {20, 21, 23, 25, 110, 111, 135, 137, 138, 139, 143, 161, 389, 445, 636, 873, 1433, 1434, 1521, 2049}
    | {2375, 2376, 2379, 2382, 2383, 2484, 2638, 3000, 3020, 3306, 4333, 4505, 4506, 5000, 5432, 5500}
    | {5601, 5900, 5985, 6379, 7000, 7001, 7199, 8000, 8020, 8080, 8088, 8140, 8888, 9000, 9042, 9090}
    | {9092, 9200, 9300, 10250, 11211, 11214, 11215, 27017, 27018, 50070, 61620, 61621}
)
_RISKY = tuple(sorted(_SENSITIVE | {8086, 8181}))
# Behind these ports something listens for UDP too; behind the others nothing does.
_OVER_UDP = frozenset(
    {111, 135, 137, 138, 139, 161, 389, 445, 636, 1434, 2049, 2382, 2383, 2484, 3389, 5432}
    | {11211, 11214, 11215}
)


def _ranges(rule_: GroupRule) -> str:
    """Return the wide ranges of a rule, for messages."""
    return " and ".join(dict.fromkeys(cidr for cidr in rule_.cidrs.known if _is_too_wide(rule_, cidr)))


def _is_too_wide(rule_: GroupRule, cidr: str) -> bool:
    return is_internet(cidr) or is_wide(cidr, rule_.resource.settings.thresholds)


def _has_wide_source(rule_: GroupRule) -> bool:
    return any_of(rule_.cidrs, lambda cidr: _is_too_wide(rule_, cidr))


def _covered(rule_: GroupRule, ports: tuple[int, ...]) -> list[int]:
    first, last = rule_.ports or (1, 0)
    covered = [port for port in ports if first <= port <= last]
    if covered and rule_.protocol == "udp":
        return [port for port in covered if port in _OVER_UDP]
    return covered


def _open_ports(resource: Resource, *ports: int) -> Iterator[Finding]:
    """Find the rules that let the internet in on some of the ports."""
    for rule_ in own_rules(resource, "ingress"):
        with rule_:
            if holds(rule_, admits_internet, lambda it: bool(_covered(it, ports))):
                hit = _covered(rule_, ports)
                shown = ", ".join(str(port) for port in hit[:3])
                more = f" and {len(hit) - 3} more" if len(hit) > 3 else ""
                yield resource.finding(
                    f"lets {_ranges(rule_)} in on port{'s' if len(hit) > 1 else ''} {shown}{more}",
                    at=rule_.at,
                    key=rule_.at,
                )


@rule(
    "TS-NET-001",
    title="Security groups do not let the whole internet in",
    severity=Severity.HIGH,
    applies_to=WITH_RULES,
    why="Whatever stands behind such a rule is probed by strangers within minutes.",
    fix="Name security groups or the networks of the clients as sources.",
    snippet=examples.SNIPPET,
    good=examples.INTERNET_GOOD,
    bad=examples.INTERNET_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.1"],
        "cis-aws-7.0.0": ["6.3", "6.4"],
        "cis-aws-5.0.0": ["5.3", "5.4"],
        "cis-aws-3.0.0": ["5.2", "5.3"],
        "pci-dss-4.0": ["1.2.5", "1.2.8"],
        "soc-2": ["CC6.6"],
        "iso-27001-2022": ["A.8.20"],
        "aws-fsbp": ["EC2.18"],
    },
    equivalents={
        "cdk-nag": ["AwsSolutions-EC23"],
        "prowler": [
            "ec2_securitygroup_allow_ingress_from_internet_to_any_port",
            "ec2_securitygroup_allow_ingress_from_internet_to_all_ports",
        ],
        "kics": ["4728cd65", "590d878b"],
        "trivy": ["AWS-0107"],
        "guard": ["EC2_SECURITY_GROUP_INGRESS_OPEN_TO_WORLD_RULE"],
        "compliance-policies": ["aws-ec2-securitygroup-disallow-public-internet-ingress"],
        "security-hub": ["EC2.18"],
    },
    catalogue=["NET-01", "NET-06"],
    links=[RULES_PAGE],
)
def internet_stays_out(resource: Resource) -> Iterator[Finding]:
    """Judge the sources of each ingress rule, whatever the port."""
    for rule_ in own_rules(resource, "ingress"):
        with rule_:
            for cidr in rule_.cidrs:
                if is_internet(cidr):
                    yield resource.finding(
                        f"lets the whole internet in ({cidr})", at=rule_.at, key=f"{rule_.at}/{cidr}"
                    )


@rule(
    "TS-NET-002",
    title="SSH is not open to the internet",
    severity=Severity.HIGH,
    applies_to=WITH_RULES,
    why="Open SSH invites guessed passwords, stolen keys and the next hole in the server.",
    fix="Take port 22 away, use Session Manager, or name the networks of the administrators.",
    snippet=examples.SNIPPET,
    good=examples.ports_good(22),
    bad=examples.ports_bad(22),
    controls={
        "cis-aws-7.0.0": ["6.3", "6.4"],
        "cis-aws-5.0.0": ["5.3", "5.4"],
        "nist-800-53-r5": ["SC-7"],
        "pci-dss-4.0": ["1.2.8", "1.3.1"],
        "hipaa": ["164.312(e)(1)"],
        "soc-2": ["CC6.6"],
        "aws-fsbp": ["EC2.13"],
    },
    equivalents={
        "checkov": ["CKV_AWS_24"],
        "cdk-nag": ["EC2RestrictedSSH"],
        "prowler": ["ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22"],
        "kics": ["65905cec"],
        "trivy": ["AWS-0107"],
        "guard": ["RESTRICTED_SSH"],
        "security-hub": ["EC2.13"],
    },
    catalogue=["NET-02", "NET-05"],
    links=[RULES_PAGE],
)
def ssh_is_closed(resource: Resource) -> Iterator[Finding]:
    """Judge port 22."""
    yield from _open_ports(resource, 22)


@rule(
    "TS-NET-003",
    title="Remote desktop is not open to the internet",
    severity=Severity.HIGH,
    applies_to=WITH_RULES,
    why="Open remote desktop is what ransomware looks for first.",
    fix="Take port 3389 away, use Fleet Manager, or name the networks of the administrators.",
    snippet=examples.SNIPPET,
    good=examples.ports_good(3389),
    bad=examples.ports_bad(3389),
    controls={
        "cis-aws-7.0.0": ["6.3", "6.4"],
        "cis-aws-5.0.0": ["5.3", "5.4"],
        "soc-2": ["CC6.6"],
        "iso-27001-2022": ["A.8.20"],
        "aws-fsbp": ["EC2.14"],
    },
    equivalents={
        "checkov": ["CKV_AWS_25"],
        "cdk-nag": ["EC2RestrictedCommonPorts"],
        "prowler": ["ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_3389"],
        "kics": ["151187cb"],
        "security-hub": ["EC2.14"],
    },
    catalogue=["NET-03", "NET-05"],
    links=[RULES_PAGE],
)
def remote_desktop_is_closed(resource: Resource) -> Iterator[Finding]:
    """Judge port 3389."""
    yield from _open_ports(resource, 3389)


@rule(
    "TS-NET-004",
    title="Plain HTTP is not open to the internet",
    severity=Severity.HIGH,
    applies_to=WITH_RULES,
    why="On port 80 passwords, tokens and data travel in plain text.",
    fix="Serve port 443 alone, or name the networks of the clients.",
    snippet=examples.SNIPPET,
    good=examples.ports_good(80),
    bad=examples.ports_bad(80),
    controls={"soc-2": ["CC6.7"], "nist-800-53-r5": ["SC-8"], "iso-27001-2022": ["A.8.20"]},
    equivalents={
        "checkov": ["CKV_AWS_260"],
        "kics": ["ffac8a12"],
        "compliance-policies": ["aws-ec2-securitygroup-disallow-inbound-http-traffic"],
    },
    catalogue=["NET-04"],
    links=[RULES_PAGE],
)
def http_is_closed(resource: Resource) -> Iterator[Finding]:
    """Judge port 80."""
    yield from _open_ports(resource, 80)


@rule(
    "TS-NET-005",
    title="InfluxDB and other sensitive ports are not open to the internet",
    severity=Severity.CRITICAL,
    applies_to=WITH_RULES,
    why="Databases and consoles on these ports (8086 and 8181 are InfluxDB's) are made for friends only.",
    fix="Name the security groups of the applications as sources instead of address ranges.",
    snippet=examples.SNIPPET,
    good=examples.ports_good(8086),
    bad=examples.ports_bad(8086),
    controls={
        "cis-aws-db-2.0.0": ["10.1"],
        "nist-800-53-r5": ["SC-7"],
        "soc-2": ["CC6.6"],
        "iso-27001-2022": ["A.8.20"],
        "aws-fsbp": ["EC2.19"],
    },
    equivalents={
        "cdk-nag": ["EC2RestrictedCommonPorts"],
        "prowler": ["ec2_securitygroup_allow_ingress_from_internet_to_high_risk_tcp_ports"],
        "kics": ["381c3f2a", "e35c16a2", "54c417bf"],
        "guard": ["RESTRICTED_COMMON_PORTS"],
        "security-hub": ["EC2.19"],
    },
    catalogue=["NET-05"],
    links=[RULES_PAGE],
)
def sensitive_ports_are_closed(resource: Resource) -> Iterator[Finding]:
    """Judge the ports of databases, consoles and old protocols."""
    yield from _open_ports(resource, *_RISKY)


@rule(
    "TS-NET-006",
    title="Sources of security groups are single networks, not wide ranges",
    severity=Severity.MEDIUM,
    applies_to=WITH_RULES,
    why="A wide range lets in every network that anybody will ever connect, or half a provider's customers.",
    fix="Name security groups, networks of /16 (IPv6 /48) or less, and public ranges of /24 or less.",
    snippet=examples.SNIPPET,
    good=examples.WIDE_GOOD,
    bad=examples.WIDE_BAD,
    controls={"cis-aws-db-2.0.0": ["10.1"], "soc-2": ["CC6.6"], "iso-27001-2022": ["A.8.20"]},
    equivalents={
        "prowler": ["ec2_securitygroup_allow_wide_open_public_ipv4"],
        "kics": ["92fe237e"],
        "guard": ["SECURITY_GROUP_INGRESS_CIDR_NON_32_RULE"],
    },
    catalogue=["NET-06"],
    links=[RULES_PAGE],
)
def sources_are_narrow(resource: Resource) -> Iterator[Finding]:
    """Judge the sources that are not the internet: another rule finds those."""
    for rule_ in own_rules(resource, "ingress"):
        with rule_:
            for cidr in rule_.cidrs:
                if _is_too_wide(rule_, cidr) and not is_internet(cidr):
                    yield resource.finding(f"lets all of {cidr} in", at=rule_.at, key=f"{rule_.at}/{cidr}")


@rule(
    "TS-NET-007",
    title="Wide sources get one port, not ranges or all protocols",
    severity=Severity.HIGH,
    applies_to=WITH_RULES,
    why="A range of ports opens services that nobody thought of when the rule was written.",
    fix="Write one rule for each port that is served, with its protocol.",
    snippet=examples.SNIPPET,
    good=examples.ALL_GOOD,
    bad=examples.ALL_BAD,
    controls={
        "cis-aws-7.0.0": ["6.3", "6.4"],
        "cis-aws-5.0.0": ["5.3", "5.4"],
        "soc-2": ["CC6.6"],
        "iso-27001-2022": ["A.8.20"],
    },
    equivalents={
        "checkov": ["CKV_AWS_277"],
        "prowler": ["ec2_securitygroup_allow_ingress_from_internet_to_all_ports"],
        "guard": ["SECURITY_GROUP_INGRESS_ALL_PROTOCOLS_RULE", "SECURITY_GROUP_INGRESS_PORT_RANGE_RULE"],
    },
    catalogue=["NET-07"],
    links=[RULES_PAGE],
)
def wide_sources_get_one_port(resource: Resource) -> Iterator[Finding]:
    """Judge the ports of the rules with wide sources."""
    for rule_ in own_rules(resource, "ingress"):
        with rule_:
            if holds(rule_, _has_wide_source, GroupRule.is_range):
                yield resource.finding(
                    f"lets {_ranges(rule_)} in on {rule_.traffic}", at=rule_.at, key=rule_.at
                )
