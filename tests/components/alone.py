"""Arguments of every class that can be used alone, with a value at each place that may be computed."""

from collections.abc import Callable
from typing import Any, Final

from tests.components.arns import ACCOUNT, REGION
from tests.components.everything import ACCESS, EVERYTHING, NEIGHBOUR, OWN_KEY, changed
from tests.components.recorder import DEPLOYER
from timestream_baseline import (
    AccessRoles,
    AuditTrail,
    Backup,
    EncryptionKey,
    InfluxDb,
    LiveAnalytics,
    Monitoring,
    PrivateEndpoints,
)
from timestream_baseline.inputs.access import AccessRolesPart
from timestream_baseline.inputs.audit import AuditTrailPart
from timestream_baseline.inputs.backup import BackupPart
from timestream_baseline.inputs.databases import LiveAnalyticsPart
from timestream_baseline.inputs.encryption import EncryptionKeyPart
from timestream_baseline.inputs.influxdb import InfluxDbPart
from timestream_baseline.inputs.monitoring import MonitoringPart
from timestream_baseline.inputs.network import PrivateEndpointsPart

CLASSES: Final[dict[type[Any], Callable[..., Any]]] = {
    AccessRolesPart: AccessRoles,
    AuditTrailPart: AuditTrail,
    BackupPart: Backup,
    EncryptionKeyPart: EncryptionKey,
    InfluxDbPart: InfluxDb,
    LiveAnalyticsPart: LiveAnalytics,
    MonitoringPart: Monitoring,
    PrivateEndpointsPart: PrivateEndpoints,
}
TOPIC: Final = f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms"
TRAIL: Final = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/organization"
ENDPOINT: Final = "vpce-0123456789abcdef0"
SHARED: Final[Any] = {
    "encryption": {"administrators": [DEPLOYER], "deletion_window_days": 14},
    "protect_data": False,
    "tags": {"owner": "telemetry"},
    "region": REGION,
}
TABLES: Final[Any] = {"metrics": ["cpu", "disk"], "fleet": ["trips"]}
ALONE: Final[dict[type[Any], Any]] = {
    AccessRolesPart: {
        **SHARED,
        **ACCESS,
        "databases": TABLES,
        "key_arns": {"metrics": OWN_KEY},
        "client_side_key_arn": OWN_KEY.replace("99999999", "11111111"),
        "endpoint_ids": [ENDPOINT],
        "trail_arn": TRAIL,
        "log_group_name": "trails",
        "log_bucket": "trails",
        "log_key_arns": [OWN_KEY.replace("99999999", "22222222")],
    },
    AuditTrailPart: {**SHARED, "topic_arn": TOPIC, "log_retention_days": 90, "data_events": False},
    BackupPart: {
        **SHARED,
        **EVERYTHING["backup"],
        "table_arns": [f"{NEIGHBOUR}/table/one", f"{NEIGHBOUR}/table/two"],
        "database_key_arns": [OWN_KEY],
        "topic_arn": TOPIC,
    },
    EncryptionKeyPart: {
        "administrators": [DEPLOYER],
        "multi_region": True,
        "replica_regions": ["eu-central-1", "us-east-1"],
        "purpose": "databases",
        "tags": {"owner": "telemetry"},
    },
    InfluxDbPart: {
        **SHARED,
        "influxdb": changed(EVERYTHING["influxdb"], {"factory.password": "abcd1234EFGH"}),
    },
    LiveAnalyticsPart: {**SHARED, "databases": EVERYTHING["databases"]},
    MonitoringPart: {
        **SHARED,
        "topic_arn": TOPIC,
        "databases": TABLES,
        "late_tables": ["metrics/cpu"],
        "influxdb_instances": ["factory"],
        "influxdb_clusters": {"plant": "v3"},
        "key_arns": {"topic": OWN_KEY},
        "trail_arn": TRAIL,
        "log_group_name": "trails",
        "role_names": ["ingest"],
        "endpoint_ids": [ENDPOINT],
    },
    PrivateEndpointsPart: {**EVERYTHING["network"], "database_arns": [NEIGHBOUR], "region": REGION},
}
