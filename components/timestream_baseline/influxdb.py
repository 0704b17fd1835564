"""Timestream for InfluxDB: instances and clusters, each behind a security group of its own."""

# No `from __future__ import annotations` here: the host of the component package reads real types.

import secrets
import string
from typing import Any, Final, Never

import pulumi
from pulumi_aws import timestreaminfluxdb

from timestream_baseline.change_guards import announce_lifted_protection
from timestream_baseline.documents.influxdb import LOG_PREFIX, log_bucket_policy, log_key_policy
from timestream_baseline.documents.parts import Document
from timestream_baseline.encryption import encryption_key
from timestream_baseline.influxdb_network import security_group
from timestream_baseline.inputs.acknowledge import may_be_replaced
from timestream_baseline.inputs.influxdb import InfluxDbInstance, InfluxDbPart, InfluxDbPartArgs
from timestream_baseline.part import Part
from timestream_baseline.private_bucket import PrivateBucket, private_bucket
from timestream_baseline.resources import data_child_of, output_map

_DEFAULTS: Final = InfluxDbInstance()
_PASSWORD_LENGTH: Final = 32
_LETTERS_AND_DIGITS: Final = string.ascii_letters + string.digits


class InfluxDb(pulumi.ComponentResource):
    """Timestream for InfluxDB instances (v2) and clusters (v3, and v2 with read replicas).

    They are never public: each has a security group of its own, which admits the named groups on one port.
    Engine logs go to one bucket with a customer managed key.

    Data at rest is encrypted with a key that AWS owns: the AWS provider cannot give these databases a
    customer managed key yet. Who reads and writes is decided by InfluxDB's own users and tokens, not by IAM.
    AWS Backup does not cover Timestream for InfluxDB.
    """

    endpoints: pulumi.Output[dict[str, str]]
    """The host of each instance or cluster, by its name."""
    secret_arns: pulumi.Output[dict[str, str]]
    """The secret with the first user's credentials (v3: the admin token), which AWS makes, by name."""
    log_bucket: pulumi.Output[str]
    """The bucket of the engine logs."""
    key_arn: pulumi.Output[str]
    """The key that encrypts the engine logs (not the databases)."""

    def __init__(
        self,
        name: str,
        args: InfluxDbPartArgs = {},  # noqa: B006 - only read; `| None` breaks the schema
        opts: pulumi.ResourceOptions | None = None,
        **unexpected: Never,
    ) -> None:
        """Validate the arguments, then make the bucket of the logs, instances and clusters."""
        part = Part("InfluxDb", InfluxDbPart, name, args, unexpected)
        instances = part.settings.influxdb
        super().__init__("timestream-baseline:index:InfluxDb", name, {"influxdb": sorted(instances)}, opts)
        self._name = name
        self._settings = part.settings
        self._location = part.locate(self)
        self._announce_weakened_defaults()
        announce_lifted_protection(self, part.settings.acknowledge, instances)
        self._logs = self._log_bucket()
        made = {instance: self._make(instance, it) for instance, it in instances.items()}
        # By kind, since each has metrics of its own.
        self.instance_names = tuple(it for it in made if isinstance(made[it], timestreaminfluxdb.DbInstance))
        self.cluster_names = tuple(it for it in made if it not in self.instance_names)
        self.endpoints = output_map({instance: it.endpoint for instance, it in made.items()})
        self.secret_arns = output_map(
            {instance: it.influx_auth_parameters_secret_arn for instance, it in made.items()}
        )
        self.log_bucket = self._logs.name
        self.register_outputs(
            {
                "endpoints": self.endpoints,
                "secretArns": self.secret_arns,
                "logBucket": self.log_bucket,
                "keyArn": self.key_arn,
            }
        )

    def _announce_weakened_defaults(self) -> None:
        for instance, settings in self._settings.influxdb.items():
            if settings.multi_az is False:
                pulumi.log.warn(
                    f"influxdb.{instance}.multi_az is false (default true): no standby takes over when its "
                    "zone fails (TS-IDB-007)",
                    resource=self,
                )
            if settings.log_retention_days < _DEFAULTS.log_retention_days:
                pulumi.log.warn(
                    f"influxdb.{instance}.log_retention_days is {settings.log_retention_days} (default "
                    f"{_DEFAULTS.log_retention_days}): engine logs are deleted earlier",
                    resource=self,
                )

    def _log_bucket(self) -> PrivateBucket:
        """Make one bucket for all logs, since each of them lies below its instance's name.

        AWS documents the prefix InfluxLogs/ only: a log that lay elsewhere would be kept longest.
        """
        settings, location = self._settings, self._location
        key = encryption_key(
            self,
            owner=self._name,
            purpose="influxdbLogs",
            policy=log_key_policy,
            encryption=settings.encryption,
            location=location,
            tags=settings.tags,
            protect_data=settings.protect_data,
        )
        self.key_arn = key.arn
        days = {instance: it.log_retention_days for instance, it in settings.influxdb.items()}
        longest = max(days.values())

        def policy(bucket_arn: str) -> pulumi.Output[Document]:
            return key.arn.apply(
                lambda arn: log_bucket_policy(bucket_arn=bucket_arn, account=location.account, key_arn=arn)
            )

        return private_bucket(
            self,
            owner=self._name,
            purpose="influxdb-logs",
            logical_name=f"{self._name}-influxdbLogs",
            key_arn=key.arn,
            policy=policy,
            expiry_days=longest,
            earlier_expiry_days={
                f"{LOG_PREFIX}{instance}/": its for instance, its in days.items() if its < longest
            },
            location=location,
            tags=settings.tags,
            protect_data=settings.protect_data,
        )

    def _make(
        self, instance: str, settings: InfluxDbInstance
    ) -> "timestreaminfluxdb.DbInstance | timestreaminfluxdb.DbCluster":
        lifted = may_be_replaced(self._settings.acknowledge, instance)
        protect = self._settings.protect_data and not lifted
        tags = {**self._settings.tags, **settings.tags}
        group, rules = security_group(
            self,
            owner=self._name,
            instance=instance,
            settings=settings,
            location=self._location,
            tags=tags,
            retain=True if protect else None,
        )
        password, ignored = _password(settings)
        common: dict[str, Any] = {
            "name": instance,
            "db_instance_type": settings.instance_type,
            "db_parameter_group_identifier": settings.parameter_group,
            "vpc_subnet_ids": settings.subnet_ids,
            "vpc_security_group_ids": [group.id],
            "publicly_accessible": False,
            "port": settings.listens_on,
            "log_delivery_configuration": {
                "s3_configuration": {"bucket_name": self._logs.name, "enabled": True}
            },
            "maintenance_schedule": _maintenance_schedule(settings),
            "tags": tags,
            "region": self._location.region,
            "opts": self._options([*self._logs.settings, *rules], ignored, protect=protect, lifted=lifted),
        }
        if settings.engine == "v3":
            return timestreaminfluxdb.DbCluster(f"{self._name}-{instance}", **common)
        common |= {
            "allocated_storage": settings.storage_gib or 20,
            "db_storage_type": settings.storage_type,
            "organization": settings.organization or instance,
            "bucket": settings.bucket or instance,
            "username": settings.username or "admin",
            "password": password,
        }
        if settings.cluster:
            return timestreaminfluxdb.DbCluster(
                f"{self._name}-{instance}",
                deployment_type="MULTI_NODE_READ_REPLICAS",
                failover_mode="AUTOMATIC",
                **common,
            )
        deployment = "WITH_MULTIAZ_STANDBY" if settings.with_standby else "SINGLE_AZ"
        return timestreaminfluxdb.DbInstance(f"{self._name}-{instance}", deployment_type=deployment, **common)

    def _options(
        self,
        depends_on: list[pulumi.Resource],
        ignored: list[str] | None,
        *,
        protect: bool,
        lifted: bool,
    ) -> pulumi.ResourceOptions:
        # AWS looks at the policy of the bucket when it creates the instance.
        options = data_child_of(self, protect_data=protect, depends_on=depends_on)
        if lifted:
            # False, since unset protection would be that of the component.
            options.protect, options.retain_on_delete = False, False
        options.ignore_changes = ignored
        # A replacement gets the same name, so the old one must be gone first.
        options.delete_before_replace = True
        return options


def _password(settings: InfluxDbInstance) -> tuple[pulumi.Output[str], list[str] | None]:
    """Return the first user's password as a secret, and what to ignore afterwards.

    A generated one is another one in every run: it counts at the creation only. A given one that changes
    replaces the instance, which its protection refuses.
    """
    if settings.password is not None:
        return pulumi.Output.secret(settings.password), None
    generated = "".join(secrets.choice(_LETTERS_AND_DIGITS) for _ in range(_PASSWORD_LENGTH))
    return pulumi.Output.secret(generated), ["password"]


def _maintenance_schedule(settings: InfluxDbInstance) -> dict[str, str] | None:
    if settings.maintenance is None or settings.maintenance.window is None:
        return None
    return {
        "timezone": settings.maintenance.timezone,
        "preferred_maintenance_window": settings.maintenance.window,
    }
