"""Rules on what IAM policies allow."""

from collections.abc import Iterable, Iterator

import timestream_policies.examples.access as examples
from timestream_policies.documents import Condition, PolicyDocument, Statement
from timestream_policies.iam import (
    TIMESTREAM_WRITES,
    WITHOUT_RESOURCE,
    is_every_action,
    is_every_resource,
    timestream_actions,
)
from timestream_policies.model import Finding, Resource
from timestream_policies.rule import Severity, rule
from timestream_policies.types import IDENTITY_POLICIES, ROLE
from timestream_policies.undecided import any_of, settled
from timestream_policies.wildcards import covers_everything, has_wildcard, matches

IAM_ACTIONS_PAGE = (
    "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazontimestream.html"
)
LEAST_PRIVILEGE_PAGE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html"
LEAST_PRIVILEGE = {"cis-aws-db-2.0.0": ["10.4"], "nist-800-53-r5": ["AC-3", "AC-6"], "soc-2": ["CC6.3"]}
BEST_PRACTICES = {"aws-timestream-security": ["security-best-practices"]}
TIMESTREAM_KINDS = ("database/probe", "database/probe/table/probe", "scheduled-query/probe")
EVERY_TABLE = ("database/probe/table/probe",)
# An encryption context that names something is as good as a key: other data does not decrypt with it.
_KEY_CHOICES = ("aws:resourcetag/", "kms:encryptioncontext:")
KEY_READS = ("kms:decrypt", "kms:reencryptfrom")


def granting(policy: Resource) -> Iterable[tuple[str, Statement]]:
    """Return the Allow statements of an identity policy, or of a role's inline policies."""
    known = policy.once("granting", lambda: settled(_granting(policy)))
    return _granting(policy) if known is None else known


def _granting(policy: Resource) -> Iterator[tuple[str, Statement]]:
    for at, document in documents(policy):
        for statement in document.statements:
            if statement.grants:
                yield at, statement
            elif statement.grants is None:
                with statement:
                    statement.allows  # noqa: B018 - notes why that cannot be told


def documents(policy: Resource) -> Iterable[tuple[str, PolicyDocument]]:
    """Return the documents of an identity policy with their places."""
    known = policy.once("documents", lambda: settled(_documents(policy)))
    return _documents(policy) if known is None else known


def _documents(policy: Resource) -> Iterator[tuple[str, PolicyDocument]]:
    if policy.type == ROLE:
        for inline in policy.each("inlinePolicies"):
            with inline:
                if document := inline.document("policy"):
                    yield f"{inline.path}.policy", document
    elif document := policy.document("policy"):
        yield "policy", document


def every(statement: Statement, service: str, kinds: tuple[str, ...]) -> bool:
    """Tell whether a statement reaches every resource of a service."""
    return any_of(statement.resources, lambda pattern: is_every_resource(pattern, service, kinds))


@rule(
    "TS-IAM-001",
    title="No policy makes an administrator",
    severity=Severity.CRITICAL,
    applies_to=IDENTITY_POLICIES,
    why="Whoever holds such a role owns every database, every key and the trail that would tell.",
    fix="Name the actions and the resources.",
    snippet=examples.SNIPPET,
    good=examples.ADMIN_GOOD,
    bad=examples.ADMIN_BAD,
    controls={**LEAST_PRIVILEGE, "cis-aws-5.0.0": ["1.15"], "aws-fsbp": ["IAM.1"]},
    equivalents={
        "checkov": ["CKV_AWS_62", "CKV_AWS_1"],
        "cdk-nag": ["IAMPolicyNoStatementsWithAdminAccess"],
        "prowler": [
            "iam_inline_policy_no_administrative_privileges",
            "iam_customer_attached_policy_no_administrative_privileges",
            "iam_aws_attached_policy_no_administrative_privileges",
        ],
        "trivy": ["AWS-0057"],
        "kics": ["575a2155", "b1ffa705", "2f37c4a3"],
        "guard": ["IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS"],
    },
    catalogue=["IAM-01", "IAM-04", "IAM-05", "IAM-06", "IAM-07", "IAM-08", "IAM-12"],
    links=[LEAST_PRIVILEGE_PAGE],
)
def nobody_is_administrator(policy: Resource) -> Iterator[Finding]:
    """Look for all actions on all resources."""
    for at, statement in granting(policy):
        with statement:
            if any_of(statement.actions, is_every_action) and every(
                statement, "timestream", TIMESTREAM_KINDS
            ):
                yield policy.finding(
                    f"allows everything on everything ({statement})", at=at, key=f"{at}/{statement.key}"
                )


@rule(
    "TS-IAM-002",
    title="Policies name their actions",
    severity=Severity.HIGH,
    applies_to=IDENTITY_POLICIES,
    why='Action "*" also allows to delete the resource, and to change who may use it.',
    fix='Replace the action "*" by the actions that are needed.',
    snippet=examples.SNIPPET,
    good=examples.ACTIONS_GOOD,
    bad=examples.ACTIONS_BAD,
    controls=LEAST_PRIVILEGE,
    equivalents={
        "checkov": ["CKV_AWS_63", "CKV_AWS_49", "CKV_AWS_290"],
        "guard": ["IAM_MANAGEDPOLICY_NO_STATEMENTS_WITH_FULL_ACCESS"],
    },
    catalogue=["IAM-02", "IAM-03", "TS-05"],
    links=[LEAST_PRIVILEGE_PAGE],
)
def actions_are_named(policy: Resource) -> Iterator[Finding]:
    """Look for the action `*`."""
    for at, statement in granting(policy):
        with statement:
            if any_of(statement.actions, is_every_action):
                yield policy.finding(f"allows every action ({statement})", at=at, key=f"{at}/{statement.key}")


@rule(
    "TS-IAM-003",
    title="Timestream actions that write are named one by one",
    severity=Severity.HIGH,
    applies_to=IDENTITY_POLICIES,
    why="A wildcard for actions lets a writer shorten retention, change the key or delete the data.",
    fix="Name the actions: writers need timestream:WriteRecords and timestream:DescribeEndpoints.",
    snippet=examples.SNIPPET,
    good=examples.SERVICE_GOOD,
    bad=examples.SERVICE_BAD,
    controls={**LEAST_PRIVILEGE, "cis-aws-db-2.0.0": ["10.4", "10.5"], **BEST_PRACTICES},
    equivalents={"cdk-nag": ["AwsSolutions-IAM5"], "guard": ["IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS"]},
    catalogue=["GAP-33", "TS-05"],
    links=[IAM_ACTIONS_PAGE],
)
def write_actions_are_named(policy: Resource) -> Iterator[Finding]:
    """Look for patterns that cover Timestream actions which change something."""
    for at, statement in granting(policy):
        with statement:
            for action in statement.actions:
                if covers_writes(action):
                    yield policy.finding(
                        f"allows {action} ({statement})", at=at, key=f"{at}/{statement.key}/{action}"
                    )


def covers_writes(pattern: str) -> bool:
    """Tell whether a pattern of one service covers Timestream actions that change something."""
    if not has_wildcard(pattern) or is_every_action(pattern):
        return False
    if matches(pattern.partition(":")[0], "timestream-influxdb"):
        return not pattern.partition(":")[2].startswith(("get", "list"))
    return not set(TIMESTREAM_WRITES).isdisjoint(timestream_actions(pattern))


@rule(
    "TS-IAM-004",
    title="Timestream actions are allowed on named databases and tables",
    severity=Severity.MEDIUM,
    applies_to=IDENTITY_POLICIES,
    why="On `*` a role reads or writes every table, also those that are made next year.",
    fix="Name the database or table ARN in Resource; "
    "keep `*` for actions without one (DescribeEndpoints, SelectValues, CancelQuery, …).",
    snippet=examples.SNIPPET,
    good=examples.RESOURCES_GOOD,
    bad=examples.RESOURCES_BAD,
    controls={"cis-aws-db-2.0.0": ["10.5"], "nist-800-53-r5": ["AC-6"], **BEST_PRACTICES},
    equivalents={"checkov": ["CKV_AWS_355", "CKV_AWS_356", "CKV_AWS_290"], "cdk-nag": ["AwsSolutions-IAM5"]},
    catalogue=["GAP-39", "IAM-04", "IAM-05", "TS-06"],
    links=[IAM_ACTIONS_PAGE],
)
def resources_are_named(policy: Resource) -> Iterator[Finding]:
    """Look for actions that know resources but are allowed on all of them."""
    for at, statement in granting(policy):
        with statement:
            if not every(statement, "timestream", EVERY_TABLE):
                continue
            for action in statement.actions:
                wide = [name for name in timestream_actions(action) if name not in WITHOUT_RESOURCE]
                if wide and not is_every_action(action):
                    named = action if has_wildcard(action) else f"timestream:{wide[0]}"
                    yield policy.finding(
                        f"allows {named} on every database and table ({statement})",
                        at=at,
                        key=f"{at}/{statement.key}/{action}",
                    )


@rule(
    "TS-IAM-005",
    title="Policies allow decryption with named keys only",
    severity=Severity.MEDIUM,
    applies_to=IDENTITY_POLICIES,
    why="Who may decrypt with every key reads whatever another policy lets slip.",
    fix="Put the key's ARN into Resource and allow kms:Decrypt only.",
    snippet=examples.SNIPPET,
    good=examples.DECRYPT_GOOD,
    bad=examples.DECRYPT_BAD,
    controls={"cis-aws-db-2.0.0": ["10.4"], "aws-fsbp": ["KMS.1", "KMS.2"], "pci-dss-4.0": ["3.6.1"]},
    equivalents={
        "prowler": ["iam_policy_no_full_access_to_kms", "iam_inline_policy_no_full_access_to_kms"],
        "starchitect": ["aws_iam_kms_decrypt_policy"],
    },
    catalogue=["IAM-04", "IAM-09"],
    links=["https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies-best-practices.html"],
)
def decryption_is_narrow(policy: Resource) -> Iterator[Finding]:
    """Look for kms:* anywhere, and for decryption with every key."""
    for at, statement in granting(policy):
        with statement:
            key = f"{at}/{statement.key}"
            if any_of(
                statement.actions,
                lambda action: action.startswith("kms:") and covers_everything(action[4:]),
            ):
                yield policy.finding(f"allows everything with keys ({statement})", at=at, key=key)
            elif (
                any_of(statement.actions, _decrypts)
                and every(statement, "kms", ("key/probe",))
                and not any_of(statement.conditions, _chooses_keys)
            ):
                yield policy.finding(f"allows decryption with every key ({statement})", at=at, key=key)


def _decrypts(action: str) -> bool:
    return not is_every_action(action) and any(matches(action, read) for read in KEY_READS)


def _chooses_keys(condition: Condition) -> bool:
    chooses = condition.key == "kms:resourcealiases" or condition.key.startswith(_KEY_CHOICES)
    operator = condition.operator.removeprefix("foranyvalue:")
    return (
        chooses
        and operator in ("stringequals", "stringlike")
        and not any_of(condition.values, lambda value: not value.removeprefix("alias/").strip("*?"))
    )


@rule(
    "TS-IAM-006",
    title="Policies say what they allow, not what they leave out",
    severity=Severity.MEDIUM,
    applies_to=IDENTITY_POLICIES,
    why="An Allow with NotAction or NotResource grants every action and resource that AWS will ever add.",
    fix="Use Action and Resource in an Allow; NotAction and NotResource belong into a Deny.",
    snippet=examples.SNIPPET,
    good=examples.NOT_GOOD,
    bad=examples.NOT_BAD,
    controls=LEAST_PRIVILEGE,
    equivalents={
        "guard": [
            "IAM_ROLE_OR_POLICY_NO_ALLOW_PLUS_NOT_ACTION",
            "IAM_ROLE_OR_POLICY_NO_ALLOW_PLUS_NOT_RESOURCE",
        ]
    },
    catalogue=["IAM-10"],
    links=["https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html"],
)
def grants_are_positive(policy: Resource) -> Iterator[Finding]:
    """Look for NotAction and NotResource beside Allow."""
    for at, statement in granting(policy):
        with statement:
            if statement.not_actions:
                yield policy.finding(
                    f"allows all but some actions ({statement})", at=at, key=f"{at}/{statement.key}"
                )
            if statement.not_resources:
                yield policy.finding(
                    f"allows actions on all but some resources ({statement})",
                    at=at,
                    key=f"{at}/{statement.key}/resource",
                )
