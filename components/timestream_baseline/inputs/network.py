"""Interface endpoints and cells: arguments, defaults and checks."""

# No `from __future__ import annotations` here: the host of the component package reads real types.
# ruff: noqa: RUF009 (`setting` is this package's `dataclasses.field`)

from dataclasses import dataclass
from typing import Any, Final, TypedDict

import pulumi

from timestream_baseline.inputs.cidrs import Cidr
from timestream_baseline.inputs.kinds import Boolean, Choice, InputText, Text, setting
from timestream_baseline.inputs.mistakes import Place
from timestream_baseline.inputs.records import InputListOf, ListOf, Record, TagMap
from timestream_baseline.inputs.texts import (
    DATABASE_ARN,
    ENDPOINT_ID,
    REGION,
    SECURITY_GROUP_ID,
    SUBNET_ID,
    VPC_ID,
    TextInput,
    TextsInput,
)

ORGANIZATION: Final = Text("the id of an organisation such as o-a1b2c3d4e5", r"o-[a-z0-9]{10,32}")
ALSO: Final = ("kms", "sts", "logs", "secretsmanager")


# What says nothing unless endpoints are made.
_OF_NEW_ENDPOINTS: Final = (
    "subnet_ids",
    "client_security_group_ids",
    "client_cidrs",
    "also",
    "also_allow_databases",
    "organization_id",
)


def _cell(kind: str) -> Text:
    return Text(
        f'a cell such as "cell2" or "{kind}-cell2"',
        rf"({kind}-)?cell\d+",
        lambda cell: cell.removeprefix(f"{kind}-"),
    )


class ExistingEndpointsArgs(TypedDict, total=False):
    """Interface endpoints that exist already. They are only named: nothing of them is read or changed."""

    ingest_endpoint_id: str
    """The endpoint for writing, such as vpce-0123456789abcdef0."""
    query_endpoint_id: str
    """The endpoint for querying."""
    influxdb_endpoint_id: str
    """The endpoint of the control plane of Timestream for InfluxDB."""


class NetworkArgs(TypedDict, total=False):
    """Interface endpoints, and the cells of Timestream that this account is mapped to."""

    vpc_id: pulumi.Input[str]
    """The VPC that gets interface endpoints. Default: none are made."""
    subnet_ids: pulumi.Input[list[pulumi.Input[str]]]
    """Subnets for the endpoints, one for each zone; zones that AWS does not offer are left out."""
    client_security_group_ids: list[pulumi.Input[str]]
    """Security groups whose members may connect. This or client_cidrs is needed with vpc_id."""
    client_cidrs: list[str]
    """Address ranges that may connect."""
    ingest_cell: str
    """The cell for writing, such as cell2. Default: discovered."""
    query_cell: str
    """The cell for querying, such as cell3. Default: discovered."""
    private_dns: bool
    """Lead the host names of Timestream to the endpoints, for everybody in the VPC. Default: true."""
    also: list[str]
    """More endpoints for isolated subnets: kms, sts, logs, secretsmanager. Default: none."""
    also_allow_databases: list[pulumi.Input[str]]
    """Databases of others (ARNs) that clients in the VPC need: private DNS leads them here too."""
    organization_id: str
    """Admit callers of this organisation, such as o-a1b2c3d4e5. Default: those of this account."""
    existing: ExistingEndpointsArgs
    """Endpoints that exist already; then none are made. Default: none."""


class PrivateEndpointsPartArgs(NetworkArgs, total=False):
    """The arguments of PrivateEndpoints."""

    database_arns: list[pulumi.Input[str]]
    """Databases that are reached through the endpoints. This or influxdb is needed."""
    influxdb: bool
    """Make the endpoint of the control plane of Timestream for InfluxDB. Default: false."""
    tags: dict[str, str]
    """Tags of everything that can be tagged."""
    region: str
    """The region of the endpoints. Default: the provider's."""


@dataclass(frozen=True, kw_only=True)
class ExistingEndpoints:
    """Interface endpoints that exist already."""

    ingest_endpoint_id: str | None = setting(ENDPOINT_ID)
    query_endpoint_id: str | None = setting(ENDPOINT_ID)
    influxdb_endpoint_id: str | None = setting(ENDPOINT_ID)

    def ids(self) -> dict[str, str]:
        """Return the endpoints by what they are for: `ingest`, `query`, `influxdb`."""
        named = {
            "ingest": self.ingest_endpoint_id,
            "query": self.query_endpoint_id,
            "influxdb": self.influxdb_endpoint_id,
        }
        return {kind: endpoint for kind, endpoint in named.items() if endpoint is not None}

    def check(self, place: Place) -> None:
        """Something must be named."""
        if not self.ids():
            place.mistake(f"names no endpoint; give {place.spelled('ingest_endpoint_id')} or leave it out")


@dataclass(frozen=True, kw_only=True)
class Network:
    """Interface endpoints, and the cells of Timestream that this account is mapped to."""

    vpc_id: TextInput | None = setting(InputText(VPC_ID))
    subnet_ids: TextsInput | None = setting(InputListOf(SUBNET_ID))
    client_security_group_ids: tuple[TextInput, ...] = setting(ListOf(InputText(SECURITY_GROUP_ID)), ())
    client_cidrs: tuple[str, ...] = setting(ListOf(Cidr()), ())
    ingest_cell: str | None = setting(_cell("ingest"))
    query_cell: str | None = setting(_cell("query"))
    private_dns: bool = setting(Boolean(), True)
    also: tuple[str, ...] = setting(ListOf(Choice(ALSO)), ())
    also_allow_databases: tuple[TextInput, ...] = setting(ListOf(InputText(DATABASE_ARN)), ())
    organization_id: str | None = setting(ORGANIZATION)
    existing: ExistingEndpoints | None = setting(Record(ExistingEndpoints))

    def check(self, place: Place) -> None:
        """Endpoints are made or named, not both, and what is made needs subnets and clients."""
        vpc_id = place.spelled("vpc_id")
        if self.vpc_id is None:
            for name in _OF_NEW_ENDPOINTS:
                if getattr(self, name):
                    place.field(name).mistake(f"says nothing without {vpc_id}; name the VPC or leave it out")
            if not self.private_dns:
                place.field("private_dns").mistake(
                    f"says nothing without {vpc_id}; name the VPC or leave it out"
                )
            return
        if self.existing is not None:
            place.field("existing").mistake(
                f"stands beside {vpc_id}; endpoints are either named or made: keep one of the two"
            )
        if self.subnet_ids is None or self.subnet_ids == ():
            place.field("subnet_ids").mistake(f"is missing; name subnets of {vpc_id}, one for each zone")
        if not self.client_security_group_ids and not self.client_cidrs:
            groups, cidrs = place.spelled("client_security_group_ids"), place.spelled("client_cidrs")
            place.mistake(f"names no client, so that nobody could connect; give {groups} or {cidrs}")


@dataclass(frozen=True, kw_only=True)
class PrivateEndpointsPart(Network):
    """Everything that PrivateEndpoints takes."""

    database_arns: tuple[TextInput, ...] = setting(ListOf(InputText(DATABASE_ARN)), ())
    influxdb: bool = setting(Boolean(), False)
    tags: dict[str, str] = setting(TagMap(), factory=dict)
    region: str = setting(REGION, "")
    # Inside the baseline: what was found out before anything was made (EndpointPlan).
    plan: Any = None

    def check(self, place: Place) -> None:
        """There must be something to reach."""
        super().check(place)
        if not (self.database_arns or self.also_allow_databases or self.influxdb or self.also):
            arns, influxdb = place.spelled("database_arns"), place.spelled("influxdb")
            place.mistake(f"names nothing to reach; give {arns} or {influxdb}")
