"""What the tests of the audit trail share."""

from typing import Any

from tests.components.arns import ACCOUNT, REGION, key_arn
from tests.components.recorder import Deployment, deploy
from timestream_baseline.audit import AuditTrail

TRAIL = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/baseline-trail"
THEIRS = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/theirs"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:baseline"
EXISTING: Any = {"trail": "existing", "trail_arn": THEIRS}
KEY, LOG_KEY = key_arn("baseline-trail"), key_arn("baseline-logGroup")
BUCKET, GROUP = "baseline-trail-1a2b3c4", "baseline-trail-1a2b3c4"


def audit(args: Any = {}, *, unknown: bool = False) -> Deployment:  # noqa: B006 - only read
    return deploy(lambda: AuditTrail("baseline", args).outputs(), unknown=unknown)


def made_by(deployment: Deployment) -> list[str]:
    return sorted(f"{it.type.rsplit(':', 1)[1]} {it.name}" for it in deployment.registrations)


def trail(deployment: Deployment) -> dict[str, Any]:
    return deployment.named("Trail", "baseline-trail").inputs


def warnings(deployment: Deployment) -> list[str]:
    return [message for level, message in deployment.log if level == "warning"]


WITH_EVERYTHING = [
    "Alias baseline-logGroup",
    "Alias baseline-trail",
    "AuditTrail baseline",
    "Bucket baseline-access-logs",
    "Bucket baseline-trail",
    "BucketLifecycleConfiguration baseline-accessLogs",
    "BucketLifecycleConfiguration baseline-trail",
    "BucketLogging baseline-trail",
    "BucketObjectLockConfiguration baseline-trail",
    "BucketOwnershipControls baseline-accessLogs",
    "BucketOwnershipControls baseline-trail",
    "BucketPolicy baseline-accessLogs",
    "BucketPolicy baseline-trail",
    "BucketPublicAccessBlock baseline-accessLogs",
    "BucketPublicAccessBlock baseline-trail",
    "BucketServerSideEncryptionConfiguration baseline-accessLogs",
    "BucketServerSideEncryptionConfiguration baseline-trail",
    "BucketVersioning baseline-accessLogs",
    "BucketVersioning baseline-trail",
    "EncryptionKey baseline-logGroup",
    "EncryptionKey baseline-trail",
    "Key baseline-logGroup",
    "Key baseline-trail",
    "LogGroup baseline-trail",
    "Role baseline-trail-delivery",
    "RolePolicy baseline-trail-delivery",
    "Trail baseline-trail",
]
