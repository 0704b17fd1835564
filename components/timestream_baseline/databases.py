"""LiveAnalytics databases and tables."""

# No `from __future__ import annotations` here: the host of the component package reads real types.

from collections.abc import Mapping, Sequence
from typing import Any, Never

import pulumi
from pulumi_aws import timestreamwrite

from timestream_baseline.change_guards import (
    Guarded,
    announce_lifted_protection,
    guarded_database,
    guarded_table,
    guards,
)
from timestream_baseline.documents.keys import database_key_policy
from timestream_baseline.encryption import EncryptionKey, encryption_key
from timestream_baseline.inputs.acknowledge import may_be_replaced
from timestream_baseline.inputs.databases import (
    Database,
    LiveAnalyticsPart,
    LiveAnalyticsPartArgs,
    PartitionKey,
    Table,
)
from timestream_baseline.inputs.mistakes import Place
from timestream_baseline.inputs.texts import TextInput
from timestream_baseline.part import Part
from timestream_baseline.regions import check_regions, import_id
from timestream_baseline.rejected_records import RejectedRecords
from timestream_baseline.resources import child_of, data_child_of, output_map


class LiveAnalytics(pulumi.ComponentResource):
    """Timestream for LiveAnalytics databases and their tables, each database under a customer managed key.

    The customer key covers the magnetic store and the credentials that queries use. The memory store, which
    holds the newest records, is encrypted with a key of the service: no setting changes that.
    """

    database_arns: pulumi.Output[dict[str, str]]
    """The ARN of each database, by its name."""
    table_arns: pulumi.Output[dict[str, str]]
    """The ARN of each table, by "database/table"."""
    key_arns: pulumi.Output[dict[str, str]]
    """The ARN of the key of each database, by its name."""

    def __init__(
        self,
        name: str,
        args: LiveAnalyticsPartArgs = {},  # noqa: B006 - only read; `| None` breaks the schema
        opts: pulumi.ResourceOptions | None = None,
        **unexpected: Never,
    ) -> None:
        """Validate the arguments, then make databases and tables."""
        part = Part("LiveAnalytics", LiveAnalyticsPart, name, args, unexpected)
        settings = part.settings
        databases, tags, protect_data = settings.databases, settings.tags, settings.protect_data
        super().__init__(
            "timestream-baseline:index:LiveAnalytics", name, {"databases": sorted(databases)}, opts
        )
        location = part.locate(self)
        if part.alone:
            check_regions(self, databases, settings.adopt, location, part.place)
            part.refuse_mistakes()
        self._settings = settings
        place = Place([], camel=part.place.camel or settings.camel).field("databases")
        self._guards = guards(name, _guarded(name, databases, place), settings.acknowledge)
        targets = [*databases, *(f"{it}/{table}" for it in databases for table in databases[it].tables)]
        announce_lifted_protection(self, settings.acknowledge, targets)
        self._owner = owner = name
        self._encryption = settings.encryption
        self._location = location
        self._protect_data = protect_data
        self._rejected_records: RejectedRecords | None = settings.rejected_records
        if part.alone and accept_late_records(databases):
            self._rejected_records = RejectedRecords(
                name,
                owner=name,
                encryption=settings.encryption,
                location=location,
                tags=tags,
                protect_data=protect_data,
                opts=child_of(self),
            )
        # By database, so that roles get the keys of their own databases only.
        self.keys = self._database_keys(databases, tags)
        self.databases = {
            database: timestreamwrite.Database(
                f"{owner}-{database}",
                database_name=database,
                kms_key_id=self.keys[database],
                tags={**tags, **it.tags},
                region=location.region,
                opts=self._options(database),
            )
            for database, it in databases.items()
        }
        # What must exist before something may name a table by its ARN.
        self.tables = {
            f"{database}/{table}": self._table(database, table, table_settings, {**tags, **it.tags})
            for database, it in databases.items()
            for table, table_settings in it.tables.items()
        }
        self.database_arns = output_map(
            {database: resource.arn for database, resource in self.databases.items()}
        )
        self.table_arns = output_map({path: table.arn for path, table in self.tables.items()})
        self.key_arns = output_map(self.keys)
        self.register_outputs(
            {"databaseArns": self.database_arns, "tableArns": self.table_arns, "keyArns": self.key_arns}
        )

    def _database_keys(
        self, databases: Mapping[str, Database], tags: Mapping[str, str]
    ) -> dict[str, TextInput]:
        """Find the key of each database: the one it names, the shared one, or its own."""
        keys: dict[str, TextInput] = {}
        shared: EncryptionKey | None = None
        for database, settings in databases.items():
            if settings.key_arn is not None:
                keys[database] = settings.key_arn
            elif self._encryption.shared_key:
                shared = shared or self._key("databases", tags)
                keys[database] = shared.arn
            else:
                keys[database] = self._key(f"databases/{database}", {**tags, **settings.tags}).arn
        return keys

    def _key(self, purpose: str, tags: Mapping[str, str]) -> EncryptionKey:
        return encryption_key(
            self,
            owner=self._owner,
            purpose=purpose,
            policy=database_key_policy,
            encryption=self._encryption,
            location=self._location,
            tags=tags,
            protect_data=self._protect_data,
        )

    def _table(
        self, database: str, table: str, settings: Table, tags: Mapping[str, str]
    ) -> "timestreamwrite.Table":
        rejects = self._rejected_records.settings if self._rejected_records else ()
        return timestreamwrite.Table(
            f"{self._owner}-{database}/{table}",
            database_name=database,
            table_name=table,
            retention_properties={
                "memory_store_retention_period_in_hours": settings.memory_retention_hours,
                "magnetic_store_retention_period_in_days": settings.magnetic_retention_days,
            },
            magnetic_store_write_properties=self._magnetic_writes(database, table, settings),
            schema=_schema(settings.partition_key) if settings.partition_key else None,
            tags={**tags, **settings.tags},
            region=self._location.region,
            # The name is plain, so that the gate can read it at preview; the dependency gives the order.
            opts=self._options(
                f"{database}/{table}",
                depends_on=[self.databases[database], *rejects],
                # AWS knows one table of a name, so that the old one must go before the new one comes.
                delete_before_replace=True,
            ),
        )

    def _options(
        self,
        target: str,
        depends_on: Sequence[pulumi.Resource] = (),
        **more: Any,
    ) -> pulumi.ResourceOptions:
        """Build the options of a database or a table: guarded, protected, imported where it is adopted."""
        options = data_child_of(self, protect_data=self._protect_data, depends_on=depends_on)
        if may_be_replaced(self._settings.acknowledge, target):
            # False, since unset protection would be that of the component.
            options.protect, options.retain_on_delete = False, False
        elif target in self._settings.adopt:
            # The engine replaces nothing that names an import.
            more["import_"] = import_id(target)
        return pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(hooks=self._guards, **more))

    def _magnetic_writes(
        self, database: str, table: str, settings: Table
    ) -> "timestreamwrite.TableMagneticStoreWritePropertiesArgsDict":
        if not settings.magnetic_writes or self._rejected_records is None:
            return {"enable_magnetic_store_writes": settings.magnetic_writes}
        return {
            "enable_magnetic_store_writes": True,
            "magnetic_store_rejected_data_location": {
                "s3_configuration": {
                    "bucket_name": self._rejected_records.bucket,
                    "encryption_option": "SSE_KMS",
                    "kms_key_id": self._rejected_records.key_arn,
                    "object_key_prefix": f"rejected-records/{database}/{table}/",
                }
            },
        }


def _guarded(owner: str, databases: Mapping[str, Database], place: Place) -> dict[str, Guarded]:
    """Name everything that is guarded by its logical name."""
    guarded = {
        f"{owner}-{database}": guarded_database(database, place, created=it.key_arn is None)
        for database, it in databases.items()
    }
    for database, it in databases.items():
        for table in it.tables:
            guarded[f"{owner}-{database}/{table}"] = guarded_table(database, table, place)
    return guarded


def accept_late_records(databases: Mapping[str, Database]) -> bool:
    """Tell whether any table accepts records that are older than its memory retention."""
    return any(table.magnetic_writes for it in databases.values() for table in it.tables.values())


def _schema(key: PartitionKey) -> "timestreamwrite.TableSchemaArgsDict":
    if key.measure:
        return {"composite_partition_key": {"type": "MEASURE"}}
    return {
        "composite_partition_key": {
            "type": "DIMENSION",
            "name": key.dimension or "",
            "enforcement_in_record": key.enforcement.upper(),
        }
    }
