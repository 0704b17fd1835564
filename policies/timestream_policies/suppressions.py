"""Accepted risks: from a YAML file, from the settings, or from the program itself.

Each covers one rule on named resources until a day. Every mistake in them is reported at once, and
none is taken until all are right: a suppression that is read wrongly hides what it should not.
"""

from collections import defaultdict
from collections.abc import Container, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from timestream_policies.model import Finding, Resource
from timestream_policies.rule import Rule
from timestream_policies.rules import RULES
from timestream_policies.settings import DEFAULTS, Settings, Suppression, no_rule
from timestream_policies.types import ACCEPTED_RISK
from timestream_policies.wildcards import matches

SHORTEST_REASON = 20
_FIELDS = {field.name: field for field in msgspec.structs.fields(Suppression)}
_EXAMPLES = {
    "rule": "TS-KMS-002",
    "resource": "urn:pulumi:prod::*::aws:kms/key:Key::metrics",
    "reason": "Signed off in the review of 2026",
    "owner": "data-platform@example.com",
    "expires": "2027-01-31",
}
# A pattern that fits both covers everything: they have nothing in common that a team would name.
_UNLIKE = ("urn:pulumi:0::0::aws:0/0:0::0", "urn:pulumi:y-y::x-x::aws:z/z:Z::w-w")
_LARGEST_FILE = 4_000_000


class WrongSuppressions(ValueError):
    """Some entries are not what they must be; the text names property, value and way out of each."""

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(self.mistakes))

    def __reduce__(self) -> tuple[Any, ...]:
        """Come from the process that judged as the mistakes, not as their text."""
        return type(self), (self.mistakes,)


class Suppressions:
    """The accepted risks of one run: which of them covers a finding, and which covered nothing."""

    def __init__(
        self,
        entries: Iterable[Suppression] = (),
        settings: Settings = DEFAULTS,
        today: date | None = None,
    ) -> None:
        self._settings = settings
        self._today = today or date.today()
        self._by_rule: defaultdict[str, list[Suppression]] = defaultdict(list)
        self._met: set[Suppression] = set()
        self.add(entries)

    def add(self, entries: Iterable[Suppression]) -> None:
        """Take more entries, once each; raises `WrongSuppressions` with the mistakes of all."""
        new = list(entries)
        mistakes = [
            f"{entry.rule} on {entry.resource!r}: {mistake}"
            for entry in new
            for mistake in _mistakes(entry, self._settings, self._today)
        ]
        if mistakes:
            raise WrongSuppressions(mistakes)
        for entry in new:
            if entry not in self._by_rule[entry.rule]:
                self._by_rule[entry.rule].append(entry)

    @property
    def entries(self) -> list[Suppression]:
        """All entries."""
        return [entry for entries in self._by_rule.values() for entry in entries]

    def covering(self, rule: Rule, finding: Finding) -> Suppression | None:
        """Return the entry that covers a finding today; None if there is none, or it has expired."""
        return next((entry for entry in self._meeting(rule, finding) if not self.has_expired(entry)), None)

    def expired(self, rule: Rule, finding: Finding) -> Suppression | None:
        """Return the entry that covered a finding until it expired."""
        return next((entry for entry in self._meeting(rule, finding) if self.has_expired(entry)), None)

    def unmatched(self, rules: Container[str] = RULES) -> list[Suppression]:
        """Return the entries that met no finding: nothing is wrong there any more, or the pattern is.

        `rules` are those that ran: nobody can tell what the others would have found.
        """
        return [entry for entry in self.entries if entry not in self._met and entry.rule in rules]

    def has_expired(self, entry: Suppression) -> bool:
        """Tell whether the last day of an entry has passed."""
        return entry.expires < self._today

    def _meeting(self, rule: Rule, finding: Finding) -> list[Suppression]:
        entries = self._by_rule.get(rule.id)
        if not entries:
            return []
        found = [entry for entry in entries if _fits(entry, finding)]
        self._met.update(found)
        return found


def expiry_note(entry: Suppression) -> str:
    """Return what a finding says whose suppression has expired; reads on from the message."""
    return f"the risk was accepted by {entry.owner} until {entry.expires.isoformat()}, which has passed"


def unmatched_note(entry: Suppression) -> str:
    """Return the warning about an entry that met no finding."""
    on = f"{entry.resource!r}, key {entry.key!r}" if entry.key else f"{entry.resource!r}"
    return (
        f"the suppression of {entry.rule} on {on} (owner {entry.owner}) meets no finding: "
        "remove it, or mend its pattern"
    )


def read_suppressions(
    path: str | Path, settings: Settings = DEFAULTS, today: date | None = None
) -> tuple[Suppression, ...]:
    """Return the entries of a YAML file: a list, or a list under `suppressions`."""
    content = _load(Path(path))
    if isinstance(content, dict) and set(content) == {"suppressions"}:
        content = content["suppressions"]
    if content is None:
        return ()
    if not isinstance(content, list):
        raise WrongSuppressions([f"{path}: must be a list of entries, such as '- rule: TS-KMS-002'"])
    return _checked(((f"{path}[{index}]", item) for index, item in enumerate(content)), settings, today)


def from_program(
    resources: Iterable[Resource], settings: Settings = DEFAULTS, today: date | None = None
) -> tuple[Suppression, ...]:
    """Return the risks that the program accepted with `accept_risk`; none where the settings deny it."""
    if settings.program_suppressions == "deny":
        return ()
    risks = [resource for resource in resources if resource.type == ACCEPTED_RISK]
    return _checked(((risk.urn, _carried(risk)) for risk in risks), settings, today)


def checked(
    content: dict[str, Any], where: str, settings: Settings = DEFAULTS, today: date | None = None
) -> Suppression:
    """Return one entry of plain data; raises `WrongSuppressions` with all that is wrong with it."""
    return _checked([(where, content)], settings, today)[0]


def _carried(risk: Resource) -> dict[str, Any]:
    """Return what a marker carries: its inputs, or its outputs where a file has only these."""
    properties = risk.inputs if len(risk.inputs) else risk.outputs
    return {name: properties[name] for name in properties}


def _load(path: Path) -> Any:
    import yaml

    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise WrongSuppressions([f"{path}: is larger than a list of suppressions can be (4 MB)"])
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise WrongSuppressions([f"{path}: cannot be read ({problem.strerror or problem})"]) from None
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError, TypeError) as problem:
        if isinstance(problem, WrongSuppressions):
            raise
        reason = " ".join(str(problem).split()) or type(problem).__name__
        raise WrongSuppressions([f"{path}: is not YAML that can be read ({reason})"]) from None


def _checked(
    items: Iterable[tuple[str, Any]], settings: Settings, today: date | None
) -> tuple[Suppression, ...]:
    entries: list[Suppression] = []
    mistakes: list[str] = []
    for where, item in items:
        values, wrong = _fields(item)
        if wrong:
            mistakes.extend(f"{where}{mistake}" for mistake in wrong)
            values = {**dict.fromkeys(_FIELDS), **values}
        found = [
            f".{name}: {mistake}"
            for name, mistake in _wrong_values(values, settings, today or date.today())
            if values.get(name) is not None
        ]
        mistakes.extend(f"{where}{mistake}" for mistake in found)
        if not wrong and not found:
            entries.append(Suppression(**values))
    if mistakes:
        raise WrongSuppressions(mistakes)
    return tuple(entries)


def _fields(item: Any) -> tuple[dict[str, Any], list[str]]:
    """Return the fields of an entry that can be read, and what is wrong with the others."""
    if not isinstance(item, dict):
        return {}, [f": must be an entry with {', '.join(_EXAMPLES)}, not {item!r:.60}"]
    mistakes = [
        f".{name}: there is no such property; there are {', '.join(_FIELDS)}"
        for name in item
        if name not in _FIELDS
    ]
    values: dict[str, Any] = {}
    for name, field in _FIELDS.items():
        value = item.get(name)
        if value is None:
            if name in _EXAMPLES:
                mistakes.append(f".{name}: is missing; give it, such as {_EXAMPLES[name]!r}")
            continue
        try:
            values[name] = msgspec.convert(value, field.type)
        except msgspec.ValidationError:
            example = f", such as {_EXAMPLES[name]}" if name in _EXAMPLES else ""
            what = "a date" if name == "expires" else "a text"
            mistakes.append(f".{name}: {value!r:.60} is not {what}{example}")
    return values, mistakes


def _mistakes(entry: Suppression, settings: Settings, today: date) -> list[str]:
    values = {name: getattr(entry, name) for name in _FIELDS}
    return [f"{name}: {mistake}" for name, mistake in _wrong_values(values, settings, today)]


def _wrong_values(values: dict[str, Any], settings: Settings, today: date) -> list[tuple[str, str]]:
    """Return what is wrong with the values of an entry, each with its property. None counts as unread."""
    wrong = {
        "rule": _wrong_rule(values["rule"] or "", settings),
        "resource": wrong_pattern(values["resource"] or ""),
        "reason": _wrong_reason(values["reason"] or ""),
        "owner": None if (values["owner"] or "").strip() else "is empty; name who answers for the risk",
        "expires": _wrong_expiry(values["expires"], today) if values["expires"] else None,
    }
    return [(name, mistake) for name, mistake in wrong.items() if mistake]


def _wrong_rule(id_: str, settings: Settings) -> str | None:
    rule = RULES.get(id_)
    if rule is None:
        return no_rule(id_, RULES)
    for word in settings.unsuppressible:
        if word.upper() == id_:
            return f"the settings let nobody suppress {id_}; mend the finding"
        if word.lower() == rule.severity.value:
            return f"the settings let nobody suppress findings of severity {word.lower()}; mend the finding"
    return None


def wrong_pattern(pattern: str) -> str | None:
    """Return what is wrong with the pattern of an entry; None if it is right."""
    if not pattern.strip():
        return "is empty; give the URN or the name of the resource"
    if all(matches(pattern, urn) for urn in _UNLIKE) or not pattern.strip("*?"):
        return f"{pattern!r} covers every resource; name the resource, or its type and part of its name"
    return None


def _wrong_reason(reason: str) -> str | None:
    length = len(" ".join(reason.split()))
    if length >= SHORTEST_REASON:
        return None
    return f"{reason!r} has {length} characters; say in {SHORTEST_REASON} or more why the risk is accepted"


def _wrong_expiry(expires: date, today: date) -> str | None:
    latest = _a_year_after(today)
    if expires <= latest:
        return None
    return f"{expires.isoformat()} is over a year away; give {latest.isoformat()} or earlier"


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # the 29th of February
        return date(day.year + 1, 3, 1)


def _fits(entry: Suppression, finding: Finding) -> bool:
    if entry.key is not None and entry.key != finding.key:
        return False
    return matches(entry.resource, finding.urn) or matches(entry.resource, finding.name)
