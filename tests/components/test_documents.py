"""Policy documents: good ones to the byte, and what may never be in them."""

import json
from pathlib import Path
from typing import Any

import pytest

from timestream_baseline.documents import buckets, keys, roles, topics, trusts
from timestream_baseline.documents.parts import database_arn, table_arn
from timestream_baseline.documents.trusts import TokenTrust

GOLDEN = Path(__file__).with_name("golden")
PLACE = {"partition": "aws", "region": "eu-west-1", "account": "000000000000"}
KEY_PLACE: Any = {**PLACE, "dns_suffix": "amazonaws.com", "administrators": ()}
ADMINISTRATOR = "arn:aws:iam::000000000000:role/deployer"
TABLE = table_arn(**PLACE, database="metrics", table="*")
TRUST: Any = {
    "account": "000000000000",
    "services": (),
    "role_arns": (),
    "external_id": None,
    "tokens": (),
    "eks_pod_identity": False,
}
GITHUB = TokenTrust(
    provider_arn="arn:aws:iam::000000000000:oidc-provider/token.actions.githubusercontent.com",
    audience="sts.amazonaws.com",
    subjects=["repo:example/telemetry:ref:refs/heads/main"],
)

DOCUMENTS: dict[str, dict[str, Any]] = {
    "database_key": keys.database_key_policy(**KEY_PLACE),
    "database_key_with_administrators": keys.database_key_policy(
        **{**KEY_PLACE, "administrators": [ADMINISTRATOR, "arn:aws:iam::000000000000:role/break-glass"]}
    ),
    "topic_key": topics.topic_key_policy(**KEY_PLACE),
    "topic": topics.topic_policy(topic_arn="arn:aws:sns:eu-west-1:000000000000:baseline", **PLACE),
    "rejected_records_key": buckets.rejected_records_key_policy(**KEY_PLACE),
    "rejected_records_bucket": buckets.rejected_records_bucket_policy(
        bucket_arn="arn:aws:s3:::baseline-rejected-records-1a2b3c4",
        key_arns=["arn:aws:kms:eu-west-1:000000000000:key/11111111-2222-3333-4444-555555555555"],
    ),
    "writer": roles.writer_policy(table_arns=[TABLE]),
    "reader": roles.reader_policy(table_arns=[TABLE]),
    "key_use": roles.key_use_policy(
        key_arns=["arn:aws:kms:eu-west-1:000000000000:key/11111111-2222-3333-4444-555555555555"],
        region="eu-west-1",
        dns_suffix="amazonaws.com",
    ),
    "trust": trusts.trust_policy(
        account="000000000000",
        services=["lambda.amazonaws.com", "scheduler.amazonaws.com"],
        role_arns=["arn:aws:iam::111122223333:role/grafana"],
        external_id="42",
        tokens=[GITHUB],
        eks_pod_identity=True,
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_are_stable_to_the_byte(name: str) -> None:
    """To accept a change: write `json.dumps(document, indent=2)` and a newline to the golden file."""
    expected = (GOLDEN / f"{name}.json").read_text(encoding="utf-8")
    assert json.dumps(DOCUMENTS[name], indent=2) + "\n" == expected


def test_there_is_no_golden_file_without_a_document() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(DOCUMENTS)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_statement_says_why_it_is_there(name: str) -> None:
    sids = [statement["Sid"] for statement in DOCUMENTS[name]["Statement"]]
    assert len(set(sids)) == len(sids)
    assert all(sid.isalnum() and len(sid) > 8 for sid in sids)


def allowed(name: str) -> list[dict[str, Any]]:
    return [statement for statement in DOCUMENTS[name]["Statement"] if statement["Effect"] == "Allow"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_nothing_is_allowed_to_everybody_or_in_full(name: str) -> None:
    for statement in allowed(name):
        assert "*" not in str(statement.get("Principal", ""))
        assert not any(action == "*" or action.endswith(":*") for action in statement["Action"])


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if "_key" in name])
def test_who_manages_a_key_cannot_use_it_by_that_statement(name: str) -> None:
    statement = allowed(name)[0]
    forbidden = ("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:ReEncrypt", "kms:CreateGrant")
    assert "Condition" not in statement
    assert [a for a in statement["Action"] if a.startswith(forbidden) or "*" in a] == []
    assert {"kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DescribeKey"} <= set(statement["Action"])


@pytest.mark.parametrize("name", ["database_key", "topic_key", "rejected_records_key"])
def test_the_account_uses_a_key_only_through_a_service(name: str) -> None:
    for statement in allowed(name)[1:]:
        if "AWS" in statement["Principal"]:
            equals = statement["Condition"]["StringEquals"]
            assert equals["kms:CallerAccount"] == "000000000000"
            assert equals["kms:ViaService"]


def test_grants_are_for_services_and_for_databases_only() -> None:
    (grants,) = [s for s in allowed("database_key") if "kms:CreateGrant" in s["Action"]]
    assert grants["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}
    assert grants["Condition"]["ForAnyValue:StringEquals"] == {
        "kms:EncryptionContextKeys": "aws:timestream:database-name"
    }


def test_no_object_is_put_under_a_key_that_only_the_caller_has() -> None:
    refused = [s for s in DOCUMENTS["rejected_records_bucket"]["Statement"] if s["Effect"] == "Deny"]
    conditions = [statement["Condition"] for statement in refused if "s3:PutObject" in statement["Action"]]
    assert {"Null": {"s3:x-amz-server-side-encryption-customer-algorithm": "false"}} in conditions


@pytest.mark.parametrize(
    ("changes", "principals"),
    [
        pytest.param(
            {"services": ["lambda.amazonaws.com"]}, [{"Service": "lambda.amazonaws.com"}], id="a service"
        ),
        pytest.param(
            {"services": ["lambda.amazonaws.com", "ec2.amazonaws.com"]},
            [{"Service": ["ec2.amazonaws.com", "lambda.amazonaws.com"]}],
            id="services",
        ),
        pytest.param({"role_arns": [ADMINISTRATOR]}, [{"AWS": ADMINISTRATOR}], id="a role"),
        pytest.param({"eks_pod_identity": True}, [{"Service": "pods.eks.amazonaws.com"}], id="pods"),
        pytest.param({"tokens": [GITHUB]}, [{"Federated": GITHUB.provider_arn}], id="tokens"),
    ],
)
def test_a_trust_names_exactly_who_was_named(changes: Any, principals: list[Any]) -> None:
    statements = trusts.trust_policy(**{**TRUST, **changes})["Statement"]
    assert [statement["Principal"] for statement in statements] == principals


def test_source_conditions_stand_only_where_aws_documents_them() -> None:
    statements = trusts.trust_policy(
        **{**TRUST, "services": ["lambda.amazonaws.com", *trusts.CONFUSED_DEPUTY_SOURCES]}
    )["Statement"]
    guarded, others = statements
    assert guarded["Condition"] == {"StringEquals": {"aws:SourceAccount": "000000000000"}}
    assert others["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert "Condition" not in others


def test_a_wildcard_subject_is_compared_as_a_pattern_and_the_audience_never_is() -> None:
    token = TokenTrust(
        provider_arn=GITHUB.provider_arn,
        audience="sts.amazonaws.com",
        subjects=["repo:example/*", "repo:a/b"],
    )
    condition = trusts.trust_policy(**{**TRUST, "tokens": [token]})["Statement"][0]["Condition"]
    assert condition == {
        "StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"},
        "StringLike": {"token.actions.githubusercontent.com:sub": ["repo:a/b", "repo:example/*"]},
    }


def test_arns_know_partitions() -> None:
    arn = database_arn(
        partition="aws-us-gov", region="us-gov-west-1", account="000000000000", database="metrics"
    )
    assert arn == "arn:aws-us-gov:timestream:us-gov-west-1:000000000000:database/metrics"
    document = json.dumps(
        keys.database_key_policy(**{**KEY_PLACE, "partition": "aws-cn", "dns_suffix": "amazonaws.com.cn"})
    )
    assert "arn:aws:" not in document
    assert "timestream.eu-west-1.amazonaws.com.cn" in document
