"""What EC2 knows about interface endpoints before they are made: services, their zones, and subnets.

AWS offers a service in some zones only, and an endpoint takes one subnet for each zone. A subnet elsewhere,
or a second one, would end the update half-way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from timestream_baseline.location import Location, reason_of

# Keys of the outputs, and what EC2 calls the service; the services of LiveAnalytics name a cell.
INFLUXDB: Final = "influxdb"
_NAMES: Final = {INFLUXDB: "timestream-influxdb"}


class EndpointError(Exception):
    """Why an endpoint cannot be made, in words for the user."""


@dataclass(frozen=True, kw_only=True)
class EndpointService:
    """A service that interface endpoints can be made for."""

    name: str
    # None: not known, since EC2 was not asked in the region of the endpoint.
    zones: tuple[str, ...] | None
    # Whether its host names can lead to the endpoint.
    private_dns: bool = True


def service_name(kind: str, cells: Mapping[str, str], location: Location) -> str:
    """Say what EC2 calls the service behind an endpoint: `ingest`, `query`, `influxdb`, `kms`."""
    if kind in cells:
        # https://docs.aws.amazon.com/timestream/latest/developerguide/VPCEndpoints.vpc-endpoint-create.html
        return f"com.amazonaws.{location.region}.timestream.{kind}-{cells[kind]}"
    return f"com.amazonaws.{location.region}.{_NAMES.get(kind, kind)}"


def find_service(
    component: pulumi.ComponentResource, kind: str, cells: Mapping[str, str], location: Location, *, ask: bool
) -> EndpointService:
    """Ask EC2 for the service behind an endpoint, and refuse one that no policy could limit."""
    name = service_name(kind, cells, location)
    if not ask:
        return EndpointService(name=name, zones=None)
    # In China some services have `cn.` before their name; this one finds both.
    both: list[aws.ec2.GetVpcEndpointServiceFilterArgsDict] | None = None
    if location.partition == "aws-cn":
        both = [{"name": "service-name", "values": [name, f"cn.{name}"]}]
    try:
        found = aws.ec2.get_vpc_endpoint_service(
            service_name=None if both else name,
            filters=both,
            service_type="Interface",
            opts=pulumi.InvokeOptions(parent=component),
        )
    except Exception as error:  # the SDK raises nothing more exact
        raise EndpointError(f"AWS answers no endpoint service {name} ({reason_of(error)})") from None
    if not found.vpc_endpoint_policy_supported:
        raise EndpointError(f"{found.service_name} takes no endpoint policy, so that nothing would limit it")
    return EndpointService(
        name=found.service_name,
        zones=tuple(sorted(found.availability_zones)),
        private_dns=bool(found.private_dns_name or found.private_dns_names),
    )


def find_zones(
    component: pulumi.ComponentResource, subnet_ids: Sequence[str], location: Location
) -> dict[str, str]:
    """Ask EC2 for the zone of each subnet."""
    zones = {}
    for subnet in subnet_ids:
        try:
            found = aws.ec2.get_subnet(
                id=subnet, region=location.region, opts=pulumi.InvokeOptions(parent=component)
            )
        except Exception as error:  # the SDK raises nothing more exact
            raise EndpointError(f"the zone of {subnet} cannot be read ({reason_of(error)})") from None
        zones[subnet] = found.availability_zone
    return zones


def place_subnets(
    zones: Mapping[str, str], services: Mapping[str, EndpointService]
) -> dict[str, tuple[str, ...]]:
    """Choose the subnets of each endpoint: the first one in each zone that its service offers."""
    first: dict[str, str] = {}
    for subnet, zone in zones.items():
        first.setdefault(zone, subnet)
    chosen = {
        kind: tuple(subnet for zone, subnet in first.items() if it.zones is None or zone in it.zones)
        for kind, it in services.items()
    }
    nowhere = [services[kind] for kind, subnets in chosen.items() if not subnets]
    if nowhere:
        offers = "; ".join(f"{it.name} in {', '.join(it.zones or ())}" for it in nowhere)
        raise EndpointError(
            f"no subnet lies in a zone that AWS offers: {offers}. The subnets lie in "
            f"{', '.join(sorted(first)) or 'no zone, since there are none'}"
        )
    return chosen


def left_out(zones: Mapping[str, str], chosen: Mapping[str, Sequence[str]]) -> str | None:
    """Say which subnets get no endpoint at all, if any."""
    used = {subnet for subnets in chosen.values() for subnet in subnets}
    unused = [f"{subnet} ({zone})" for subnet, zone in zones.items() if subnet not in used]
    if not unused:
        return None
    return (
        f"left out of the endpoints: {', '.join(unused)}; an endpoint takes one subnet for each zone that "
        "AWS offers its service in"
    )
