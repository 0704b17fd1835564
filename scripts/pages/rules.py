"""The rules of the policy packs, and where people find the checks of the tools they come from."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from scripts.pages.text import GENERATED, cell

if TYPE_CHECKING:
    from timestream_policies.rule import Rule

ON_STACK = (
    "Judged once the whole stack is known: at preview it stops `up`; "
    "with `--skip-preview` it reports after creation."
)
TOOLS = {
    "checkov": "checkov",
    "cdk-nag": "cdk-nag",
    "prowler": "prowler",
    "aws-fsbp": "AWS Security Hub",
    "trivy": "trivy",
    "kics": "KICS",
    "guard": "AWS Guard rules registry",
    "compliance-policies": "pulumi/compliance-policies",
    "awsguard": "awsguard",
}
"""The tools that get a table of their own, by the key under which rules name their checks."""


def rules() -> str:
    """Return the page of all rules."""
    from timestream_policies.catalogue import LEFT_OUT, PARTLY
    from timestream_policies.packs import DEFAULT, PACKS
    from timestream_policies.rules import RULES

    found = sorted(RULES.values(), key=lambda rule: rule.id)
    lines = [
        "# Which rules are there?",
        "",
        GENERATED,
        f"{len(found)} rules, {len(PACKS[DEFAULT])} of them in the pack `{DEFAULT}`, which runs by default.",
        "`timestream-policies explain RULE` shows one of them in the terminal.",
        "[What is not checked, and why](#what-is-not-checked) stands at the end.",
        "",
        "| pack | rules |",
        "|---|---|",
        *(f"| `{name}` | {len(ids)} |" for name, ids in PACKS.items()),
        "",
        "| rule | what holds | severity | packs |",
        "|---|---|---|---|",
    ]
    for rule in found:
        packs = ", ".join(sorted(name for name, ids in PACKS.items() if rule.id in ids))
        lines.append(f"| [{rule.id}]({link(rule)}) | {cell(rule.title)} | {rule.severity.value} | {packs} |")
    lines += ["", "## What is not checked", ""]
    lines += ["Checks of other tools, or ideas for them, that no rule answers.", ""]
    lines += ["| check | why not |", "|---|---|"]
    lines += [f"| {row} | {cell(reason)} |" for row, reason in LEFT_OUT.items()]
    lines += ["", "Of these checks a part is not judged.", "", "| check | what is not judged |", "|---|---|"]
    lines += [f"| {row} | {cell(reason)} |" for row, reason in PARTLY.items()]
    return "\n".join(lines) + "\n"


def subjects() -> dict[str, str]:
    """Return a page of rules for each subject, by the name of its file."""
    from timestream_policies.rules import RULES

    pages: defaultdict[str, list[Rule]] = defaultdict(list)
    for rule in sorted(RULES.values(), key=lambda rule: rule.id):
        pages[subject(rule)].append(rule)
    return {f"{name}.md": _page(name, listed) for name, listed in pages.items()}


def subject(rule: Rule) -> str:
    """Return the part of the id that says what a rule is about."""
    return rule.id.split("-")[1].lower()


def link(rule: Rule) -> str:
    """Return where a rule is described, seen from `docs`."""
    return f"rules/{subject(rule)}.md#{rule.id.lower()}"


def _page(name: str, rules_: list[Rule]) -> str:
    from timestream_policies.types import short

    lines = [f"# What do the rules TS-{name.upper()} want?", "", GENERATED, "[All rules](../rules.md)."]
    for rule in rules_:
        judged = ", ".join(f"`{short(type_)}`" for type_ in rule.applies_to)
        lines += ["", f"## {rule.id}", "", f"**{rule.title}.** {rule.why}", "", f"Fix: {rule.fix}", ""]
        lines += ["```python", rule.snippet.strip(), "```", "", f"Judges: {judged}.", ""]
        lines += [f"{line}\n" for line in _remarks(rule)]
        for heading, mapping in (("Controls", rule.controls), ("Known elsewhere as", rule.equivalents)):
            named = "; ".join(f"{name} {', '.join(ids)}" for name, ids in sorted(mapping.items()))
            lines += [f"{heading}: {named}.", ""] if named else []
        lines += ["Sources: " + ", ".join(f"<{page}>" for page in rule.links)]
    return "\n".join(lines) + "\n"


def _remarks(rule: Rule) -> list[str]:
    remarks = []
    if "previous" in rule.needs:
        remarks.append(
            "Compares with the state before, which a policy pack never sees: runs in "
            "`timestream-policies check` on preview JSON, or with `--previous`."
        )
    elif "retain_on_delete" in rule.needs:
        remarks.append(
            "Runs in `timestream-policies check` only: a policy pack is not told what is retained."
        )
    elif rule.on_stack:
        remarks.append(ON_STACK)
    if rule.remedy is not None:
        remarks.append(
            f"At the level `remediate` the engine sets `{rule.remedy.path}` to `{rule.remedy.value}`."
        )
    return remarks


def migration() -> str:
    """Return the page for people who know another tool."""
    from timestream_policies.rules import RULES

    found: dict[str, defaultdict[str, list[Rule]]] = {tool: defaultdict(list) for tool in TOOLS}
    for rule in sorted(RULES.values(), key=lambda rule: rule.id):
        for tool, checks in {**rule.controls, **rule.equivalents}.items():
            for check in checks if tool in found else ():
                found[tool][check].append(rule)
    lines = [
        "# I come from checkov, cdk-nag, prowler or Security Hub: which rule is which?",
        "",
        GENERATED,
        "The rules follow references and judge what is not known yet as undecided, so a rule can be",
        "stricter than the check beside it. Each rule's own page says what it wants.",
    ]
    for tool, title in TOOLS.items():
        lines += ["", f"## {title}", "", "| check | rules |", "|---|---|"]
        for check, rules_ in sorted(found[tool].items()):
            named = ", ".join(f"[{rule.id}]({link(rule)}) {cell(rule.title)}" for rule in rules_)
            lines.append(f"| {check} | {named} |")
    return "\n".join(lines) + "\n"
