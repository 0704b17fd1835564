"""Which interface endpoints are to be made, for which services and where: decided before anything is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws

from timestream_baseline.endpoint_policies import refuse_large_policy
from timestream_baseline.endpoint_services import (
    INFLUXDB,
    EndpointError,
    EndpointService,
    find_service,
    find_zones,
    left_out,
    place_subnets,
)
from timestream_baseline.inputs.mistakes import ArgumentsError, Mistake, Place
from timestream_baseline.location import Location
from timestream_baseline.network import SERVICES, find_cells

if TYPE_CHECKING:
    from timestream_baseline.inputs.network import PrivateEndpointsPart


@dataclass(frozen=True, kw_only=True)
class EndpointPlan:
    """What was found out before anything is made."""

    cells: Mapping[str, str]
    # The endpoints that will be made, by kind; none if the VPC is not named.
    services: Mapping[str, EndpointService] = field(default_factory=dict)
    # None: the subnets are computed, and placed when they are known.
    subnets: Mapping[str, tuple[str, ...]] | None = None
    # Where the arguments stand, for mistakes in computed values.
    place: Place


def uses_live_analytics(settings: PrivateEndpointsPart) -> bool:
    """Tell whether there are databases to reach."""
    return bool(settings.database_arns or settings.also_allow_databases)


def kinds_of(settings: PrivateEndpointsPart) -> tuple[str, ...]:
    """Name the endpoints that are wanted: `ingest`, `query`, `influxdb`, and those that `also` names."""
    return (
        *(SERVICES if uses_live_analytics(settings) else ()),
        *((INFLUXDB,) if settings.influxdb else ()),
        *settings.also,
    )


def plan_endpoints(
    component: pulumi.ComponentResource,
    settings: PrivateEndpointsPart,
    location: Location,
    place: Place,
    *,
    from_stack: bool,
) -> EndpointPlan:
    """Find cells, services and zones, and note a mistake for all that cannot be made.

    `from_stack` tells whether the arguments are the configuration of the stack.
    """
    cells: dict[str, str] = {}
    if uses_live_analytics(settings):
        cells = find_cells(component, settings, location, place, from_stack=from_stack)
    if settings.existing is not None:
        _compare(component, settings.existing.ids(), kinds_of(settings), place.field("existing"))
    if settings.vpc_id is None:
        return EndpointPlan(cells=cells, place=place)
    services = _services(component, settings, cells, location, place)
    nameless = [it.name for it in services.values() if not it.private_dns]
    if settings.private_dns and nameless:
        place.field("private_dns").mistake(
            f"is true (the default), but AWS has no private host name for {', '.join(nameless)}; "
            "set it to false"
        )
    refuse_large_policy(settings, location, place)
    subnets = _subnets(component, settings, services, location, place)
    return EndpointPlan(cells=cells, services=services, subnets=subnets, place=place)


def _compare(
    component: pulumi.ComponentResource, named: Mapping[str, str], wanted: Sequence[str], place: Place
) -> None:
    """Compare the endpoints that exist with those that are of use."""
    for kind in named:
        if kind not in wanted:
            what = "InfluxDB" if kind == INFLUXDB else "LiveAnalytics"
            place.field(f"{kind}_endpoint_id").mistake(f"is an endpoint of {what}, which is not used here")
    missing = [kind for kind in wanted if kind not in named]
    if missing:
        pulumi.log.warn(
            f"{place.text} names no endpoint for {', '.join(missing)}: those calls go to public addresses",
            resource=component,
        )


def _services(
    component: pulumi.ComponentResource,
    settings: PrivateEndpointsPart,
    cells: Mapping[str, str],
    location: Location,
    place: Place,
) -> dict[str, EndpointService]:
    found = {}
    # EC2 is asked about services in the provider's region only.
    here = aws.get_region(opts=pulumi.InvokeOptions(parent=component)).region
    asked = here == location.region
    if not asked:
        pulumi.log.warn(
            f"the endpoints are made in {location.region}, but the provider works in {here}: in which zones "
            "AWS offers its services is not known, and it may refuse a subnet while it makes them",
            resource=component,
        )
    for kind in kinds_of(settings):
        if kind in SERVICES and kind not in cells:
            continue  # that the cell is not known has been noted
        try:
            found[kind] = find_service(component, kind, cells, location, ask=asked)
        except EndpointError as error:
            if kind in cells:
                place.field(f"{kind}_cell").mistake(
                    f"is {cells[kind]}, but {error}. Give the cell that `aws {SERVICES[kind]} "
                    f"describe-endpoints --region {location.region}` answers"
                )
            elif kind in settings.also:
                place.field("also").at(settings.also.index(kind)).mistake(f"is {kind}, but {error}")
            else:
                place.field("vpc_id").mistake(f"cannot get an endpoint for InfluxDB: {error}")
    return found


def _subnets(
    component: pulumi.ComponentResource,
    settings: PrivateEndpointsPart,
    services: Mapping[str, EndpointService],
    location: Location,
    place: Place,
) -> Mapping[str, tuple[str, ...]] | None:
    """Place the subnets now, if all of their ids are plain."""
    ids = settings.subnet_ids
    if not isinstance(ids, tuple) or not all(isinstance(subnet, str) for subnet in ids):
        return None
    try:
        zones = find_zones(component, [str(subnet) for subnet in ids], location)
        return _placed(component, zones, services)
    except EndpointError as error:
        place.field("subnet_ids").mistake(str(error))
    return None


def later_subnets(
    component: pulumi.ComponentResource,
    settings: PrivateEndpointsPart,
    plan: EndpointPlan,
    location: Location,
) -> pulumi.Output[dict[str, list[str]]]:
    """Place the subnets when their ids are known."""
    given = settings.subnet_ids
    ids: pulumi.Output[Sequence[str]] = (
        given if isinstance(given, pulumi.Output) else pulumi.Output.all(*(given or ()))
    )

    def ask(known: Sequence[str]) -> pulumi.Output[dict[str, str]]:
        options = pulumi.InvokeOptions(parent=component)
        found = {
            subnet: aws.ec2.get_subnet_output(id=subnet, region=location.region, opts=options)
            for subnet in known
        }
        return pulumi.Output.all(**{subnet: it.availability_zone for subnet, it in found.items()})

    def choose(zones: dict[str, str]) -> dict[str, list[str]]:
        try:
            placed = _placed(component, zones, plan.services)
            return {kind: list(subnets) for kind, subnets in placed.items()}
        except EndpointError as error:
            mistake = Mistake(plan.place.field("subnet_ids").text, str(error))
            raise ArgumentsError("this program", [mistake]) from None

    zones: pulumi.Output[dict[str, str]] = ids.apply(ask)
    return zones.apply(choose)


def _placed(
    component: pulumi.ComponentResource, zones: Mapping[str, str], services: Mapping[str, EndpointService]
) -> Mapping[str, tuple[str, ...]]:
    chosen = place_subnets(zones, services)
    if note := left_out(zones, chosen):
        pulumi.log.info(note, resource=component)
    return chosen
