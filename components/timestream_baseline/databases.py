"""LiveAnalytics databases and tables."""

from collections.abc import Mapping

import pulumi
from pulumi_aws import timestreamwrite

from timestream_baseline.documents.keys import database_key_policy
from timestream_baseline.encryption import EncryptionKey
from timestream_baseline.inputs.settings import Database, Encryption, PartitionKey, Table
from timestream_baseline.location import Location
from timestream_baseline.rejected_records import RejectedRecords
from timestream_baseline.resources import child_of, data_child_of, output_map


class LiveAnalytics(pulumi.ComponentResource):
    """Timestream for LiveAnalytics databases and their tables, each database under a customer managed key.

    The customer key covers the magnetic store and the credentials that queries use. The memory store, which
    holds the newest records, is encrypted with a key of the service: no setting changes that.
    """

    database_arns: pulumi.Output[dict[str, str]]
    table_arns: pulumi.Output[dict[str, str]]
    # By database, so that roles get the keys of their own databases only.
    keys: dict[str, pulumi.Input[str]]
    # What must exist before something may name a table by its ARN.
    tables: dict[str, timestreamwrite.Table]

    def __init__(
        self,
        name: str,
        *,
        owner: str,
        databases: Mapping[str, Database],
        encryption: Encryption,
        location: Location,
        tags: Mapping[str, str],
        protect_data: bool,
        rejected_records: RejectedRecords | None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the databases of the baseline named `owner`."""
        super().__init__(
            "timestream-baseline:index:LiveAnalytics", name, {"databases": sorted(databases)}, opts
        )
        self._owner = owner
        self._encryption = encryption
        self._location = location
        self._protect_data = protect_data
        self._rejected_records = rejected_records
        self.keys = self._keys(databases, tags)
        self.databases = {
            database: timestreamwrite.Database(
                f"{owner}-{database}",
                database_name=database,
                kms_key_id=self.keys[database],
                tags={**tags, **settings.tags},
                region=location.region,
                opts=data_child_of(self, protect_data=protect_data),
            )
            for database, settings in databases.items()
        }
        self.tables = {
            f"{database}/{table}": self._table(database, table, table_settings, {**tags, **settings.tags})
            for database, settings in databases.items()
            for table, table_settings in settings.tables.items()
        }
        self.database_arns = output_map(
            {database: resource.arn for database, resource in self.databases.items()}
        )
        self.table_arns = output_map({path: table.arn for path, table in self.tables.items()})
        self.register_outputs({"databaseArns": self.database_arns, "tableArns": self.table_arns})

    def _keys(
        self, databases: Mapping[str, Database], tags: Mapping[str, str]
    ) -> dict[str, pulumi.Input[str]]:
        """Find the key of each database: the one it names, the shared one, or its own."""
        keys: dict[str, pulumi.Input[str]] = {}
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
        return EncryptionKey(
            f"{self._owner}-{purpose}",
            owner=self._owner,
            purpose=purpose,
            policy=database_key_policy,
            settings=self._encryption,
            location=self._location,
            tags=tags,
            protect=self._protect_data,
            opts=child_of(self),
        )

    def _table(
        self, database: str, table: str, settings: Table, tags: Mapping[str, str]
    ) -> timestreamwrite.Table:
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
            opts=data_child_of(
                self, protect_data=self._protect_data, depends_on=[self.databases[database], *rejects]
            ),
        )

    def _magnetic_writes(
        self, database: str, table: str, settings: Table
    ) -> timestreamwrite.TableMagneticStoreWritePropertiesArgsDict:
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


def _schema(key: PartitionKey) -> timestreamwrite.TableSchemaArgsDict:
    if key.measure:
        return {"composite_partition_key": {"type": "MEASURE"}}
    return {
        "composite_partition_key": {
            "type": "DIMENSION",
            "name": key.dimension or "",
            "enforcement_in_record": key.enforcement.upper(),
        }
    }
