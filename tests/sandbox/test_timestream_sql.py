"""The grammar of the queries that the sandbox understands."""

import pytest

from aws_sandbox.corrections.timestream_sql import NotUnderstood, Query, parse


@pytest.mark.parametrize(
    ("text", "query"),
    [
        pytest.param('SELECT * FROM "metrics"."cpu"', Query((), "metrics", "cpu"), id="all columns"),
        pytest.param("select * from metrics.cpu;", Query((), "metrics", "cpu"), id="bare names, any case"),
        pytest.param(
            'SELECT host, "time", measure_value::double FROM "a.b-c"."d"',
            Query(("host", "time", "measure_value::double"), "a.b-c", "d"),
            id="some columns, names with any characters",
        ),
        pytest.param(
            "SELECT * FROM \"m\".\"c\" WHERE host = 'it''s' AND x = -1.5e3 AND ok = true",
            Query((), "m", "c", (("host", "it's"), ("x", -1500.0), ("ok", True))),
            id="conditions",
        ),
        pytest.param(
            'SELECT * FROM "m"."c" ORDER BY time', Query((), "m", "c", (), False), id="oldest first"
        ),
        pytest.param(
            'SELECT * FROM "m"."c"\n  WHERE measure_name = \'load\'\n  ORDER BY time DESC\n  LIMIT 5\n',
            Query((), "m", "c", (("measure_name", "load"),), True, 5),
            id="newest first, some only, over lines",
        ),
    ],
)
def test_a_query_of_the_grammar_is_understood(text: str, query: Query) -> None:
    assert parse(text) == query


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "SELECT is expected where it says the end"),
        ("DELETE FROM x", "SELECT is expected where it says DELETE"),
        ('SELECT * FROM "m"', "a dot after the database is expected where it says the end"),
        ('SELECT count(*) FROM "m"."c"', 'nothing is understood from \'(*) FROM "m"."c"\' on'),
        ('SELECT * FROM "m"."c" WHERE x > 1', "nothing is understood from '> 1' on"),
        ('SELECT * FROM "m"."c" WHERE x = y', "a literal is expected where it says y"),
        ('SELECT * FROM "m"."c" ORDER BY host', "ORDER BY time is expected where it says host"),
        ('SELECT * FROM "m"."c" LIMIT 1.5', "a whole number is expected where it says 1.5"),
        ('SELECT * FROM "m"."c" LIMIT -1', "a whole number is expected where it says -1"),
        ('SELECT * FROM "m"."c" GROUP BY x', "the end of the query is expected where it says GROUP"),
        ('SELECT * FROM "m"."c"; SELECT 1', "the end of the query is expected where it says SELECT"),
    ],
)
def test_any_other_query_is_refused_and_the_reason_says_where(text: str, reason: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        parse(text)

    assert str(refused.value) == reason
