"""AWS Backup plans and the resources they back up."""

from typing import Any

from aws_sandbox.resource import Aws, Properties, ResourceType
from aws_sandbox.services import _tags
from aws_sandbox.services._calls import as_stated, camel, changed, found, from_aws, in_order_of, pascal
from aws_sandbox.services.backup.vaults import change_tags

_GONE = ("ResourceNotFoundException",)
_RULE = {
    "coldStorageAfter": "MoveToColdStorageAfterDays",
    "completionWindow": "CompletionWindowMinutes",
    "deleteAfter": "DeleteAfterDays",
    "destinationVaultArn": "DestinationBackupVaultArn",
    "schedule": "ScheduleExpression",
    "startWindow": "StartWindowMinutes",
    "targetVaultName": "TargetBackupVaultName",
}
_RULE_DEFAULTS = {"startWindow": 60, "completionWindow": 180, "scheduleExpressionTimezone": "Etc/UTC"}
_DEFAULT_SCHEDULE = {"schedule": "cron(0 5 ? * * *)"}
"""What AWS Backup takes if none is given:
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRuleInput.html"""

_MAPS = frozenset({"backupOptions", "recoveryPointTags"})
_CONDITIONS = {"key": "ConditionKey", "value": "ConditionValue", "type": "ConditionType"}
_OPERATORS = {
    "stringEquals": "StringEquals",
    "stringLikes": "StringLike",
    "stringNotEquals": "StringNotEquals",
    "stringNotLikes": "StringNotLike",
}


def _plan_to_aws(inputs: Properties) -> dict[str, Any]:
    rules = [{**_RULE_DEFAULTS, **rule} for rule in inputs["rules"]]
    plan = {"BackupPlanName": inputs["name"], "Rules": pascal(rules, _RULE, _MAPS)}
    for name in ("advancedBackupSettings", "scanSettings"):
        if inputs.get(name):
            plan[name[0].upper() + name[1:]] = pascal(inputs[name], {}, _MAPS)
    return plan


def _create_plan(aws: Aws, inputs: Properties) -> str:
    answer = aws.client("backup").create_backup_plan(
        BackupPlan=_plan_to_aws(inputs), BackupPlanTags=inputs.get("tagsAll") or {}
    )
    return str(answer["BackupPlanId"])


def _read_plan(aws: Aws, plan: str, state: Properties) -> Properties | None:
    client = aws.client("backup")
    answer = found(lambda: client.get_backup_plan(BackupPlanId=plan), *_GONE)
    # A plan that was deleted is still answered, with the date of its deletion.
    if answer is None or answer.get("DeletionDate"):
        return None
    document = answer["BackupPlan"]
    rules = camel(document["Rules"], _RULE, _MAPS)
    for rule in rules:
        rule.pop("ruleId", None)
    names = [rule["ruleName"] for rule in state.get("rules") or []]
    rules.sort(key=lambda rule: names.index(rule["ruleName"]) if rule["ruleName"] in names else len(names))
    settings = document.get("AdvancedBackupSettings") or answer.get("AdvancedBackupSettings") or []
    optional = {
        "advancedBackupSettings": camel(settings, {}, _MAPS),
        "scanSettings": camel(document.get("ScanSettings") or [], {}),
    }
    return {
        "arn": answer["BackupPlanArn"],
        "name": document["BackupPlanName"],
        "rules": as_stated(state.get("rules"), rules, _RULE_DEFAULTS | _DEFAULT_SCHEDULE),
        "version": answer["VersionId"],
        **{name: value for name, value in optional.items() if value},
        "tagsAll": _tags.own(client.list_tags(ResourceArn=answer["BackupPlanArn"]).get("Tags")),
    }


def _update_plan(aws: Aws, plan: str, state: Properties, inputs: Properties) -> None:
    client = aws.client("backup")
    if changed(state, inputs, "rules", "advancedBackupSettings", "scanSettings"):
        client.update_backup_plan(BackupPlanId=plan, BackupPlan=_plan_to_aws(inputs))
    change_tags(client, state["arn"], state, inputs)


def _delete_plan(aws: Aws, plan: str, state: Properties) -> None:
    client = aws.client("backup")
    found(lambda: client.delete_backup_plan(BackupPlanId=plan), *_GONE)


def _selection_to_aws(inputs: Properties) -> dict[str, Any]:
    selection: dict[str, Any] = {"SelectionName": inputs["name"], "IamRoleArn": inputs["iamRoleArn"]}
    for name, key in (("resources", "Resources"), ("notResources", "NotResources")):
        if inputs.get(name):
            selection[key] = inputs[name]
    if inputs.get("selectionTags"):
        selection["ListOfTags"] = pascal(inputs["selectionTags"], _CONDITIONS)
    for group in inputs.get("conditions") or []:
        selection["Conditions"] = {
            key: [
                {"ConditionKey": entry["key"], "ConditionValue": entry["value"]}
                for entry in group.get(name) or []
            ]
            for name, key in _OPERATORS.items()
            if group.get(name)
        }
    return selection


def _create_selection(aws: Aws, inputs: Properties) -> str:
    answer = aws.client("backup").create_backup_selection(
        BackupPlanId=inputs["planId"], BackupSelection=_selection_to_aws(inputs)
    )
    return str(answer["SelectionId"])


def _plan_of(client: Any, resource_id: str, state: Properties) -> tuple[str, str] | None:
    """Return plan and selection; the id is the selection's, an import gives `plan|selection`."""
    plan, _, selection = resource_id.rpartition("|")
    if plan or state.get("planId"):
        return plan or state["planId"], selection
    for summary in client.list_backup_plans()["BackupPlansList"]:
        identifier = summary["BackupPlanId"]
        selections = client.list_backup_selections(BackupPlanId=identifier)["BackupSelectionsList"]
        if any(entry["SelectionId"] == selection for entry in selections):
            return identifier, selection
    return None


def _read_selection(aws: Aws, resource_id: str, state: Properties) -> Properties | None:
    client = aws.client("backup")
    place = _plan_of(client, resource_id, state)
    if place is None:
        return None
    plan, selection = place
    answer = found(
        lambda: client.get_backup_selection(BackupPlanId=plan, SelectionId=selection),
        *_GONE,
        "InvalidParameterValueException",
    )
    if answer is None:
        return None
    described = answer["BackupSelection"]
    conditions = {
        name: [{"key": entry["ConditionKey"], "value": entry["ConditionValue"]} for entry in entries]
        for name, key in _OPERATORS.items()
        if (entries := (described.get("Conditions") or {}).get(key))
    }
    optional = {
        "resources": in_order_of(state.get("resources"), described.get("Resources") or []),
        "notResources": in_order_of(state.get("notResources"), described.get("NotResources") or []),
        "selectionTags": [from_aws(_CONDITIONS, entry) for entry in described.get("ListOfTags") or []],
        "conditions": [conditions] if conditions else [],
    }
    return {
        "iamRoleArn": described["IamRoleArn"],
        "name": described["SelectionName"],
        "planId": plan,
        **{name: value for name, value in optional.items() if value},
    }


def _delete_selection(aws: Aws, resource_id: str, state: Properties) -> None:
    client = aws.client("backup")
    place = _plan_of(client, resource_id, state)
    if place is None:
        return
    plan, selection = place
    found(
        lambda: client.delete_backup_selection(BackupPlanId=plan, SelectionId=selection),
        *_GONE,
        "InvalidParameterValueException",
    )


TYPES: tuple[ResourceType, ...] = (
    ResourceType(
        token="aws:backup/plan:Plan",
        create=_create_plan,
        read=_read_plan,
        update=_update_plan,
        delete=_delete_plan,
        replaces=frozenset({"name"}),
        autoname="name",
    ),
    ResourceType(
        token="aws:backup/selection:Selection",
        create=_create_selection,
        read=_read_selection,
        delete=_delete_selection,
        # A selection cannot be changed, only made anew.
        replaces=frozenset(
            {"conditions", "iamRoleArn", "name", "notResources", "planId", "resources", "selectionTags"}
        ),
        autoname="name",
    ),
)
