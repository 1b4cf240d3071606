"""Who sees what, compiled into the query."""

import pytest

from kariz.core import access, records
from kariz.core.search import everywhere


@pytest.fixture
def ships(make_ship, sara, bob, manager):
    for owner in (sara, bob, manager, None):
        make_ship(name=f"Ship of {owner.username if owner else 'nobody'}", owner=owner.pk if owner else None)


def seen(record_type, user):
    return [one.name.removeprefix("Ship of ") for one in records.visible(record_type, user, sort="name")]


def test_each_role_sees_as_far_as_it_reaches(ship, ships, admin, manager, sara, caller):
    assert seen(ship, admin) == ["bob", "manager", "nobody", "sara"]
    assert seen(ship, manager) == ["bob", "manager", "sara"]
    assert seen(ship, sara) == ["bob", "sara"]
    assert seen(ship, caller) == []


def test_a_role_that_is_not_named_sees_nothing(ship, ships, sara):
    sara.role_id = "marketer"
    assert seen(ship, sara) == []
    assert not access.may(ship, sara, "read")


def test_search_sees_no_further_than_the_list(ship, ships, admin, manager, sara, caller):
    for user in (admin, manager, sara, caller):
        found = {hit.title.removeprefix("Ship of ") for hit in everywhere("ship of", user)}
        assert found == set(seen(ship, user))


def test_search_within_a_list_stays_within_it(ship, ships, sara):
    assert [one.name for one in records.visible(ship, sara, find="manager")] == []
    assert [one.name for one in records.visible(ship, sara, find="BOB")] == ["Ship of bob"]


def test_only_own_records_are_written_with_that_reach(ship, ships, sara, bob, manager):
    mine, bobs = (records.visible(ship, None, find=name).get() for name in ("sara", "bob"))
    assert access.may_write(ship, sara, mine)
    assert not access.may_write(ship, sara, bobs)
    assert access.may_write(ship, manager, bobs)
    assert not access.may_delete(ship, sara, mine)
    assert access.may_delete(ship, manager, mine)
    assert list(access.editable(ship, sara)) == [mine]


def test_a_type_can_restrict_what_is_seen(ship, ships, admin, monkeypatch):
    from django.db.models import Q

    monkeypatch.setattr(type(ship), "restrict", lambda self, user: Q(name__contains="sara"))
    assert seen(ship, admin) == ["sara"]
