"""What buckets, keys, topic, queue and vault let happen, also to those whom IAM allows everything."""

from typing import Any, Final

import pytest

from tests.components.arns import ACCOUNT, REGION, arn_of
from tests.components.everything import BREAK_GLASS, NAME, OTHER_ACCOUNT, everything
from tests.components.recorder import DEPLOYER
from tests.components.world import keys
from tests.iam import Request, allowed

ANYTHING: Final = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
ROOT: Final = f"arn:aws:iam::{ACCOUNT}:role/powerful"
TRAIL: Final = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/{NAME}-trail"
SIGNED: Final[Any] = {"s3:x-amz-acl": "bucket-owner-full-control"}
KMS: Final[Any] = {"s3:x-amz-server-side-encryption": "aws:kms"}


def key_of(name: str) -> dict[str, Any]:
    return {**KMS, "s3:x-amz-server-side-encryption-aws-kms-key-id": keys()[name][0]}


def bucket(name: str) -> tuple[str, str]:
    """Return ARN and policy of a bucket by what it is for."""
    (policy,) = (it for it in everything().of("BucketPolicy") if it.name == f"{NAME}-{name}")
    return f"arn:aws:s3:::{policy.inputs['bucket']}", policy.inputs["policy"]


def one(type_: str, name: str = "") -> tuple[str, str]:
    """Return ARN and policy of the only topic or vault, or of the queue of that name."""
    made = everything()
    (resource,) = [it for it in made.of(type_) if name in ("", it.name)]
    (policy,) = [it for it in made.of(f"{type_}Policy") if name in ("", it.name)]
    return arn_of(resource.type, resource.name, resource.inputs), policy.inputs["policy"]


def asks(who: str, action: str, on: tuple[str, str], path: str = "", **context: Any) -> Request:
    arn, policy = on
    return Request(
        who,
        action,
        arn + path,
        (ANYTHING,) if who.startswith("arn:") else (),
        resource_policy=policy,
        context={
            "aws:SecureTransport": "true",
            **({"aws:PrincipalArn": who} if "/" in who else {}),
            **context,
        },
        account=ACCOUNT,
    )


def judged(who: str, action: str, on: tuple[str, str], path: str = "", **context: Any) -> bool:
    return allowed([asks(who, action, on, path, **context)])[0]


def from_(arn: str, account: str = ACCOUNT) -> dict[str, Any]:
    return {"aws:SourceArn": arn, "aws:SourceAccount": account}


LOGS: Final = f"/AWSLogs/{ACCOUNT}/CloudTrail/{REGION}/2026/11/22/log.json.gz"
THEIR_TRAIL: Final = TRAIL.replace(ACCOUNT, OTHER_ACCOUNT)
TRAIL_BUCKET: Final = f"arn:aws:s3:::{NAME}-trail-1a2b3c4"
CLOUDTRAIL: Final = "cloudtrail.amazonaws.com"


@pytest.mark.parametrize(
    ("who", "name", "path", "context", "expected"),
    [
        pytest.param(CLOUDTRAIL, "trail", LOGS, {**from_(TRAIL), **SIGNED}, True, id="our trail delivers"),
        pytest.param(
            CLOUDTRAIL, "trail", LOGS, {**from_(THEIR_TRAIL, OTHER_ACCOUNT), **SIGNED}, False, id="another"
        ),
        pytest.param(CLOUDTRAIL, "trail", LOGS, SIGNED, False, id="a trail that is not known"),
        pytest.param(CLOUDTRAIL, "trail", "/elsewhere", {**from_(TRAIL), **SIGNED}, False, id="elsewhere"),
        pytest.param(ROOT, "trail", LOGS, {}, False, id="nobody forges logs"),
        pytest.param(
            "logging.s3.amazonaws.com", "accessLogs", "/trail/x", from_(TRAIL_BUCKET), True, id="S3 logs"
        ),
        pytest.param(
            "logging.s3.amazonaws.com",
            "accessLogs",
            "/trail/x",
            from_("arn:aws:s3:::else"),
            False,
            id="for others",
        ),
        pytest.param(ROOT, "accessLogs", "/trail/x", {}, False, id="nobody forges access logs"),
        pytest.param(
            "timestream-influxdb.amazonaws.com", "influxdbLogs", "/InfluxLogs/x", {}, True, id="InfluxDB"
        ),
        pytest.param(
            "timestream-influxdb.amazonaws.com",
            "influxdbLogs",
            "/InfluxLogs/x",
            {"aws:SourceAccount": ACCOUNT, "aws:PrincipalIsAWSService": "true"},
            True,
            id="InfluxDB for us",
        ),
        pytest.param(
            "timestream-influxdb.amazonaws.com",
            "influxdbLogs",
            "/InfluxLogs/x",
            {"aws:SourceAccount": OTHER_ACCOUNT, "aws:PrincipalIsAWSService": "true"},
            False,
            id="InfluxDB for others",
        ),
        pytest.param(
            "timestream-influxdb.amazonaws.com",
            "influxdbLogs",
            "/elsewhere",
            {},
            False,
            id="InfluxDB elsewhere",
        ),
        pytest.param(ROOT, "rejectedRecords", "/x", {}, False, id="rejected records in clear"),
        pytest.param(
            ROOT,
            "rejectedRecords",
            "/x",
            {"s3:x-amz-server-side-encryption": "AES256"},
            False,
            id="rejected records under a key of S3",
        ),
        pytest.param(
            ROOT,
            "rejectedRecords",
            "/x",
            lambda: key_of("strange"),
            False,
            id="rejected records under another key",
        ),
        pytest.param(
            ROOT,
            "rejectedRecords",
            "/x",
            lambda: key_of("databases/metrics"),
            False,
            id="rejected records under the key of a database",
        ),
        pytest.param(
            ROOT,
            "rejectedRecords",
            "/x",
            lambda: key_of("rejectedRecords"),
            True,
            id="rejected records under their key",
        ),
        pytest.param(
            ROOT,
            "rejectedRecords",
            "/x",
            lambda: key_of("scheduledQueries/hourly"),
            True,
            id="reports under the key of their query",
        ),
        pytest.param(
            ROOT,
            "rejectedRecords",
            "/x",
            lambda: {**key_of("rejectedRecords"), "aws:SecureTransport": "false"},
            False,
            id="rejected records without TLS",
        ),
        pytest.param(
            "timestream.amazonaws.com",
            "rejectedRecords",
            "/x",
            KMS,
            False,
            id="Timestream comes with the role of the caller",
        ),
    ],
)
def test_puts_into_buckets(who: str, name: str, path: str, context: Any, expected: bool) -> None:
    known = context() if callable(context) else context
    assert judged(who, "s3:PutObject", bucket(name), path, **known) is expected


@pytest.mark.parametrize("name", ["trail", "accessLogs", "influxdbLogs", "rejectedRecords"])
def test_nothing_is_read_without_tls_and_nobody_else_reads(name: str) -> None:
    arn = bucket(name)
    assert judged(ROOT, "s3:GetObject", arn, "/x") is True
    assert judged(ROOT, "s3:GetObject", arn, "/x", **{"aws:SecureTransport": "false"}) is False
    assert judged(f"arn:aws:iam::{OTHER_ACCOUNT}:role/x", "s3:GetObject", arn, "/x") is False
    assert judged(CLOUDTRAIL, "s3:GetObject", arn, "/x", **from_(TRAIL)) is False


ALARM: Final = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{NAME}-SystemErrors-Query"
RULE: Final = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{NAME}-tables"


@pytest.mark.parametrize(
    ("who", "context", "expected"),
    [
        pytest.param("cloudwatch.amazonaws.com", from_(ALARM), True, id="our alarms"),
        pytest.param(
            "cloudwatch.amazonaws.com",
            from_(ALARM.replace(ACCOUNT, OTHER_ACCOUNT), OTHER_ACCOUNT),
            False,
            id="alarms of others",
        ),
        pytest.param(CLOUDTRAIL, from_(TRAIL), True, id="our trail"),
        pytest.param(CLOUDTRAIL, from_(THEIR_TRAIL, OTHER_ACCOUNT), False, id="the trail of others"),
        pytest.param("events.amazonaws.com", {}, True, id="rules of EventBridge"),
        pytest.param("backup.amazonaws.com", {}, True, id="AWS Backup"),
        pytest.param("s3.amazonaws.com", {"aws:SourceAccount": ACCOUNT}, False, id="another service"),
        pytest.param(ROOT, {}, True, id="whom IAM allows"),
        pytest.param(ROOT, {"aws:SecureTransport": "false"}, False, id="without TLS"),
        pytest.param(f"arn:aws:iam::{OTHER_ACCOUNT}:role/x", {}, False, id="another account"),
    ],
)
def test_who_publishes_on_the_topic(who: str, context: Any, expected: bool) -> None:
    assert judged(who, "sns:Publish", one("Topic"), **context) is expected


@pytest.mark.parametrize(
    ("who", "action", "context", "expected"),
    [
        pytest.param(
            "events.amazonaws.com",
            "SendMessage",
            from_(RULE),
            True,
            id="our rules leave what they could not deliver",
        ),
        pytest.param(
            "events.amazonaws.com",
            "SendMessage",
            from_(RULE.replace(ACCOUNT, OTHER_ACCOUNT)),
            False,
            id="rules of others do not",
        ),
        pytest.param("events.amazonaws.com", "ReceiveMessage", from_(RULE), False, id="rules read nothing"),
        pytest.param(ROOT, "ReceiveMessage", {}, True, id="whom IAM allows reads"),
        pytest.param(
            ROOT, "ReceiveMessage", {"aws:SecureTransport": "false"}, False, id="but not without TLS"
        ),
    ],
)
def test_what_happens_to_the_queue(who: str, action: str, context: Any, expected: bool) -> None:
    assert judged(who, f"sqs:{action}", one("Queue", "baseline-undelivered"), **context) is expected


@pytest.mark.parametrize(
    "action", ["DeleteBackupVault", "PutBackupVaultAccessPolicy", "DeleteBackupVaultAccessPolicy"]
)
@pytest.mark.parametrize("who", [ROOT, DEPLOYER, BREAK_GLASS])
def test_backups_stay(who: str, action: str) -> None:
    administrator = who != ROOT and action == "DeleteBackupVaultAccessPolicy"
    assert judged(who, f"backup:{action}", one("Vault")) is administrator


LOG_GROUP: Final = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{NAME}-trail-1a2b3c4"
SERVICES: Final = {
    "trail": (
        CLOUDTRAIL,
        "GenerateDataKey",
        {"aws:SourceArn": TRAIL, "kms:EncryptionContext:aws:cloudtrail:arn": TRAIL},
    ),
    "logGroup": (
        f"logs.{REGION}.amazonaws.com",
        "GenerateDataKey",
        {"kms:EncryptionContext:aws:logs:arn": LOG_GROUP},
    ),
    "topic": ("cloudwatch.amazonaws.com", "GenerateDataKey", from_(ALARM)),
    "influxdbLogs": ("timestream-influxdb.amazonaws.com", "GenerateDataKey", {}),
}


KEYS: Final = (
    *(
        "databases/metrics",
        "databases/fleet",
        "clientSide",
        "scheduledQueries/hourly",
        "rejectedRecords",
        "backup",
    ),
    *SERVICES,
)


@pytest.mark.parametrize("key", KEYS)
def test_a_key_is_used_by_its_own_service_and_by_no_other(key: str) -> None:
    requests = [
        asks(who, f"kms:{action}", keys()[key], **context) for who, action, context in SERVICES.values()
    ]
    found = {name for name, yes in zip(SERVICES, allowed(requests), strict=True) if yes}
    # The trail announces what it delivers on the topic.
    expected = {"topic": {"topic", "trail"}}
    assert found == expected.get(key, {key} & set(SERVICES))


@pytest.mark.parametrize("key", SERVICES)
def test_a_service_uses_the_key_for_this_account_only(key: str) -> None:
    who, action, context = SERVICES[key]
    foreign = {name: value.replace(ACCOUNT, OTHER_ACCOUNT) for name, value in context.items()} or {
        "aws:SourceAccount": OTHER_ACCOUNT
    }
    assert judged(who, f"kms:{action}", keys()[key], **foreign) is False


@pytest.mark.parametrize(
    "key",
    [
        "databases/metrics",
        "clientSide",
        "trail",
        "logGroup",
        "topic",
        "rejectedRecords",
        "backup",
        "influxdbLogs",
    ],
)
def test_administrators_manage_keys_without_using_them_and_others_do_not_manage(key: str) -> None:
    manage, use = (
        ("ScheduleKeyDeletion", "PutKeyPolicy", "DisableKey"),
        ("Encrypt", "Decrypt", "GenerateDataKey", "CreateGrant", "ReEncryptFrom"),
    )
    direct: Any = {"kms:CallerAccount": ACCOUNT}
    requests = [
        *(asks(DEPLOYER, f"kms:{action}", keys()[key]) for action in manage),
        *(asks(ROOT, f"kms:{action}", keys()[key]) for action in manage),
        *(asks(DEPLOYER, f"kms:{action}", keys()[key], **direct) for action in use),
    ]
    assert allowed(requests) == [True] * 3 + [False] * 3 + [False] * 5
