"""How arguments must fit together across sections: references, and physical names that may not meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from timestream_baseline.inputs.access import Role
from timestream_baseline.inputs.baseline import Baseline
from timestream_baseline.inputs.databases import check_existing
from timestream_baseline.inputs.kinds import INVALID
from timestream_baseline.inputs.mistakes import Place, camel_case, known_name, shown
from timestream_baseline.inputs.monitoring import check_filters
from timestream_baseline.inputs.scheduled_queries import check_tables
from timestream_baseline.naming import ALIAS, ROLE, NameRule, key_alias, role_name

T = TypeVar("T")


def check_baseline(name: str, baseline: Baseline, place: Place) -> None:
    """Check what no section can see alone. Parts that already have mistakes are left out."""
    check_name(name, place)
    _references(baseline, place)
    _existing(baseline, place)
    _filters(baseline, place)
    _collisions(name, baseline, place)


def check_name(name: str, place: Place) -> None:
    """Note a mistake if AWS would refuse the aliases of a component's keys.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
    """
    if key_alias(name, "topic").startswith("alias/aws/"):
        place.mistake(
            f"the component is named {shown(name)}, and AWS keeps aliases under alias/aws/ for itself; "
            "rename it"
        )


def _entries(entries: Mapping[str, T]) -> Iterator[tuple[str, T]]:
    """Walk through the entries of a map that have no mistake of their own."""
    if entries is not INVALID:
        yield from ((name, entry) for name, entry in entries.items() if entry is not INVALID)


def _items(items: Iterable[str] | None) -> Iterator[tuple[int, str]]:
    """Walk through a list that has no mistake of its own."""
    if items is not INVALID:
        yield from enumerate(items or ())


def _roles(baseline: Baseline) -> Iterator[tuple[str, str, Role]]:
    if baseline.access is not INVALID:
        yield from baseline.access.roles()


def _references(baseline: Baseline, place: Place) -> None:
    if baseline.databases is INVALID:
        return
    tables = [
        f"{database}/{table}"
        for database, settings in _entries(baseline.databases)
        if settings.tables is not INVALID
        for table in settings.tables
    ]
    # What a map with a mistake of its own holds is not known: nothing is said about it twice.
    unknown = {
        database
        for database, settings in baseline.databases.items()
        if settings is INVALID or settings.tables is INVALID
    }
    for kind, name, role in _roles(baseline):
        here = place.field("access").field(kind).at(name)
        for index, database in _items(role.databases):
            known_name(database, list(baseline.databases), "database", here.field("databases").at(index))
        for index, table in _items(role.tables):
            if table.partition("/")[0] not in unknown:
                known_name(table, tables, "table", here.field("tables").at(index))
        if not baseline.databases and kind != "auditors":
            here.mistake("reaches nothing, since there are no databases; leave this role out")
        if role.require_endpoint is True and not _endpoints(baseline):
            vpc_id, existing = (place.field("network").field(field).text for field in ("vpc_id", "existing"))
            here.field("require_endpoint").mistake(
                f"is true, but there is no endpoint for LiveAnalytics; give {vpc_id} or {existing}"
            )
    queries = dict(_entries(baseline.scheduled_queries))
    check_tables(queries, tables, unknown, place.field("scheduled_queries"))


def _endpoints(baseline: Baseline) -> bool:
    """Tell whether LiveAnalytics has endpoints, or may have some, if the section has mistakes of its own."""
    network = baseline.network
    if network is INVALID or network.vpc_id is not None:
        return network is INVALID or bool(baseline.databases)
    existing = network.existing
    return existing is INVALID or (existing is not None and bool(existing.ids().keys() & {"ingest", "query"}))


def _existing(baseline: Baseline, place: Place) -> None:
    """Check what is adopted and acknowledged, unless its names cannot be told for other mistakes."""
    databases = dict(_entries(baseline.databases))
    sections = (baseline.databases, baseline.influxdb, baseline.adopt, baseline.acknowledge)
    if any(section is INVALID for section in sections) or len(databases) < len(baseline.databases):
        return
    if any(it.tables is INVALID or INVALID in it.tables.values() for it in databases.values()):
        return
    check_existing(databases, baseline.adopt, baseline.acknowledge, place, instances=tuple(baseline.influxdb))


def _filters(baseline: Baseline, place: Place) -> None:
    """Refuse filters that were asked for, when no log group gets management events."""
    audit, monitoring = baseline.audit, baseline.monitoring
    if audit is INVALID or monitoring is INVALID:
        return
    if INVALID in (audit.trail, audit.management_events, audit.log_group, audit.existing_log_group_name):
        return
    own = audit.trail == "create" and audit.management_events and audit.log_group
    if not own and audit.existing_log_group_name is None:
        missing = place.field("audit").field("existing_log_group_name").text
        check_filters(monitoring, place.field("monitoring"), missing=missing)


def _collisions(name: str, baseline: Baseline, place: Place) -> None:
    if baseline.databases is not INVALID:
        _apart(
            [
                (key_alias(name, f"databases/{item}"), place.field("databases").at(item))
                for item in baseline.databases
            ],
            ALIAS,
        )
    _apart(
        [
            (role_name(name, camel_case(kind), item), place.field("access").field(kind).at(item))
            for kind, item, _ in _roles(baseline)
        ]
        + [
            (role_name(name, "scheduledQueries", item), place.field("scheduled_queries").at(item))
            for item, _ in _entries(baseline.scheduled_queries)
        ],
        ROLE,
    )


def _apart(named: list[tuple[str, Place]], rule: NameRule) -> None:
    """Note a mistake for every name that an earlier one has taken."""
    taken: dict[str, Place] = {}
    for physical, place in named:
        key = physical.lower() if rule.ignores_case else physical
        if key in taken:
            place.mistake(f"becomes {physical} in AWS, as {taken[key].text} does; rename one of them")
        else:
            taken[key] = place
