"""Every document that the baseline registers with everything on: kept, linted, within AWS's limits.

`UPDATE_GOLDEN=1 .venv/bin/pytest tests/components/test_every_document.py` writes the kept documents anew.
"""

import json
import os
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from tests.components.documents import FORMS, Found, documents_of
from tests.components.everything import EVERYTHING, NAME, everything
from tests.components.recorder import deploy
from tests.linter import Document, Finding, findings
from timestream_baseline import TimestreamBaseline
from timestream_baseline.documents import limits
from timestream_baseline.documents.limits import compact, excess, fits

GOLDEN: Final = Path(__file__).parent / "golden" / "documents"
ORDER: Final = ("Version", "Id", "Statement", "Sid", "Effect", "Principal", "Action", "Resource", "Condition")


def for_people(value: Any) -> Any:
    """Put the elements of a document into the order in which people read them."""
    if isinstance(value, Mapping):
        keys = sorted(value, key=lambda key: (ORDER.index(key) if key in ORDER else len(ORDER), key))
        return {key: for_people(value[key]) for key in keys}
    return [for_people(item) for item in value] if isinstance(value, list) else value


def pretty(document: Found) -> str:
    return json.dumps(for_people(document.content), indent=2) + "\n"


def kept() -> dict[str, str]:
    return {
        str(path.relative_to(GOLDEN)).removesuffix(".json"): path.read_text(encoding="utf-8")
        for path in GOLDEN.rglob("*.json")
    }


def test_documents_are_the_kept_ones() -> None:
    written = {document.name: pretty(document) for document in documents_of(everything())}
    if os.environ.get("UPDATE_GOLDEN"):
        for name in kept().keys() - written.keys():
            (GOLDEN / f"{name}.json").unlink()
        for name, text in written.items():
            path = GOLDEN / f"{name}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    assert sorted(written) == sorted(kept())
    assert [name for name, text in written.items() if kept()[name] != text] == []


def test_every_document_stands_where_its_kind_is_known() -> None:
    found = documents_of(everything())
    assert [(one.type, one.path) for one in found if (one.type, one.path) not in FORMS] == []
    assert len({one.name for one in found}) == len(found)


def test_every_document_is_written_in_the_one_way() -> None:
    written = (one for one in documents_of(everything()) if not one.form.for_people)
    assert [one.name for one in written if one.text != compact(one.content)] == []


def backwards(value: Any) -> Any:
    """Turn the order of every map around: it means nothing in arguments."""
    if isinstance(value, Mapping):
        return {key: backwards(value[key]) for key in reversed(list(value))}
    return value


def test_the_order_of_arguments_changes_no_input_of_any_resource() -> None:
    args = backwards(EVERYTHING)
    turned = deploy(lambda: TimestreamBaseline(NAME, args).outputs())
    # A password is generated anew in every deployment that has none.
    expected, found = (
        {it.urn: {**it.inputs, "password": ""} for it in deployment.registrations}
        for deployment in (everything(), turned)
    )
    assert sorted(found) == sorted(expected)
    assert [urn for urn, inputs in found.items() if inputs != expected[urn]] == []


def test_every_document_is_within_the_limit_of_aws() -> None:
    too_large = {one.name: excess(one.form.limit, one.text) for one in documents_of(everything())}
    assert {name: text for name, text in too_large.items() if text} == {}


def test_the_inline_policies_of_a_role_are_within_their_common_limit() -> None:
    policies = defaultdict(list)
    for one in documents_of(everything()):
        if one.type == "RolePolicy":
            policies[one.resource.inputs["role"]].append(one.text)
    assert policies
    assert [role for role, texts in policies.items() if not fits(limits.INLINE_POLICIES, *texts)] == []


def test_patterns_of_metric_filters_are_within_their_limit() -> None:
    patterns = {one.name: one.inputs["pattern"] for one in everything().of("LogMetricFilter")}
    assert [name for name, text in patterns.items() if not fits(limits.FILTER_PATTERN, text)] == []


@dataclass(frozen=True)
class Accepted:
    """What the linter says about documents that are right, and why they are."""

    issue: str
    types: frozenset[str]
    reason: str
    sids: frozenset[str] = frozenset()

    def covers(self, finding: Finding) -> bool:
        type_ = finding.document.partition("/")[0]
        return (
            finding.issue == self.issue
            and type_ in self.types
            and finding.sid in (self.sids or {finding.sid})
        )


def accept(issue: str, types: str, reason: str, sids: str = "") -> Accepted:
    return Accepted(issue, frozenset(types.split()), reason, frozenset(sids.split()))


KEYS: Final = "Key ReplicaKey"
POLICIES: Final = "Policy RolePolicy"
ACCEPTED: Final = (
    accept("overly_permissive", KEYS, "the resource * of a key policy is the key itself"),
    accept(
        "overly_permissive",
        "VpcEndpoint",
        "an endpoint of another service is limited by the account of its callers only",
        "CallersOfOurOwn TokensForRolesOfOurOwn",
    ),
    accept(
        "overly_permissive",
        "Policy",
        "recovery points have no ARN that names their vault; where a copy goes, the role's policy says",
        "BackupsAndCopies CopyNowhereElse",
    ),
    accept(
        "invalid_condition_key",
        f"{KEYS} {POLICIES}",
        "kms:EncryptionContext:NAME is a family of keys, which the linter does not know",
        "CloudWatchLogsEncryptsTheLogGroup DataKeysForDatabasesAsIamAllows MakeDataKeysForItsDatabases "
        "OpenDataKeysOfItsDatabases TrailEncryptsLogAndDigestFiles TrailEncryptsWithTheKeyOfItsBucket "
        "UseTheKeyForObjectsOfTheBucket",
    ),
    accept(
        "missing_condition",
        KEYS,
        "whoever manages a key may do so at any time; they cannot use it",
        "AdministratorsManageWithoutUsing",
    ),
    accept(
        "missing_condition",
        "TopicPolicy",
        "the account itself manages its topic, as IAM allows",
        "AccountUsesAsIamAllows",
    ),
    accept(
        "missing_condition",
        "Role",
        "AWS documents no source condition for these services; the baseline warns of those that are chosen",
        "BackupMakesBackups ServicesWithoutSourceConditions TrailsOfThisAccountDeliver",
    ),
    accept(
        "missing_condition",
        POLICIES,
        "auditors read logs, of the trail only",
        "ReadTheLogGroup TheLogGroup",
    ),
    accept(
        "missing_required_condition_any_of",
        f"BucketPolicy {POLICIES}",
        "the bucket is named by its ARN: a condition on its account adds nothing",
    ),
    accept(
        "confused_deputy_risk",
        "BucketPolicy Key Role TopicPolicy",
        "AWS documents no source condition here, or refuses one; the topic, a refusal or the trust has it",
        "BackupMakesBackups CloudWatchLogsEncryptsTheLogGroup "
        "EventsTrailsAndBackupsPublish InfluxDbDeliversItsLogs "
        "RulesPublishWithoutConditionsThatEventBridgeLacks TrailsOfThisAccountDeliver VaultsAnnounceBackups",
    ),
    accept(
        "ifexists_weakens_security_condition",
        "Key",
        "AWS documents no source condition for this service; if it sends one, it must be ours",
        "InfluxDbEncryptsItsLogs",
    ),
    accept(
        "ifexists_on_always_present_key",
        "RolePolicy",
        "should the key be missing after all, the refusal holds",
        "NoCallsBesideTheEndpoints",
    ),
    accept(
        "type_mismatch_usable",
        "BucketPolicy",
        "a put may name the key by its id, which is no ARN and must be refused too",
    ),
    accept(
        "type_mismatch_usable",
        "Key",
        "the ARN of the trail is compared as AWS documents it, to the letter",
        "TrailChecksTheKey TrailEncryptsLogAndDigestFiles TrailEncryptsWithTheKeyOfItsBucket",
    ),
    accept(
        "missing_principal_condition_any_of",
        "VpcEndpoint",
        "callers are limited by aws:PrincipalAccount, which the linter does not count",
    ),
    *(
        accept(
            issue,
            "VpcEndpoint",
            "an endpoint lets calls through; who may assume a role, its trust policy says",
            "CallersOfOurOwn TokensForRolesOfOurOwn",
        )
        for issue in (
            "invalid_principal_type_for_assume_action",
            "missing_required_condition_for_assume_action",
        )
    ),
    accept(
        "resource_mismatch",
        "RolePolicy",
        "AWS lists CreateTable on the table, its guide shows it on the database",
        "CreateTablesInDatabases ManageDatabases",
    ),
    accept("policy_type_hint", "VaultPolicy", "the vault refuses and grants nothing"),
)


def linted(found: list[Found]) -> list[Finding]:
    return findings(
        [Document(one.name, one.form.kind, one.content) for one in found if one.form.kind is not None]
    )


def test_the_linter_finds_nothing_but_what_is_right() -> None:
    found = linted(documents_of(everything()))
    assert [str(one) for one in found if not any(accepted.covers(one) for accepted in ACCEPTED)] == []
    # Nothing is accepted that is not there: neither a finding nor a statement.
    assert [accepted for accepted in ACCEPTED if not any(accepted.covers(one) for one in found)] == []
    statements = {(accepted.issue, sid) for accepted in ACCEPTED for sid in accepted.sids}
    assert sorted(statements - {(one.issue, one.sid) for one in found}) == []


READ: Final[Mapping[str, Any]] = {
    "Sid": "Read",
    "Effect": "Allow",
    "Action": ["timestream:Select"],
    "Resource": ["arn:aws:timestream:eu-west-1:000000000000:database/metrics/table/cpu"],
}


@pytest.mark.parametrize(
    ("change", "issues"),
    [
        pytest.param({}, set(), id="a good statement"),
        pytest.param({"Action": ["timestream:Query"]}, {"invalid_action"}, id="an action that is none"),
        pytest.param(
            {"Condition": {"StringEquals": {"kms:ViaService": "x"}}},
            {"invalid_condition_key"},
            id="a condition key of another service",
        ),
        pytest.param(
            {"Resource": ["arn:aws:timestream:eu-west-1:000000000000:database/metrics"]},
            {"resource_mismatch"},
            id="a resource of another type",
        ),
        pytest.param(
            {"Resource": ["arn:aws:timestream"]}, {"invalid_resource", "resource_mismatch"}, id="no ARN"
        ),
    ],
)
def test_the_linter_finds_what_is_wrong(change: dict[str, Any], issues: set[str]) -> None:
    content = {"Version": "2012-10-17", "Statement": [{**READ, **change}]}
    assert {one.issue for one in findings([Document("one", "IDENTITY_POLICY", content)])} == issues
