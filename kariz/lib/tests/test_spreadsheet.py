"""No text that goes out runs as a formula, and each comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kariz.lib.spreadsheet import SIGNS, defuse, restore

SIGNED = st.text("'" + SIGNS + "a1 ")


@given(st.text() | SIGNED)
def test_what_was_defused_is_restored_exactly(text: str) -> None:
    assert restore(defuse(text)) == text


@given(st.text() | SIGNED)
def test_no_defused_text_begins_as_a_formula_does(text: str) -> None:
    assert not defuse(text).startswith(tuple(SIGNS))


@pytest.mark.parametrize(
    "text", ["=1+1", "+98912", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "'=1", "''-"]
)
def test_a_text_that_would_run_gets_one_apostrophe(text: str) -> None:
    assert defuse(text) == "'" + text


@pytest.mark.parametrize("text", ["", "a=1", "'", "'90s", "'quoted'", "O'Neil", " =1", "۱۲", "''"])
def test_other_texts_stay_as_they_are_in_both_directions(text: str) -> None:
    assert defuse(text) == restore(text) == text
