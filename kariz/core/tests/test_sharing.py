"""Records shared by hand: with whom, how far, how long; and taking it back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kariz.accounts import company
from kariz.accounts.models import Role
from kariz.core import access, changes, links, merging, reasons, records, search, shares, sharing
from kariz.core.access import Forbidden
from kariz.core.models import Change, Share
from kariz.core.sharing import Terms

WRITE = Terms("write")


@pytest.fixture
def deal(make_ship, manager):
    return make_ship(name="Kashti", owner=manager.pk)


def sees(ship, user):
    return {one.pk for one in records.visible(ship, user)}


def test_a_record_is_shared_with_a_person(ship, deal, sara, bob, manager):
    sharing.share(ship, [deal], [sara], by=manager)
    assert (sees(ship, sara), sees(ship, bob)) == ({deal.pk}, set())
    assert not access.may_write(ship, sara, deal)
    assert [hit.record_id for hit in search.everywhere("kashti", sara)] == [deal.pk]
    assert links.names_of({"ship": {deal.pk}}, sara) == {("ship", deal.pk): "Kashti"}


def test_a_record_is_shared_with_a_team_and_those_below(ship, deal, sara, sales, manager, admin):
    sharing.share(ship, [deal], [sales], WRITE, by=manager)
    assert access.may_write(ship, sara, records.find("ship", deal.pk, sara))
    records.save(ship, deal, {"notes": "Seen"}, user=sara)


def test_a_record_is_shared_with_a_role(ship, deal, sara, caller, manager):
    sharing.share(ship, [deal], [Role.objects.get(key="salesperson")], by=manager)
    assert (sees(ship, sara), sees(ship, caller)) == ({deal.pk}, set())


def test_a_share_ends_when_it_is_said_to(ship, deal, sara, manager):
    soon = timezone.now() + timedelta(hours=1)
    sharing.share(ship, [deal], [sara], Terms(until=soon), by=manager)
    assert sees(ship, sara) == {deal.pk}
    Share.objects.update(until=timezone.now() - timedelta(seconds=1))
    company.forget()
    assert sees(ship, sara) == set()
    assert reasons.why(ship, deal, sara) == []


def test_sharing_gives_no_verb_that_the_role_has_not(ship, deal, caller, manager):
    sharing.share(ship, [deal], [caller], WRITE, by=manager)
    assert sees(ship, caller) == {deal.pk}
    assert not access.may_write(ship, caller, deal)
    with pytest.raises(Forbidden):
        records.save(ship, deal, {"notes": "x"}, user=caller)


def test_what_is_shared_is_not_deleted(ship, deal, sara, manager):
    sharing.share(ship, [deal], [sara], WRITE, by=manager)
    with pytest.raises(Forbidden):
        records.delete(ship, [deal], user=sara)


def test_only_those_who_may_change_a_record_share_it(ship, deal, sara, bob, manager):
    sharing.share(ship, [deal], [sara], by=manager)
    with pytest.raises(Forbidden):
        sharing.share(ship, [deal], [bob], by=sara)
    sharing.share(ship, [deal], [sara], WRITE, by=manager)
    sharing.share(ship, [deal], [bob], by=sara)
    assert sees(ship, bob) == {deal.pk}


def test_sharing_again_changes_the_terms(ship, deal, sara, manager):
    sharing.share(ship, [deal], [sara], by=manager)
    sharing.share(ship, [deal], [sara], Terms("write", kind="collaborator", note="Call them"), by=manager)
    [held] = sharing.of(ship, deal)
    assert (held.level, held.kind, held.note, held.by) == ("write", "collaborator", "Call them", manager)


def test_sharing_is_logged_and_undone(ship, deal, sara, bob, manager):
    first = sharing.share(ship, [deal], [sara, bob], by=manager)
    [change] = Change.objects.filter(batch=first)
    assert change.values["shares"][0] == {}
    assert change.values["shares"][1].keys() == {f"user:{sara.pk}", f"user:{bob.pk}"}
    second = sharing.unshare(ship, [deal], [sara], by=manager)
    assert sees(ship, sara) == set()
    changes.undo(second, manager)
    assert sees(ship, sara) == {deal.pk}
    sharing.share(ship, [deal], [bob], WRITE, by=manager)
    changes.undo(first, manager)
    assert (sees(ship, sara), sees(ship, bob)) == (set(), {deal.pk})  # what was changed since stays


def test_shares_follow_their_record_into_another_and_back(ship, deal, sara, bob, manager, make_ship):
    other = make_ship(name="Other", owner=manager.pk)
    sharing.share(ship, [deal, other], [sara], by=manager)
    sharing.share(ship, [other], [bob], by=manager)
    batch = merging.merge(ship, deal.pk, [other.pk], user=manager)
    company.forget()
    assert (sees(ship, sara), sees(ship, bob)) == ({deal.pk}, {deal.pk})
    changes.undo(batch, manager)
    company.forget()
    assert (sees(ship, sara), sees(ship, bob)) == ({deal.pk, other.pk}, {other.pk})


def test_why_and_who_say_it_in_words(ship, deal, sara, bob, manager, admin, caller):
    sharing.share(ship, [deal], [sara], WRITE, by=manager)
    assert [reason.to_you for reason in reasons.why(ship, deal, sara)] == ["manager has shared it with you."]
    assert [reason.to_you for reason in reasons.why(ship, deal, manager)] == ["You are responsible for it."]
    known = {
        str(one.user): (one.may_write, [reason.of_them for reason in one.reasons])
        for one in reasons.who(ship, deal)
    }
    assert known == {
        "admin": (True, ["Their role sees all of these records."]),
        "manager": (True, ["Responsible for it."]),
        "sara": (True, ["manager has shared it with them."]),
    }


def test_what_is_shared_with_somebody_is_read_once_for_all_types(ship, port, deal, sara, manager):
    sharing.share(ship, [deal], [sara], by=manager)
    sees(ship, sara)
    company.forget()
    with CaptureQueriesContext(connection) as captured:
        for _again in range(2):
            sees(ship, sara)
            sees(port, sara)
            search.everywhere("kashti", sara)
    assert sum("core_share" in query["sql"] for query in captured) == 1


def test_of_very_many_shares_the_query_itself_asks(
    ship, port, deal, sara, bob, manager, make_ship, monkeypatch
):
    monkeypatch.setattr(shares, "FEW", 2)
    fleet = [make_ship(name=f"Kashti {n}", owner=manager.pk) for n in range(4)]
    sharing.share(ship, fleet, [sara], by=manager)
    sharing.share(ship, fleet[:3], [sara], WRITE, by=manager)
    assert shares.of(ship, sara).many is not None
    assert shares.of(port, sara) == shares.NOTHING
    assert sees(ship, sara) == {one.pk for one in fleet}
    assert access.writable_among(ship, sara, [deal, *fleet]) == {one.pk for one in fleet[:3]}
    assert {hit.record_id for hit in search.everywhere("kashti", sara)} == sees(ship, sara)
