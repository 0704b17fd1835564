"""A resource as the rules see it, and what they find.

Nothing unknown ever leaves an accessor as a value: reading it raises `Undecided`.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from timestream_policies.old_buckets import OLD_BUCKET, as_bucket, by_new_name
from timestream_policies.settings import DEFAULTS, Settings
from timestream_policies.types import SAME_AS
from timestream_policies.undecided import Judged, Undecided, Words
from timestream_policies.values import (
    EMPTY,
    Properties,
    Unknown,
    first_unknown,
    holds_unknown,
    join,
    secret_places,
)

if TYPE_CHECKING:
    from timestream_policies.documents import PolicyDocument
    from timestream_policies.stack import Stack

T = TypeVar("T")
# What Go's strconv.ParseBool takes, which reads booleans for the provider; no text is false.
_TRUE = frozenset({"true", "t", "1"})
_FALSE = frozenset({"false", "f", "0", ""})


class Finding(msgspec.Struct, frozen=True):
    """One thing that is wrong with one resource. `message` reads on from the resource's name."""

    urn: str
    type: str
    name: str
    message: str
    at: str
    key: str


def top_of(path: str) -> str:
    """Return the property of the resource that a path begins with."""
    return path.partition(".")[0].partition("[")[0]


class Part(Judged):
    """A place in a resource's properties."""

    __slots__ = ("_known", "_value", "path", "resource")

    def __init__(self, resource: "Resource", path: str, value: Any, *, known: bool = False) -> None:
        """Take the value; `known` says that all of it was looked through and nothing is unknown."""
        self.resource = resource
        self.path = path
        self._value = value
        self._known = known

    @property
    def value(self) -> Any:
        """The value, fully known; None if absent."""
        if not self._known and (found := first_unknown(self._value, self.path)):
            raise self._undecided(*found)
        return self._value

    @property
    def partly_known(self) -> Any:
        """The value with `Unknown` marks in it, for those who place them themselves."""
        return self._value

    def part(self, path: str) -> "Part":
        """Return the place at a dotted path below this one."""
        value, place = self._value, self.path
        for key in path.split("."):
            if isinstance(value, list) and len(value) == 1:
                value = value[0]  # a block that may stand once: the bridge takes it as a list too
            if isinstance(value, dict):
                value = value.get(key)
            elif isinstance(value, Unknown):
                raise self._undecided(place, value)
            elif value is not None:
                raise ValueError(f"{place or 'it'} is not an object")
            place = f"{place}.{key}" if place else key
        return Part(self.resource, place, value, known=self._known)

    def get(self, path: str, default: Any = None) -> Any:
        """Return the value at a dotted path, or the default if it is absent."""
        value = self.part(path).value
        return default if value is None else value

    def flag(self, path: str, default: bool = False) -> bool:
        """Return a boolean; a text may stand for one, as the provider takes it. Anything else is an error."""
        value = self.get(path, default)
        word = str(value).lower()
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
        raise ValueError(f"{path} is neither true nor false")

    def number(self, path: str, default: float) -> float:
        """Return a number; digits in a text are one too, as the provider takes them. NaN is an error."""
        value = self.get(path, default)
        number = value if isinstance(value, int) else float(value)
        if isinstance(value, bool) or number != number:
            raise ValueError(f"{path} is not a number")
        return number

    def each(self, path: str = "") -> Iterator["Part"]:
        """Yield the items of a list (a single value counts as a list of one), each to be judged alone."""
        place = self.part(path) if path else self
        value = place._value
        if isinstance(value, Unknown):
            raise self._undecided(place.path, value)
        if isinstance(value, list):
            for index, item in enumerate(value):
                if item is not None:
                    yield Part(self.resource, f"{place.path}[{index}]", item, known=place._known)
        elif value is not None:
            yield place

    def words(self, path: str = "") -> Words[Any]:
        """Return the items of a list (or the one value), the known ones first.

        `queues[].queueArn` are the values of that name in all blocks of the list.
        """
        blocks, _, inside = path.partition("[].")
        if inside:
            return self._words_in(blocks, inside)
        place = self.part(path) if path else self
        value = place._value
        if value is None:
            return Words(())
        items = value if isinstance(value, list) else [value]
        found = None if place._known else first_unknown(items)
        if found is None:
            return Words([item for item in items if item is not None])
        known = [item for item in items if item is not None and not holds_unknown(item)]
        return Words(known, self._undecided(place.path, found[1]))

    def is_absent(self, path: str) -> bool:
        """Tell whether a property is known to hold nothing."""
        words = self.words(path)
        return words.unknown is None and not any(words.known)

    def _words_in(self, blocks: str, path: str) -> Words[Any]:
        known: list[Any] = []
        unknown: Undecided | None = None
        try:
            for block in self.each(blocks):
                words = block.words(path)
                known.extend(words.known)
                unknown = unknown or words.unknown
        except Undecided as undecided:
            unknown = undecided
        return Words(known, unknown)

    def document(self, path: str) -> "PolicyDocument | None":
        """Return the policy document at a path, normalised; None if there is none."""
        # Two dozen rules ask for the same document; what cannot be read raises for each of them anew.
        known = self.resource._documents
        place = join(self.path, path)
        if place not in known:
            from timestream_policies.documents import read_document

            known[place] = read_document(self.part(path))
        document: PolicyDocument | None = known[place]
        return document

    def _undecided(self, path: str, unknown: Unknown) -> Undecided:
        return Undecided(self.resource.urn, path, unknown.reason)


class Options(msgspec.Struct, frozen=True):
    """What a program says of a resource beside its properties."""

    protect: bool = False
    retain_on_delete: bool = False
    ignore_changes: tuple[str, ...] = ()
    additional_secret_outputs: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


_NO_OPTIONS = Options()
_NO_DEPENDENCIES: Mapping[str, tuple[str, ...]] = MappingProxyType({})


class Resource(Part):
    """One resource of a stack: its inputs, and where they were unknown what they became.

    `type` is what rules go by; `token` is what the program wrote, such as `BucketV2`.
    """

    __slots__ = (
        "_documents",
        "_resolved",
        "_source",
        "dependencies",
        "external",
        "id",
        "inputs",
        "name",
        "options",
        "outputs",
        "parent",
        "property_dependencies",
        "provider",
        "settings",
        "stack",
        "token",
        "type",
        "urn",
    )

    def __init__(
        self,
        *,
        urn: str,
        type_: str,
        name: str = "",
        inputs: Properties = EMPTY,
        outputs: Properties = EMPTY,
        id_: str = "",
        parent: str = "",
        dependencies: tuple[str, ...] = (),
        property_dependencies: Mapping[str, tuple[str, ...]] | None = None,
        external: bool = False,
        options: Options = _NO_OPTIONS,
        provider: str = "",
        source: Callable[[], str] = str,
    ) -> None:
        super().__init__(self, "", None)
        if type_ == OLD_BUCKET:
            inputs, outputs = as_bucket(inputs), as_bucket(outputs)
            property_dependencies = by_new_name(property_dependencies or {})
        self.urn = urn
        self.token = type_
        self.type = SAME_AS.get(type_, type_)
        self.name = name or urn.rsplit("::", 1)[-1]
        self.inputs = outputs if external and not len(inputs) else inputs
        self.outputs = outputs
        self.id = id_
        self.parent = parent
        self.dependencies = dependencies
        self.property_dependencies = property_dependencies or _NO_DEPENDENCIES
        self.external = external
        self.options = options
        self.provider = provider
        self._source = source
        self.settings: Settings = DEFAULTS
        self.stack: Stack | None = None
        self._resolved: dict[str, Part] = {}
        self._documents: dict[object, Any] = {}

    def part(self, path: str) -> Part:
        """Return the place at a dotted path of the properties."""
        place = self._resolved.get(path)
        if place is None:
            top, _, rest = path.partition(".")
            place = self._resolved[path] = self.part(top).part(rest) if rest else self._property(top)
        return place

    def _property(self, name: str) -> Part:
        """Return a property as it was given; if that has unknown parts, as it turned out."""
        value = self.inputs.get(name)
        known = value is None or isinstance(value, str) or not holds_unknown(value)
        if not known:
            result = self.outputs.get(name)
            if result is not None and not holds_unknown(result):
                value, known = result, True
        return Part(self, name, value, known=known)

    def once(self, question: object, answer: Callable[[], T]) -> T:
        """Return what many rules ask of this resource, worked out once while it is judged."""
        if question not in self._documents:
            self._documents[question] = answer()
        known: T = self._documents[question]
        return known

    def forget(self) -> None:
        """Give up what was read of the properties: of few resources they are asked for again."""
        self._documents.clear()
        self._resolved.clear()
        self.inputs.forget()
        self.outputs.forget()

    @property
    def source(self) -> str:
        """Where the program made it, such as `__main__.py#7`; empty if nobody tells."""
        # Looked for when it is asked: few resources have findings.
        return self._source()

    @property
    def has_known_identity(self) -> bool:
        """Whether an id or ARN is known by which others could name this resource."""
        return bool(self.id or self.output("arn") or self.output("id"))

    def output(self, name: str) -> str | None:
        """Return a known text output such as `arn`, else None."""
        value = self.outputs.get(name)
        return value if isinstance(value, str) else None

    def behind(self, path: str, *types: str) -> "list[Resource]":
        """Return the resources that a property refers to; see `Stack.behind`."""
        return self.whole_stack(path).behind(self, path, *types)

    def whole_stack(self, path: str) -> "Stack":
        """Return the stack, if all of it is known by now."""
        if self.stack is None:
            raise Undecided(self.urn, path, "is not known before the whole stack is")
        return self.stack

    def is_secret(self, path: str) -> bool:
        """Tell whether the program marked the value at a path, or one around it, as a secret."""
        top = top_of(path)
        return any(
            path == place or path.startswith((f"{place}.", f"{place}["))
            for place in secret_places(self.inputs.raw.get(top), top)
        )

    def finding(self, message: str, *, at: str = "", key: str = "") -> Finding:
        """Return a finding on this resource; `key` tells several findings of one rule apart."""
        return Finding(self.urn, self.token, self.name, message, at, key or at)
