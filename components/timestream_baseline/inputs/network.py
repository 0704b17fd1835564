"""Interface endpoints and cells: arguments, defaults and checks."""

# No `from __future__ import annotations` here: the host of the component package reads real types.
# ruff: noqa: RUF009 (`setting` is this package's `dataclasses.field`)

from dataclasses import dataclass
from typing import ClassVar, Final, TypedDict

import pulumi

from timestream_baseline.inputs.kinds import Boolean, Choice, InputText, Text, setting
from timestream_baseline.inputs.records import InputListOf, ListOf, Record
from timestream_baseline.inputs.shared import Shared, SharedArgs
from timestream_baseline.inputs.texts import (
    DATABASE_ARN,
    ENDPOINT_ID,
    SECURITY_GROUP_ID,
    SUBNET_ID,
    VPC_ID,
    TextInput,
    TextsInput,
)

CIDR: Final = Text("an IPv4 or IPv6 range such as 10.0.0.0/16", r"[0-9a-fA-F.:]+/\d{1,3}")
ORGANIZATION: Final = Text("the id of an organisation such as o-a1b2c3d4e5", r"o-[a-z0-9]{10,32}")
ALSO: Final = ("kms", "sts", "logs", "secretsmanager")


def _cell(kind: str) -> Text:
    return Text(
        f'a cell such as "cell2" or "{kind}-cell2"',
        rf"({kind}-)?cell\d+",
        lambda cell: cell.removeprefix(f"{kind}-"),
    )


class ExistingEndpointsArgs(TypedDict, total=False):
    """Interface endpoints that exist already and are only named."""

    ingest_endpoint_id: pulumi.Input[str]
    """The endpoint for writing."""
    query_endpoint_id: pulumi.Input[str]
    """The endpoint for querying."""
    influxdb_endpoint_id: pulumi.Input[str]
    """The endpoint of the control plane of Timestream for InfluxDB."""


class NetworkArgs(TypedDict, total=False):
    """Interface endpoints, and the cells of Timestream that this account is mapped to."""

    vpc_id: pulumi.Input[str]
    """The VPC that gets interface endpoints. Default: none are made."""
    subnet_ids: pulumi.Input[list[pulumi.Input[str]]]
    """Subnets for the endpoints; those in zones that Timestream does not offer are left out."""
    client_security_group_ids: list[pulumi.Input[str]]
    """Security groups whose members may connect. This or client_cidrs is needed."""
    client_cidrs: list[str]
    """Address ranges that may connect."""
    ingest_cell: str
    """The cell for writing, such as cell2. Default: discovered."""
    query_cell: str
    """The cell for querying, such as cell3. Default: discovered."""
    private_dns: bool
    """Answer the public host names with the endpoints, for everybody in the VPC. Default: true."""
    also: list[str]
    """More endpoints for isolated subnets: kms, sts, logs, secretsmanager. Default: none."""
    also_allow_databases: list[pulumi.Input[str]]
    """Databases (ARNs) of other stacks that may be reached through these endpoints."""
    organization_id: str
    """Admit principals of this organisation. Default: those of this account only."""
    existing: ExistingEndpointsArgs
    """Endpoints that exist already; then none are made."""


class PrivateEndpointsPartArgs(NetworkArgs, SharedArgs, total=False):
    """The arguments of PrivateEndpoints."""

    database_arns: list[pulumi.Input[str]]
    """Databases that may be reached through the endpoints of LiveAnalytics."""
    influxdb: bool
    """Make the endpoint of the control plane of Timestream for InfluxDB too. Default: false."""


@dataclass(frozen=True, kw_only=True)
class ExistingEndpoints:
    """Interface endpoints that exist already."""

    ingest_endpoint_id: TextInput | None = setting(InputText(ENDPOINT_ID))
    query_endpoint_id: TextInput | None = setting(InputText(ENDPOINT_ID))
    influxdb_endpoint_id: TextInput | None = setting(InputText(ENDPOINT_ID))


@dataclass(frozen=True, kw_only=True)
class Network:
    """Interface endpoints, and the cells of Timestream that this account is mapped to."""

    NOT_BUILT: ClassVar[tuple[str, ...]] = (
        "vpc_id",
        "subnet_ids",
        "client_security_group_ids",
        "client_cidrs",
        "private_dns",
        "also",
        "also_allow_databases",
        "organization_id",
        "existing",
    )

    vpc_id: TextInput | None = setting(InputText(VPC_ID))
    subnet_ids: TextsInput | None = setting(InputListOf(SUBNET_ID))
    client_security_group_ids: tuple[TextInput, ...] = setting(ListOf(InputText(SECURITY_GROUP_ID)), ())
    client_cidrs: tuple[str, ...] = setting(ListOf(CIDR), ())
    ingest_cell: str | None = setting(_cell("ingest"))
    query_cell: str | None = setting(_cell("query"))
    private_dns: bool = setting(Boolean(), True)
    also: tuple[str, ...] = setting(ListOf(Choice(ALSO)), ())
    also_allow_databases: tuple[TextInput, ...] = setting(ListOf(InputText(DATABASE_ARN)), ())
    organization_id: str | None = setting(ORGANIZATION)
    existing: ExistingEndpoints | None = setting(Record(ExistingEndpoints))


@dataclass(frozen=True, kw_only=True)
class PrivateEndpointsPart(Network, Shared):
    """Everything that PrivateEndpoints takes."""

    database_arns: tuple[TextInput, ...] = setting(ListOf(InputText(DATABASE_ARN)), ())
    influxdb: bool = setting(Boolean(), False)
