"""Sharing rules and the openness of types."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kariz.accounts import company
from kariz.accounts.models import Role
from kariz.core import access, links, reasons, records, search
from kariz.core.models import SharingRule, TypeSharing


@pytest.fixture
def ships(make_ship, sara, manager):
    """One of the manager's that is dear, one that is cheap, and one of nobody."""
    return [
        make_ship(name="Dear", owner=manager.pk, price="900"),
        make_ship(name="Cheap", owner=manager.pk, price="10"),
        make_ship(name="Stray", price="900"),
    ]


def rule(ship, **columns):
    made = SharingRule.objects.create(record_type=ship.name, name="Dear ships", **columns)
    company.touch()
    return made


def names(ship, user):
    return sorted(one.name for one in records.visible(ship, user))


DEAR = ["price", "at_least", "500"]


def test_a_type_is_open_to_everybody_inside_who_may_read_it(ship, ships, sara, caller):
    TypeSharing.objects.create(record_type="ship", level="read")
    company.touch()
    assert len(names(ship, sara)) == 3
    assert not access.writable_among(ship, sara, ships)
    TypeSharing.objects.update(level="write")
    company.touch()
    assert access.writable_among(ship, sara, ships) == {one.pk for one in ships}
    assert not access.writable_among(ship, caller, ships)  # whose role changes none
    Role.objects.filter(key="salesperson").update(is_external=True)
    company.touch()
    assert names(ship, sara) == []


def test_a_rule_opens_the_records_of_some_that_meet_a_condition(ship, ships, sara, north, sales):
    rule(ship, owners="team", owner_team=sales, shared_with="team", with_team=north, where=DEAR)
    assert names(ship, sara) == ["Dear"]
    assert [hit.title for hit in search.everywhere("dear", sara)] == ["Dear"]
    known = links.names_of({"ship": {one.pk for one in ships}}, sara)
    assert [str(known["ship", one.pk]) for one in ships] == [
        "Dear", "Not visible to you", "Not visible to you",
    ]  # fmt: skip


def test_a_rule_for_everyones_records_opens_those_of_nobody_too(ship, ships, sara):
    rule(ship, where=DEAR)
    assert names(ship, sara) == ["Dear", "Stray"]


def test_a_rule_that_is_not_in_force_opens_nothing(ship, ships, sara):
    rule(ship, is_active=False)
    assert names(ship, sara) == []


def test_a_rule_whose_field_has_gone_opens_nothing(ship, ships, sara):
    rule(ship, where=["gone", "is", "x"])
    assert names(ship, sara) == []
    assert reasons.why(ship, ships[0], sara) == []


def test_a_rule_to_write_lets_one_write(ship, ships, sara, caller):
    rule(ship, where=DEAR, level="write")
    assert access.writable_among(ship, sara, ships) == {ships[0].pk, ships[2].pk}
    company.forget()
    with CaptureQueriesContext(connection) as captured:
        access.writable_among(ship, sara, ships)
    assert len(captured) == 2  # the company and one for all the records
    records.save(ship, ships[2], {"notes": "Found"}, user=sara)


def test_nothing_is_asked_where_owners_decide(ship, make_ship, sara, manager):
    hers = [make_ship(name=f"Ship {n}", owner=sara.pk) for n in range(3)]
    rule(ship, owners="user", owner_user=manager, where=DEAR, level="write")
    access.writable_among(ship, sara, hers)
    company.forget()
    with CaptureQueriesContext(connection) as captured:
        assert len(access.writable_among(ship, sara, hers)) == 3
    assert len(captured) == 1  # the company


def test_the_rule_is_named_as_the_reason(ship, ships, sara):
    rule(ship, where=DEAR)
    assert [reason.to_you for reason in reasons.why(ship, ships[0], sara)] == [
        "The rule “Dear ships” opens it."
    ]


def test_who_sees_a_record_is_found_in_as_many_queries_for_many_people(ship, ships, sara, bob):
    rule(ship, where=DEAR)
    reasons.who(ship, ships[0])
    company.forget()
    with CaptureQueriesContext(connection) as captured:
        assert len(reasons.who(ship, ships[0])) == 3
    assert len(captured) == 3  # the company, the people, the record's rules
