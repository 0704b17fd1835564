"""Policies around a trail: good ones to the byte, and who may do what under them."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.iam import Request
from tests.iam import allowed as judged
from timestream_baseline.documents import trails
from timestream_baseline.documents.limits import BUCKET_POLICY, INLINE_POLICIES, KEY_POLICY, fits

GOLDEN = Path(__file__).with_name("golden") / "trails"
ACCOUNT = "000000000000"
PLACE: Any = {"partition": "aws", "region": "eu-west-1", "account": ACCOUNT}
KEY_PLACE: Any = {**PLACE, "dns_suffix": "amazonaws.com", "administrators": ()}
CHINA: Any = {"partition": "aws-cn", "region": "cn-north-1", "account": ACCOUNT}
ADMINISTRATOR = f"arn:aws:iam::{ACCOUNT}:role/deployer"
READER = f"arn:aws:iam::{ACCOUNT}:role/reader"
STRANGER = "arn:aws:iam::999999999999:role/stranger"
TRAIL = trails.trail_arn(**PLACE, trail="baseline-trail")
OTHER_TRAIL = trails.trail_arn(**PLACE, trail="another")
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
OTHER_KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/99999999-2222-3333-4444-555555555555"
BUCKET = "arn:aws:s3:::baseline-trail-1a2b3c4"
ACCESS_BUCKET = "arn:aws:s3:::baseline-access-logs-1a2b3c4"
LOG_FILE = f"{BUCKET}/AWSLogs/{ACCOUNT}/CloudTrail/eu-west-1/2026/01/01/file.json.gz"
DIGEST = f"{BUCKET}/AWSLogs/{ACCOUNT}/CloudTrail-Digest/eu-west-1/2026/01/01/file.json.gz"
EVERYTHING = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
)

TRAIL_KEY = trails.trail_key_policy(**KEY_PLACE, trail_arn=TRAIL, buckets="arn:aws:s3:::baseline-trail-*")
DOCUMENTS: dict[str, dict[str, Any]] = {
    "trail_key": TRAIL_KEY,
    "log_group_key": trails.log_group_key_policy(
        **{**KEY_PLACE, "administrators": [ADMINISTRATOR]}, log_groups="baseline-trail-*"
    ),
    "log_bucket": trails.log_bucket_policy(bucket_arn=BUCKET, account=ACCOUNT, trail_arn=TRAIL, key_arn=KEY),
    "access_log_bucket": trails.access_log_bucket_policy(
        bucket_arn=ACCESS_BUCKET, account=ACCOUNT, sources={"trail": "arn:aws:s3:::baseline-trail-*"}
    ),
    "delivery_trust": trails.delivery_trust_policy(),
    "delivery": trails.delivery_policy(**PLACE, log_group="baseline-trail-1a2b3c4"),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_are_stable_to_the_byte(name: str) -> None:
    """To accept a change: write `json.dumps(document, indent=2)` and a newline to the golden file."""
    expected = (GOLDEN / f"{name}.json").read_text(encoding="utf-8")
    assert json.dumps(DOCUMENTS[name], indent=2) + "\n" == expected


def test_there_is_no_golden_file_without_a_document() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(DOCUMENTS)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_statement_says_why_it_is_there(name: str) -> None:
    sids = [statement["Sid"] for statement in DOCUMENTS[name]["Statement"]]
    assert len(set(sids)) == len(sids)
    assert all(sid.isalnum() and len(sid) > 8 for sid in sids)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_nothing_is_allowed_to_everybody_or_in_full(name: str) -> None:
    for statement in DOCUMENTS[name]["Statement"]:
        if statement["Effect"] == "Allow":
            assert "*" not in str(statement.get("Principal", ""))
            assert not any(action == "*" or action.endswith(":*") for action in statement["Action"])


def test_documents_are_far_below_the_limits_of_aws() -> None:
    for name, document in DOCUMENTS.items():
        limit = KEY_POLICY if "key" in name else BUCKET_POLICY if "bucket" in name else INLINE_POLICIES
        assert fits(limit, document, document), name


def test_documents_know_partitions() -> None:
    place: Any = {**CHINA, "dns_suffix": "amazonaws.com.cn", "administrators": ()}
    trail = trails.trail_arn(**CHINA, trail="baseline-trail")
    key = trails.trail_key_policy(**place, trail_arn=trail, buckets="arn:aws-cn:s3:::baseline-trail-*")
    group = trails.log_group_key_policy(**place, log_groups="baseline-trail-*")
    text = json.dumps([key, group, trails.delivery_policy(**CHINA, log_group="baseline-trail-1a2b3c4")])
    assert "arn:aws:" not in text
    assert {"s3.cn-north-1.amazonaws.com.cn", "logs.cn-north-1.amazonaws.com.cn"} <= set(text.split('"'))


def put(principal: str, target: str, **context: str) -> Request:
    names = {
        "source": "aws:SourceArn",
        "acl": "s3:x-amz-acl",
        "encryption": "s3:x-amz-server-side-encryption",
        "key": "s3:x-amz-server-side-encryption-aws-kms-key-id",
        "customer": "s3:x-amz-server-side-encryption-customer-algorithm",
        "tls": "aws:SecureTransport",
        "account": "aws:SourceAccount",
    }
    given = {"tls": "true", **context}
    policy = "access_log_bucket" if target.startswith(ACCESS_BUCKET) else "log_bucket"
    return Request(
        principal=principal,
        action="s3:PutObject",
        resource=target,
        policies=(EVERYTHING,) if principal.startswith("arn:") else (),
        resource_policy=json.dumps(DOCUMENTS[policy]),
        context={names[name]: value for name, value in given.items()},
        account=ACCOUNT,
    )


DELIVERY = {
    "source": TRAIL,
    "acl": "bucket-owner-full-control",
    "encryption": "aws:kms",
    "key": KEY,
}
ACCESS = {"source": BUCKET, "account": ACCOUNT}
PUTS: dict[str, tuple[Request, bool]] = {
    "the trail delivers a log file": (put(trails.CLOUDTRAIL, LOG_FILE, **DELIVERY), True),
    "the trail delivers a digest file": (put(trails.CLOUDTRAIL, DIGEST, **DELIVERY), True),
    "the trail delivers a digest file under the key of S3": (
        put(trails.CLOUDTRAIL, DIGEST, source=TRAIL, acl="bucket-owner-full-control", encryption="AES256"),
        True,
    ),
    "the trail tries the bucket under the key of S3": (
        put(
            trails.CLOUDTRAIL,
            f"{BUCKET}/AWSLogs/{ACCOUNT}/CloudTrail/",
            source=TRAIL,
            acl="bucket-owner-full-control",
            encryption="AES256",
        ),
        True,
    ),
    "the trail leaves the encryption to the bucket": (
        put(trails.CLOUDTRAIL, LOG_FILE, source=TRAIL, acl="bucket-owner-full-control"),
        True,
    ),
    "a log file under the key of S3": (
        put(trails.CLOUDTRAIL, LOG_FILE, **{**DELIVERY, "encryption": "AES256"}),
        False,
    ),
    "a log file under another key": (
        put(trails.CLOUDTRAIL, LOG_FILE, **{**DELIVERY, "key": OTHER_KEY}),
        False,
    ),
    "a log file under a key of the caller": (
        put(trails.CLOUDTRAIL, LOG_FILE, source=TRAIL, acl="bucket-owner-full-control", customer="AES256"),
        False,
    ),
    "a log file without TLS": (put(trails.CLOUDTRAIL, LOG_FILE, **DELIVERY, tls="false"), False),
    "another trail": (put(trails.CLOUDTRAIL, LOG_FILE, **{**DELIVERY, "source": OTHER_TRAIL}), False),
    "the trail beside its own folder": (put(trails.CLOUDTRAIL, f"{BUCKET}/AWSLogs/1/x", **DELIVERY), False),
    "an administrator of the account": (
        put(ADMINISTRATOR, LOG_FILE, encryption="aws:kms", key=KEY),
        False,
    ),
    "a role of another account": (put(STRANGER, LOG_FILE), False),
    "S3 writes an access log": (put(trails.S3_LOGGING, f"{ACCESS_BUCKET}/trail/2026", **ACCESS), True),
    "an access log without TLS": (
        put(trails.S3_LOGGING, f"{ACCESS_BUCKET}/trail/2026", **ACCESS, tls="false"),
        False,
    ),
    "an access log beside its folder": (put(trails.S3_LOGGING, f"{ACCESS_BUCKET}/2026", **ACCESS), False),
    "an access log of another bucket": (
        put(
            trails.S3_LOGGING,
            f"{ACCESS_BUCKET}/trail/2026",
            **{**ACCESS, "source": "arn:aws:s3:::another"},
        ),
        False,
    ),
    "an administrator writes an access log": (
        put(ADMINISTRATOR, f"{ACCESS_BUCKET}/trail/2026"),
        False,
    ),
}


def use(principal: str, action: str, policy: str = "trail_key", **context: str) -> Request:
    names = {
        "source": "aws:SourceArn",
        "trail": "kms:EncryptionContext:aws:cloudtrail:arn",
        "object": "kms:EncryptionContext:aws:s3:arn",
        "group": "kms:EncryptionContext:aws:logs:arn",
        "via": "kms:ViaService",
        "caller": "kms:CallerAccount",
    }
    # The evaluator knows no single encryption context: other keys of the same type stand for them.
    text = json.dumps(DOCUMENTS[policy])
    for number, name in enumerate(("trail", "object", "group")):
        text = text.replace(names[name], f"kms:RecipientAttestation:PCR{number}")
        names[name] = f"kms:RecipientAttestation:PCR{number}"
    return Request(
        principal=principal,
        action=action,
        resource=KEY,
        policies=(EVERYTHING,) if principal.startswith("arn:") else (),
        resource_policy=text,
        context={names[name]: value for name, value in context.items()},
    )


S3 = {"via": "s3.eu-west-1.amazonaws.com", "caller": ACCOUNT}
LOGS = "logs.eu-west-1.amazonaws.com"
GROUP = f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:baseline-trail-1a2b3c4"
GENERATE = "kms:GenerateDataKey"
USES: dict[str, tuple[Request, bool]] = {
    "the trail encrypts": (use(trails.CLOUDTRAIL, GENERATE, source=TRAIL, trail=TRAIL), True),
    "the trail encrypts with the key of its bucket": (
        use(trails.CLOUDTRAIL, GENERATE, source=TRAIL, object=BUCKET),
        True,
    ),
    "the trail encrypts for another bucket": (
        use(trails.CLOUDTRAIL, GENERATE, source=TRAIL, object="arn:aws:s3:::another"),
        False,
    ),
    "another trail encrypts": (use(trails.CLOUDTRAIL, GENERATE, source=OTHER_TRAIL, trail=TRAIL), False),
    "the trail of another account encrypts": (
        use(
            trails.CLOUDTRAIL,
            GENERATE,
            source=TRAIL,
            trail="arn:aws:cloudtrail:eu-west-1:999999999999:trail/x",
        ),
        False,
    ),
    "the trail describes the key": (use(trails.CLOUDTRAIL, "kms:DescribeKey", source=TRAIL), True),
    "another trail describes the key": (use(trails.CLOUDTRAIL, "kms:DescribeKey", source=OTHER_TRAIL), False),
    "a role reads through S3": (use(READER, "kms:Decrypt", **S3), True),
    "a role decrypts by itself": (use(READER, "kms:Decrypt", caller=ACCOUNT), False),
    "a role encrypts through S3": (use(READER, GENERATE, **S3), False),
    "a role of another account reads through S3": (
        use(STRANGER, "kms:Decrypt", via="s3.eu-west-1.amazonaws.com", caller="999999999999"),
        False,
    ),
    "CloudWatch Logs encrypts our group": (use(LOGS, GENERATE, "log_group_key", group=GROUP), True),
    "CloudWatch Logs encrypts another group": (
        use(LOGS, GENERATE, "log_group_key", group=f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:another"),
        False,
    ),
    "CloudWatch Logs of another region encrypts": (
        use("logs.eu-central-1.amazonaws.com", GENERATE, "log_group_key", group=GROUP),
        False,
    ),
    "a named administrator manages the key": (use(ADMINISTRATOR, "kms:PutKeyPolicy", "log_group_key"), True),
    "a named administrator uses the key": (use(ADMINISTRATOR, "kms:Decrypt", "log_group_key"), False),
    "another role manages the key": (use(READER, "kms:PutKeyPolicy", "log_group_key"), False),
}


def deliver(action: str, stream: str, group: str = GROUP) -> Request:
    return Request(
        principal=f"arn:aws:iam::{ACCOUNT}:role/baseline-audit-delivery",
        action=action,
        resource=f"{group}:log-stream:{stream}",
        policies=(json.dumps(DOCUMENTS["delivery"]),),
    )


STREAM = f"{ACCOUNT}_CloudTrail_eu-west-1"
DELIVERIES: dict[str, tuple[Request, bool]] = {
    "it makes the stream of the trail": (deliver("logs:CreateLogStream", STREAM), True),
    "it fills a second stream of the trail": (deliver("logs:PutLogEvents", f"{STREAM}_3"), True),
    "it fills a stream of others": (deliver("logs:PutLogEvents", "application"), False),
    "it fills another log group": (deliver("logs:PutLogEvents", STREAM, GROUP + "-2"), False),
    "it deletes the stream": (deliver("logs:DeleteLogStream", STREAM), False),
}


def test_only_the_trail_writes_into_the_log_bucket_and_only_s3_into_the_access_logs() -> None:
    assert decisions(PUTS) == {case: expected for case, (_, expected) in PUTS.items()}


def test_the_trail_encrypts_and_whoever_may_reads_through_s3() -> None:
    assert decisions(USES) == {case: expected for case, (_, expected) in USES.items()}


def test_the_delivery_role_writes_its_own_stream_and_nothing_else() -> None:
    assert decisions(DELIVERIES) == {case: expected for case, (_, expected) in DELIVERIES.items()}


def decisions(cases: dict[str, tuple[Request, bool]]) -> dict[str, bool]:
    return dict(zip(cases, judged(request for request, _ in cases.values()), strict=True))
