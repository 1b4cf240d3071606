"""The list of a record type: what it shows, how it is narrowed, sorted and turned, and what it costs."""

from collections import defaultdict

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kariz.accounts import company
from kariz.core import paging, records
from kariz.core.tests.models import Ship
from kariz.web.tests.reading import link, rows, text, where


@pytest.fixture
def page(browse, admin):
    return browse(admin)


@pytest.fixture
def fleet_of(ship, admin):
    """That many ships, by name `Ship 00`, `Ship 01`…; with other values where they are given."""

    def make(count, **values):
        batch = records.batch_of("import", None)
        made = [
            (Ship(), {"name": f"Ship {n:02}", "owner": admin.pk, "price": n, **values}) for n in range(count)
        ]
        return [draft.record for draft in records.save_many(ship, made, user=None, batch=batch)]

    return make


def queries(client, address):
    client.get(address)
    company.forget()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.covers("R279")
def test_a_list_shows_its_columns_and_links_each_row_to_its_record(page, make_ship):
    arvand = make_ship(price="1200", kind="tug")
    answer = page.get("/ship/")
    assert rows(answer) == [arvand.pk]
    assert "Name Kind Price" in text(answer)
    assert "Arvand Tug $1,200" in text(answer)
    assert link(answer, "Arvand") == f"/ship/{arvand.pk}/"
    assert f'hx-get="/ship/{arvand.pk}/panel/"' in answer.content.decode()


def test_a_list_holds_only_what_its_reader_may_see(browse, caller, bob, make_ship):
    mine, _theirs = make_ship(owner=caller.pk), make_ship(owner=bob.pk)
    assert rows(browse(caller).get("/ship/")) == [mine.pk]
    assert rows(browse(caller).get(f"/ship/?{where(['name', 'not_empty'])}")) == [mine.pk]
    assert rows(browse(caller).get("/ship/?q=arvand")) == [mine.pk]
    assert text(browse(caller).get("/ship/count/")) == "1 record"


def test_who_may_not_read_a_type_finds_no_list(browse, dealer):
    for part in ("", "board/", "count/", "filter/", "columns/", "views/", "lookup/"):
        assert browse(dealer).get(f"/ship/{part}").status_code == 404


def test_a_click_on_a_head_sorts_and_a_second_one_turns_it(page, fleet_of):
    fleet_of(3)
    first = page.get("/ship/?sort=price")
    assert [Ship.objects.get(pk=pk).name for pk in rows(first)] == ["Ship 00", "Ship 01", "Ship 02"]
    again = page.get(link(first, "Price"))
    assert rows(again) == rows(first)[::-1]
    assert 'aria-sort="descending"' in again.content.decode()


def test_pages_follow_each_other_by_links_and_back(page, fleet_of):
    fleet_of(120)
    first = page.get("/ship/?sort=name")
    second = page.get(link(first, "Next"))
    third = page.get(link(second, "Next"))
    assert [len(rows(one)) for one in (first, second, third)] == [50, 50, 20]
    assert len({*rows(first), *rows(second), *rows(third)}) == 120
    assert rows(page.get(link(third, "Previous"))) == rows(second)
    assert link(third, "Next") == ""


def test_a_long_list_says_about_how_long_and_tells_exactly_when_asked(page, fleet_of, monkeypatch):
    monkeypatch.setattr(paging.capped_count, "__defaults__", (100,))
    fleet_of(120)
    assert "50+ records" in text(page.get("/ship/"))
    counted = page.get("/ship/count/")
    assert "100+ records" in text(counted)
    assert text(page.get(link(counted, "exact number"))) == "120 records"
    assert "1 record" in text(page.get("/ship/?q=Ship 119"))


@pytest.mark.covers("R273", "R275")
def test_a_condition_in_the_address_narrows_the_list_and_reads_as_chips(page, make_ship, admin):
    tug, _ferry = make_ship(kind="tug", owner=admin.pk), make_ship(kind="ferry")
    answer = page.get(f"/ship/?{where({'all': [['kind', 'is', 'tug'], ['owner', 'is', admin.pk]]})}")
    assert rows(answer) == [tug.pk]
    assert "Kind is Tug" in text(answer)
    assert f"Responsible is {admin}" in text(answer)
    without = page.get(link(answer, "Remove"))
    assert "Kind is Tug" not in text(without)
    assert "Responsible is" in text(without)


@pytest.mark.parametrize(
    "bad", ['{"all": [["nothing", "is", 1]]}', "{", '["kind"]', '{"all": 5}', '["kind", "is"]', "5"]
)
def test_a_condition_that_cannot_be_asked_says_so_and_shows_nothing(page, make_ship, bad):
    make_ship()
    answer = page.get("/ship/", {"where": bad})
    assert rows(answer) == []
    assert "This filter cannot be used" in text(answer)
    assert rows(page.get(link(answer, "Remove the filter"))) != []


def test_finding_in_a_list_answers_with_its_records_and_chips_alone(page, make_ship, htmx):
    arvand = make_ship(email="captain@example.com")
    make_ship(name="Karun")
    answer = page.get("/ship/?q=captain", headers=htmx("records"))
    assert rows(answer) == [arvand.pk]
    assert "page-head" not in answer.content.decode()
    assert rows(page.get("/ship/?q=ar")) == [arvand.pk]


def test_an_empty_list_teaches_what_to_do_and_a_narrow_one_how_to_widen_it(page, make_ship):
    empty = page.get("/ship/")
    assert "Nothing here yet" in text(empty)
    assert link(empty, "Add Ship") == "/ship/new/"
    make_ship()
    narrow = page.get("/ship/?q=nothing")
    assert "Nothing matches" in text(narrow)
    assert len(rows(page.get(link(narrow, "Show all")))) == 1


def test_a_script_gets_the_inside_of_the_page(page, make_ship, htmx):
    make_ship()
    assert "<!doctype html>" in page.get("/ship/").content.decode()
    inside = page.get("/ship/", headers=htmx("main")).content.decode()
    assert "<!doctype" not in inside
    assert "<title>Ships" in inside


@pytest.mark.parametrize(
    "address", ["/ship/?columns=name,home,owner,ports,kind", "/ship/?sort=-price&q=ship"]
)
def test_fifty_rows_cost_as_many_queries_as_one(page, fleet_of, make_port, admin, address):
    ports = [make_port(f"Port {n}").pk for n in range(3)]
    fleet_of(1, home=ports[0], ports=ports)
    one = queries(page, address)
    fleet_of(49, home=ports[1], ports=ports)
    assert queries(page, address) == one


def test_custom_fields_are_columns_filters_and_sorts_and_cost_nothing_more(page, make_ship, add_field):
    before = queries(page, "/ship/?columns=name")
    for n in range(5):
        add_field(f"Depth {n}", "number")
    deep, _shallow = make_ship(depth_0="40"), make_ship(depth_0="5")
    address = f"/ship/?columns=name,depth_0,depth_1&sort=-depth_0&{where(['depth_0', 'greater', '10'])}"
    answer = page.get(address)
    assert rows(answer) == [deep.pk]
    assert "Depth 0 is greater than 10" in text(answer)
    assert queries(page, address) == before


@pytest.mark.covers("R274")
def test_chosen_columns_are_shown_now_or_kept_for_the_person(page, browse, sara, make_ship):
    make_ship(email="captain@example.com")
    chooser = page.get("/ship/columns/")
    assert 'value="kind" checked' in chooser.content.decode()
    now = page.post("/ship/columns/", {"columns": ["email", "kind"]}, follow=True)
    assert "Name E-mail Kind" in text(now)
    assert "Name Kind Price" in text(page.get("/ship/"))
    page.post("/ship/columns/", {"columns": ["email"], "keep": "1"})
    assert "captain@example.com" in text(page.get("/ship/"))
    assert "captain@example.com" not in text(browse(sara).get("/ship/"))


def test_gear_and_actions_hold_what_features_add_and_the_gear_is_for_administrators(
    browse, admin, sara, monkeypatch
):
    from kariz.web import slots
    from kariz.web.slots import Entry

    monkeypatch.setattr(slots, "_entries", defaultdict(list))
    slots.add("gear", Entry("Edit fields", lambda record_type: f"/fields/{record_type.name}/"))
    slots.add("list_actions", Entry("Import", lambda record_type: "/import/"))
    seen, hidden = browse(admin).get("/ship/"), browse(sara).get("/ship/")
    assert link(seen, "Edit fields") == "/fields/ship/"
    assert link(hidden, "Import") == "/import/"
    assert "Edit fields" not in text(hidden)


def test_the_board_is_of_the_same_records_as_the_list(page, make_ship):
    tug, _ferry = make_ship(kind="tug"), make_ship(kind="ferry")
    listed = page.get(f"/ship/?{where(['kind', 'is', 'tug'])}")
    assert rows(page.get(link(listed, "Board"))) == [tug.pk]


@pytest.mark.usefixtures("in_iran")
@pytest.mark.covers("R384")
def test_phone_numbers_come_in_the_digits_of_their_reader_and_are_read_back(
    page, ship, make_ship, monkeypatch
):
    monkeypatch.setattr(type(ship), "columns", ("name", "phone"))
    arvand = make_ship(phone="+98 21 8888 1234 ext. 12")
    assert "۰۲۱ ۸۸۸۸ ۱۲۳۴ x۱۲" in text(page.get("/ship/"))
    shown = ship.fields["phone"].typed(arvand.phone)
    saved = records.save(ship, arvand, {"phone": shown}, user=None)
    assert saved.phone == "+982188881234;ext=12"


@pytest.mark.usefixtures("in_iran")
def test_an_amount_is_asked_for_in_the_words_of_its_reader(page, make_ship):
    asked = page.get(f"/ship/{make_ship(price='5').pk}/cells/price/", headers={"HX-Request": "true"})
    assert '<span class="affix__text">ریال</span>' in asked.content.decode()
