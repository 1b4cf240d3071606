"""The board: its columns, its cards, and moving them."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kariz.accounts import company
from kariz.core import picklists, records
from kariz.core.models import Change, ChangeBatch
from kariz.core.tests.models import Ship
from kariz.web.tests.reading import link, rows, text, where


@pytest.fixture
def page(browse, admin):
    return browse(admin)


@pytest.fixture
def fleet_of(ship):
    def make(count, **values):
        batch = records.batch_of("import", None)
        return records.save_many(
            ship, [(Ship(), {"name": f"Ship {n:02}", **values}) for n in range(count)], user=None, batch=batch
        )

    return make


def column(answer, name):
    """The cards of one column, and its head as one line."""
    inside = answer.content.decode()
    section = re.search(rf'<section[^>]*aria-labelledby="head-{name}".*?</section>', inside, re.DOTALL)
    assert section, name
    words = re.sub(r"<[^>]*>", " ", re.search(r"<header.*?</header>", section[0], re.DOTALL)[0])
    return [int(pk) for pk in re.findall(r'data-card="(\d+)"', section[0])], " ".join(words.split())


def captured(client, address):
    client.get(address)
    company.forget()
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return [one["sql"] for one in found]


def move(client, record, value, **sent):
    values = {"value": value, "version": record.version, "before": "", "after": "", **sent}
    return client.post(f"/ship/{record.pk}/stage/?field=stage", values, headers={"HX-Request": "true"})


@pytest.mark.covers("R194", "R198")
def test_every_stage_is_a_column_with_its_count_and_sums_by_currency(page, make_ship):
    first, second = make_ship(price="1000"), make_ship(price="500", currency="EUR")
    loaded = make_ship(stage="loaded", price="7")
    answer = page.get("/ship/board/")
    cards, head = column(answer, "dock")
    assert cards == [second.pk, first.pk]
    assert head == "In dock 2 $1K + €500"
    assert column(answer, "loaded") == ([loaded.pk], "Loaded 1 $7")
    assert column(answer, "wrecked")[0] == []


def test_a_pipeline_is_chosen_and_has_its_own_stages(page, make_ship):
    make_ship()
    river = make_ship(route="river", stage="moored")
    answer = page.get("/ship/board/")
    assert "Moored" not in text(answer)
    assert column(page.get(link(answer, "River")), "moored")[0] == [river.pk]


def test_any_choice_field_makes_a_board(page, ship, make_ship, add_field):
    add_field("Mood", "choice")
    picklists.add_choice(ship, "mood", label="Good")
    tug, other = make_ship(kind="tug", mood="good"), make_ship(kind="", mood="")
    answer = page.get("/ship/board/?by=kind")
    assert column(answer, "tug")[0] == [tug.pk]
    by_mood = page.get("/ship/board/?by=mood")
    assert column(by_mood, "good")[0] == [tug.pk]
    assert column(by_mood, "-")[0] == [other.pk]


def test_the_board_holds_what_its_reader_may_see_and_the_filter_leaves(browse, caller, bob, make_ship):
    mine, _theirs = make_ship(owner=caller.pk, kind="tug"), make_ship(owner=bob.pk)
    make_ship(owner=caller.pk, kind="ferry")
    answer = browse(caller).get(f"/ship/board/?{where(['kind', 'is', 'tug'])}")
    assert rows(answer) == [mine.pk]
    assert column(answer, "dock")[1].startswith("In dock 1")


def test_columns_and_cards_come_by_two_statements_whatever_their_number(page, fleet_of, admin, make_port):
    fleet_of(1, home=make_port("Bushehr").pk, owner=admin.pk)
    one = captured(page, "/ship/board/")
    fleet_of(30, stage="loaded", price="3", home=make_port("Izmir").pk, owner=admin.pk)
    fleet_of(30, home=make_port("Mersin").pk, owner=admin.pk)
    many = captured(page, "/ship/board/")
    assert len(many) == len(one)
    assert len([sql for sql in many if "fleet_ship" in sql]) == 2


def test_a_long_column_shows_its_first_cards_and_the_others_when_asked(page, fleet_of):
    fleet_of(45)
    answer = page.get("/ship/board/")
    seen = column(answer, "dock")[0]
    more = page.get(link(answer, "Show more"))
    last = page.get(link(more, "Show more"))
    assert [len(seen), len(rows(more)), len(rows(last))] == [20, 20, 5]
    assert len({*seen, *rows(more), *rows(last)}) == 45
    assert "Show more" not in text(last)
    assert page.get("/ship/board/column/?column=dock&cursor=nonsense").status_code == 404


def test_a_card_shows_how_long_it_has_stood_against_what_its_stage_expects():
    from kariz.web import cards

    assert [cards.tone(days, 10) for days in (3, 8, 11)] == ["good", "care", "bad"]


def test_a_card_is_dropped_between_two_others_and_stays_there(page, make_ship):
    moved, lower, upper = (
        make_ship(price="5"),
        make_ship(stage="loaded", price="1"),
        make_ship(stage="loaded", price="2"),
    )
    answer = move(page, moved, "loaded", after=upper.pk, before=lower.pk)
    assert answer.status_code == 200
    assert "cardMoved" in answer.headers["HX-Trigger"]
    assert "Moved to “Loaded”." in text(answer)
    assert 'hx-swap-oob="true"' in answer.content.decode()
    assert f'data-card="{moved.pk}" data-version="2"' in answer.content.decode()
    assert column(page.get("/ship/board/"), "loaded")[0] == [upper.pk, moved.pk, lower.pk]


def test_a_move_is_undone_from_its_toast(page, make_ship):
    moved = make_ship(price="5")
    undo = re.search(r"/batches/\d+/undo/", move(page, moved, "loaded").content.decode())[0]
    page.post(undo)
    moved.refresh_from_db()
    assert moved.stage == "dock"


def test_putting_a_card_higher_in_its_column_changes_no_record(page, make_ship):
    lower, upper = make_ship(), make_ship()
    before = Change.objects.count()
    answer = move(page, lower, "dock", before=upper.pk)
    assert column(page.get("/ship/board/"), "dock")[0] == [lower.pk, upper.pk]
    assert Change.objects.count() == before
    assert "Undo" not in text(answer)
    assert not ChangeBatch.objects.filter(changes=None).exists()


@pytest.mark.covers("R179")
def test_what_the_stage_asks_for_is_asked_in_a_dialog_and_nothing_else(page, make_ship):
    arvand = make_ship()
    asked = move(page, arvand, "wrecked")
    assert asked.status_code == 422
    assert asked.headers["HX-Retarget"] == "#dialog"
    assert "Notes" in text(asked)
    assert "is needed" not in text(asked)
    assert 'name="price"' not in asked.content.decode()
    arvand.refresh_from_db()
    assert arvand.stage == "dock"
    again = move(page, arvand, "wrecked", asked=["notes"], notes="")
    assert "“Notes” is needed for “Wrecked”." in text(again)
    done = move(page, arvand, "wrecked", asked=["notes"], notes="Ran aground")
    assert "closeDialog" in done.headers["HX-Trigger"]
    arvand.refresh_from_db()
    assert (arvand.stage, arvand.notes) == ("wrecked", "Ran aground")


def test_the_path_of_a_record_page_moves_by_the_same_door(page, make_ship):
    arvand = make_ship(price="5")
    answer = page.post(f"/ship/{arvand.pk}/stage/", {"value": "loaded"}, follow=True)
    assert answer.redirect_chain == [(f"/ship/{arvand.pk}/", 302)]
    assert "Moved to “Loaded”." in text(answer)
    asked = page.post(f"/ship/{arvand.pk}/stage/", {"value": "wrecked"})
    assert "Move to “Wrecked”" in text(asked)
    assert "<!doctype html>" in asked.content.decode()


def test_a_card_that_somebody_else_has_moved_stays_there_and_says_so(page, ship, make_ship, sara):
    arvand = make_ship(price="5")
    records.save(ship, arvand, {"stage": "loaded"}, user=None)
    answer = move(page, arvand, "arrived")
    assert answer.status_code == 409
    assert "has changed this" in text(answer)
    assert Ship.objects.get(pk=arvand.pk).stage == "loaded"


def test_who_may_not_change_a_record_moves_no_card(browse, sara, bob, make_ship):
    theirs = make_ship(owner=bob.pk, price="5")
    answer = move(browse(sara), theirs, "loaded")
    assert answer.status_code == 409
    assert "You may not change this record." in text(answer)
    assert browse(sara).get(f"/ship/{theirs.pk}/stage/").status_code == 405


def test_an_unknown_stage_or_field_moves_nothing(page, make_ship):
    arvand = make_ship()
    assert move(page, arvand, "nowhere").status_code == 409
    assert page.post(f"/ship/{arvand.pk}/stage/?field=name", {"value": "x"}).status_code == 404
    assert page.post("/ship/999/stage/", {"value": "loaded"}).status_code == 404


def test_a_type_without_a_board_shows_its_list(page):
    assert page.get("/port/board/?by=nothing").headers["Location"] == "/port/"
