"""What databases take from their own region only: their keys, and the provider that imports them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pulumi
import pulumi_aws as aws

from timestream_baseline.inputs.databases import Database
from timestream_baseline.inputs.mistakes import Place
from timestream_baseline.location import Location


def check_regions(
    component: pulumi.ComponentResource,
    databases: Mapping[str, Database],
    adopt: Collection[str],
    location: Location,
    place: Place,
) -> None:
    """Note a mistake for keys of another region, and for imports by a provider of another one."""
    for database, it in databases.items():
        if isinstance(it.key_arn, str) and (region := it.key_arn.split(":")[3]) != location.region:
            place.field("databases").at(database).field("key_arn").mistake(
                f"is a key of {region}, but the database is made in {location.region}; "
                "name a key of that region"
            )
    if adopt:
        _check_imports(component, location, place.field("adopt"))


def _check_imports(component: pulumi.ComponentResource, location: Location, place: Place) -> None:
    """Refuse imports by a provider of another region, since they could delete what is in the stack already.

    Their ids would name the region, and the id of what the stack has made does not. The engine takes another
    id for another resource: it imports that one and deletes its own, and here both are one table.
    """
    here = aws.get_region(opts=pulumi.InvokeOptions(parent=component)).region
    if here != location.region:
        place.mistake(
            f"imports from {location.region}, but the AWS provider works in {here}; set aws:region to "
            f"{location.region}, or give the component a provider of that region"
        )


def import_id(target: str) -> str:
    """Write the id by which the provider knows a database ("db") or a table ("db/table")."""
    database, _, table = target.partition("/")
    return f"{table}:{database}" if table else database
