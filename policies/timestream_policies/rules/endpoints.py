"""Rules on how VPC endpoints lead to Timestream: which there are, by which name, from which zones."""

from collections.abc import Iterator

import timestream_policies.examples.endpoints as examples
from timestream_policies.endpoints import (
    is_for_timestream,
    is_interface,
    kind_of,
    leads_to,
    means_timestream,
    region_in,
    service_of,
    subnets_of,
)
from timestream_policies.model import Finding, Resource
from timestream_policies.rule import Remedy, Severity, rule
from timestream_policies.rules.vpcs import zone_of
from timestream_policies.stack import Stack
from timestream_policies.types import (
    DATABASE,
    DEFAULT_VPC,
    INFLUXDB,
    TABLE,
    VPC,
    VPC_ENDPOINT,
    VPC_ENDPOINT_ROUTE_TABLE,
)
from timestream_policies.undecided import all_of, any_of, holds

ENDPOINTS_PAGE = "https://docs.aws.amazon.com/timestream/latest/developerguide/VPCEndpoints.html"
DNS_PAGE = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html"
PRIVATELINK_PAGE = "https://docs.aws.amazon.com/vpc/latest/privatelink/"
_NAMES = {
    "ingest": "timestream.ingest-cell<n>",
    "query": "timestream.query-cell<n>",
    "influxdb": "timestream-influxdb",
}


@rule(
    "TS-EP-001",
    title="Timestream is reached through interface endpoints",
    severity=Severity.HIGH,
    applies_to=[DATABASE, TABLE, *INFLUXDB],
    why="Without endpoints, records and queries leave the VPC for public addresses.",
    fix="Add interface endpoints for the account's ingest and query cells, or for timestream-influxdb.",
    snippet=examples.SNIPPET,
    good=examples.PAIR_GOOD,
    bad=examples.PAIR_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.1"],
        "cis-aws-7.0.0": ["6.8"],
        "nist-800-53-r5": ["SC-7", "AC-4"],
        "pci-dss-4.0": ["1.3.1", "1.3.2"],
        "hipaa": ["164.312(e)(1)"],
        "soc-2": ["CC6.6"],
        "aws-timestream-security": ["security-best-practices"],
    },
    catalogue=["GAP-44"],
    links=[ENDPOINTS_PAGE],
)
def endpoints_exist(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for the endpoints that the resource is reached through; a table speaks if no database does."""
    if resource.type == TABLE and any(True for _ in stack.of_type(DATABASE)):
        return
    if stack.is_elsewhere("endpoints", resource):
        return
    for kind in ("influxdb",) if resource.type in INFLUXDB else ("ingest", "query"):
        with resource:
            there = stack.once(
                f"interface endpoint for {kind}",
                lambda kind=kind: any_of(stack.of_type(VPC_ENDPOINT), lambda it: leads_to(it, kind)),  # type: ignore[misc]
            )
            if not there:
                yield resource.finding(
                    f"is reached at public addresses: no interface endpoint leads to {_NAMES[kind]}", key=kind
                )


@rule(
    "TS-EP-004",
    title="Endpoints of Timestream answer to its private DNS names",
    severity=Severity.MEDIUM,
    applies_to=[VPC_ENDPOINT],
    why="Without private DNS the names that SDKs use lead past the endpoint to public addresses.",
    fix="Set private_dns_enabled=True on the endpoint.",
    snippet=examples.SNIPPET,
    good=examples.PRIVATE_DNS_GOOD,
    bad=examples.PRIVATE_DNS_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.1"],
        "nist-800-53-r5": ["SC-7"],
        "aws-timestream-security": ["security-best-practices"],
    },
    catalogue=["GAP-46"],
    links=[ENDPOINTS_PAGE],
    remedy=Remedy("privateDnsEnabled", True),
)
def private_dns_is_on(endpoint: Resource) -> Iterator[Finding]:
    """Judge interface endpoints whose service is Timestream's."""
    if holds(endpoint, is_for_timestream, _has_no_private_dns):
        yield endpoint.finding("does not answer to the names of Timestream", at="privateDnsEnabled")


def _has_no_private_dns(endpoint: Resource) -> bool:
    return not endpoint.flag("privateDnsEnabled")


@rule(
    "TS-EP-005",
    title="VPCs with interface endpoints resolve DNS names",
    severity=Severity.MEDIUM,
    applies_to=[VPC_ENDPOINT],
    why="Private DNS of an endpoint works only in a VPC with DNS support and DNS host names.",
    fix="Set enable_dns_support=True and enable_dns_hostnames=True on the VPC.",
    snippet=examples.SNIPPET,
    good=examples.DNS_GOOD,
    bad=examples.DNS_BAD,
    controls={"cis-aws-db-2.0.0": ["10.1"], "nist-800-53-r5": ["SC-7"]},
    equivalents={"kics": ["e9b7acf9"]},
    catalogue=["GAP-47", "NET-19"],
    links=[DNS_PAGE],
)
def vpc_resolves_names(endpoint: Resource, stack: Stack) -> Iterator[Finding]:
    """Follow the endpoint to its VPC in this stack."""
    if not is_interface(endpoint):
        return
    for vpc in stack.behind(endpoint, "vpcId", VPC, DEFAULT_VPC):
        with vpc:
            if not vpc.flag("enableDnsSupport", default=True):
                yield endpoint.finding(
                    f"lies in {vpc.name!r}, which has no DNS support", at="vpcId", key="support"
                )
        if holds(vpc, _has_no_host_names, lambda _: endpoint.flag("privateDnsEnabled")):
            yield endpoint.finding(
                f"has private DNS in {vpc.name!r}, which has no DNS host names", at="vpcId", key="hostnames"
            )


def _has_no_host_names(vpc: Resource) -> bool:
    return not vpc.flag("enableDnsHostnames", default=vpc.type == DEFAULT_VPC)


@rule(
    "TS-EP-006",
    title="Gateway endpoints stand in a route table",
    severity=Severity.MEDIUM,
    applies_to=[VPC_ENDPOINT],
    why="No traffic finds a gateway endpoint that no route table leads to: it goes out publicly.",
    fix="Name the route tables of the private subnets in route_table_ids.",
    snippet=examples.GATEWAY_SNIPPET,
    good=examples.ROUTED_GOOD,
    bad=examples.ROUTED_BAD,
    controls={"nist-800-53-r5": ["SC-7"], "soc-2": ["CC6.6"]},
    equivalents={"kics": ["0bc534c5"]},
    catalogue=["NET-19"],
    links=[f"{PRIVATELINK_PAGE}gateway-endpoints.html"],
)
def gateways_are_routed(endpoint: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for route tables on the endpoint or in associations beside it."""
    if str(endpoint.get("vpcEndpointType", "Gateway")).lower() != "gateway":
        return

    def is_there(place: str) -> bool:
        if place == "inline":
            return bool(endpoint.words("routeTableIds"))
        return bool(stack.referring(endpoint, VPC_ENDPOINT_ROUTE_TABLE, "vpcEndpointId"))

    # That Timestream has no gateways is another rule's finding.
    if not any_of(("inline", "apart"), is_there) and not means_timestream(service_of(endpoint)):
        yield endpoint.finding("stands in no route table", at="routeTableIds")


@rule(
    "TS-EP-007",
    title="Interface endpoints lie in two zones or more",
    severity=Severity.MEDIUM,
    applies_to=[VPC_ENDPOINT],
    why="When the only zone of an endpoint fails, nothing in the VPC reaches the service.",
    fix="Name subnets in two availability zones or more in subnet_ids.",
    snippet=examples.SNIPPET,
    good=examples.ZONES_GOOD,
    bad=examples.ZONES_BAD,
    controls={"nist-800-53-r5": ["CP-10", "SC-5"], "iso-27001-2022": ["A.8.14"]},
    equivalents={"prowler": ["vpc_endpoint_multi_az_enabled"]},
    catalogue=["GAP-48", "NET-17"],
    links=[f"{PRIVATELINK_PAGE}create-interface-endpoint.html"],
)
def endpoints_span_zones(endpoint: Resource, stack: Stack) -> Iterator[Finding]:
    """Count the subnets: EC2 takes one for each zone, so that two of others are two zones."""
    if not is_interface(endpoint):
        return
    here, elsewhere = subnets_of(endpoint, stack)
    if len(here) + len(elsewhere) < 2:
        what = "one subnet only" if here or elsewhere else "no subnet"
        yield endpoint.finding(f"lies in {what}", at="subnetIds")
    elif not elsewhere:
        zone = zone_of(here[0])
        if zone and all_of(here, lambda subnet: zone_of(subnet) == zone):
            yield endpoint.finding(f"lies in the zone {zone} only", at="subnetIds")


@rule(
    "TS-EP-010",
    title="Endpoints of Timestream name a service that exists",
    severity=Severity.LOW,
    applies_to=[VPC_ENDPOINT],
    why="With a misspelt service or another region the update fails half-way.",
    fix="Use com.amazonaws.<region>.timestream.ingest-cell<n>, .query-cell<n> or .timestream-influxdb.",
    snippet=examples.SNIPPET,
    good=examples.EXISTS_GOOD,
    bad=examples.EXISTS_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.1"],
        "aws-timestream-security": ["security-best-practices"],
    },
    catalogue=["GAP-50"],
    links=[ENDPOINTS_PAGE],
)
def service_names_exist(endpoint: Resource, stack: Stack) -> Iterator[Finding]:
    """Judge names that are meant for Timestream: spelling, kind of endpoint, region."""
    service = service_of(endpoint)
    if not means_timestream(service):
        return
    if kind_of(service) is None:
        yield endpoint.finding(f"leads to {service}, which does not exist", at="serviceName")
        return
    with endpoint:
        if not is_interface(endpoint):
            yield endpoint.finding(
                "is not an interface, but Timestream has no other kind", at="vpcEndpointType"
            )
    region = endpoint.get("serviceRegion") or stack.region_of(endpoint)
    if region and region != region_in(service):
        yield endpoint.finding(f"leads to {service} from the region {region}", at="serviceName", key="region")
