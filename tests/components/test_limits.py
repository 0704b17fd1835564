"""Documents are written in one way, counted as AWS counts them, and split where AWS would refuse them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timestream_baseline.documents import limits
from timestream_baseline.documents.limits import Limit, compact, excess, fits, size, split
from timestream_baseline.documents.parts import allow, document

SMALL = Limit(of="a small policy", characters=200, source="")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def statement(resources: int | str, sid: str = "ReadTables") -> dict[str, Any]:
    names: Any = resources if isinstance(resources, str) else [f"arn:{i:030}" for i in range(resources)]
    return allow(sid, ["timestream:Select"], names)


def test_a_document_is_written_without_white_space() -> None:
    assert compact({"b": [1, "two words"], "a": None}) == '{"a":null,"b":[1,"two words"]}'


@given(st.dictionaries(st.text(), JSON, max_size=5))
def test_the_same_content_is_always_the_same_bytes(content: dict[str, Any]) -> None:
    backwards = dict(reversed(list(content.items())))
    assert compact(content) == compact(backwards)
    assert compact(content).isascii()
    assert json.loads(compact(content)) == content


def test_a_document_that_fits_has_no_excess() -> None:
    assert fits(limits.TRUST_POLICY, "x" * 2048)
    assert excess(limits.TRUST_POLICY, "x" * 2048) is None


def test_the_excess_names_both_sizes() -> None:
    assert not fits(limits.INLINE_POLICIES, "x" * 6_000, "y" * 6_000)
    assert excess(limits.INLINE_POLICIES, "x" * 6_000, "y" * 6_000) == (
        "makes the inline policies of a role 12,000 characters long, and AWS takes 10,240"
    )


def test_every_limit_has_a_page_of_aws() -> None:
    found = [value for value in vars(limits).values() if isinstance(value, Limit)]
    assert len(found) >= 12
    assert [limit.of for limit in found if not limit.source.startswith("https://docs.aws.amazon.com/")] == []


def test_statements_that_fit_together_stay_together() -> None:
    statements = [statement("*", "One"), statement("*", "Two")]
    assert split(statements, limits.MANAGED_POLICY) == [document(*statements)]


def test_statements_that_do_not_fit_together_stand_in_documents_of_their_own() -> None:
    statements = [statement(2, "One"), statement(2, "Two")]
    assert split(statements, SMALL) == [document(one) for one in statements]


def test_a_statement_that_is_too_large_is_split_by_its_resources() -> None:
    documents = split([statement(5)], SMALL)
    sids = [[one["Sid"] for one in found["Statement"]] for found in documents]
    assert sids == [["ReadTables"], ["ReadTables2"], ["ReadTables3"]]


@given(st.lists(st.integers(1, 12), min_size=1, max_size=6))
def test_splitting_loses_nothing_and_keeps_to_the_limit(counts: list[int]) -> None:
    whole = [statement(count, f"Group{index}x") for index, count in enumerate(counts)]
    documents = split(whole, SMALL)
    parts = [one for found in documents for one in found["Statement"]]
    assert all(size(found) <= SMALL.characters for found in documents)
    assert [name for one in parts for name in one["Resource"]] == [
        name for one in whole for name in one["Resource"]
    ]
    assert len({one["Sid"] for one in parts}) == len(parts)


def test_a_statement_that_cannot_be_split_is_an_error() -> None:
    message = '^statement "ReadTables" is too large for a small policy and cannot be split$'
    with pytest.raises(ValueError, match=message):
        split([statement("x" * 200)], SMALL)


def test_the_stand_in_for_a_key_is_as_long_as_a_real_one() -> None:
    real = "arn:aws:kms:eu-west-1:000000000000:key/11111111-2222-3333-4444-555555555555"
    multi_region = "arn:aws:kms:eu-west-1:000000000000:key/mrk-1234abcd12ab34cd56ef1234567890ab"
    stand_in = limits.stand_in_key_arn(partition="aws", region="eu-west-1", account="000000000000")
    assert len(stand_in) >= max(len(real), len(multi_region))
