"""Timestream for InfluxDB: arguments, defaults and checks."""

# No `from __future__ import annotations` here: the host of the component package reads real types.
# ruff: noqa: RUF009 (`setting` is this package's `dataclasses.field`)

from dataclasses import dataclass
from typing import ClassVar, Final, TypedDict

import pulumi

from timestream_baseline.inputs.kinds import Boolean, Choice, InputText, Integer, Text, setting
from timestream_baseline.inputs.mistakes import Place
from timestream_baseline.inputs.records import InputListOf, ListOf, MapOf, Record, TagMap
from timestream_baseline.inputs.shared import Shared, SharedArgs
from timestream_baseline.inputs.texts import (
    KEY_ARN,
    SECURITY_GROUP_ID,
    SUBNET_ID,
    VPC_ID,
    TextInput,
    TextsInput,
)

# botocore: DbInstanceName of timestream-influxdb
INFLUXDB_NAME: Final = Text(
    "a name of 3 to 40 letters, digits and single hyphens, which begins with a letter",
    r"(?=.{3,40}$)[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*",
)


class MaintenanceArgs(TypedDict, total=False):
    """When AWS may maintain an instance."""

    timezone: str
    """The time zone of the window, such as Europe/Berlin. Default: UTC."""
    window: str
    """The window, such as Sun:02:00-Sun:04:00."""


class InfluxDbInstanceArgs(TypedDict, total=False):
    """A Timestream for InfluxDB instance (v2) or cluster (v3, or v2 with cluster)."""

    engine: str
    """The engine: v2 or v3. Default: v2."""
    instance_type: str
    """The size of the instances. Default: db.influx.medium."""
    storage_gib: int
    """Storage in GiB (v2 only). Default: 20."""
    storage_type: str
    """The kind of storage (v2 only), such as InfluxIOIncludedT1. Default: AWS chooses."""
    multi_az: bool
    """A standby in another zone (v2 only). Default: true."""
    cluster: bool
    """Read replicas (v2 only; v3 is always a cluster). Default: false."""
    parameter_group: str
    """The parameter group. Needed for v3."""
    subnet_ids: pulumi.Input[list[pulumi.Input[str]]]
    """The subnets. Needed."""
    vpc_id: pulumi.Input[str]
    """The VPC of the subnets. Needed."""
    allowed_security_group_ids: list[pulumi.Input[str]]
    """Security groups whose members may connect."""
    port: int
    """The port. Default: 8086 (v2), 8181 (v3)."""
    organization: str
    """The first organisation (v2 only). Default: the name."""
    bucket: str
    """The first bucket (v2 only). Default: the name."""
    username: str
    """The first user (v2 only). Default: admin."""
    password: pulumi.Input[str]
    """The first user's password (v2 only), 8 to 64 letters and digits. Default: generated once."""
    log_retention_days: int
    """How long engine logs are kept. Default: 365."""
    maintenance: MaintenanceArgs
    """When AWS may maintain the instance. Default: AWS chooses."""
    key_arn: pulumi.Input[str]
    """Refused: the provider cannot give Timestream for InfluxDB a customer managed key yet."""
    tags: dict[str, str]
    """Tags of the instance and its security group."""


class InfluxDbPartArgs(SharedArgs, total=False):
    """The arguments of InfluxDb."""

    influxdb: dict[str, InfluxDbInstanceArgs]
    """Timestream for InfluxDB instances by name. At least one."""
    acknowledge: list[str]
    """Changes that lose data and are meant: "name: replace"."""


@dataclass(frozen=True, kw_only=True)
class Maintenance:
    """When AWS may maintain an instance."""

    timezone: str = setting(Text("a time zone such as Europe/Berlin", r"[A-Za-z0-9_+/-]{1,64}"), "UTC")
    window: str | None = setting(
        Text("a window such as Sun:02:00-Sun:04:00", r"[A-Z][a-z]{2}:\d\d:\d\d-[A-Z][a-z]{2}:\d\d:\d\d")
    )


@dataclass(frozen=True, kw_only=True)
class InfluxDbInstance:
    """A Timestream for InfluxDB instance or cluster. None: not given."""

    engine: str = setting(Choice(("v2", "v3")), "v2")
    instance_type: str = setting(
        Text("an instance type such as db.influx.medium", r"db\.influx\.[a-z0-9]+"), "db.influx.medium"
    )
    storage_gib: int | None = setting(Integer(20, 15360))
    storage_type: str | None = setting(Text())
    multi_az: bool | None = setting(Boolean())
    cluster: bool | None = setting(Boolean())
    parameter_group: str | None = setting(Text())
    subnet_ids: TextsInput | None = setting(InputListOf(SUBNET_ID))
    vpc_id: TextInput | None = setting(InputText(VPC_ID))
    allowed_security_group_ids: tuple[TextInput, ...] = setting(ListOf(InputText(SECURITY_GROUP_ID)), ())
    port: int | None = setting(Integer(1024, 65535))
    organization: str | None = setting(Text())
    bucket: str | None = setting(Text())
    username: str | None = setting(Text())
    password: TextInput | None = setting(
        InputText(Text("8 to 64 letters and digits", r"[A-Za-z0-9]{8,64}"), secret=True)
    )
    log_retention_days: int = setting(Integer(1, 36500), 365)
    maintenance: Maintenance | None = setting(Record(Maintenance))
    key_arn: TextInput | None = setting(InputText(KEY_ARN))
    tags: dict[str, str] = setting(TagMap(), factory=dict)


@dataclass(frozen=True, kw_only=True)
class InfluxDbPart(Shared):
    """Everything that InfluxDb takes."""

    NOT_BUILT: ClassVar[tuple[str, ...]] = ("influxdb", "acknowledge")

    influxdb: dict[str, InfluxDbInstance] = setting(
        MapOf(Record(InfluxDbInstance), INFLUXDB_NAME), factory=dict
    )
    acknowledge: tuple[str, ...] = setting(ListOf(Text()), ())

    def check(self, place: Place) -> None:
        """There must be something to make."""
        if not self.influxdb:
            place.field("influxdb").mistake("is missing; name at least one instance")
