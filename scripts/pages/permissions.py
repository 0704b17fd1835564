"""The policies of the role that deploys: a page, and a file for each."""

import json

from scripts.pages.text import cell
from timestream_baseline.documents.deploying import Scope, deploying_policies
from timestream_baseline.documents.parts import Document

NEEDED_FOR = {
    "keys": "every stack",
    "databases": "`databases`, `scheduled_queries`",
    "rejected-records": "tables that accept late records (the default), and scheduled queries",
    "influxdb": "`influxdb`",
    "network": "`network.vpc_id`",
    "access": "roles: `access`, `scheduled_queries`, `backup`, and the trail's log group",
    "audit": "`audit`, unless `trail` is `none`",
    "monitoring": "every stack: topic, alarms, events, dashboard",
    "backup": "`backup`, unless `enabled` is off",
    "empty-buckets": "`pulumi destroy` of a stack with `protectData` off, whose buckets are not empty",
}


def policies() -> dict[str, str]:
    """Return the files of the policies by name of their part."""
    return {part: json.dumps(policy, indent=2) + "\n" for part, policy in _documents().items()}


def permissions() -> str:
    """Return the tables of the page."""
    lines = ["| policy | needed for |", "|---|---|"]
    lines += [f"| [{part}](permissions/{part}.json) | {NEEDED_FOR[part]} |" for part in _documents()]
    for part, policy in _documents().items():
        lines += ["", f"## {part}", "", "| statement | actions | resources |", "|---|---|---|"]
        for statement in policy["Statement"]:
            resources = statement["Resource"]
            named = resources if isinstance(resources, list) else [resources]
            bound = ", ".join(f"`{resource}`" for resource in named)
            condition = f" if `{json.dumps(statement['Condition'])}`" if "Condition" in statement else ""
            actions = ", ".join(statement["Action"])
            lines.append(f"| {statement['Sid']} | {cell(actions)} | {cell(bound + condition)} |")
    return "\n".join(lines)


def _documents() -> dict[str, Document]:
    scope = Scope(
        partition="aws",
        account="111122223333",
        regions=["eu-west-1"],
        dns_suffix="amazonaws.com",
        name="baseline",
        bucket_name="baseline",
    )
    return deploying_policies(scope)
