"""The order of cards: between two others, again and again."""

import pytest

from kariz.core import ranking
from kariz.core.models import Change
from kariz.core.tests.models import Ship


@pytest.fixture
def cards(make_ship):
    """Four cards, the newest on top, and the column that they stand in."""
    made = [make_ship(name=name) for name in "dcba"]
    return Ship.objects.filter(pk__in=[one.pk for one in made])


def names(cards):
    return "".join(cards.order_by(*ranking.ORDER).values_list("name", flat=True))


def move(cards, name, above=None, below=None):
    known = {ship.name: ship for ship in cards}
    ids = [known[one].pk if one else None for one in (above, below)]
    ranking.place(cards, known[name], above=ids[0], below=ids[1])
    return names(cards)


@pytest.mark.parametrize(
    ("name", "above", "below", "order"),
    [
        ("d", "a", "b", "adbc"), ("a", "b", "c", "bacd"), ("d", None, "a", "dabc"), ("a", "d", None, "bcda"),
        ("b", "a", "c", "abcd"), ("c", None, None, "cabd"), ("a", "c", None, "bcad"),
    ],
)  # fmt: skip
def test_a_card_stands_between_the_two_it_was_put_between(cards, name, above, below, order):
    assert names(cards) == "abcd"
    assert move(cards, name, above, below) == order


def test_there_is_always_room_for_one_more(cards):
    for _ in range(120):
        first, second, third, fourth = names(cards)
        assert move(cards, third, first, second) == first + third + second + fourth


def test_cards_of_one_rank_keep_their_order_and_let_another_in_between(cards):
    cards.update(rank=1)
    assert names(cards) == "abcd"
    assert move(cards, "d", "a", "b") == "adbc"


def test_a_neighbour_that_is_gone_is_as_none(cards):
    known = {ship.name: ship for ship in cards}
    ranking.place(cards, known["d"], above=known["a"].pk, below=999_999)
    assert names(cards) == "adbc"


def test_the_order_is_no_change_of_the_record(cards):
    before = Change.objects.count()
    move(cards, "d", "a", "b")
    assert Change.objects.count() == before
    assert set(cards.values_list("version", flat=True)) == {1}
