"""Short ways to say what a rule thinks of a resource."""

from collections.abc import Iterator, Mapping
from typing import Any

from timestream_policies.evaluation import Judgement, Verdict, evaluate, judge
from timestream_policies.examples import Example, Given, build
from timestream_policies.rule import Rule

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
UNDECIDED = "undecided"


def messages(
    rule: Rule,
    type_: str,
    good: Mapping[str, Any],
    change: Mapping[str, Any],
    *others: Given,
    depends: Mapping[str, tuple[str, ...]] | None = None,
) -> list[str]:
    """Return what the rule says of a good resource after a change."""
    stack = build((Given(type_, {**good, **change}, depends=depends or {}), *others))
    return said(judge(rule, stack.resources[0], stack))


def said(judgement: Judgement) -> list[str]:
    """Return the messages of a judgement, or its verdict where it has none."""
    if judgement.verdict is Verdict.UNDECIDED:
        return [UNDECIDED]
    if judgement.verdict is Verdict.NOT_APPLICABLE:
        return [f"not applicable: {judgement.reason}"]
    return [finding.message for finding in judgement.findings]


def verdict(rule: Rule, example: Example) -> Verdict:
    """Return the rule's verdict on an example's first resource; none is as good as a pass."""
    stack = build(example.resources)
    given = [j for j in evaluate(stack, [rule]) if j.resource is stack.resources[0]]
    return given[0].verdict if given else Verdict.NOT_APPLICABLE


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every leaf of plain data, and of every list and mapping in it."""
    if path:
        yield path
    items = (
        value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, item in items:
        yield from leaves(item, (*path, key))


def replaced(value: Any, path: tuple[Any, ...], by: Any) -> Any:
    """Return plain data with one place changed; None takes it out."""
    if not path:
        return by
    key, rest = path[0], path[1:]
    if isinstance(value, Mapping):
        changed = {**value, key: replaced(value[key], rest, by)}
        return {name: item for name, item in changed.items() if item is not None}
    changed_list = [*value[:key], replaced(value[key], rest, by), *value[key + 1 :]]
    return [item for item in changed_list if item is not None]
