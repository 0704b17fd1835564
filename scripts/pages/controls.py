"""The controls of frameworks, and the rules that answer them."""

from scripts.pages.rules import link
from scripts.pages.text import GENERATED, cell


def controls() -> str:
    """Return the page of all frameworks."""
    from timestream_policies.frameworks import frameworks_of
    from timestream_policies.rules import RULES

    rules = sorted(RULES.values(), key=lambda rule: rule.id)
    lines = [
        "# Which controls do the rules answer?",
        "",
        GENERATED,
        "`timestream-policies check --framework ID` runs the rules of one framework, and the HTML report",
        "shows what each control came to. A stack shows only a part of most controls: what it cannot show",
        "stands in the third column. The first two frameworks are about Timestream and databases: each",
        "of their controls is listed. Of the others only the controls that rules name are.",
    ]
    for framework in frameworks_of(rules).values():
        lines += ["", f"## {framework.title}", "", f"`{framework.id}`", ""]
        lines += ["| control | rules | what a stack does not show |", "|---|---|---|"]
        for control in framework.controls:
            answering = [rule for rule in rules if control.id in rule.controls.get(framework.id, ())]
            named = ", ".join(f"[{rule.id}]({link(rule)})" for rule in answering) or "none"
            title = f"{control.id} {control.title}" if control.title != control.id else control.id
            lines.append(f"| {cell(title)} | {named} | {cell(control.reason)} |")
    return "\n".join(lines) + "\n"
