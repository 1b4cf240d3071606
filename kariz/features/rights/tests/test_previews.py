"""An administrator looks with another person's eyes: sees as much, and changes nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kariz.accounts import company, people, previewing
from kariz.core.tests.models import Ship
from kariz.web.models import Visit
from tests.reading import at, text


@pytest.fixture
def told():
    """What is told of previews, for the audit."""
    heard = []

    def hear(sender, *, by, of, is_start, why, at, **_):
        heard.append((by.username, of.username, "start" if is_start else why))

    previewing.previewed.connect(hear)
    yield heard
    previewing.previewed.disconnect(hear)


@pytest.fixture
def looking(as_admin, sara):
    """The administrator's browser with Sara's eyes."""
    as_admin.post(f"/preview/{sara.pk}/")
    return as_admin


def test_one_sees_what_that_person_sees(ship, as_admin, make_ship, sara, manager):
    make_ship(owner=sara.pk, name="Of Sara")
    make_ship(owner=manager.pk, name="Of the manager")
    assert as_admin.post(f"/preview/{sara.pk}/")["Location"] == "/"
    shown = text(as_admin.get(at("list", ship), {"where": "{}"}))
    assert "Of Sara" in shown
    assert "Of the manager" not in shown
    assert as_admin.get("/settings/").status_code == 403


def test_every_page_says_whose_eyes_these_are(looking, ship, make_ship, sara):
    kept = make_ship(owner=sara.pk)
    for there in ("/", at("list", ship), at("record", ship, kept.pk), "/me/preferences/"):
        assert "You see Kariz as sara does. Nothing can be changed. Stop" in text(looking.get(there))


def test_the_users_dialog_leads_there(as_admin, admin, sara):
    def dialog(user):
        return as_admin.get(f"/settings/users/{user.pk}/").content.decode()

    assert f"/preview/{sara.pk}/" in dialog(sara)
    assert "/preview/" not in dialog(admin)


def test_nothing_is_written(ship, looking, make_ship, sara):
    kept = make_ship(owner=sara.pk, name="Kept")
    answers = [
        looking.post(at("new", ship), {"name": "New"}),
        looking.post(at("edit", ship, kept.pk), {"name": "Changed"}),
        looking.post(at("delete", ship, kept.pk)),
        looking.post(at("pin", ship, kept.pk), {"on": "1"}),
        looking.post("/me/preferences/", {"name": "X"}),
        looking.post("/sign-out/"),
        looking.put("/me/theme/"),
        looking.patch("/me/theme/"),
        looking.delete("/me/theme/"),
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert "Nothing can be changed while you see Kariz as sara does." in text(answers[0])
    assert list(Ship.objects.values_list("name", flat=True)) == ["Kept"]
    assert "as sara does" in text(looking.get("/"))


def test_a_script_is_told_by_a_toast(ship, looking, make_ship, sara, htmx):
    kept = make_ship(owner=sara.pk, name="Kept")
    answer = looking.post(at("cell", ship, kept.pk, "name"), {"name": "Changed"}, headers=htmx())
    assert (answer.status_code, answer["HX-Reswap"]) == (409, "none")
    assert "Stop the preview first." in text(answer)
    kept.refresh_from_db()
    assert kept.name == "Kept"


def test_looking_leaves_no_trace(ship, looking, browse, bob, make_ship, sara):
    kept = make_ship(owner=sara.pk)
    browse(bob).get(at("list", ship))  # the first to open a list plants the views that everybody has
    pages = ["/", at("list", ship), at("record", ship, kept.pk), at("edit", ship, kept.pk), "/me/notices/"]
    with CaptureQueriesContext(connection) as captured:
        for there in pages:
            assert looking.get(there).status_code == 200
    written = [one["sql"] for one in captured if one["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert written == []
    assert not Visit.objects.exists()


def test_one_stops(looking, admin, sara):
    looking.post("/preview/stop/")
    shown = text(looking.get("/settings/"))
    assert "with your own eyes again" in shown
    assert "as sara does" not in shown


def test_it_ends_after_half_an_hour(looking, told):
    session = looking.session
    session["preview"] |= {"since": (timezone.now() - timedelta(minutes=31)).isoformat()}
    session.save()
    shown = text(looking.get("/settings/"))
    assert "The preview is over" in shown
    assert "as sara does" not in shown
    assert told == [("admin", "sara", "over")]


def test_a_form_shown_to_the_one_is_not_carried_out_for_the_other(ship, looking):
    session = looking.session
    session["preview"] |= {"since": (timezone.now() - timedelta(minutes=31)).isoformat()}
    session.save()
    answer = looking.post(at("new", ship), {"name": "New"})
    assert answer.status_code == 403
    assert "The preview is over, so nothing was changed." in text(answer)
    assert not Ship.objects.exists()
    assert looking.post(at("new", ship), {"name": "New"}).status_code == 302


def test_start_and_end_are_told(as_admin, sara, told):
    as_admin.post(f"/preview/{sara.pk}/")
    as_admin.get("/")
    as_admin.post("/preview/stop/")
    as_admin.post("/preview/stop/")
    assert told == [("admin", "sara", "start"), ("admin", "sara", "stopped")]


def test_nobody_but_an_administrator_starts_it(browse, sara, bob, manager, told):
    for user in (bob, manager):
        browser = browse(user)
        assert browser.post(f"/preview/{sara.pk}/").status_code == 403
        assert "as sara does" not in text(browser.get("/"))
    assert told == []


def test_nobody_else_is_told_whether_there_is_such_a_user(browse, sara):
    there, nowhere = (browse(sara).post(f"/preview/{pk}/") for pk in (sara.pk, 999_999))
    assert there.status_code == nowhere.status_code == 403
    assert text(there) == text(nowhere)


def test_it_is_never_another_administrator_nor_somebody_who_left(as_admin, admin, sara, bob, told):
    people.give_roles(sara, "salesperson", "administrator")
    type(bob).objects.filter(pk=bob.pk).update(is_active=False)
    company.touch()
    for user in (admin, sara, bob):
        assert as_admin.post(f"/preview/{user.pk}/").status_code == 403
    assert told == []


def test_who_is_made_an_administrator_is_looked_at_no_more(looking, sara):
    people.give_roles(sara, "administrator")
    assert "as sara does" not in text(looking.get("/"))


def test_who_is_no_administrator_any_more_looks_no_more(looking, admin):
    people.give_roles(admin, "salesperson")
    assert "as sara does" not in text(looking.get("/"))
    assert looking.get("/settings/").status_code == 403


def test_it_is_not_started_by_a_link(as_admin, sara):
    assert as_admin.get(f"/preview/{sara.pk}/").status_code == 405


def test_the_bar_speaks_to_the_administrator(looking, sara):
    type(sara).objects.filter(pk=sara.pk).update(language="fa", name="<b onclick=x>")
    shown = looking.get("/").content.decode()
    assert '<html lang="fa" dir="rtl"' in shown
    assert "You see Kariz as" in shown
    assert "<b onclick" not in shown
