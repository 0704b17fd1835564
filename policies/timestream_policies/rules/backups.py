"""Rules on backup selections, plans and the role that makes backups."""

from collections.abc import Iterator

import timestream_policies.examples.backups as examples
from timestream_policies.backups import is_selected
from timestream_policies.documents import Principal
from timestream_policies.model import Finding, Part, Resource
from timestream_policies.roles import ATTACH_A_POLICY, attached, policies_of
from timestream_policies.rule import Severity, rule
from timestream_policies.stack import Stack
from timestream_policies.types import BACKUP_PLAN, BACKUP_SELECTION, ROLE, TABLE
from timestream_policies.undecided import any_of
from timestream_policies.wildcards import matches

BACKUP_PAGE = "https://docs.aws.amazon.com/timestream/latest/developerguide/backups.html"
PLANS_PAGE = "https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup-plan.html"
SELECTIONS_PAGE = "https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html"
ROLES_PAGE = "https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html"
BACKUPS = {
    "cis-aws-db-2.0.0": ["10.10"],
    "nist-800-53-r5": ["CP-9"],
    "soc-2": ["A1.2"],
    "iso-27001-2022": ["A.8.13"],
}
SERVICE = "backup.amazonaws.com"
LEAST_COLD_DAYS = 90


@rule(
    "TS-BK-002",
    title="Tables are in a backup plan",
    severity=Severity.HIGH,
    applies_to=[TABLE],
    why="Timestream makes no backups of its own: what is deleted or overwritten is lost.",
    fix="Add an aws.backup.Selection with the table's ARN, or a tag that a selection looks for.",
    snippet=examples.SNIPPET,
    good=examples.SELECTED_GOOD,
    bad=examples.SELECTED_BAD,
    controls=BACKUPS,
    equivalents={
        "prowler": ["backup_plans_exist", "backup_vaults_exist"],
        "custodian": ["consecutive-aws-backups"],
        "risk-sentinel": ["C-10.10"],
    },
    catalogue=["GAP-68", "TS-09", "BK-02"],
    links=[BACKUP_PAGE, SELECTIONS_PAGE],
)
def tables_are_backed_up(table: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for a selection that chooses the table."""
    if not stack.is_elsewhere("backup", table) and not is_selected(table, stack):
        yield table.finding("is in no backup selection", key="backup")


@rule(
    "TS-BK-003",
    title="Backup plans run by themselves and keep backups for five weeks",
    severity=Severity.MEDIUM,
    applies_to=[BACKUP_PLAN],
    why="A mistake that is found after a month cannot be undone from backups that live for a week.",
    fix="Give each rule a schedule and a delete_after of 35 days or more.",
    snippet=examples.SNIPPET,
    good=examples.PLAN_GOOD,
    bad=examples.PLAN_BAD,
    controls=BACKUPS,
    equivalents={
        "guard": ["BACKUP_PLAN_MIN_FREQUENCY_AND_MIN_RETENTION_CHECK"],
        "steampipe": ["backup_plan_min_retention_35_days"],
    },
    catalogue=["GAP-69", "BK-04"],
    links=[PLANS_PAGE],
)
def plans_are_sound(plan: Resource) -> Iterator[Finding]:
    """Judge schedule, retention and cold storage of each rule."""
    shortest = plan.settings.thresholds.backup_retention_days
    for part in plan.each("rules"):
        with part:
            if not part.get("schedule"):
                yield plan.finding(f"never runs {_name(part)} by itself", at=f"{part.path}.schedule")
        with part:
            if part.get("lifecycle.deleteAfter") is None:
                continue  # such backups are kept for ever
            days = part.number("lifecycle.deleteAfter", 0)
            at = f"{part.path}.lifecycle.deleteAfter"
            if days < shortest:
                yield plan.finding(f"keeps the backups of {_name(part)} for {days:g} days only", at=at)
            elif (
                part.get("lifecycle.coldStorageAfter") is not None
                and days - part.number("lifecycle.coldStorageAfter", 0) < LEAST_COLD_DAYS
            ):
                yield plan.finding(
                    f"deletes the backups of {_name(part)} before they were cold for 90 days, "
                    "which AWS refuses",
                    at=at,
                )


def _name(part: Part) -> str:
    return f"the rule {part.get('ruleName', '')!r}"


@rule(
    "TS-BK-004",
    title="Backups are copied to another region or account",
    severity=Severity.LOW,
    applies_to=[BACKUP_PLAN],
    why="What destroys a region or an account takes the backups in it along.",
    fix="Add copy_actions with the ARN of a vault in another region or account.",
    snippet=examples.SNIPPET,
    good=examples.COPIES_GOOD,
    bad=examples.COPIES_BAD,
    controls={"cis-aws-db-2.0.0": ["10.10"], "nist-800-53-r5": ["CP-6", "CP-9"]},
    catalogue=["GAP-69"],
    links=["https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-region-backup.html"],
)
def backups_are_copied(plan: Resource) -> Iterator[Finding]:
    """Look for a copy in each rule."""
    for part in plan.each("rules"):
        with part:
            if not any_of(part.each("copyActions"), lambda copy: bool(copy.get("destinationVaultArn"))):
                yield plan.finding(
                    f"keeps the backups of {_name(part)} in one place", at=f"{part.path}.copyActions"
                )


@rule(
    "TS-BK-007",
    title="Backup selections name what AWS Backup can back up",
    severity=Severity.MEDIUM,
    applies_to=[BACKUP_SELECTION],
    why="AWS Backup knows no InfluxDB: who reads the selection believes in backups that nobody makes.",
    fix="Take InfluxDB out of the selection, and back it up with its own tools.",
    snippet=examples.SNIPPET,
    good=examples.SUPPORTED_GOOD,
    bad=examples.SUPPORTED_BAD,
    controls=BACKUPS,
    catalogue=["GAP-72"],
    links=["https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html"],
)
def selections_are_supported(selection: Resource) -> Iterator[Finding]:
    """Look for ARNs of InfluxDB."""
    for pattern in selection.words("resources"):
        service = [*str(pattern).split(":"), "", ""][2]
        if service.startswith("timestream-influxdb"):
            yield selection.finding(
                f"names {pattern}, which AWS Backup does not back up",
                at="resources",
                key=f"resources/{pattern}",
            )


@rule(
    "TS-BK-008",
    title="The role of backups serves AWS Backup alone",
    severity=Severity.LOW,
    applies_to=[BACKUP_SELECTION],
    why="A role that reads every table for backups is worth stealing if others may take it.",
    fix="Trust backup.amazonaws.com only, and attach nothing but the policies of AWS Backup.",
    snippet=examples.SNIPPET,
    good=examples.ROLE_GOOD,
    bad=examples.ROLE_BAD,
    controls={"cis-aws-db-2.0.0": ["10.10"], "nist-800-53-r5": ["AC-6"], "soc-2": ["CC6.3"]},
    catalogue=["GAP-73"],
    links=[ROLES_PAGE],
)
def backup_roles_are_narrow(selection: Resource, stack: Stack) -> Iterator[Finding]:
    """Follow the role to its trust and its policies."""
    for role in stack.behind(selection, "iamRoleArn", ROLE):
        with selection:
            for arn in _extra_policies(role, stack):
                yield selection.finding(
                    f"uses the role {role.name!r}, which has {arn} too",
                    at="iamRoleArn",
                    key=f"iamRoleArn/{arn}",
                )
        with selection:
            for who in _strangers(role):
                yield selection.finding(
                    f"uses the role {role.name!r}, which {who} may take too",
                    at="iamRoleArn",
                    key=f"iamRoleArn/{who}",
                )


def _strangers(role: Resource) -> Iterator[Principal]:
    document = role.document("assumeRolePolicy")
    for statement in document.statements if document else ():
        if statement.allows:
            for principal in statement.principals:
                if principal.kind != "Service" or principal.value != SERVICE:
                    yield principal


def _extra_policies(role: Resource, stack: Stack) -> Iterator[str]:
    """Yield the policies of AWS that are not made for backups; those of the account are its own choice."""
    for attachment in policies_of(role, stack):
        if attachment.type in ATTACH_A_POLICY or attachment is role:
            for arn in attached(attachment, stack):
                if matches("arn:aws*:iam::aws:policy/*", arn) and "AWSBackup" not in arn:
                    yield arn
