"""How the provider is told to import a database or a table that exists."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from timestream_baseline.location import Location


def region_of_imports(component: pulumi.ComponentResource, location: Location) -> str:
    """Find the region that import ids must name: none if it is the provider's own."""
    provider = aws.get_region(opts=pulumi.InvokeOptions(parent=component)).region
    return "" if provider == location.region else location.region


def import_id(target: str, region: str) -> str:
    """Write the id of a database ("db") or a table ("db/table"), with its region where it must be named."""
    database, _, table = target.partition("/")
    name = f"{table}:{database}" if table else database
    return f"{name}@{region}" if region else name
