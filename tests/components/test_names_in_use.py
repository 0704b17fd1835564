"""Whatever things are called: names that AWS takes, no two alike where it matters, or one clear error."""

import re
from collections import Counter
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.components.arns import physical_name
from tests.components.recorder import Deployment, Registration, deploy
from timestream_baseline import TimestreamBaseline, naming
from timestream_baseline.inputs import ArgumentsError
from timestream_baseline.naming import NameRule

LAMBDA: Final[Any] = {"trust": {"services": ["lambda.amazonaws.com"]}}
VPC: Final[Any] = {
    "vpc_id": "vpc-0123456789abcdef0",
    "subnet_ids": ["subnet-0123456789abcde0a", "subnet-0123456789abcde0b"],
    "allowed_security_group_ids": ["sg-0123456789abcdef0"],
}


# What AWS takes, by type of resource, as the models and pages of its services say.
TAKEN: Final = {
    "Alias": r"(?=.{1,256}$)alias/(?!aws/)[a-zA-Z0-9/_-]+",
    "Bucket": r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
    "Dashboard": r"[A-Za-z0-9_-]{1,255}",
    "DbInstance": r"(?=.{3,40}$)[a-zA-Z][a-zA-Z0-9]*(-[a-zA-Z0-9]+)*",
    "EventRule": r"[.\-_A-Za-z0-9]{1,64}",
    "LogGroup": r"[.\-_/#A-Za-z0-9]{1,512}",
    "LogMetricFilter": r"[^:*]{1,512}",
    "MetricAlarm": r".{1,255}",
    "Plan": r"[a-zA-Z0-9\-_.]{1,50}",
    "Policy": r"[\w+=,.@-]{1,128}",
    "Queue": r"[A-Za-z0-9_-]{1,80}",
    "Role": r"[\w+=,.@-]{1,64}",
    "ScheduledQuery": r"[a-zA-Z0-9|!\-_*'()][a-zA-Z0-9!\-_*'()/.]{1,63}",
    "SecurityGroup": r"(?!sg-)[A-Za-z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{1,255}",
    "Topic": r"[A-Za-z0-9_-]{1,256}",
    "Trail": r"(?=.{3,128}$)[A-Za-z0-9]+([._-][A-Za-z0-9]+)*",
    "Vault": r"[a-zA-Z0-9\-_]{2,50}",
}
CASELESS: Final = {"Policy", "Role", "SecurityGroup"}


def made(name: str, args: dict[str, Any]) -> Deployment:
    return deploy(lambda: TimestreamBaseline(name, args).outputs())  # type: ignore[arg-type]


def check(deployment: Deployment) -> None:
    """Check every name, and that neither AWS nor Pulumi meets one twice."""
    found: list[tuple[str, Registration]] = [
        (it.type.rpartition(":")[2], it)
        for it in deployment.registrations
        if it.type.rpartition(":")[2] in TAKEN
    ]
    names = [(type_, physical_name(it.name, it.inputs)) for type_, it in found]
    assert [it for it in names if not re.fullmatch(TAKEN[it[0]], it[1], re.ASCII)] == []
    # Names that Pulumi makes end in random letters: they do not meet.
    places = Counter(
        (type_, name.lower() if type_ in CASELESS else name, it.inputs.get("region"))
        for (type_, it), (_, name) in zip(found, names, strict=True)
        if name in it.inputs.values()
    )
    assert [place for place, count in places.items() if count > 1] == []
    urns = Counter(it.urn for it in deployment.registrations)
    assert [urn for urn, count in urns.items() if count > 1] == []


ALL: Final[dict[str, Any]] = {
    "databases": {"metrics": {"tables": {"cpu": {}}}, "metrics.cpu": {"tables": {"cpu": {}, "Cpu": {}}}},
    "influxdb": {"factory": VPC},
    "network": {
        "ingest_cell": "cell1",
        "query_cell": "cell1",
        "vpc_id": VPC["vpc_id"],
        "subnet_ids": VPC["subnet_ids"],
        "client_cidrs": ["10.0.0.0/8"],
    },
    "access": {"writers": {"a": LAMBDA}, "readers": {"a": LAMBDA}, "permissions_boundary": "create"},
    "monitoring": {"emails": ["a@example.org"]},
}


@pytest.mark.parametrize(
    "name",
    [
        "b",
        "baseline",
        "Team A",
        "a/b.c",
        "ünïcödé",
        "x" * 100,
        "-leading",
        "trailing-",
        "a..b",
        "UPPER",
        "1st",
        "sg-group",
    ],
)
def test_a_component_may_have_any_name(name: str) -> None:
    check(made(name, ALL))


def query(path: str) -> dict[str, Any]:
    return {
        "query": "SELECT 1",
        "schedule": "rate(1 hour)",
        "sources": [path],
        "target": {
            "table": path,
            "time_column": "hour",
            "dimensions": {"host": "VARCHAR"},
            "measures": {"load": {"type": "DOUBLE"}},
        },
    }


TRICKY: Final = (
    "abc",
    "ABC",
    "a.bc",
    "a-bc",
    "a_bc",
    "abc-1",
    "abc.1",
    "x" * 60,
    "x" * 60 + "y",
    "X" * 60,
    "trail",
    "service-backup",
    "delivery",
    "topic",
    "backup",
    "databases",
    "default",
)
LONG: Final = tuple(name for name in TRICKY if len(name) <= 64)
INFLUX: Final = ("abc", "ABC", "abc-1", "x" * 40, "trail", "topic", "endpoints")


def some(names: tuple[str, ...], most: int = 4) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), max_size=most, unique=True)


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    databases=st.lists(st.sampled_from(LONG), min_size=1, max_size=4, unique=True),
    tables=some(LONG, 3),
    writers=some(TRICKY),
    readers=some(TRICKY, 2),
    influx=some(INFLUX, 3),
    queries=some(LONG, 3),
)
def test_names_that_users_choose_stay_apart_or_are_refused(
    databases: list[str],
    tables: list[str],
    writers: list[str],
    readers: list[str],
    influx: list[str],
    queries: list[str],
) -> None:
    path = f"{databases[0]}/{tables[0]}" if tables else ""
    args: dict[str, Any] = {
        **ALL,
        "databases": {database: {"tables": {table: {} for table in tables}} for database in databases},
        "influxdb": dict.fromkeys(influx, VPC),
        "access": {
            "writers": dict.fromkeys(writers, LAMBDA),
            "readers": dict.fromkeys(readers, LAMBDA),
        },
        "scheduled_queries": {name: query(path) for name in queries} if tables else {},
        "audit": {"trail": "none"},
        "network": {"ingest_cell": "cell1", "query_cell": "cell1"},
        "monitoring": {"dashboard": False},
    }
    try:
        deployment = made("baseline", args)
    except ArgumentsError as error:
        reasons = [mistake.reason for mistake in error.mistakes]
        assert [reason for reason in reasons if "rename one of them" not in reason] == []
        return
    check(deployment)


RULES: Final = {name: rule for name, rule in vars(naming).items() if isinstance(rule, NameRule)}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
@given(parts=st.lists(st.text(min_size=1, max_size=90), min_size=1, max_size=3))
def test_every_name_is_within_its_rule(rule: NameRule, parts: list[str]) -> None:
    name = naming.physical_name(*parts, rule=rule)
    assert re.fullmatch(rf"{re.escape(rule.prefix)}[{rule.allowed}]+", name)
    assert len(name) <= rule.longest


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
@given(pair=st.lists(st.text(min_size=1, max_size=90), min_size=2, max_size=2, unique=True))
def test_two_things_of_a_component_have_two_names(rule: NameRule, pair: list[str]) -> None:
    first, second = (naming.physical_name("baseline", one, rule=rule) for one in pair)
    assert first != second
