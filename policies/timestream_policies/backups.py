"""What backup selections choose."""

from collections.abc import Callable, Mapping
from typing import Any

from timestream_policies.model import Part, Resource
from timestream_policies.stack import Stack
from timestream_policies.types import BACKUP_SELECTION
from timestream_policies.undecided import all_of, any_of
from timestream_policies.wildcards import covers_everything, matches

_TAG = "aws:ResourceTag/"
_Test = Callable[[], bool]


def is_selected(table: Resource, stack: Stack) -> bool:
    """Tell whether some selection of this stack chooses the table."""
    return any_of(stack.of_type(BACKUP_SELECTION), lambda selection: _selects(selection, table, stack))


def _selects(selection: Resource, table: Resource, stack: Stack) -> bool:
    """Tell whether a selection chooses the table: by its resources, its tags, or both where it has both."""
    tests: tuple[_Test, ...] = (
        lambda: not selection.part("resources").partly_known or _names(selection, table, stack),
        lambda: not selection.part("selectionTags").partly_known or _has_tag(selection, table),
        lambda: all_of(selection.each("conditions"), lambda block: _meets(block, _tags(table))),
        lambda: not any_of(selection.words("notResources"), lambda pattern: _covers(str(pattern), table)),
        lambda: any(
            selection.part(name).partly_known for name in ("resources", "selectionTags", "conditions")
        ),
    )
    return all_of(tests, lambda test: test())


def _names(selection: Resource, table: Resource, stack: Stack) -> bool:
    if any(_covers(str(pattern), table) for pattern in selection.words("resources").known):
        return True
    choosing = stack.each_referring(table, BACKUP_SELECTION, "resources")
    return any_of(choosing, lambda named: named is selection)


def _covers(pattern: str, table: Resource) -> bool:
    if covers_everything(pattern):
        return True
    arn = table.output("arn") or ""
    if ":timestream:" in arn:
        return matches(pattern, arn)
    fields = pattern.split(":", 5)
    if len(fields) < 6 or not matches(fields[2], "timestream"):
        return False
    return matches(fields[5], f"database/{table.get('databaseName')}/table/{table.get('tableName')}")


def _tags(table: Resource) -> Mapping[str, Any]:
    tags = table.get("tags", {})
    return tags if isinstance(tags, dict) else {}


def _has_tag(selection: Resource, table: Resource) -> bool:
    return any_of(
        selection.each("selectionTags"), lambda tag: _tags(table).get(tag.get("key")) == tag.get("value", "")
    )


def _meets(block: Part, tags: Mapping[str, Any]) -> bool:
    def has(condition: Part, *, like: bool) -> bool:
        value = tags.get(str(condition.get("key", "")).removeprefix(_TAG))
        wanted = str(condition.get("value", ""))
        return value is not None and (matches(wanted, str(value)) if like else wanted == str(value))

    tests: tuple[_Test, ...] = (
        lambda: all_of(block.each("stringEquals"), lambda c: has(c, like=False)),
        lambda: all_of(block.each("stringLikes"), lambda c: has(c, like=True)),
        lambda: not any_of(block.each("stringNotEquals"), lambda c: has(c, like=False)),
        lambda: not any_of(block.each("stringNotLikes"), lambda c: has(c, like=True)),
    )
    return all_of(tests, lambda test: test())
