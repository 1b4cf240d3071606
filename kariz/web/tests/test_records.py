"""The page of one record, its panel and tabs, and what can be done to it."""

import pytest
from django.utils import timezone

from kariz.accounts.models import User
from kariz.core import actions, choices, picklists, records
from kariz.core.models import Change, ChangeBatch
from kariz.core.tests.models import Port, Ship
from kariz.web.models import Visit


@pytest.fixture
def page(browse, admin):
    return browse(admin)


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_shows_the_record_by_blocks_each_value_editable_where_it_stands(page, make_ship):
    arvand = make_ship(email="captain@example.com", notes="Two\nlines")
    shown = text(page.get(f"/ship/{arvand.pk}/"))
    details = shown[shown.index('id="tab"') :]
    assert (
        details.index("Main") < details.index("Tanker") < details.index("More") < details.index("Two\nlines")
    )
    assert f'data-edit-url="/ship/{arvand.pk}/cells/name/?in=page"' in shown
    assert "cells/expected_price" not in shown


def test_who_may_not_see_a_record_finds_no_page_panel_or_tab(browse, caller, bob, make_ship, htmx):
    arvand = make_ship(owner=bob.pk)
    for part in ("", "panel/", "tabs/updates/", "edit/"):
        assert browse(caller).get(f"/ship/{arvand.pk}/{part}", headers=htmx()).status_code == 404
    assert browse(caller).post(f"/ship/{arvand.pk}/pin/", {"on": "1"}).status_code == 404


def test_who_may_only_read_is_offered_no_change(browse, sara, bob, make_ship):
    shown = text(browse(sara).get(f"/ship/{make_ship(owner=bob.pk).pk}/"))
    assert "data-edit-url" not in shown
    assert "/edit/" not in shown
    assert "It belongs to your team." in shown


def test_a_locked_record_says_so_and_offers_no_change(page, make_ship):
    arvand = make_ship()
    Ship.objects.update(is_sunk=True)
    shown = text(page.get(f"/ship/{arvand.pk}/"))
    assert "This record is locked and kept as it was." in shown
    assert "data-edit-url" not in shown
    assert "/delete/" not in shown


def test_the_path_marks_where_the_record_stands_and_offers_its_endings(page, make_ship):
    arvand = make_ship(stage="loaded", route="sea", price="10")
    shown = text(page.get(f"/ship/{arvand.pk}/"))
    assert 'value="loaded" aria-current="step"' in " ".join(shown.split())
    assert "path__step--done" in shown
    assert shown.index("button--good") < shown.index("Arrived")
    assert shown.index("button--bad") < shown.index("Wrecked")
    assert "Moored" not in shown


def test_a_record_that_has_ended_offers_no_ending(page, make_ship):
    arvand = make_ship(stage="arrived", route="sea")
    shown = text(page.get(f"/ship/{arvand.pk}/"))
    assert "path__step--won" in shown
    assert "Wrecked" not in shown


@pytest.mark.covers("R201")
def test_what_is_expected_in_a_stage_is_offered_while_the_record_is_there(page, ship, make_ship):
    loaded = choices.find("ship", "stage", "loaded")
    picklists.change_choice(loaded, guide="Weigh the cargo\n\n Call the agent ")
    arvand = make_ship(route="sea", price="10")
    assert "path__guide" not in text(page.get(f"/ship/{arvand.pk}/"))
    page.post(f"/ship/{arvand.pk}/stage/", {"value": "loaded"})
    shown = text(page.get(f"/ship/{arvand.pk}/"))
    assert "<li>Weigh the cargo</li><li>Call the agent</li>" in shown


def test_the_path_tells_the_days_in_each_stage(page, ship, make_ship):
    arvand = make_ship(route="sea", price="10")
    records.save(ship, arvand, {"stage": "loaded"}, user=None)
    first, second = ChangeBatch.objects.filter(changes__record_type="ship").order_by("id")
    first.changes.update(at=timezone.now() - timezone.timedelta(days=12, hours=1))
    second.changes.update(at=timezone.now() - timezone.timedelta(days=5, hours=1))
    shown = text(page.get(f"/ship/{arvand.pk}/"))
    assert 'title="In dock · 7 days"' in shown
    assert '<span class="path__text">Loaded</span><span class="path__days">5 days</span>' in shown


def test_a_record_without_a_history_has_a_page_all_the_same(page, make_ship):
    arvand = make_ship(route="sea", price="10")
    Change.objects.all().delete()
    assert 'aria-current="step"' in text(page.get(f"/ship/{arvand.pk}/"))


def test_the_completeness_and_what_is_missing_are_told(page, make_ship):
    shown = text(page.get(f"/ship/{make_ship(email='captain@example.com').pk}/"))
    assert "50%" in shown
    assert "Missing: Phone, Home port" in shown


@pytest.mark.usefixtures("in_iran")
def test_what_is_missing_is_listed_as_its_reader_lists(page, make_ship):
    shown = text(page.get(f"/ship/{make_ship(email='captain@example.com').pk}/"))
    assert "Phone، Home port" in shown


def test_the_panel_shows_what_is_filled_with_a_way_to_the_whole_page(page, make_ship, htmx):
    arvand = make_ship(email="captain@example.com")
    shown = text(page.get(f"/ship/{arvand.pk}/panel/", headers=htmx("panel")))
    assert "<html" not in shown
    assert f'href="/ship/{arvand.pk}/">Open the record</a>' in shown
    assert "captain@example.com" in shown
    assert "Website" not in shown
    assert page.get(f"/ship/{arvand.pk}/panel/").url == f"/ship/{arvand.pk}/"


def test_each_field_that_points_here_is_a_tab_with_its_count(page, make_ship, make_port):
    home = make_port("Bandar Abbas")
    make_ship(home=home.pk)
    make_ship(name="Karun", ports=[home.pk])
    shown = " ".join(text(page.get(f"/port/{home.pk}/")).split())
    assert '>Ships · Home port <span class="tabs__count">1</span>' in shown
    assert '>Ships · Ports of call <span class="tabs__count">1</span>' in shown


def test_a_related_list_shows_columns_and_adds_with_the_link_filled_in(page, make_ship, make_port, htmx):
    home = make_port("Bandar Abbas")
    make_ship(home=home.pk, price="5")
    shown = text(page.get(f"/port/{home.pk}/tabs/ship-home/", headers=htmx("tab")))
    assert "Arvand" in shown
    assert "Tanker" in shown
    assert f'href="/ship/new/?home={home.pk}"' in shown
    assert "Link existing" not in shown


def test_records_that_are_there_are_linked_and_let_go_from_either_side(
    page, ship, make_ship, make_port, htmx
):
    arvand, abbas, kish = make_ship(), make_port("Bandar Abbas"), make_port("Kish")
    linked = page.post(f"/ship/{arvand.pk}/tabs/ports/", {"link": abbas.pk}, headers=htmx("tab"))
    assert "Linked." in text(linked)
    assert "recordChanged" in linked.headers["HX-Trigger"]
    page.post(f"/port/{kish.pk}/tabs/ship-ports/", {"link": arvand.pk})
    assert records.find("ship", arvand.pk, None).ports_ids == [abbas.pk, kish.pk]
    page.post(f"/port/{abbas.pk}/tabs/ship-ports/", {"unlink": arvand.pk})
    assert records.find("ship", arvand.pk, None).ports_ids == [kish.pk]
    assert "Kish" in text(page.get(f"/ship/{arvand.pk}/?tab=ports"))


def test_linking_nothing_says_what_to_do(page, make_ship, htmx):
    answer = page.post(f"/ship/{make_ship().pk}/tabs/ports/", {"link": ""}, headers=htmx("tab"))
    assert "Choose a record from the suggestions." in text(answer)


def test_the_number_of_queries_does_not_grow_with_the_related_records(
    page, make_ship, make_port, django_assert_num_queries, django_assert_max_num_queries
):
    home = make_port("Bandar Abbas")
    make_ship(home=home.pk, ports=[home.pk])
    address = f"/port/{home.pk}/?tab=ship-home"
    page.get(address)
    with django_assert_max_num_queries(18) as few:
        page.get(address)
    for number in range(50):
        make_ship(name=f"Ship {number}", home=home.pk, ports=[home.pk])
    with django_assert_num_queries(len(few)):
        page.get(address)


def test_updates_tell_who_changed_what_from_which_value_to_which(page, admin, ship, make_ship, make_port):
    arvand, abbas = make_ship(price="1000", currency="EUR"), make_port("Bandar Abbas")
    records.save(ship, arvand, {"price": "2500", "home": abbas.pk, "kind": "tug"}, user=admin)
    shown = " ".join(text(page.get(f"/ship/{arvand.pk}/?tab=updates")).split())
    assert "<bdi>admin</bdi></b> changed this record" in shown
    assert '<bdi class="change__old">€1,000</bdi>' in shown
    assert '<bdi class="change__new">€2,500</bdi>' in shown
    assert '<bdi class="change__new">Bandar Abbas</bdi>' in shown
    assert '<bdi class="change__old">Tanker</bdi>' in shown
    assert "created this record" in shown


def test_updates_are_undone_where_they_stand_by_those_who_may(page, browse, bob, ship, make_ship):
    arvand = make_ship(owner=bob.pk)
    records.save(ship, arvand, {"crew": "7"}, user=bob)
    batch = ChangeBatch.objects.latest("id")
    undo = f"/batches/{batch.pk}/undo/"
    assert undo in text(page.get(f"/ship/{arvand.pk}/?tab=updates"))
    browse(bob).post(undo)
    assert undo not in text(page.get(f"/ship/{arvand.pk}/?tab=updates"))


def test_older_updates_come_page_by_page(page, ship, make_ship, htmx):
    arvand = make_ship()
    for crew in range(40):
        records.save(ship, arvand, {"crew": str(crew)}, user=None)
    first = text(page.get(f"/ship/{arvand.pk}/tabs/updates/", headers=htmx("tab")))
    oldest = first.split('href="?before=')[1].split('"')[0]
    second = text(page.get(f"/ship/{arvand.pk}/tabs/updates/?before={oldest}", headers=htmx()))
    assert "created this record" not in first
    assert "created this record" in second
    assert "Older changes" not in second


def test_dates_and_digits_of_the_history_are_the_readers(browse, in_iran, admin, ship, make_ship):
    arvand = make_ship(built_on="1405/09/02", price="1000000")
    records.save(ship, arvand, {"built_on": "1405/10/15", "price": "2000000"}, user=admin)
    shown = text(browse(admin).get(f"/ship/{arvand.pk}/?tab=updates"))
    assert "۲ آذر ۱۴۰۵" in shown
    assert "۱۵ دی ۱۴۰۵" in shown
    assert "۲٬۰۰۰٬۰۰۰" in shown


def test_a_tab_that_is_not_there_is_not_found(page, make_ship):
    assert page.get(f"/ship/{make_ship().pk}/?tab=nonsense").status_code == 404


def test_deleting_goes_to_the_list_where_it_can_be_undone(page, make_ship):
    arvand = make_ship()
    answer = page.post(f"/ship/{arvand.pk}/delete/")
    assert answer.url == "/ship/"
    assert not Ship.objects.exists()
    page.post(f"/batches/{ChangeBatch.objects.latest('id').pk}/undo/")
    assert Ship.objects.get().name == "Arvand"


def test_nobody_deletes_by_following_a_link(page, make_ship):
    assert page.get(f"/ship/{make_ship().pk}/delete/").status_code == 405


def test_who_may_not_delete_is_told_so(browse, sara, make_ship):
    arvand = make_ship(owner=sara.pk)
    assert browse(sara).post(f"/ship/{arvand.pk}/delete/").status_code == 403
    assert Ship.objects.exists()


def test_opened_records_are_remembered_in_the_sidebar_latest_first(page, make_ship, make_port):
    arvand, abbas = make_ship(), make_port("Bandar Abbas")
    page.get(f"/ship/{arvand.pk}/")
    page.get(f"/port/{abbas.pk}/")
    page.get(f"/ship/{arvand.pk}/")
    assert [visit.record_type for visit in Visit.objects.order_by("-at")] == ["ship", "port"]
    shown = text(page.get("/search/"))
    assert shown.index("Arvand") < shown.index("Bandar Abbas")


def test_the_sidebar_does_not_name_records_that_one_may_no_longer_see(browse, caller, ship, make_ship):
    arvand = make_ship(owner=caller.pk)
    client = browse(caller)
    client.get(f"/ship/{arvand.pk}/")
    assert "Arvand" in text(client.get("/me/preferences/"))
    records.save(ship, arvand, {"owner": ""}, user=None)
    assert "Arvand" not in text(client.get("/me/preferences/"))


def test_a_record_is_pinned_and_taken_off_again(page, make_ship, htmx):
    arvand = make_ship()
    answer = page.post(f"/ship/{arvand.pk}/pin/", {"on": "1"}, headers=htmx())
    assert 'aria-pressed="true"' in text(answer)
    assert 'id="sidebar-pinned">' in text(page.get("/me/preferences/"))
    page.post(f"/ship/{arvand.pk}/pin/", {"on": "0"})
    assert 'id="sidebar-pinned" hidden' in text(page.get("/me/preferences/"))


def test_the_page_asks_the_database_little(page, make_ship, make_port, django_assert_max_num_queries):
    abbas = make_port("Bandar Abbas")
    arvand = make_ship(home=abbas.pk, ports=[abbas.pk], owner=User.objects.get().pk)
    page.get(f"/ship/{arvand.pk}/")
    with django_assert_max_num_queries(14):
        page.get(f"/ship/{arvand.pk}/")
    assert Port.objects.count() == 1


@pytest.fixture
def insure(fleet, monkeypatch):
    """An action that insures a ship, once."""
    monkeypatch.setattr(actions, "_actions", {})

    @actions.action("insure", label="Insure", types=("ship",), fits=lambda ship: not ship.is_insured)
    def run(record_type, record, *, user):
        return records.save(record_type, record, {"is_insured": "yes"}, user=user)


def test_an_action_is_offered_done_and_undone(page, insure, make_ship, htmx):
    arvand = make_ship()
    assert f'hx-post="/ship/{arvand.pk}/run/insure/"' in text(page.get(f"/ship/{arvand.pk}/"))
    answer = page.post(f"/ship/{arvand.pk}/run/insure/", headers=htmx())
    arvand.refresh_from_db()
    assert arvand.is_insured
    assert "Done: Insure" in text(answer)
    assert "recordChanged" in answer.headers["HX-Trigger"]
    page.post(f"/batches/{ChangeBatch.objects.latest('id').pk}/undo/")
    arvand.refresh_from_db()
    assert not arvand.is_insured


def test_an_action_that_does_not_fit_or_that_one_may_not_do_is_not_there(
    page, browse, sara, bob, insure, make_ship
):
    arvand = make_ship(owner=bob.pk)
    assert browse(sara).post(f"/ship/{arvand.pk}/run/insure/").status_code == 404
    page.post(f"/ship/{arvand.pk}/run/insure/")
    assert page.post(f"/ship/{arvand.pk}/run/insure/").status_code == 404
    assert "/run/insure/" not in text(page.get(f"/ship/{arvand.pk}/"))
