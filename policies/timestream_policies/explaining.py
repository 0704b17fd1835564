"""What the commands `explain`, `suppress` and `packs` print."""

import json
from datetime import date, timedelta

from timestream_policies.packs import PACKS
from timestream_policies.rule import NEEDS, RULES, Rule
from timestream_policies.types import short

PACK_TITLES = {
    "advisory": "opinion and cost, which teams answer differently",
    "strict": "every rule but the advisory ones",
    "baseline": "the rules of strict with severity medium or higher; the default",
    "cis-aws-db-2.0.0": "section 10 of the CIS AWS Database Services Benchmark v2.0.0",
    "aws-timestream-security": "AWS's own security chapter on Timestream",
    "influxdb": "Timestream for InfluxDB",
}


def explained(rule: Rule) -> str:
    """Return all that people need to know of a rule."""
    packs = ", ".join(name for name, ids in sorted(PACKS.items()) if rule.id in ids)
    lines = [
        f"{rule.id}  {rule.title}  ({rule.severity.value})",
        "",
        f"Why:    {rule.why}",
        f"Fix:    {rule.fix}",
        f"Judges: {', '.join(short(type_) for type_ in rule.applies_to)}",
        f"Packs:  {packs}",
    ]
    lines += [f"Needs:  {need.replace('_', ' ')} ({NEEDS[need]})" for need in rule.needs]
    if rule.remedy is not None:
        lines.append(
            f"Remedy: sets {rule.remedy.path} to {json.dumps(rule.remedy.value)} at level 'remediate'"
        )
    for title, table in (("Controls", rule.controls), ("Known elsewhere as", rule.equivalents)):
        if table:
            lines += ["", f"{title}:"]
            lines += [f"  {name}: {', '.join(ids)}" for name, ids in sorted(table.items())]
    lines += ["", "How it looks:", ""]
    lines += [f"  {line}".rstrip() for line in rule.snippet.splitlines()]
    return "\n".join([*lines, "", *rule.links])


def suppression_entry(rule: Rule, resource: str, key: str | None, today: date | None = None) -> str:
    """Return a YAML entry; what only people can know is empty, so that it is refused as it is."""
    expires = (today or date.today()) + timedelta(days=90)
    lines = [
        f"# {rule.title} ({rule.severity.value})",
        f"- rule: {rule.id}",
        f"  resource: {json.dumps(resource)}",
        *([f"  key: {json.dumps(key)}"] if key is not None else []),
        '  reason: ""  # why the risk is accepted, in 20 characters or more',
        '  owner: ""  # who answers for it',
        f"  expires: {expires.isoformat()}  # the last day, at most a year away",
    ]
    return "\n".join([*lines, ""])


def packs_as_text() -> str:
    """Return one line for each pack."""
    return "".join(
        f"{name:24} {len(ids):4} rules  {PACK_TITLES[name]}\n" for name, ids in sorted(PACKS.items())
    )


def packs_as_json() -> str:
    """Return the packs with their rules, and the severity of each."""
    packs = [
        {
            "name": name,
            "title": PACK_TITLES[name],
            "rules": [{"id": id_, "severity": RULES[id_].severity.value} for id_ in ids],
        }
        for name, ids in sorted(PACKS.items())
    ]
    return json.dumps({"schema": 1, "packs": packs}, indent=2) + "\n"
