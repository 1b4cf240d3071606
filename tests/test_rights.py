"""What each role sees, changes, makes and deletes of each type: exactly what the type's declaration grants."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kariz.accounts import teams
from kariz.accounts.models import Team
from kariz.accounts.roles import ShippedRole
from kariz.core import registry
from kariz.core.profiles import ALL, NONE
from kariz.core.registry import Grant, RecordType
from tests import specimens
from tests.cast import hire, signed_in
from tests.forms import send
from tests.reading import EVERYTHING, FRAGMENT, at, columns, html, links, rows, text

# Whose records a reach holds: one's own, those of somebody in a team below, those of a stranger.
WHOSE = {"none": set(), "own": {"own"}, "team": {"own", "team"}, "all": {"own", "team", "other"}}
PAGES = ("list", "count", "board", "condition", "columns", "view_save", "lookup", "new", "quick")


@pytest.fixture(params=ShippedRole.values)
def role(request) -> str:
    return request.param


@pytest.fixture
def person(db, role):
    """Somebody with the role; the team has another one below it."""
    return hire("person", "The Person", role, teams.place(Team(name="Above"), None))


@pytest.fixture
def browser(person) -> Client:
    return signed_in(person)


@pytest.fixture
def found(record_type, person) -> dict[str, Any]:
    """A record of the person, one of the team below, one of a stranger."""
    below = hire("below", "Below", ShippedRole.SALESPERSON, teams.place(Team(name="Below"), person.team))
    stranger = hire(
        "stranger", "Stranger", ShippedRole.SALESPERSON, teams.place(Team(name="Elsewhere"), None)
    )
    owners = {"own": person, "team": below, "other": stranger}
    return {whose: specimens.make(record_type, owner, f"Of {whose}") for whose, owner in owners.items()}


def granted(record_type: RecordType, role: str) -> Grant:
    return ALL if role == ShippedRole.ADMINISTRATOR else record_type.rights.get(role, NONE)


def test_lists_boards_and_search_hold_what_the_role_may_see(record_type, role, found, browser):
    seen = {found[whose].pk for whose in WHOSE[granted(record_type, role).read]}
    if not seen:
        assert [browser.get(at(page, record_type)).status_code for page in PAGES] == [404] * len(PAGES)
        assert at("list", record_type) not in links(browser.get(reverse("web:home"))).values()
        return
    assert set(rows(browser.get(at("list", record_type), EVERYTHING))) == seen
    cards = columns(browser.get(at("board", record_type), EVERYTHING))
    assert {pk for column in cards.values() for pk in column} == seen
    found_by_name = links(browser.get(reverse("web:search"), {"q": "Of own"})).values()
    assert at("record", record_type, found["own"].pk) in found_by_name
    suggested = html(browser.get(at("lookup", record_type), {"q": "Of "}, headers=FRAGMENT))
    assert {one.pk for one in found.values() if f'data-id="{one.pk}"' in suggested} == seen


def test_a_record_that_the_role_may_not_see_is_nowhere_to_be_found(record_type, role, found, browser):
    hidden = {"own", "team", "other"} - WHOSE[granted(record_type, role).read]
    title = specimens.naming(record_type)
    for pk in (found[whose].pk for whose in hidden):
        reading = [at(page, record_type, pk) for page in ("record", "panel", "edit")]
        reading += [at("tab", record_type, pk, tab) for tab in ("details", "updates", "comments")]
        writing = [at(page, record_type, pk) for page in ("edit", "delete", "pin", "move")]
        writing += [at("cell", record_type, pk, title), at("run", record_type, pk, "verify_phone")]
        writing.append(reverse("comments:add", args=[record_type.name, pk]))
        assert [browser.get(address, headers=FRAGMENT).status_code for address in reading] == [404] * len(
            reading
        )
        assert [browser.post(address, {title: "x", "text": "x"}).status_code for address in writing] == [
            404
        ] * len(writing)
        assert not found_in_search(browser, record_type, pk)


def found_in_search(browser: Client, record_type: RecordType, pk: int) -> bool:
    page = browser.get(reverse("web:search"), {"q": "Of "} | {"q": "other"})
    return at("record", record_type, pk) in links(page).values()


def test_a_record_is_changed_by_those_who_may_write_it(record_type, role, found, browser):
    grant = granted(record_type, role)
    naming = specimens.naming(record_type)
    for whose in WHOSE[grant.read]:
        may = whose in WHOSE[grant.write]
        record = found[whose]
        assert browser.get(at("edit", record_type, record.pk)).status_code == (200 if may else 403)
        browser.post(at("edit", record_type, record.pk), {naming: "Changed by form"})
        assert (specimens.title(record) == "Changed by form") is may
        browser.post(
            at("cell", record_type, record.pk, naming), {naming: "Changed in place"}, headers=FRAGMENT
        )
        assert (specimens.title(record) == "Changed in place") is may
        buttons = links(browser.get(at("record", record_type, record.pk))).values()
        assert (at("edit", record_type, record.pk) in buttons) is may


def test_bulk_edits_leave_alone_what_the_role_may_not_write(record_type, role, found, browser, person):
    writable = WHOSE[granted(record_type, role).write] & WHOSE[granted(record_type, role).read]
    ids = [one.pk for one in found.values()]
    answer = browser.post(
        at("bulk", record_type), {"do": "assign", "ids": ids, "owner": person.pk, "run": "1"}
    )
    mine = {whose for whose, one in found.items() if specimens.current(one).owner == person}
    assert mine == writable | {"own"}
    assert answer.status_code in ({200, 302} if granted(record_type, role).read != "none" else {404})


def test_records_are_made_by_those_who_may_create_them(record_type, role, person, browser):
    grant = granted(record_type, role)
    expected = 404 if grant.read == "none" else 200 if grant.may_create else 403
    assert browser.get(at("new", record_type)).status_code == expected
    assert browser.get(at("quick", record_type), headers=FRAGMENT).status_code == expected
    browser.post(at("new", record_type), specimens.least(record_type, owner=str(person.pk)))
    assert record_type.model.objects.exists() is (expected == 200)
    if grant.read != "none":
        add = at("new", record_type) in links(browser.get(at("list", record_type))).values()
        assert add is grant.may_create


def test_records_are_deleted_by_those_who_may_delete_them(record_type, role, found, browser):
    grant = granted(record_type, role)
    for whose in WHOSE[grant.read]:
        browser.post(at("delete", record_type, found[whose].pk))
        is_there = record_type.model.objects.filter(pk=found[whose].pk).exists()
        assert is_there is not (grant.may_delete and whose in WHOSE[grant.delete or grant.write])


class TestSignedOut:
    def test_every_page_leads_to_the_sign_in(self, record_type, sara):
        browser = Client()
        pages = [at(page, record_type) for page in PAGES] + [
            at("record", record_type, sara.pk),
            reverse("web:home"),
        ]
        answers = [browser.get(page) for page in pages]
        assert [answer.status_code for answer in answers] == [302] * len(pages)
        assert {answer["Location"].partition("?")[0] for answer in answers} == {reverse("web:sign_in")}

    def test_fragments_are_refused_so_that_the_script_can_reload_the_page(self, record_type, sara):
        assert Client().get(at("list", record_type), headers=FRAGMENT).status_code == 401

    def test_nothing_can_be_written(self, record_type, sara):
        before = specimens.held(sara)
        Client().post(at("edit", record_type, sara.pk), {specimens.naming(record_type): "Changed"})
        Client().post(at("delete", record_type, sara.pk))
        assert specimens.held(sara) == before


@pytest.mark.covers("R377", "R379")
def test_a_manager_sees_the_records_of_the_teams_below_and_no_others(cast):
    opportunity = registry.get("opportunity")
    theirs = {specimens.make(opportunity, one).pk for one in (cast.maryam, cast.elif_, cast.demir)}
    specimens.make(opportunity, cast.bob)
    browser = signed_in(cast.demir)
    assert set(rows(browser.get(at("list", opportunity), EVERYTHING))) == theirs


@pytest.mark.covers("R376")
def test_only_administrators_open_the_settings(cast):
    answers = {
        one.username: signed_in(one).get(reverse("web:settings")).status_code for one in vars(cast).values()
    }
    assert {name for name, status in answers.items() if status == 200} == {"shirin"}
    assert {status for name, status in answers.items() if name != "shirin"} == {403}


def test_a_record_that_was_given_to_somebody_whose_records_one_cannot_see_leads_to_the_list(
    record_type, cast
):
    browser = signed_in(cast.reza)
    record = specimens.make(record_type, cast.reza, "Given away")
    if granted(record_type, cast.reza.role_id).write == "none":
        return  # not given away by salespeople
    given = send(browser, browser.get(at("edit", record_type, record.pk)), "version", owner=str(cast.bob.pk))
    page = browser.get(given["Location"])
    assert page.status_code == 200
    assert "Saved." in text(page)
