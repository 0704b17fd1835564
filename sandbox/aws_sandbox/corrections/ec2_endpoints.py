"""The services that an interface endpoint can be made for: Timestream's own cells and InfluxDB among them.

moto lists most services of AWS but not Timestream's, and makes endpoints for any name at all.
"""

import functools
import hashlib
from collections.abc import Iterator
from typing import Any

from moto.ec2.models import vpcs
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend
from moto.ec2.models.vpcs import AWS_ENDPOINT_SERVICES, VPCBackend

from aws_sandbox.aws_api import AwsError, Operation
from aws_sandbox.corrections.correction import Correction, moto_backend, replace
from aws_sandbox.corrections.timestream_cells import CELLS, cell_host

Service = dict[str, Any]

_GATEWAYS = ("dynamodb", "s3")


@functools.cache
def endpoint_services(region: str) -> tuple[Service, ...]:
    """Return the endpoint services of a region, as DescribeVpcEndpointServices details them."""
    zones = [zone.name for zone in RegionsAndZonesBackend.zones.get(region, [])]
    return tuple(_services(region, zones))


def _services(region: str, zones: list[str]) -> Iterator[Service]:
    for service, cell in CELLS.items():
        # Not every service is offered in every zone: no program can take that for granted here.
        offered = zones[:-1] or zones
        yield _service(f"com.amazonaws.{region}.timestream.{cell}", [cell_host(service, region)], offered)
    names = {*AWS_ENDPOINT_SERVICES, *_GATEWAYS, "timestream-influxdb"}
    # moto's own entries for Timestream know no cells.
    for name in sorted(name for name in names if not name.startswith("timestream.")):
        yield _service(f"com.amazonaws.{region}.{name}", [f"{name}.{region}.amazonaws.com"], zones)
    for name in _GATEWAYS:
        yield _service(f"com.amazonaws.{region}.{name}", [], zones, kind="Gateway")


def _service(name: str, hosts: list[str], zones: list[str], kind: str = "Interface") -> Service:
    digest = hashlib.sha256(f"{name} {kind}".encode()).hexdigest()
    region = name.split(".")[2]
    service: Service = {
        "AcceptanceRequired": False,
        "AvailabilityZones": zones,
        "BaseEndpointDnsNames": [_inside(host, region) for host in hosts],
        "ManagesVpcEndpoints": False,
        "Owner": "amazon",
        "ServiceId": f"vpce-svc-{digest[:17]}",
        "ServiceName": name,
        "ServiceRegion": region,
        "ServiceType": [{"ServiceType": kind}],
        "SupportedIpAddressTypes": ["ipv4"],
        "Tags": [],
        "VpcEndpointPolicySupported": True,
    }
    if hosts:
        service["PrivateDnsName"] = hosts[0]
        service["PrivateDnsNames"] = [{"PrivateDnsName": host} for host in hosts]
        service["PrivateDnsNameVerificationState"] = "verified"
    return service


def _inside(host: str, region: str) -> str:
    """Return the name under which a host's endpoints are found in a VPC."""
    return host.replace(f".{region}.", f".{region}.vpce.")


def _service_exists(call: Operation) -> None:
    name = call.params["ServiceName"]
    own = {service["ServiceName"]: service for service in endpoint_services(call.region)}
    if name not in own:
        if name in _configured(call.region):
            return
        # Also a cell of Timestream that is another account's: "you will only be able to create an
        # endpoint for the Timestream cell that you are mapped to".
        raise AwsError("InvalidServiceName", f"The Vpc Endpoint Service '{name}' does not exist")
    taken: set[str] = set()
    for identifier, zone in _zones(call.region, call.params.get("SubnetIds") or []):
        if zone not in own[name]["AvailabilityZones"]:
            problem = "does not support the availability zone of the subnet"
            message = f"The VPC endpoint service {name} {problem}: {identifier}."
            raise AwsError("InvalidParameter", message)
        if zone in taken:
            message = f"Found another VPC endpoint subnet in the availability zone of {identifier}"
            raise AwsError("DuplicateSubnetsInSameZone", message)
        taken.add(zone)


def _zones(region: str, identifiers: list[str]) -> Iterator[tuple[str, str]]:
    """Return the zone of each subnet that exists."""
    subnets = moto_backend("ec2", region).subnets
    for identifier in identifiers:
        for of_zone in subnets.values():
            if identifier in of_zone:
                yield identifier, of_zone[identifier].availability_zone


def _configured(region: str) -> set[str]:
    """Return the names of the endpoint services that the account itself offers."""
    configurations = moto_backend("ec2", region).configurations.values()
    return {configuration.service_name for configuration in configurations}


def _dns_entry(service_name: str, vpc_endpoint_id: str) -> dict[str, str]:
    """Return the DNS entry of a new endpoint, in the form that AWS gives it."""
    services = {service["ServiceName"]: service for service in endpoint_services(service_name.split(".")[2])}
    base = services[service_name]["BaseEndpointDnsNames"][0] if service_name in services else service_name
    digest = hashlib.sha256(vpc_endpoint_id.encode()).hexdigest()
    return {"dns_name": f"{vpc_endpoint_id}-{digest[:8]}.{base}", "hosted_zone_id": f"Z{digest[:13].upper()}"}


def _patch() -> None:
    vpcs.create_dns_entries = _dns_entry  # type: ignore[attr-defined]
    replace(
        VPCBackend,
        "_collect_default_endpoint_services",
        staticmethod(lambda _account, region: list(endpoint_services(region))),
    )


CORRECTION = Correction(
    source="https://docs.aws.amazon.com/timestream/latest/developerguide/VPCEndpoints.vpc-endpoint-considerations.html",
    checks={("ec2", "CreateVpcEndpoint"): _service_exists},
    patch=_patch,
)
