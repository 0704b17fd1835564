"""Timestream for InfluxDB: arguments, defaults and checks."""

# No `from __future__ import annotations` here: the host of the component package reads real types.
# ruff: noqa: RUF009 (`setting` is this package's `dataclasses.field`)

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypedDict

import pulumi

from timestream_baseline.inputs.acknowledge import ACKNOWLEDGEMENT, check_targets
from timestream_baseline.inputs.kinds import INVALID, Boolean, Choice, InputText, Integer, Text, setting
from timestream_baseline.inputs.mistakes import Place, shown
from timestream_baseline.inputs.records import InputListOf, ListOf, MapOf, Record, TagMap
from timestream_baseline.inputs.shared import Shared, SharedArgs
from timestream_baseline.inputs.texts import (
    SECURITY_GROUP_ID,
    SUBNET_ID,
    VPC_ID,
    TextInput,
    TextsInput,
)

# Names, sizes and patterns are those of the API.
# https://docs.aws.amazon.com/ts-influxdb/latest/ts-influxdb-api/API_CreateDbInstance.html
INFLUXDB_NAME: Final = Text(
    "a name of 3 to 40 letters, digits and single hyphens, which begins with a letter",
    r"(?=.{3,40}$)[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*",
)
_SIZES: Final = ("medium", "large", *(f"{size}xlarge" for size in ("", 2, 4, 8, 12, 16, 24)))
INSTANCE_TYPE: Final = Choice(tuple(f"db.influx.{size}" for size in _SIZES))
STORAGE_TYPE: Final = Choice(("InfluxIOIncludedT1", "InfluxIOIncludedT2", "InfluxIOIncludedT3"))
SMALLEST_FAST_STORAGE_GIB: Final = 400
PARAMETER_GROUP: Final = Text(
    "the id of a parameter group of 3 to 64 letters and digits", r"[A-Za-z0-9]{3,64}"
)
ORGANIZATION: Final = Text("a name of 1 to 64 characters", r"(?s).{1,64}")
BUCKET: Final = Text(
    'a name of 2 to 64 characters that does not begin with _ and has no "', r'(?s)(?=.{2,64}$)[^_"][^"]*'
)
USERNAME: Final = Text(
    "a name of 1 to 64 letters, digits and single hyphens, which begins with a letter",
    r"(?=.{1,64}$)[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*",
)
PASSWORD: Final = Text("8 to 64 letters and digits", r"[A-Za-z0-9]{8,64}")
TIMEZONE: Final = Text(
    "a time zone such as Europe/Berlin, or UTC",
    r"(?=.{1,64}$)(UTC|[A-Za-z_]+/[A-Za-z0-9_]+(/[A-Za-z0-9_]+)?)",
)
_MOMENT: Final = r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun):([01]\d|2[0-3]):[0-5]\d"
WINDOW: Final = Text("a window such as Sun:02:00-Sun:04:00", rf"{_MOMENT}-{_MOMENT}")
RESERVED_PORTS: Final = (range(2375, 2377), range(7788, 7800), range(8090, 8091), range(51678, 51681))
MOST_SUBNETS: Final = 6
# InfluxDB 3: which parameter groups the service defines, and why it takes less than InfluxDB 2.
# The resource DbCluster of pulumi_aws lists what is forbidden with them.
_V3_GROUPS: Final = "InfluxDBV3"
_IN_S3: Final = "it keeps its data in S3"
_BY_GROUP: Final = "its parameter group decides about its nodes"
_OTHER_DATA_MODEL: Final = "it has databases and an admin token instead"
V2_ONLY: Final = {
    "storage_gib": _IN_S3,
    "storage_type": _IN_S3,
    "multi_az": _BY_GROUP,
    "cluster": _BY_GROUP,
    "organization": _OTHER_DATA_MODEL,
    "bucket": _OTHER_DATA_MODEL,
    "username": _OTHER_DATA_MODEL,
    "password": _OTHER_DATA_MODEL,
}


class MaintenanceArgs(TypedDict, total=False):
    """When AWS may maintain an instance."""

    timezone: str
    """The time zone of the window, such as Europe/Berlin. Default: UTC."""
    window: str
    """The window, such as Sun:02:00-Sun:04:00. Needed."""


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
    """The subnets, 1 to 6; two zones at least, unless multi_az is off. Needed."""
    vpc_id: pulumi.Input[str]
    """The VPC of the subnets. Needed."""
    allowed_security_group_ids: list[pulumi.Input[str]]
    """Security groups whose members may connect. Needed."""
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
    """When AWS may maintain the instance (not with cluster). Default: AWS chooses."""
    key_arn: pulumi.Input[str]
    """Refused: the provider cannot give Timestream for InfluxDB a customer managed key yet."""
    tags: dict[str, str]
    """Tags of the instance and its security group."""


class InfluxDbPartArgs(SharedArgs, total=False):
    """The arguments of InfluxDb."""

    influxdb: dict[str, InfluxDbInstanceArgs]
    """Timestream for InfluxDB instances by name, at least one. Needed."""
    acknowledge: list[str]
    """Changes that lose data and are meant: "name: replace"."""


class Port:
    """A port that InfluxDB may listen on."""

    def read(self, value: object, place: Place) -> Any:
        """Read a port."""
        port = Integer(1024, 65535).read(value, place)
        if port is INVALID or not any(port in reserved for reserved in RESERVED_PORTS):
            return port
        reserved = ", ".join(_range_text(numbers) for numbers in RESERVED_PORTS)
        place.mistake(f"is {port}, which the service keeps for itself; give another port than {reserved}")
        return INVALID


def _range_text(numbers: range) -> str:
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}-{numbers[-1]}"


class NoKeyYet:
    """The key that Timestream for InfluxDB takes, and that the provider cannot give it."""

    def read(self, _value: object, place: Place) -> Any:
        """Refuse whatever is given."""
        place.mistake(
            "cannot be given: the AWS provider has no customer managed key for Timestream for InfluxDB yet "
            "(hashicorp/terraform-provider-aws#50074); leave it out, and AWS encrypts with a key that it owns"
        )
        return INVALID


@dataclass(frozen=True, kw_only=True)
class Maintenance:
    """When AWS may maintain an instance."""

    timezone: str = setting(TIMEZONE, "UTC")
    window: str | None = setting(WINDOW)

    def check(self, place: Place) -> None:
        """Refuse a time zone alone, which says nothing."""
        if self.window is None:
            place.field("window").mistake("is missing; give a window such as Sun:02:00-Sun:04:00")


@dataclass(frozen=True, kw_only=True)
class InfluxDbInstance:
    """A Timestream for InfluxDB instance or cluster. None: not given."""

    engine: str = setting(Choice(("v2", "v3")), "v2")
    instance_type: str = setting(INSTANCE_TYPE, "db.influx.medium")
    storage_gib: int | None = setting(Integer(20, 15360))
    storage_type: str | None = setting(STORAGE_TYPE)
    multi_az: bool | None = setting(Boolean())
    cluster: bool | None = setting(Boolean())
    parameter_group: str | None = setting(PARAMETER_GROUP)
    subnet_ids: TextsInput | None = setting(InputListOf(SUBNET_ID))
    vpc_id: TextInput | None = setting(InputText(VPC_ID))
    allowed_security_group_ids: tuple[TextInput, ...] = setting(ListOf(InputText(SECURITY_GROUP_ID)), ())
    port: int | None = setting(Port())
    organization: str | None = setting(ORGANIZATION)
    bucket: str | None = setting(BUCKET)
    username: str | None = setting(USERNAME)
    password: TextInput | None = setting(InputText(PASSWORD, secret=True))
    log_retention_days: int = setting(Integer(1, 36500), 365)
    maintenance: Maintenance | None = setting(Record(Maintenance))
    key_arn: TextInput | None = setting(NoKeyYet())
    tags: dict[str, str] = setting(TagMap(), factory=dict)

    @property
    def listens_on(self) -> int:
        """The port: the one that was given, or that of the engine."""
        return self.port or (8181 if self.engine == "v3" else 8086)

    @property
    def with_standby(self) -> bool:
        """Tell whether an instance (not a cluster) has a standby in another zone."""
        return self.multi_az is not False

    def check(self, place: Place) -> None:
        """Everything that AWS needs must be there, and nothing that the engine refuses."""
        for name, reason in self._missing(place):
            place.field(name).mistake(f"is missing; {reason}")
        if self.engine == "v3":
            self._check_v3(place)
        else:
            self._check_v2(place)
        self._check_subnets(place.field("subnet_ids"))

    def _missing(self, place: Place) -> Iterator[tuple[str, str]]:
        if self.vpc_id is None:
            yield "vpc_id", "name the VPC of the subnets"
        if self.subnet_ids is None:
            yield "subnet_ids", "name private subnets of the VPC"
        if not self.allowed_security_group_ids:
            yield "allowed_security_group_ids", "nobody could connect; name the groups of the clients"
        if self.engine == "v3" and self.parameter_group is None:
            yield (
                "parameter_group",
                f"{place.spelled('engine')} v3 needs one, such as InfluxDBV3Core or InfluxDBV3Enterprise",
            )

    def _check_v3(self, place: Place) -> None:
        for name, reason in V2_ONLY.items():
            if getattr(self, name) is not None:
                place.field(name).mistake(f"is not for v3: {reason}; leave it out")

    def _check_v2(self, place: Place) -> None:
        if self.parameter_group is not None and self.parameter_group.startswith(_V3_GROUPS):
            place.field("parameter_group").mistake(
                f'is {shown(self.parameter_group)}, a parameter group of InfluxDB 3; set engine to "v3"'
            )
        fast = self.storage_type not in (None, "InfluxIOIncludedT1")
        if fast and (self.storage_gib or 0) < SMALLEST_FAST_STORAGE_GIB:
            place.field("storage_gib").mistake(
                f"must be at least {SMALLEST_FAST_STORAGE_GIB} with {self.storage_type}; "
                "give more, or use InfluxIOIncludedT1"
            )
        if not self.cluster:
            return
        if self.multi_az is not None:
            place.field("multi_az").mistake(
                "is not for a cluster, whose read replicas stand in other zones anyway; leave it out"
            )
        if self.maintenance is not None:
            place.field("maintenance").mistake(
                "is for instances and for v3 only: AWS takes no window for a cluster of v2; leave it out"
            )

    def _check_subnets(self, place: Place) -> None:
        if not isinstance(self.subnet_ids, tuple):
            return
        count = len(self.subnet_ids)
        single = self.engine == "v2" and not self.cluster and not self.with_standby
        if count > MOST_SUBNETS or count == 0:
            place.mistake(f"has {count} subnets; name 1 to {MOST_SUBNETS}")
        elif count == 1 and not single:
            off = (
                ""
                if self.engine == "v3" or self.cluster
                else f", or set {place.spelled('multi_az')} to false"
            )
            place.mistake(f"has one subnet; name another one in another zone{off}")


@dataclass(frozen=True, kw_only=True)
class InfluxDbPart(Shared):
    """Everything that InfluxDb takes."""

    influxdb: dict[str, InfluxDbInstance] = setting(
        MapOf(Record(InfluxDbInstance), INFLUXDB_NAME), factory=dict
    )
    acknowledge: tuple[str, ...] = setting(ListOf(ACKNOWLEDGEMENT), ())

    def check(self, place: Place) -> None:
        """There must be something to make, and what is acknowledged must be part of it."""
        if not self.influxdb:
            place.field("influxdb").mistake("is missing; name at least one instance")
        check_targets(self.acknowledge, place.field("acknowledge"), databases={}, instances=self.influxdb)
