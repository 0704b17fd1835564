"""Rules on changes that weaken backups or the audit trail. They need the state before."""

from collections.abc import Iterator

import timestream_policies.examples.changes as examples
from timestream_policies.before import gone
from timestream_policies.model import Finding, Resource
from timestream_policies.rule import Severity, rule
from timestream_policies.stack import Stack
from timestream_policies.trails import RECORDERS, conditions, is_recording, selectors
from timestream_policies.types import (
    BACKUP_PLAN,
    BACKUP_SELECTION,
    BACKUP_VAULT_LOCK,
    BACKUP_VAULT_POLICY,
    EVENT_DATA_STORE,
    STACK,
    TRAIL,
)

_FOR_EVER = float("inf")
_SWITCHES = {
    TRAIL: (
        ("isMultiRegionTrail", False, "no longer records the other regions"),
        ("includeGlobalServiceEvents", True, "no longer records global services such as IAM"),
        ("enableLogFileValidation", False, "no longer proves that its files were not changed"),
    ),
    EVENT_DATA_STORE: (
        ("multiRegionEnabled", True, "no longer records the other regions"),
        ("terminationProtectionEnabled", True, "is no longer protected from being deleted"),
    ),
}
"""The switches of a recorder, what each is if nothing is said, and what is lost when it goes off."""


@rule(
    "TS-CHG-007",
    title="Backups are not made rarer or shorter",
    severity=Severity.HIGH,
    applies_to=[BACKUP_PLAN, STACK],
    why="What is not backed up any more, or not for as long, is missed only when it is needed.",
    fix="Keep the plan, its rules and their delete_after, or accept the risk for this change.",
    snippet=examples.PLAN_SNIPPET,
    good=examples.BACKUP_GOOD,
    bad=examples.BACKUP_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.10"],
        "nist-800-53-r5": ["CP-9", "CM-3"],
        "soc-2": ["A1.2", "CC8.1"],
        "iso-27001-2022": ["A.8.13"],
    },
    links=["https://docs.aws.amazon.com/aws-backup/latest/devguide/updating-a-backup-plan.html"],
    needs=["previous", "retain_on_delete"],
)
def backups_go_on(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for plans and selections that are gone, and compare the rules of a plan by their names."""
    if resource.type == STACK:
        for old in gone(stack, BACKUP_PLAN, BACKUP_SELECTION):
            yield old.finding("is deleted, and what it backed up is not backed up any more", key="deleted")
        return
    before = stack.previous.get(resource.urn)
    if before is None:
        return
    rules = {str(rule_.get("ruleName")): rule_ for rule_ in resource.each("rules")}
    for old_rule in before.each("rules"):
        name = str(old_rule.get("ruleName"))
        if name not in rules:
            yield resource.finding(f"no longer has the rule {name!r}", at="rules", key=f"rules/{name}")
            continue
        with rules[name]:
            now = rules[name].number("lifecycle.deleteAfter", _FOR_EVER)
            then = old_rule.number("lifecycle.deleteAfter", _FOR_EVER)
            if now < then:
                yield resource.finding(
                    f"keeps the backups of {name!r} for {now:g} days, and before it kept them {_days(then)}",
                    at=f"{rules[name].path}.lifecycle.deleteAfter",
                    key=f"rules/{name}/deleteAfter",
                )


def _days(number: float) -> str:
    return "for ever" if number == _FOR_EVER else f"for {number:g}"


@rule(
    "TS-CHG-008",
    title="The lock of a backup vault is not loosened",
    severity=Severity.HIGH,
    applies_to=[BACKUP_VAULT_LOCK, STACK],
    why="The lock is what keeps recovery points from whoever has taken over an administrator's account.",
    fix="Keep the lock and its minimum retention; raise the retention where more is wanted.",
    snippet=examples.LOCK_SNIPPET,
    good=examples.LOCK_GOOD,
    bad=examples.LOCK_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.10"],
        "nist-800-53-r5": ["CP-9(8)", "CM-3"],
        "soc-2": ["A1.2", "CC8.1"],
        "iso-27001-2022": ["A.8.13"],
    },
    links=["https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html"],
    needs=["previous", "retain_on_delete"],
)
def vault_locks_hold(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Look for locks and policies that are gone, and compare what a lock demands."""
    if resource.type == STACK:
        for old in gone(stack, BACKUP_VAULT_LOCK, BACKUP_VAULT_POLICY):
            yield old.finding("is deleted, and its recovery points can be deleted again", key="deleted")
        return
    before = stack.previous.get(resource.urn)
    if before is None:
        return
    with resource.part("minRetentionDays"):
        now, then = resource.number("minRetentionDays", 0), before.number("minRetentionDays", 0)
        if now < then:
            yield resource.finding(
                f"lets recovery points be deleted after {now:g} days, and before it was {then:g}",
                at="minRetentionDays",
            )
    if before.get("changeableForDays") and not resource.get("changeableForDays"):
        yield resource.finding("can be taken off again, which it could not before", at="changeableForDays")


@rule(
    "TS-CHG-009",
    title="What was recorded goes on being recorded",
    severity=Severity.HIGH,
    applies_to=RECORDERS,
    why="Turning a part of the trail off is the first thing that an intruder does.",
    fix="Keep the trail logging, with all the resource types and switches that it had.",
    snippet=examples.TRAIL_SNIPPET,
    good=examples.TRAIL_GOOD,
    bad=examples.TRAIL_BAD,
    controls={
        "cis-aws-db-2.0.0": ["10.6"],
        "nist-800-53-r5": ["AU-12", "AU-9", "CM-3"],
        "pci-dss-4.0": ["10.2.1"],
        "soc-2": ["CC7.2", "CC8.1"],
        "iso-27001-2022": ["A.8.15"],
        "aws-timestream-security": ["security-best-practices"],
    },
    links=["https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html"],
    needs=["previous"],
)
def recording_goes_on(recorder: Resource, stack: Stack) -> Iterator[Finding]:
    """Compare the switches, the period of a store, and the types of resources that are recorded."""
    before = stack.previous.get(recorder.urn)
    if before is None:
        return
    with recorder:
        if is_recording(before) and not is_recording(recorder):
            yield recorder.finding("no longer records anything", key="recording")
    for name, default, loss in _SWITCHES[recorder.type]:
        with recorder:
            if before.flag(name, default) and not recorder.flag(name, default):
                yield recorder.finding(loss, at=name)
    with recorder:
        now, then = recorder.number("retentionPeriod", _FOR_EVER), before.number("retentionPeriod", 0)
        if now < then:
            yield recorder.finding(
                f"keeps events for {now:g} days, and before it was {then:g}", at="retentionPeriod"
            )
    for kind in sorted(set(_kinds(before)) - set(_kinds(recorder))):
        yield recorder.finding(f"no longer records data events of {kind}", key=f"selectors/{kind}")


def _kinds(recorder: Resource) -> Iterator[str]:
    """Yield the types of resources whose data events are recorded, by either kind of selector."""
    for selector in selectors(recorder):
        for condition in conditions(selector, "resources.type"):
            for kind in condition.words("equals"):
                yield str(kind)
    for basic in recorder.each("eventSelectors"):
        for source in basic.each("dataResources"):
            yield str(source.get("type"))
