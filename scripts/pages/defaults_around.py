"""Defaults of what stands around the data: network, roles, trail, alarms, announcements, backups."""

from __future__ import annotations

import re
from typing import Any, Final

from scripts.pages.registrations import NONE, Facts, every, only, short, sources, yes
from tests.components.recorder import Deployment

DAY: Final = 24 * 60 * 60


def vpc(made: Deployment) -> Facts:
    endpoints = made.of("VpcEndpoint")
    dns = every(lambda it: it.inputs["privateDnsEnabled"], endpoints)
    yield (
        "interface endpoints",
        f"none without a VPC; then {', '.join(short(it) for it in endpoints)}, "
        f"{'with' if dns else 'without'} private DNS",
        ("network.vpcId", "network.also", "network.privateDns"),
    )
    rules = [it.inputs for it in made.of("SecurityGroupIngressRule") if "endpoints" in it.name]
    ports = sorted({str(it["fromPort"]) for it in rules})
    yield (
        "who connects",
        f"port {', '.join(ports)}, {sources(rules)}",
        ("network.clientSecurityGroupIds", "network.clientCidrs"),
    )
    if not endpoints:
        return
    named = made.named("VpcEndpoint", "baseline-ingest").statements()["ReachTheNamedDatabases"]
    databases = {arn.split(":")[5].split("/")[1] for arn in named["Resource"]}
    callers = ", ".join(name for operator in named["Condition"].values() for name in operator)
    yield (
        "policy",
        f"callers by {callers}; databases: {', '.join(sorted(databases))}",
        ("network.organizationId", "network.alsoAllowDatabases"),
    )


def iam(made: Deployment) -> Facts:
    actions = sorted(
        action
        for it in made.of("RolePolicy")
        if "writers/ingest" in it.name
        for statement in it.document()["Statement"]
        for action in statement["Action"]
    )
    yield "a writer may", ", ".join(actions) or NONE, ("access.writers",)
    role = only(made, "Role", "writers/ingest")
    yield "session", f"{role.get('maxSessionDuration', 0) // 3600} h", ("access.writers.*.maxSessionHours",)
    bounded = "made here" if "permissionsBoundary" in role else NONE
    yield "permissions boundary", bounded, ("access.permissionsBoundary",)
    foreign = [it for it in made.of("RolePolicyAttachment") if ":iam::aws:" in it.inputs["policyArn"]]
    found = len(made.of("User")) + len(made.of("AccessKey")) + len(foreign)
    yield "users, access keys, AWS managed policies", str(found or NONE), ()


def cloudtrail(made: Deployment) -> Facts:
    trail = only(made, "Trail")
    recorded = [
        value
        for selector in trail.get("advancedEventSelectors", [])
        for field in selector["fieldSelectors"]
        if field["field"] == "resources.type" or field["equals"] == ["Management"]
        for value in field["equals"]
    ]
    yield (
        "recorded",
        ", ".join(recorded) or NONE,
        ("audit.trail", "audit.managementEvents", "audit.dataEvents"),
    )
    insights = [it["insightType"] for it in trail.get("insightSelectors", [])]
    yield "insights", ", ".join(insights) or NONE, ("audit.insights",)
    signed = "signed" if trail.get("enableLogFileValidation") else "not signed"
    where = "all regions" if trail.get("isMultiRegionTrail") else "one region"
    yield "log files", f"of {where}, {signed}" if trail else NONE, ("audit.multiRegion",)


def cloudwatch(made: Deployment) -> Facts:
    group = only(made, "LogGroup")
    yield (
        "log group of the trail",
        f"{group['retentionInDays']} days, {'a key of its own' if 'kmsKeyId' in group else 'no key'}"
        if group
        else NONE,
        ("audit.logGroup", "audit.logRetentionDays"),
    )
    alarms = [it.inputs for it in made.of("MetricAlarm") if it.inputs.get("namespace") == "AWS/Timestream"]
    periods = sorted({str(it["period"]) for it in alarms})
    yield "alarms", f"every {', '.join(periods)} seconds", ("monitoring.periodSeconds",)
    thresholds = {
        it.name.removeprefix("baseline-").split("/")[0]: it.inputs["threshold"]
        for it in made.of("MetricAlarm")
        if not it.name.startswith(("baseline-cis/", "baseline-Undelivered", "baseline-RoleChanges"))
    }
    listed = ", ".join(f"{name} {threshold:g}" for name, threshold in thresholds.items())
    yield "thresholds", listed, ("monitoring.thresholds",)
    # Two watch roles and their policies, in as many filters as their names need.
    own = re.compile(r"baseline-(RoleChanges|PolicyChanges)(-\d+)?")
    filters = [it for it in made.of("LogMetricFilter") if not own.fullmatch(it.name)]
    yield "filters of CIS", str(len(filters) or NONE), ("monitoring.cisFilters",)
    watched = "yes" if only(made, "LogMetricFilter", "RoleChanges") else "no"
    yield "changes of roles are told", watched, ("monitoring.changeEvents",)
    yield "dashboard", yes(made.of("Dashboard")), ("monitoring.dashboard",)


def eventbridge(made: Deployment) -> Facts:
    rules = [short(it).removeprefix("changes/") for it in made.of("EventRule") if "changes/" in it.name]
    queue = only(made, "Queue")
    days = queue.get("messageRetentionSeconds", 0) // DAY
    kept = f"kept {days} days in {'an encrypted' if queue.get('sqsManagedSseEnabled') else 'a'} queue"
    yield (
        "destructive calls are told",
        f"about {', '.join(rules)}; what cannot be delivered is {kept}" if rules else NONE,
        ("monitoring.changeEvents",),
    )


def sns(made: Deployment) -> Facts:
    topic = made.of("Topic")
    key = "a key of its own" if only(made, "Topic").get("kmsMasterKeyId") else "no key"
    statements = made.of("TopicPolicy")[0].statements() if topic else {}
    services = sorted(
        statement["Principal"]["Service"].split(".")[0]
        for statement in statements.values()
        if "Service" in statement["Principal"]
    )
    tls = "TLS only, " if "NobodyPublishesWithoutTls" in statements else ""
    yield (
        "topic",
        f"{key}; {tls}from {', '.join(services)}" if topic else "an existing one",
        ("monitoring.topicArn",),
    )
    told = [it.inputs["endpoint"] for it in made.of("TopicSubscription")]
    yield "who is told", ", ".join(told) or "nobody yet", ("monitoring.emails",)


def backup(made: Deployment) -> Facts:
    rule: dict[str, Any] = next(iter(only(made, "Plan").get("rules", [])), {})
    yield (
        "plan",
        f"{rule['schedule']}, kept {rule['lifecycle']['deleteAfter']} days" if rule else NONE,
        ("backup.enabled", "backup.schedule", "backup.retentionDays"),
    )
    lock = only(made, "VaultLockConfiguration")
    mode = "compliance" if "changeableForDays" in lock else "governance"
    yield (
        "vault lock",
        f"{mode}, at least {lock['minRetentionDays']} days" if lock else NONE,
        ("backup.vaultLock",),
    )
    policy = made.of("VaultPolicy")
    denied = [it for one in policy for statement in one.statements().values() for it in statement["Action"]]
    yield "nobody may", ", ".join(action.split(":")[1] for action in denied) or NONE, ()
    rules = made.of("EventRule")
    said = [short(it).replace("-", " ") for it in rules if it.inputs["description"].startswith("baseline: ")]
    yield "told", ", ".join(said) or NONE, ("backup.notify",)
    copies = len(rule.get("copyActions", []))
    cold = rule.get("lifecycle", {}).get("coldStorageAfter")
    yield (
        "copies, cold storage",
        f"{copies or NONE}, {f'after {cold} days' if cold else NONE}",
        ("backup.copyToVaultArn", "backup.coldAfterDays"),
    )
