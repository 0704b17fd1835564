"""The rules of the policy packs."""

from scripts.pages.text import GENERATED, cell

ON_STACK = (
    "Judged once the whole stack is known: at preview it stops `up`; "
    "with `--skip-preview` it reports after creation."
)


def rules() -> str:
    """Return the page of all rules."""
    from timestream_policies.packs import PACKS
    from timestream_policies.rules import RULES

    found = sorted(RULES.values(), key=lambda rule: rule.id)
    lines = [
        "# Which rules are there?",
        "",
        GENERATED,
        f"{len(found)} rules, {len(PACKS['baseline'])} of them in the pack `baseline`.",
        "`timestream-policies explain RULE` shows one of them in the terminal.",
        "",
        "| rule | what holds | severity | packs |",
        "|---|---|---|---|",
    ]
    for rule in found:
        packs = ", ".join(sorted(name for name, ids in PACKS.items() if rule.id in ids))
        lines.append(
            f"| [{rule.id}](#{rule.id.lower()}) | {cell(rule.title)} | {rule.severity.value} | {packs} |"
        )
    for rule in found:
        lines += ["", f"## {rule.id}", "", f"**{rule.title}.** {rule.why}", "", f"Fix: {rule.fix}", ""]
        lines += ["```python", rule.snippet.strip(), "```", ""]
        if rule.on_stack:
            lines += [ON_STACK, ""]
        for heading, mapping in (("Controls", rule.controls), ("Known elsewhere as", rule.equivalents)):
            named = "; ".join(f"{name} {', '.join(ids)}" for name, ids in sorted(mapping.items()))
            lines += [f"{heading}: {named}.", ""] if named else []
        lines += ["Sources: " + ", ".join(f"<{link}>" for link in rule.links)]
    return "\n".join(lines) + "\n"
