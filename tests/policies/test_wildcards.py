"""Patterns as IAM reads them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timestream_policies.wildcards import matches


@pytest.mark.parametrize(
    ("pattern", "text", "covered"),
    [
        ("timestream:*", "timestream:select", True),
        ("timestream:select*", "timestream:selectvalues", True),
        ("timestream:*records", "timestream:writerecords", True),
        ("*write*records*", "timestream:writerecords", True),
        ("a*a", "a", False),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("kms:decrypt", "kms:decrypt", True),
        ("kms:decrypt", "kms:decryptall", False),
        ("", "", True),
        ("*", "", True),
    ],
)
def test_a_pattern_covers_a_text(pattern: str, text: str, covered: bool) -> None:
    assert matches(pattern, text) is covered


@given(st.text(alphabet="ab*?", max_size=8), st.text(alphabet="ab", max_size=8))
def test_it_is_the_same_as_a_regular_expression(pattern: str, text: str) -> None:
    expected = "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern)

    assert matches(pattern, text) is (re.fullmatch(expected, text) is not None)
