"""Which subnets the internet can reach."""

from collections.abc import Iterator

from timestream_policies.model import Part, Resource
from timestream_policies.stack import Stack
from timestream_policies.types import (
    DEFAULT_ROUTE_TABLE,
    INTERNET_GATEWAY,
    ROUTE,
    ROUTE_TABLE,
    ROUTE_TABLE_ASSOCIATION,
)
from timestream_policies.undecided import any_of

_TABLES = (ROUTE_TABLE, DEFAULT_ROUTE_TABLE)
_EVERYWHERE = ("0.0.0.0/0", "::/0")
_DESTINATIONS = ("destinationCidrBlock", "destinationIpv6CidrBlock")
_INLINE_DESTINATIONS = ("cidrBlock", "ipv6CidrBlock")


def has_way_out(subnet: Resource, stack: Stack) -> bool:
    """Tell whether a route table of the subnet sends everything to an internet gateway."""
    if not any(True for _ in stack.of_type(INTERNET_GATEWAY, ROUTE, *_TABLES)):
        return False
    return any_of(_tables_of(subnet, stack), lambda table: _leads_out(table, stack))


def _tables_of(subnet: Resource, stack: Stack) -> Iterator[Resource]:
    for association in stack.referring(subnet, ROUTE_TABLE_ASSOCIATION, "subnetId"):
        yield from stack.find_behind(association, "routeTableId", *_TABLES)


def _leads_out(table: Resource, stack: Stack) -> bool:
    return any_of(("inline", "separate"), lambda place: _leads_out_in(place, table, stack))


def _leads_out_in(place: str, table: Resource, stack: Stack) -> bool:
    if place == "inline":
        return any_of(
            table.each("routes"),
            lambda route: _is_default(route, _INLINE_DESTINATIONS) and _takes_gateway(route, table, stack),
        )
    return any_of(
        stack.referring(table, ROUTE, "routeTableId"),
        lambda route: _is_default(route, _DESTINATIONS) and _takes_gateway(route, route, stack),
    )


def _is_default(route: Part, destinations: tuple[str, ...]) -> bool:
    return any_of(destinations, lambda name: route.get(name) in _EVERYWHERE)


def _takes_gateway(route: Part, owner: Resource, stack: Stack) -> bool:
    words = route.words("gatewayId")
    if any(str(value).startswith("igw-") for value in words.known):
        return True
    if words.unknown is None:
        return False
    urns = owner.property_dependencies.get("routes" if route is not owner else "gatewayId", ())
    if any(urn in stack.by_urn and stack.by_urn[urn].type == INTERNET_GATEWAY for urn in urns):
        return True
    raise words.unknown
