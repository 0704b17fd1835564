"""The example with mistakes: a reader finds each mistake at the line that makes it."""

import re
from pathlib import Path

from timestream_policies.packs import PACKS

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "insecure" / "__main__.py"


def test_every_comment_names_one_rule_and_every_rule_is_named_once() -> None:
    lines = [line.strip() for line in EXAMPLE.read_text(encoding="utf-8").splitlines()]
    comments = [
        line
        for before, line in zip(["", *lines], lines, strict=False)
        if line.startswith("# ") and (not before.startswith("# ") or "# TS-" in line)
    ]
    named = [re.findall(r"TS-[A-Z]+-\d{3}", comment) for comment in comments]
    assert [comment for comment, rules in zip(comments, named, strict=True) if len(rules) != 1] == []
    rules = [rule for (rule,) in named]
    assert sorted(rules) == sorted(set(rules))
    assert set(rules) <= set(PACKS["baseline"])
