"""There is always a key between two neighbours, and keys stay short where people work."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kariz.lib.ranks import between


@given(st.lists(st.integers(min_value=0)))
def test_any_series_of_insertions_keeps_its_order(places: list[int]) -> None:
    keys: list[str] = []
    for place in places:
        at = place % (len(keys) + 1)
        before = keys[at - 1] if at else None
        after = keys[at] if at < len(keys) else None
        keys.insert(at, between(before, after))

    assert keys == sorted(set(keys))


@pytest.mark.parametrize("at_end", [True, False])
def test_adding_at_an_end_never_makes_keys_grow(at_end: bool) -> None:
    keys = [between(None, None)]
    for _ in range(5000):
        keys.append(between(keys[-1], None) if at_end else between(None, keys[-1]))

    assert keys == sorted(keys, reverse=not at_end)
    assert max(map(len, keys)) == 6


def test_the_last_key_of_all_still_has_one_behind_it() -> None:
    assert between("zzzzzz", None) > "zzzzzz"
    assert between(None, "000001") < "000001"


def test_neighbours_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValueError, match="not below"):
        between("b", "a")
    with pytest.raises(ValueError, match="no key fits"):
        between("a", "a0")
