"""What is open beside profiles, on screen: the openness of types, and rules as sentences."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kariz.accounts.models import Role
from kariz.core.grants import SharingRule, TypeSharing
from tests.forms import send
from tests.reading import text

HERE = "/settings/sharing/ship/"


def add(browser, **values):
    given = {"name": "Open", "of": "everyone", "to": "inside", "level": "read", "is_active": "on"}
    return send(browser, browser.get(f"{HERE}new/"), "of", **(given | values))


def rule():
    return SharingRule.objects.get()


def test_a_type_is_opened_to_everybody_inside(as_admin, make_ship, sara, manager, sees, edits):
    theirs = make_ship(owner=manager.pk)
    assert sees(sara) == set()
    as_admin.post(HERE, {"level": "write"})
    assert (sees(sara), edits(sara, theirs)) == ({theirs.pk}, True)
    as_admin.post(HERE, {"level": "nonsense"})
    assert TypeSharing.objects.get().level == "write"
    as_admin.post(HERE, {"level": "private"})
    assert sees(sara) == set()


def test_a_rule_opens_the_records_of_a_team_to_a_person(
    as_admin, make_ship, sales, manager, sara, caller, sees
):
    theirs = make_ship(owner=manager.pk)
    add(as_admin, of=f"team:{sales.pk}", to=f"user:{caller.pk}")
    assert (sees(caller), sees(sara)) == ({theirs.pk}, set())
    shown = text(as_admin.get(HERE))
    assert "Ships of people of the team “Sales” and the teams below it: caller may read them." in shown


def test_a_rule_is_changed(as_admin, make_ship, manager, sara, sees, edits):
    theirs = make_ship(owner=manager.pk)
    add(as_admin, to=f"role:{Role.objects.get(key='telemarketer').pk}")
    page = as_admin.get(f"{HERE}{rule().pk}/")
    to = f"role_below:{Role.objects.get(key='sales_manager').pk}"
    assert send(as_admin, page, "of", to=to, level="write").status_code == 302
    assert (sees(sara), edits(sara, theirs)) == ({theirs.pk}, True)
    assert (rule().with_role.key, rule().with_team, rule().name) == ("sales_manager", None, "Open")
    sentence = "people with the role “Sales manager” or one below it may read and edit them."
    assert sentence in text(as_admin.get(HERE))


def test_a_rule_may_have_a_condition(as_admin, make_ship, manager, sara, sees):
    large = make_ship(owner=manager.pk, name="Large", crew=100)
    make_ship(owner=manager.pk, name="Small", crew=3)
    add(as_admin, filter=json.dumps({"all": [["crew", "greater", "50"]]}))
    assert sees(sara) == {large.pk}
    assert "where Crew is more than 50" in text(as_admin.get(HERE)) or "Crew" in text(as_admin.get(HERE))
    page = as_admin.get(f"{HERE}{rule().pk}/")
    assert 'value="50"' in page.content.decode()
    send(as_admin, page, "of", name="Renamed")
    assert (sees(sara), rule().where) == ({large.pk}, {"all": [["crew", "greater", "50"]]})


def test_a_wrong_condition_is_said_and_nothing_is_lost(as_admin):
    answer = add(as_admin, name="Big ones", filter=json.dumps({"all": [["crew", "greater", "many"]]}))
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "form__error" in shown
    assert 'value="many"' in shown
    assert 'value="Big ones"' in shown
    assert not SharingRule.objects.exists()


@pytest.mark.parametrize("operator", ["is_me", "in_my_team"])
def test_a_rule_does_not_ask_for_its_reader(as_admin, operator):
    answer = add(as_admin, name="Mine", filter=json.dumps({"all": [["owner", operator]]}))
    assert answer.status_code == 422
    assert "A rule is the same for everybody" in text(answer)
    assert 'value="Mine"' in answer.content.decode()
    assert not SharingRule.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"of": "user:999999"}, {"to": "galaxy"}, {"level": "own"}, {"of": ""}]
)
def test_a_wrong_rule_is_not_kept(as_admin, wrong):
    assert add(as_admin, **wrong).status_code == 422
    assert not SharingRule.objects.exists()


def test_a_rule_is_switched_off_and_on_and_deleted(as_admin, make_ship, manager, sara, sees):
    theirs = make_ship(owner=manager.pk)
    add(as_admin)
    there = f"{HERE}{rule().pk}/"
    as_admin.post(f"{there}switch/")
    assert sees(sara) == set()
    as_admin.post(f"{there}switch/")
    assert sees(sara) == {theirs.pk}
    as_admin.post(f"{there}delete/")
    assert (sees(sara), SharingRule.objects.count()) == (set(), 0)


def test_how_many_records_a_rule_opens_is_counted_when_asked(as_admin, make_ship, manager, sara, htmx):
    for crew in (1, 60, 70):
        make_ship(owner=manager.pk, crew=crew)
    make_ship(owner=sara.pk, crew=80)
    where = json.dumps({"all": [["crew", "greater", "50"]]})
    add(as_admin, of=f"user:{manager.pk}", filter=where, is_active=[])
    answer = as_admin.get(f"{HERE}{rule().pk}/count/", headers=htmx())
    assert text(answer) == "2 records now"
    assert "2 records now" in text(as_admin.get(f"{HERE}{rule().pk}/count/", follow=True))


def test_a_rule_of_somebody_who_left_can_be_changed(as_admin, sara):
    add(as_admin, of=f"user:{sara.pk}")
    type(sara).objects.filter(pk=sara.pk).update(is_active=False)
    page = as_admin.get(f"{HERE}{rule().pk}/")
    assert send(as_admin, page, "of", name="Renamed").status_code == 302
    assert rule().owner_user == sara


@pytest.mark.parametrize("path", ["", "new/", "1/", "1/switch/", "1/delete/", "1/count/"])
def test_sharing_is_for_administrators(browse, sara, path):
    for method in ("get", "post"):
        assert getattr(browse(sara), method)(f"{HERE}{path}").status_code in (403, 405)


def test_a_rule_of_another_type_is_not_found(as_admin):
    add(as_admin)
    for path in ("", "switch/", "delete/", "count/"):
        there = f"/settings/sharing/port/{rule().pk}/{path}"
        assert as_admin.post(there).status_code == 404


def test_the_page_asks_as_often_for_many_rules_as_for_one(as_admin, sara, bob, sales):
    def queries():
        as_admin.get(HERE)
        with CaptureQueriesContext(connection) as captured:
            as_admin.get(HERE)
        return len(captured)

    add(as_admin, of=f"user:{sara.pk}")
    one = queries()
    for number in range(6):
        add(as_admin, name=f"R{number}", of=f"team:{sales.pk}", to=f"user:{bob.pk}")
    assert queries() == one


def test_names_are_text(as_admin, sara):
    type(sara).objects.filter(pk=sara.pk).update(name="<b onclick=x>")
    add(as_admin, name="<script>alert(1)</script>", of=f"user:{sara.pk}")
    for there in ("", f"{rule().pk}/"):
        shown = as_admin.get(f"{HERE}{there}").content.decode()
        assert "<script>alert" not in shown
        assert "<b onclick" not in shown
