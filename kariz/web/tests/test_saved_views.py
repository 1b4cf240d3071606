"""Saved views: those that types ship, those that people keep and share, and how each person uses them."""

import pytest

from kariz.core.registry import View
from kariz.core.tests.fleet import ShipType
from kariz.web import saved
from kariz.web.models import SavedView
from kariz.web.tests.reading import link, rows, text, where

TUGS = ["kind", "is", "tug"]


@pytest.fixture
def page(browse, admin):
    return browse(admin)


def save(client, condition=TUGS, **values):
    """Keep the narrowed list as a view, and give the view."""
    answer = client.post(f"/ship/views/?{where(condition)}&sort=-price&columns=name,email", values)
    assert answer.status_code == 302
    return SavedView.objects.latest("pk")


@pytest.mark.covers("R273", "R274")
def test_a_view_keeps_condition_columns_and_order_under_a_name(page, make_ship):
    cheap, _ferry, dear = (
        make_ship(kind="tug", price="1"),
        make_ship(kind="ferry"),
        make_ship(kind="tug", price="2"),
    )
    view = save(page, name="Our tugs", is_pinned="1")
    opened = page.get(link(page.get("/ship/"), "Our tugs"))
    assert rows(opened) == [dear.pk, cheap.pk]
    assert "Name E-mail" in text(opened)
    assert opened.wsgi_request.GET["view"] == str(view.pk)


def test_a_view_without_a_name_is_not_kept(page):
    answer = page.post("/ship/views/", {"name": "  "})
    assert answer.status_code == 422
    assert "Give the view a name." in text(answer)


def test_a_private_view_is_its_owners_and_a_shared_one_everybodys(browse, sara, bob):
    save(browse(sara), name="Mine alone")
    shared = save(browse(sara), name="For all", is_shared="1")
    theirs = text(browse(bob).get("/ship/"))
    assert "For all" in theirs
    assert "Mine alone" not in theirs
    assert browse(bob).post(f"/ship/views/{shared.pk}/", {"name": "Taken", "do": "delete"}).status_code == 302
    shared.refresh_from_db()
    assert shared.name == "For all"


def test_a_view_is_changed_and_deleted_by_its_owner_and_by_administrators(browse, sara, admin):
    view = save(browse(sara), name="Tugs", is_shared="1")
    browse(admin).post(f"/ship/views/{view.pk}/?view={view.pk}&sort=name", {"name": "All tugs", "take": "1"})
    view.refresh_from_db()
    assert (view.name, view.sort, view.where, view.is_shared) == ("All tugs", "name", TUGS, False)
    browse(sara).post(f"/ship/views/{view.pk}/", {"do": "delete"})
    assert not SavedView.objects.filter(pk=view.pk).exists()


def test_one_view_of_a_type_opens_first_for_the_person_who_says_so(browse, sara, bob, make_ship):
    make_ship(kind="ferry", owner=sara.pk)
    view = save(browse(sara), name="Tugs", is_shared="1", is_default="1")
    second = save(browse(sara), name="All", is_default="1", condition=["name", "not_empty"])
    assert len(rows(browse(sara).get("/ship/"))) == 1
    browse(sara).post(f"/ship/views/{view.pk}/", {"name": "Tugs", "is_shared": "1", "is_default": "1"})
    assert rows(browse(sara).get("/ship/")) == []
    assert len(rows(browse(bob).get("/ship/"))) == 1
    assert second.uses.get().is_default is False


def test_shipped_views_are_offered_in_the_readers_language_and_stay_as_they_are(
    page, browse, sara, monkeypatch
):
    monkeypatch.setattr(ShipType, "views", (View("today", "Today"), View("tugs", "Tugs", {"all": [TUGS]})))
    saved.seed()
    sara.language = "tr"
    sara.save()
    view = SavedView.objects.get(record_type="ship", key="tugs")
    assert page.post(f"/ship/views/{view.pk}/", {"name": "Mine", "do": "delete"}).status_code == 302
    view.refresh_from_db()
    assert view.name == "Tugs"
    saved.seed()
    assert SavedView.objects.filter(record_type="ship", owner=None).count() == 2


def test_any_view_is_pinned_as_a_tab_or_taken_away_by_each_person(browse, sara, bob, monkeypatch):
    monkeypatch.setattr(ShipType, "views", (View("all", "All ships"), View("tugs", "Tugs", {"all": [TUGS]})))
    saved.seed()
    tugs = SavedView.objects.get(record_type="ship", key="tugs")
    browse(sara).post(f"/ship/views/{tugs.pk}/", {"is_default": ""})
    tabs = [text(browse(who).get("/ship/")).index("Tugs") for who in (sara, bob)]
    menus = [text(browse(who).get("/ship/")).index("Save as a new view") for who in (sara, bob)]
    views = [
        text(browse(who).get("/ship/")).index("All ships Views" if who is sara else "Tugs Views")
        for who in (sara, bob)
    ]
    assert views[0] < tabs[0] < menus[0]
    assert tabs[1] <= views[1]


def test_columns_are_kept_in_a_view_of_ones_own_and_for_oneself_in_others(browse, sara, bob, make_ship):
    make_ship(kind="tug", owner=sara.pk)
    view = save(browse(sara), name="Tugs", is_shared="1")
    browse(bob).post(f"/ship/columns/?view={view.pk}", {"columns": ["crew"], "keep": "1"})
    assert "Name E-mail" in text(browse(sara).get(f"/ship/?view={view.pk}"))
    assert "Name Crew" in text(browse(bob).get(f"/ship/?view={view.pk}"))
    browse(sara).post(f"/ship/columns/?view={view.pk}", {"columns": ["kind"], "keep": "1"})
    view.refresh_from_db()
    assert view.columns == ["kind"]


def test_a_board_is_kept_as_a_board(page, make_ship):
    make_ship()
    page.post("/ship/views/?page=board&by=kind", {"name": "By kind", "is_pinned": "1"})
    assert link(page.get("/ship/"), "By kind").startswith("/ship/board/?view=")
    assert "Ferry" in text(page.get(link(page.get("/ship/"), "By kind")))


def test_a_strange_view_is_the_opening_one(page, make_ship):
    make_ship()
    assert len(rows(page.get("/ship/?view=99999"))) == 1
    assert page.get("/ship/views/99999/").status_code == 404
