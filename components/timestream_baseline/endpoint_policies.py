"""The policies of interface endpoints, as resources take them: computed where a database's ARN is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

import pulumi

from timestream_baseline.documents.endpoints import service_endpoint_policy, timestream_endpoint_policy
from timestream_baseline.documents.limits import ENDPOINT_POLICY, compact, excess
from timestream_baseline.documents.parts import Document, database_arn
from timestream_baseline.endpoint_services import INFLUXDB
from timestream_baseline.inputs.mistakes import ArgumentsError, Mistake, Place
from timestream_baseline.location import Location
from timestream_baseline.network import SERVICES

if TYPE_CHECKING:
    from timestream_baseline.inputs.network import PrivateEndpointsPart

# Of a database (TIMESTREAM_NAME).
_LONGEST_NAME: Final = 64
# The prefix of a service's actions, where it is not the name of the endpoint.
_PREFIXES: Final = {INFLUXDB: "timestream-influxdb"}


def endpoint_policies(
    kinds: Iterable[str], settings: PrivateEndpointsPart, location: Location, place: Place
) -> dict[str, pulumi.Input[str]]:
    """Write the policy of each endpoint; those of LiveAnalytics have one in common."""
    databases = _databases_policy(settings, location, place)
    return {
        kind: databases
        if kind in SERVICES
        else compact(
            service_endpoint_policy(
                service=_PREFIXES.get(kind, kind),
                account=location.account,
                organization=settings.organization_id,
            )
        )
        for kind in kinds
    }


def _databases_policy(settings: PrivateEndpointsPart, location: Location, place: Place) -> pulumi.Input[str]:
    """Write the policy that names databases; the size of a computed one is checked when it is known."""
    arns = (*settings.database_arns, *settings.also_allow_databases)
    plain = _plain(arns)
    if len(plain) == len(arns):
        return compact(_live_analytics(settings, location, plain))

    def write(known: Sequence[str]) -> str:
        document = _live_analytics(settings, location, known)
        if problem := _too_large(document):
            raise ArgumentsError("this program", [Mistake(place.text, problem)])
        return compact(document)

    return pulumi.Output.all(*arns).apply(write)


def refuse_large_policy(settings: PrivateEndpointsPart, location: Location, place: Place) -> None:
    """Note a mistake if the databases are too many, computed names being as long as the provider allows."""
    where = {"partition": location.partition, "region": location.region, "account": location.account}
    arns = [
        arn if isinstance(arn, str) else database_arn(**where, database=f"{number:0{_LONGEST_NAME}}")
        for number, arn in enumerate((*settings.database_arns, *settings.also_allow_databases))
    ]
    if problem := _too_large(_live_analytics(settings, location, arns)):
        place.mistake(problem)


def _plain(arns: Sequence[str | pulumi.Output[str]]) -> list[str]:
    return [arn for arn in arns if isinstance(arn, str)]


def _live_analytics(settings: PrivateEndpointsPart, location: Location, arns: Sequence[str]) -> Document:
    return timestream_endpoint_policy(
        partition=location.partition,
        region=location.region,
        account=location.account,
        organization=settings.organization_id,
        database_arns=arns,
    )


def _too_large(document: Document) -> str | None:
    if problem := excess(ENDPOINT_POLICY, document):
        return f"{problem}; reach fewer databases through this VPC, or give them shorter names"
    return None
