"""A secure baseline for Amazon Timestream as a Pulumi component, and its parts."""

from timestream_baseline.access import AccessRoles
from timestream_baseline.audit import AuditTrail
from timestream_baseline.backup import Backup
from timestream_baseline.baseline import TimestreamBaseline
from timestream_baseline.databases import LiveAnalytics
from timestream_baseline.encryption import EncryptionKey
from timestream_baseline.endpoints import PrivateEndpoints
from timestream_baseline.influxdb import InfluxDb
from timestream_baseline.inputs import ArgumentsError
from timestream_baseline.inputs.access import AccessRolesPartArgs
from timestream_baseline.inputs.audit import AuditTrailPartArgs
from timestream_baseline.inputs.backup import BackupPartArgs
from timestream_baseline.inputs.baseline import TimestreamBaselineArgs
from timestream_baseline.inputs.databases import LiveAnalyticsPartArgs
from timestream_baseline.inputs.encryption import EncryptionKeyPartArgs
from timestream_baseline.inputs.influxdb import InfluxDbPartArgs
from timestream_baseline.inputs.monitoring import MonitoringPartArgs
from timestream_baseline.inputs.network import PrivateEndpointsPartArgs
from timestream_baseline.monitoring import Monitoring

__all__ = [
    "AccessRoles",
    "AccessRolesPartArgs",
    "ArgumentsError",
    "AuditTrail",
    "AuditTrailPartArgs",
    "Backup",
    "BackupPartArgs",
    "EncryptionKey",
    "EncryptionKeyPartArgs",
    "InfluxDb",
    "InfluxDbPartArgs",
    "LiveAnalytics",
    "LiveAnalyticsPartArgs",
    "Monitoring",
    "MonitoringPartArgs",
    "PrivateEndpoints",
    "PrivateEndpointsPartArgs",
    "TimestreamBaseline",
    "TimestreamBaselineArgs",
]
