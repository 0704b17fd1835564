"""The policies of the engine logs' bucket and key: good ones to the byte, and who may do what."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.iam import Request, allowed
from timestream_baseline.documents import influxdb

GOLDEN = Path(__file__).with_name("golden") / "influxdb"
ACCOUNT = "000000000000"
OTHER_ACCOUNT = "111122223333"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
OTHER_KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/99999999-2222-3333-4444-555555555555"
BUCKET = "arn:aws:s3:::baseline-influxdb-logs-1a2b3c4"
LOG = f"{BUCKET}/InfluxLogs/plant/9kf14tas30/influxd.log.gz"
SERVICE = "timestream-influxdb.amazonaws.com"
READER = f"arn:aws:iam::{ACCOUNT}:role/operators"
FOREIGNER = f"arn:aws:iam::{OTHER_ACCOUNT}:role/operators"

DOCUMENTS: dict[str, dict[str, Any]] = {
    "log_bucket": influxdb.log_bucket_policy(bucket_arn=BUCKET, account=ACCOUNT, key_arn=KEY),
    "log_key": influxdb.log_key_policy(
        partition="aws", region="eu-west-1", account=ACCOUNT, dns_suffix="amazonaws.com", administrators=()
    ),
    "log_key_in_china": influxdb.log_key_policy(
        partition="aws-cn",
        region="cn-north-1",
        account=ACCOUNT,
        dns_suffix="amazonaws.com.cn",
        administrators=[f"arn:aws-cn:iam::{ACCOUNT}:role/deployer"],
    ),
}
CALL = {"aws:SecureTransport": "true", "aws:PrincipalIsAWSService": "false"}
DELIVERY = {**CALL, "aws:PrincipalIsAWSService": "true"}
FOR_US = {**DELIVERY, "aws:SourceAccount": ACCOUNT}
FOR_OTHERS = {**DELIVERY, "aws:SourceAccount": OTHER_ACCOUNT}
EVERYTHING = json.dumps(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
)
THROUGH_S3 = {**CALL, "kms:CallerAccount": ACCOUNT, "kms:ViaService": "s3.eu-west-1.amazonaws.com"}
ENCRYPTION = "s3:x-amz-server-side-encryption"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_are_stable_to_the_byte(name: str) -> None:
    """To accept a change: write `json.dumps(document, indent=2)` and a newline to the golden file."""
    expected = (GOLDEN / f"{name}.json").read_text(encoding="utf-8")
    assert json.dumps(DOCUMENTS[name], indent=2) + "\n" == expected


def test_there_is_no_golden_file_without_a_document() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(DOCUMENTS)


def test_the_permission_of_the_service_is_the_one_that_aws_documents() -> None:
    """Timestream for InfluxDB reads the policy before it creates an instance, and is picky about it."""
    (permission,) = [it for it in DOCUMENTS["log_bucket"]["Statement"] if it["Effect"] == "Allow"]
    del permission["Sid"]
    assert permission == {
        "Effect": "Allow",
        "Principal": {"Service": SERVICE},
        "Action": ["s3:PutObject"],
        "Resource": f"{BUCKET}/InfluxLogs/*",
    }


def on_the_bucket(principal: str, action: str, resource: str, context: dict[str, str]) -> Request:
    policies = () if principal == SERVICE else (EVERYTHING,)
    return Request(
        principal=principal,
        action=action,
        resource=resource,
        policies=policies,
        resource_policy=json.dumps(DOCUMENTS["log_bucket"]),
        context=context,
        account=ACCOUNT,
    )


def on_the_key(principal: str, action: str, context: dict[str, str], policies: tuple[str, ...]) -> Request:
    return Request(
        principal=principal,
        action=action,
        resource=KEY,
        policies=policies,
        resource_policy=json.dumps(DOCUMENTS["log_key"]),
        context=context,
    )


BUCKET_TABLE: dict[str, tuple[bool, Request]] = {
    "the service delivers our logs": (True, on_the_bucket(SERVICE, "s3:PutObject", LOG, FOR_US)),
    "the service names no account": (True, on_the_bucket(SERVICE, "s3:PutObject", LOG, DELIVERY)),
    "the service delivers the logs of others": (
        False,
        on_the_bucket(SERVICE, "s3:PutObject", LOG, FOR_OTHERS),
    ),
    "the service writes elsewhere": (
        False,
        on_the_bucket(SERVICE, "s3:PutObject", f"{BUCKET}/other/log", FOR_US),
    ),
    "the service reads": (False, on_the_bucket(SERVICE, "s3:GetObject", LOG, FOR_US)),
    "the service deletes": (False, on_the_bucket(SERVICE, "s3:DeleteObject", LOG, FOR_US)),
    "the service has no TLS": (
        False,
        on_the_bucket(SERVICE, "s3:PutObject", LOG, {**FOR_US, "aws:SecureTransport": "false"}),
    ),
    "another service": (
        False,
        on_the_bucket("cloudtrail.amazonaws.com", "s3:PutObject", LOG, FOR_US),
    ),
    "a role of ours reads": (True, on_the_bucket(READER, "s3:GetObject", LOG, CALL)),
    "a role of ours without TLS": (
        False,
        on_the_bucket(READER, "s3:GetObject", LOG, {**CALL, "aws:SecureTransport": "false"}),
    ),
    "a role of another account": (False, on_the_bucket(FOREIGNER, "s3:GetObject", LOG, CALL)),
    "a put under S3's own key": (
        False,
        on_the_bucket(READER, "s3:PutObject", LOG, {**CALL, ENCRYPTION: "AES256"}),
    ),
    "a put that asks for KMS without a key": (
        False,
        on_the_bucket(READER, "s3:PutObject", LOG, {**CALL, ENCRYPTION: "aws:kms"}),
    ),
    "a put that leaves the encryption to the bucket": (
        True,
        on_the_bucket(READER, "s3:PutObject", LOG, CALL),
    ),
    "a put under our key": (
        True,
        on_the_bucket(
            READER,
            "s3:PutObject",
            LOG,
            {**CALL, ENCRYPTION: "aws:kms", f"{ENCRYPTION}-aws-kms-key-id": KEY},
        ),
    ),
    "a put under another key": (
        False,
        on_the_bucket(
            READER,
            "s3:PutObject",
            LOG,
            {**CALL, ENCRYPTION: "aws:kms", f"{ENCRYPTION}-aws-kms-key-id": OTHER_KEY},
        ),
    ),
    "a put under a key that only the caller has": (
        False,
        on_the_bucket(READER, "s3:PutObject", LOG, {**CALL, f"{ENCRYPTION}-customer-algorithm": "AES256"}),
    ),
}
KEY_TABLE: dict[str, tuple[bool, Request]] = {
    "the service encrypts our logs": (True, on_the_key(SERVICE, "kms:GenerateDataKey", FOR_US, ())),
    "the service names no account": (True, on_the_key(SERVICE, "kms:GenerateDataKey", DELIVERY, ())),
    "the service uploads in parts": (True, on_the_key(SERVICE, "kms:Decrypt", FOR_US, ())),
    "the service encrypts the logs of others": (
        False,
        on_the_key(SERVICE, "kms:GenerateDataKey", FOR_OTHERS, ()),
    ),
    "the service makes a grant": (False, on_the_key(SERVICE, "kms:CreateGrant", FOR_US, ())),
    "a role of ours reads through S3": (
        True,
        on_the_key(READER, "kms:Decrypt", THROUGH_S3, (EVERYTHING,)),
    ),
    "a role of ours decrypts by itself": (False, on_the_key(READER, "kms:Decrypt", CALL, (EVERYTHING,))),
    "a role of ours that IAM allows nothing": (False, on_the_key(READER, "kms:Decrypt", THROUGH_S3, ())),
    "a role of ours manages": (True, on_the_key(READER, "kms:DisableKey", CALL, (EVERYTHING,))),
}


def test_the_bucket_takes_the_logs_of_this_account_and_nothing_else() -> None:
    decisions = allowed([request for _, request in BUCKET_TABLE.values()])
    assert dict(zip(BUCKET_TABLE, decisions, strict=True)) == {
        name: expected for name, (expected, _) in BUCKET_TABLE.items()
    }


def test_the_key_opens_to_the_service_and_through_s3_only() -> None:
    decisions = allowed([request for _, request in KEY_TABLE.values()])
    assert dict(zip(KEY_TABLE, decisions, strict=True)) == {
        name: expected for name, (expected, _) in KEY_TABLE.items()
    }
