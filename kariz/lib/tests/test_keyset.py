"""Cursors travel through URLs unharmed, and forged ones are refused."""

import re
from base64 import urlsafe_b64encode
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kariz.lib.keyset import BadCursor, Cursor

values = st.one_of(
    st.none(),
    st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(allow_nan=False),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
)


@given(st.lists(values).map(tuple))
def test_a_cursor_comes_back_as_it_went(held: tuple[object, ...]) -> None:
    cursor = Cursor(held)  # type: ignore[arg-type]

    assert Cursor.decode(cursor.encode()) == cursor
    assert re.fullmatch(r"[\w-]*", cursor.encode(), re.ASCII)


def test_types_are_kept_apart() -> None:
    held = ("1", 1, Decimal("1.10"), date(2026, 11, 23), datetime(2026, 11, 23, 9, 30, tzinfo=UTC), None)
    found = Cursor.decode(Cursor(held).encode())

    assert [type(value) for value in found.values] == [type(value) for value in held]


@pytest.mark.parametrize(
    "text", ["", "x", "ü", "[]", "bm90IGpzb24", *(urlsafe_b64encode(raw).decode() for raw in (
        b"{}", b"1", b'{"n":1}', b'[{"n":"x"}]', b'[{"q":"1"}]', b'[{"d":"2026-99-99"}]', b"[[1]]", b"[{}]",
        b'["\\ud800"]', b'["\\u0000"]', b"\xff",
        b"[" * 9000,
    ))]
)  # fmt: skip
def test_a_forged_cursor_is_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        Cursor.decode(text)


@given(st.text())
def test_any_text_is_a_cursor_or_refused(text: str) -> None:
    with suppress(BadCursor):
        assert isinstance(Cursor.decode(text), Cursor)
