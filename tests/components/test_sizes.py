"""What would be too large for AWS is refused before anything is made, all of it at once, and split before."""

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any, Final

import pulumi
import pytest

from tests.components import recorder
from tests.components.arns import ACCOUNT, REGION
from tests.components.documents import documents_of
from tests.components.everything import EVERYTHING, NAME, everything
from tests.components.recorder import DEPLOYER, Deployment, deploy
from timestream_baseline import (
    ArgumentsError,
    AuditTrail,
    Backup,
    EncryptionKey,
    LiveAnalytics,
    TimestreamBaseline,
)
from timestream_baseline.documents import limits
from timestream_baseline.documents.limits import excess, fits
from timestream_baseline.inputs import CamelCaseArgs, baseline_settings
from timestream_baseline.inputs.mistakes import Place
from timestream_baseline.inputs.monitoring import MonitoringPart
from timestream_baseline.location import Location
from timestream_baseline.monitoring_checks import check_watched
from timestream_baseline.planned import planned_keys

TRUST: Any = {"services": ["lambda.amazonaws.com"]}
CELLS: Any = {"ingest_cell": "cell2", "query_cell": "cell3"}
TARGET: Any = {
    "table": "metrics/cpu",
    "time_column": "hour",
    "dimensions": {"host": "VARCHAR"},
    "measures": {"load": {"type": "DOUBLE"}},
}
SMALL: Any = {
    "network": CELLS,
    "databases": {"metrics": {"tables": {"cpu": {}}}},
    "audit": {"trail": "none"},
    "backup": {"enabled": False},
    "monitoring": {"change_events": False},
}


def administrators(count: int) -> Any:
    """Name `count` roles with ARNs of 100 characters, and the deploying one."""
    prefix = f"arn:aws:iam::{ACCOUNT}:role/"
    return {"administrators": [DEPLOYER, *(f"{prefix}{n:0{100 - len(prefix)}}" for n in range(count - 1))]}


def databases(count: int, tables: int = 1, length: int = 12) -> Any:
    names = [f"{number:0{length}}" for number in range(count)]
    return {name: {"tables": {f"t{number:02}x": {} for number in range(tables)}} for name in names}


def queries(count: int, sources: int = 1) -> Any:
    """Write queries that read tables of as many databases with long names."""
    return {
        "databases": {**SMALL["databases"], **databases(sources, length=64)},
        "scheduled_queries": {
            f"query{number}": {
                "query": "SELECT 1",
                "schedule": "rate(1 hour)",
                "sources": [f"{name}/t00x" for name in databases(sources, length=64)],
                "target": TARGET,
            }
            for number in range(count)
        },
    }


def writers(count: int) -> Any:
    return {"writers": {f"w{number}": {"databases": ["metrics"], "trust": TRUST} for number in range(count)}}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Deployment]:
    """Collect deployments, also those that end in an error."""
    found: list[Deployment] = []

    def keep() -> Deployment:
        found.append(Deployment())
        return found[-1]

    monkeypatch.setattr(recorder, "Deployment", keep)
    return found


def refused(program: Callable[[], Any], made: list[Deployment]) -> list[str]:
    """Return the mistakes of a program that makes nothing at all."""

    def run() -> dict[str, pulumi.Output[Any]]:
        program()
        return {}

    with pytest.raises(ArgumentsError) as caught:
        deploy(run)
    assert [it.type for it in made[-1].registrations if it.type.startswith("aws:")] == []
    return [str(mistake) for mistake in caught.value.mistakes]


# How many fit, what makes so many of them, and what is said of one more.
LARGEST: Final[dict[str, tuple[int, Callable[[int], Any], str]]] = {
    "administrators of keys": (
        293,
        lambda count: {"encryption": administrators(count)},
        "encryption.administrators: makes a key policy 32,780 characters long, and AWS takes 32,768; "
        "name fewer roles",
    ),
    "administrators in the policy of a vault": (
        75,
        lambda count: {"encryption": administrators(count), "backup": {}},
        "encryption.administrators: makes the access policy of a backup vault 8,234 characters long, and AWS "
        "takes 8,192; name fewer roles",
    ),
    "databases in the role of backups": (
        90,
        lambda count: {"databases": databases(count), "backup": {}},
        "databases: name so many databases that the role of backups needs 11 policies, and AWS takes 10; "
        "spread the databases over several components",
    ),
    "sources of a scheduled query": (
        39,
        lambda count: queries(1, count),
        "scheduled_queries.query0.sources: makes the inline policies of a role 10,295 characters long, and "
        "AWS takes 10,240; read fewer tables in one query",
    ),
    "keys of scheduled queries in the policy of the bucket": (
        233,
        queries,
        "scheduled_queries: makes a bucket policy 20,504 characters long, and AWS takes 20,480; spread the "
        "queries over several components",
    ),
    # With the role that delivers the trail.
    "roles that are watched": (
        503,
        lambda count: {"audit": {}, "monitoring": {}, "access": writers(count)},
        "access: names 505 roles, and the 100 metric filters that AWS allows on a log group take 504; name "
        "fewer",
    ),
}


@pytest.mark.parametrize("case", LARGEST)
def test_one_too_many_is_refused_before_anything_is_made(case: str, made: list[Deployment]) -> None:
    most, args, expected = LARGEST[case]
    large: Any = {**SMALL, **args(most + 1)}
    assert refused(lambda: TimestreamBaseline("baseline", large), made) == [expected]


def too_large(deployment: Deployment) -> list[str]:
    """Name the documents that AWS would refuse, and the roles whose inline policies it would."""
    found = [one.name for one in documents_of(deployment) if excess(one.form.limit, one.text)]
    inline = defaultdict(list)
    for it in deployment.of("RolePolicy"):
        inline[it.inputs["role"]].append(it.inputs["policy"])
    return found + [role for role, texts in inline.items() if not fits(limits.INLINE_POLICIES, *texts)]


class _Through(Exception):
    """Everything was checked."""


@pytest.mark.parametrize("case", LARGEST)
def test_as_many_as_fit_are_not_refused(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def compose(*_: object) -> None:
        raise _Through

    monkeypatch.setattr("timestream_baseline.baseline.compose", compose)
    most, args, _ = LARGEST[case]
    largest: Any = {**SMALL, **args(most)}
    with pytest.raises(_Through):
        deploy(lambda: TimestreamBaseline("baseline", largest).outputs())


@pytest.mark.parametrize("case", list(LARGEST)[:4])
def test_as_many_as_fit_are_made_within_the_limits_of_aws(case: str) -> None:
    most, args, _ = LARGEST[case]
    largest: Any = {**SMALL, **args(most)}
    deployment = deploy(lambda: TimestreamBaseline("baseline", largest).outputs())
    assert documents_of(deployment)
    assert too_large(deployment) == []


def test_everything_that_is_too_large_is_refused_at_once(made: list[Deployment]) -> None:
    args: Any = {**SMALL, **queries(1, 100), "encryption": administrators(300), "backup": {}}
    args["access"] = writers(1)
    args["access"]["writers"]["w0"]["trust"] = {"role_arns": administrators(30)["administrators"][1:]}
    found = refused(lambda: TimestreamBaseline("baseline", args), made)
    assert [mistake.partition(":")[0] for mistake in found] == [
        "encryption.administrators",
        "access.writers.w0.trust",
        "scheduled_queries.query0.sources",
        "databases",
        "encryption.administrators",
    ]


def test_paths_are_spelled_as_in_the_configuration_of_a_stack(made: list[Deployment]) -> None:
    args: Any = {**SMALL, **queries(1, 50)}
    query: Any = args.pop("scheduled_queries")
    query["query0"]["target"] = {**TARGET, "timeColumn": "hour"}
    del query["query0"]["target"]["time_column"]
    args["network"] = {"ingestCell": "cell2", "queryCell": "cell3"}
    args["monitoring"] = {"changeEvents": False}
    camel: Any = CamelCaseArgs({**args, "scheduledQueries": query})
    (found,) = refused(lambda: TimestreamBaseline("baseline", camel), made)
    assert found.startswith("scheduledQueries.query0.sources: makes the inline policies of a role ")


def test_fifty_databases_with_twenty_tables_and_everything_on_are_split_where_aws_asks_for_it() -> None:
    names = databases(50 - len(EVERYTHING["databases"]), tables=20, length=24)
    args: Any = {**EVERYTHING, "databases": {**EVERYTHING["databases"], **names}}
    made = deploy(lambda: TimestreamBaseline("baseline", args).outputs())
    assert too_large(made) == []
    assert len(made.of("Database")) == 50
    rules = [it.name.partition("/")[2] for it in made.of("EventRule")]
    assert {"keys", "keys-2", "keys-3", "tables"} < set(rules)
    attached = Counter(it.inputs["role"] for it in made.of("RolePolicyAttachment"))
    assert {role: count for role, count in attached.items() if count > 1} != {}
    assert [role for role, count in attached.items() if count > limits.MANAGED_POLICIES_PER_ROLE] == []
    assert [len(it.inputs["resources"]) for it in made.of("Selection")] == [500, 445]
    assert len(made.of("LogMetricFilter")) <= limits.FILTERS_PER_LOG_GROUP


def test_each_part_alone_refuses_as_well(made: list[Deployment]) -> None:
    table = f"arn:aws:timestream:{REGION}:{ACCOUNT}:database/metrics/table/cpu"
    many = administrators(300)
    parts: list[Callable[[], Any]] = [
        lambda: EncryptionKey("alone", many),
        lambda: LiveAnalytics("alone", {"databases": {"metrics": {}}, "encryption": many}),
        lambda: AuditTrail("alone", {"encryption": many}),
        lambda: Backup("alone", {"table_arns": [table], "encryption": administrators(80)}),
    ]
    found = [refused(part, made) for part in parts]
    assert [[mistake.partition(":")[0] for mistake in mistakes] for mistakes in found] == [
        ["administrators"],
        ["encryption.administrators"],
        ["encryption.administrators"],
        ["encryption.administrators"],
    ]


def test_computed_values_are_measured_as_the_longest(made: list[Deployment]) -> None:
    args: Any = {**SMALL, "access": writers(1)}
    roles = [pulumi.Output.from_input(f"arn:aws:iam::{ACCOUNT}:role/r{number}") for number in range(20)]
    args["access"]["writers"]["w0"]["trust"] = {"role_arns": roles}
    (found,) = refused(lambda: TimestreamBaseline("baseline", args), made)
    assert found.startswith("access.writers.w0.trust: makes the trust policy of a role ")


def test_more_keys_than_the_queue_of_the_rules_takes_are_refused() -> None:
    where = Location(partition="aws", region=REGION, account=ACCOUNT, caller_arn=DEPLOYER)
    key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-5555555"

    def found(count: int) -> list[str]:
        place = Place([])
        watched = MonitoringPart(key_arns={str(n): f"{key}{n:05}" for n in range(count)})
        check_watched("baseline", watched, where, roles=place.at("roles"), keys=place.at("keys"))
        return [str(mistake) for mistake in place.mistakes]

    assert found(2706) == []
    assert found(2707) == [
        "keys: is so much to watch that it makes a queue policy 8,215 characters long, and AWS takes 8,192; "
        "spread it over several components"
    ]


def test_what_is_planned_is_what_is_made() -> None:
    settings = baseline_settings(NAME, EVERYTHING)
    where = Location(partition="aws", region=REGION, account=ACCOUNT, caller_arn=DEPLOYER)
    planned, real = planned_keys(settings, where), everything().outputs["keyArns"]
    assert sorted(planned) == sorted(real)
    assert [purpose for purpose, arn in planned.items() if len(arn) < len(real[purpose])] == []
