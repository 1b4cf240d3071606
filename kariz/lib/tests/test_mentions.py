"""Finding somebody in texts, and covering what was found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kariz.lib.mentions import Mentions

SARA = Mentions(
    emails=["Sara.Ahmadi@example.com"],
    numbers=["+989121234567", "+982188881234;ext=12", "9601"],
    names=["Sara Ahmadi", "سارا احمدی", "Nilufar"],
    others=["sara_a"],
)


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("Write to SARA.ahmadi@example.com.", "Write to #"),
        ("sara.ahmadi@example.com;ali@example.com", "#;ali@example.com"),
        ("notsara.ahmadi@example.com", "notsara.ahmadi@example.com"),
        ("Call 0912 123 45 67 at noon", "Call # at noon"),
        ("۰۹۱۲۱۲۳۴۵۶۷", "#"),
        ("+98 (21) 8888-1234 ext. 12", "# ext. 12"),
        ("0912 123 45 68", "0912 123 45 68"),
        ("AHMADI, Sara came", "# came"),
        ("with سارا احمدي!", "with #!"),
        ("Sarah Ahmadi", "Sarah Ahmadi"),
        ("Nilufar", "#"),
        ("Nilufar street", "Nilufar street"),
        ("Sara_A", "#"),
        ("nothing of her", "nothing of her"),
        ("", ""),
    ],
)
def test_somebody_is_found_however_it_is_written(text, covered):
    assert SARA.masked(text, "#") == covered
    assert SARA.are_in(text) == (covered != text)


def test_texts_within_json_are_covered_and_the_rest_stays():
    said = {"title": "Sara Ahmadi", "rows": [[1, "0912-1234567"], None, True], "sara ahmadi": 2.5}
    assert SARA.masked(said, "#") == {"title": "#", "rows": [[1, "#"], None, True], "#": 2.5}
    assert SARA.are_in(said)
    assert not SARA.are_in([1, None, {"a": "Ali"}])


def test_nobody_is_found_where_nothing_is_known():
    assert not Mentions()
    assert not Mentions(emails=[""], numbers=["12"], names=[""]).are_in("Sara sara@example.com 12")


@given(before=st.text(max_size=40), after=st.text(max_size=40))
def test_whatever_stands_around_an_address_it_is_gone(before, after):
    covered = SARA.masked(f"{before} sara.ahmadi@example.com {after}", "#")
    assert "sara.ahmadi@example.com" not in covered
    assert not SARA.are_in(covered)


@given(st.text(max_size=200))
def test_texts_that_name_nobody_stay_as_they_are(text):
    assert Mentions(emails=["nobody@nowhere.example"]).masked(text, "#") == text
