"""Every check known elsewhere is answered by a rule, or left out for a reason that is written down."""

from timestream_policies.catalogue import LEFT_OUT, PARTLY, ROWS
from timestream_policies.packs import ADVISORY_ROWS
from timestream_policies.rules import RULES

ANSWERED = {row for rule in RULES.values() for row in rule.catalogue}


def test_every_row_is_answered_or_left_out_with_a_reason() -> None:
    assert ANSWERED | LEFT_OUT.keys() == set(ROWS)
    assert ANSWERED & LEFT_OUT.keys() == set()
    assert PARTLY.keys() <= ANSWERED
    for reason in (*LEFT_OUT.values(), *PARTLY.values()):
        assert len(reason) >= 20
        assert reason.endswith(".")


def test_a_rule_answers_rows_of_opinion_only_or_none() -> None:
    assert {
        id_: set(rule.catalogue)
        for id_, rule in RULES.items()
        if set(rule.catalogue) & ADVISORY_ROWS and not set(rule.catalogue) <= ADVISORY_ROWS
    } == {}


def test_there_are_a_hundred_rules_and_more() -> None:
    assert len(RULES) >= 100
