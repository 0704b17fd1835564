"""All resources of a stack, and who refers to whom. Every join is an index look-up."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar, cast

from timestream_policies.model import Resource, top_of
from timestream_policies.scrubbing import Scrub
from timestream_policies.settings import DEFAULTS, Elsewhere, Settings
from timestream_policies.types import CUSTOMER_KEYS, KEY_ALIAS, LOG_GROUP, NAME_PROPERTY, STACK
from timestream_policies.undecided import Undecided, assume
from timestream_policies.values import Unknown

T = TypeVar("T")
_KEYS = frozenset(CUSTOMER_KEYS)


class Stack:
    """The resources of one stack by type, URN, parent, and the values that name them."""

    def __init__(
        self,
        resources: Iterable[Resource],
        *,
        name: str = "",
        settings: Settings = DEFAULTS,
        offers: Iterable[str] = (),
        previous: Mapping[str, Resource] | None = None,
        deleted: Iterable[Resource] = (),
        replaced: Iterable[str] = (),
    ) -> None:
        self.resources = list(resources)
        self.settings = settings
        self.offers = frozenset(offers) | ({"previous"} if previous is not None else frozenset())
        """What rules may need (`NEEDS`) and this stack has."""
        self.previous = previous or {}
        """The resources as they were before, by the URN that they have now; if it offers `previous`."""
        self.deleted = list(deleted)
        """The resources that were there before and are not any more."""
        self.replaced = frozenset(replaced)
        """The URNs of resources that are made anew, so that what was in them is lost."""
        self.by_urn = {resource.urn: resource for resource in self.resources}
        self._by_type: defaultdict[str, list[Resource]] = defaultdict(list)
        self._children: defaultdict[str, list[Resource]] = defaultdict(list)
        self._names: dict[str, dict[str, list[Resource]]] = {}
        self._joint_names: dict[tuple[str, ...], dict[str, list[Resource]]] = {}
        self._nameless: dict[str, Undecided] = {}
        self._referrers: dict[tuple[str, str, str], tuple[dict[str, list[Resource]], Undecided | None]] = {}
        self._answers: dict[str, object] = {}
        self._regions: dict[str, str | None] = {}
        for resource in self.resources:
            resource.stack = self
            resource.settings = settings
            self._by_type[resource.type].append(resource)
            if resource.parent:
                self._children[resource.parent].append(resource)
        self.scrub = Scrub([*self.resources, *self.previous.values(), *self.deleted])
        roots = self._by_type.get(STACK, [])
        self.urn = roots[0].urn if roots else ""
        self.name = name or self._name_from_urns()

    def _name_from_urns(self) -> str:
        return next((r.urn.split("::")[0].rpartition(":")[2] for r in self.resources if r.urn), "")

    def of_type(self, *types: str) -> Iterator[Resource]:
        """Yield the resources of these types."""
        for type_ in types:
            yield from self._by_type.get(type_, ())

    def is_elsewhere(self, part: Elsewhere, resource: Resource) -> bool:
        """Tell whether the settings say that another stack owns a part; then that is an assumption."""
        if part not in self.settings.managed_elsewhere:
            return False
        assume(resource.urn, "", f"{part} are managed elsewhere, as the settings say")
        return True

    def region_of(self, resource: Resource) -> str | None:
        """Return the region of a resource: its own, its ARN's or its provider's; None if nothing says."""
        # One key or topic is compared with by hundreds of resources.
        if resource.urn not in self._regions:
            self._regions[resource.urn] = self._region_of(resource)
        return self._regions[resource.urn]

    def _region_of(self, resource: Resource) -> str | None:
        if region := resource.get("region"):
            return str(region)
        fields = (resource.output("arn") or "").split(":")
        if len(fields) > 3 and fields[3]:
            return fields[3]
        # A state writes `URN::id`, the engine's protocol the URN alone.
        provider = self.by_urn.get(resource.provider.rpartition("::")[0]) or self.by_urn.get(
            resource.provider
        )
        return str(provider.get("region")) if provider is not None and provider.get("region") else None

    def behind(self, resource: Resource, path: str, *types: str) -> list[Resource]:
        """Return the resources of these types that a property refers to; see `find_behind`.

        A known value that names nothing here is an outside reference, and noted as an assumption.
        """
        found = self.find_behind(resource, path, *types)
        if not found:
            for value in resource.words(path).known:
                assume(resource.urn, path, f"{value} is of another stack, and is what it should be")
        return found

    def find_behind(self, resource: Resource, path: str, *types: str) -> list[Resource]:
        """Return the resources of these types that a property refers to.

        By value where it is known: a value that names nothing here is an outside reference and
        gives nothing, unless it comes from a resource whose own names are not shown. Else by the
        dependencies of the top-level property, a component standing for what is inside it, an
        alias for its key. Raises `Undecided` if neither says which.
        """
        return resource.once((path, types), lambda: self._find_behind(resource, path, types))

    def _find_behind(self, resource: Resource, path: str, types: tuple[str, ...]) -> list[Resource]:
        found: dict[str, Resource] = {}
        words = resource.words(path)
        for value in words.known:
            if isinstance(value, str):
                named = [*self._named(value, types), *self._behind_alias(value, types)]
                # A preview shows no outputs: then only the dependency says that the value is the target's.
                named = named or [
                    t for t in self._depended_on(resource, path, types) if not t.has_known_identity
                ]
                if not named and (unnamed := self._unnamed(types)):
                    raise unnamed.with_traceback(None)
                found.update((target.urn, target) for target in named)
        if words.unknown is not None:
            candidates = self._depended_on(resource, path, types)
            if not candidates:
                raise words.unknown
            found.update((target.urn, target) for target in candidates)
        return list(found.values())

    def referring(self, target: Resource, type_: str, path: str) -> list[Resource]:
        """Return the resources of a type whose property refers to the target.

        Raises `Undecided` if there are none, but some resource refers to nobody knows whom.
        """
        placed, unplaced = self._referrers_of(target.type, type_, path)
        found = placed.get(target.urn)
        if found:
            return found
        if unplaced is not None:
            raise unplaced.with_traceback(None)
        return []

    def each_referring(self, target: Resource, type_: str, path: str) -> Iterator[Resource]:
        """Yield the resources that `referring` returns; then raise if some resource could not be placed.

        For questions that every one of them has a part in: those that were found do not settle it.
        """
        placed, unplaced = self._referrers_of(target.type, type_, path)
        yield from placed.get(target.urn, ())
        if unplaced is not None:
            raise unplaced.with_traceback(None)

    def once(self, question: str, answer: Callable[[], T]) -> T:
        """Return the answer to a question about the whole stack, worked out once; `Undecided` too."""
        if question not in self._answers:
            try:
                self._answers[question] = answer()
            except Undecided as undecided:
                self._answers[question] = undecided
        known = self._answers[question]
        if isinstance(known, Undecided):
            raise known.with_traceback(None)
        return cast("T", known)

    def _referrers_of(
        self, target_type: str, type_: str, path: str
    ) -> tuple[dict[str, list[Resource]], Undecided | None]:
        index = (target_type, type_, path)
        known = self._referrers.get(index)
        if known is None:
            known = self._referrers[index] = self._index_referrers(*index)
        return known

    def _index_referrers(
        self, target_type: str, type_: str, path: str
    ) -> tuple[dict[str, list[Resource]], Undecided | None]:
        placed: defaultdict[str, list[Resource]] = defaultdict(list)
        unplaced: Undecided | None = None
        for source in self.of_type(type_):
            try:
                for target in self._find_behind(source, path, (target_type,)):
                    placed[target.urn].append(source)
            except Undecided as undecided:
                unplaced = undecided
        return dict(placed), unplaced

    def _named(self, value: str, types: tuple[str, ...]) -> Sequence[Resource]:
        names = self._joint_names.get(types)
        if names is None:
            names = self._joint_names[types] = self._join_names(types)
        return names.get(value, ())

    def _join_names(self, types: tuple[str, ...]) -> dict[str, list[Resource]]:
        joint: defaultdict[str, list[Resource]] = defaultdict(list)
        for type_ in types:
            if type_ not in self._names:
                self._names[type_] = self._index_names(type_)
            for name, resources in self._names[type_].items():
                joint[name] += resources
        return dict(joint)

    def _unnamed(self, types: tuple[str, ...]) -> Undecided | None:
        """Return why a name that fits nothing may still be a resource's: its own name is not known yet."""
        return next((self._nameless[type_] for type_ in types if type_ in self._nameless), None)

    def _behind_alias(self, value: str, types: tuple[str, ...]) -> Iterator[Resource]:
        if KEY_ALIAS in types or _KEYS.isdisjoint(types):
            return
        for alias in self._named(value, (KEY_ALIAS,)):
            yield from self._target_of(alias, types)

    def _target_of(self, alias: Resource, types: tuple[str, ...]) -> list[Resource]:
        """Return the keys that an alias names. An alias of an alias does not exist."""
        words = alias.words("targetKeyId")
        if words.unknown is None:
            return [key for value in words.known for key in self._named(str(value), types)]
        keys = [
            self.by_urn[urn]
            for urn in alias.property_dependencies.get("targetKeyId", ())
            if urn in self.by_urn
        ]
        keys = [key for key in keys if key.type in types]
        if not keys:
            raise words.unknown
        return keys

    def _index_names(self, type_: str) -> dict[str, list[Resource]]:
        names: defaultdict[str, list[Resource]] = defaultdict(list)
        name_property = NAME_PROPERTY.get(type_, "name")
        for resource in self.of_type(type_):
            given = resource.inputs.get(name_property)
            if isinstance(given, Unknown) and not resource.has_known_identity:
                self._nameless[type_] = Undecided(resource.urn, name_property, given.reason)
            texts = {resource.id, resource.output("arn"), resource.output(name_property)}
            if type_ == LOG_GROUP and (arn := resource.output("arn")):
                texts.add(f"{arn}:*")  # so AWS wants it where somebody writes to the group's streams
            for text in texts | ({given} if isinstance(given, str) else set()):
                if text:
                    names[text].append(resource)
        return names

    def _depended_on(self, resource: Resource, path: str, types: tuple[str, ...]) -> list[Resource]:
        found: dict[str, Resource] = {}
        keys_wanted = not _KEYS.isdisjoint(types)
        pending = list(resource.property_dependencies.get(top_of(path), ()))
        seen: set[str] = set()
        while pending:
            urn = pending.pop()
            if urn in seen:
                continue
            seen.add(urn)
            target = self.by_urn.get(urn)
            if target is None:
                continue
            if target.type in types:
                found[urn] = target
            elif target.type == KEY_ALIAS and keys_wanted:
                found.update((key.urn, key) for key in self._target_of(target, types))
            else:
                pending.extend(child.urn for child in self._children.get(urn, ()))
        return [found[urn] for urn in sorted(found)]
