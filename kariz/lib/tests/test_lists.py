"""Names that stand together in one text are told apart again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kariz.lib.lists import join, split

NAMES = st.lists(st.text("a \\;b", min_size=1).map(str.strip).filter(bool))


@given(NAMES)
def test_what_was_joined_comes_apart_as_it_was(names: list[str]) -> None:
    assert split(join(names)) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Acme; Beta ;", ["Acme", "Beta"]),
        ("Beta \\; Sons;Acme", ["Beta ; Sons", "Acme"]),
        ("C:\\folder;D:\\x", ["C:\\folder", "D:\\x"]),
        (" ; ", []),
    ],
)
def test_a_backslash_before_the_separator_makes_it_a_part_of_the_name(text: str, names: list[str]) -> None:
    assert split(text) == names
