"""Values edited where they stand, the suggestions of links, and the month of the date picker."""

import re
from datetime import date

import pytest

from kariz.accounts import locale
from kariz.core import records
from kariz.core.tests.models import Ship
from kariz.web import months
from kariz.web.tests.reading import text


@pytest.fixture
def page(browse, admin):
    return browse(admin)


def post(client, record, name, **sent):
    address = f"/ship/{record.pk}/cells/{name}/"
    return client.post(address, {"version": record.version, **sent}, headers={"HX-Request": "true"})


def test_a_cell_becomes_an_input_with_its_value_as_one_types_it(page, make_ship):
    arvand = make_ship(price="1234.5", built_on="2020-03-21", kind="tug")
    assert 'value="1,234.5"' in page.get(f"/ship/{arvand.pk}/cells/price/").content.decode()
    assert "data-month-url" in page.get(f"/ship/{arvand.pk}/cells/built_on/").content.decode()
    assert '<option value="tug" selected>' in page.get(f"/ship/{arvand.pk}/cells/kind/").content.decode()


def test_a_saved_cell_comes_back_with_its_value_and_undo(page, make_ship):
    arvand = make_ship(price="5")
    answer = post(page, arvand, "price", price="1,200")
    assert "$1,200" in text(answer)
    assert f'data-edit-url="/ship/{arvand.pk}/cells/price/"' in answer.content.decode()
    page.post(re.search(r"/batches/\d+/undo/", answer.content.decode())[0])
    assert Ship.objects.get().price == 5


def test_a_value_that_stays_the_same_says_nothing(page, make_ship):
    arvand = make_ship(price="5")
    assert "Undo" not in text(post(page, arvand, "price", price="5"))
    assert Ship.objects.get().version == 1


def test_a_wrong_value_is_told_at_the_input_which_keeps_it(page, make_ship):
    arvand = make_ship()
    answer = post(page, arvand, "email", email="nonsense")
    assert answer.status_code == 422
    assert answer.headers["HX-Reswap"] == "innerHTML"
    assert "“nonsense” is not an e-mail address" in text(answer)
    assert 'value="nonsense"' in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()


def test_what_the_value_breaks_elsewhere_is_told_as_well(page, make_ship):
    assert "“Price” is needed for “Loaded”." in text(post(page, make_ship(), "stage", stage="loaded"))


def test_two_people_are_told_field_by_field_and_the_second_may_insist(page, ship, make_ship, sara):
    arvand = make_ship(crew="5", owner=sara.pk)
    records.save(ship, arvand, {"crew": "6"}, user=sara)
    answer = post(page, arvand, "crew", crew="7")
    assert answer.status_code == 409
    assert f"{sara} has changed this" in text(answer)
    assert "Crew: now “6”, yours “7”." in text(answer)
    version = re.search(r'name="version" value="(\d+)"', answer.content.decode())[1]
    assert post(page, arvand, "crew", crew="7", version=version).status_code == 200
    assert Ship.objects.get().crew == 7


def test_what_others_changed_in_other_fields_is_kept(page, ship, make_ship, sara):
    arvand = make_ship(owner=sara.pk)
    records.save(ship, arvand, {"crew": "6"}, user=sara)
    post(page, arvand, "kind", kind="tug")
    assert Ship.objects.values_list("crew", "kind").get() == (6, "tug")


def test_kept_and_unknown_fields_and_strangers_records_have_no_input(
    page, browse, caller, sara, bob, make_ship
):
    arvand = make_ship(owner=bob.pk)
    for name in ("expected_price", "created_at", "nothing", "rank"):
        assert page.get(f"/ship/{arvand.pk}/cells/{name}/").status_code == 404
    assert browse(caller).get(f"/ship/{arvand.pk}/cells/kind/").status_code == 404
    assert "You may not change this record." in text(post(browse(sara), arvand, "kind", kind="tug"))


def test_a_list_offers_editing_only_where_one_may_edit(browse, sara, bob, make_ship):
    mine, theirs = make_ship(owner=sara.pk), make_ship(owner=bob.pk)
    inside = browse(sara).get("/ship/").content.decode()
    assert f"/ship/{mine.pk}/cells/kind/" in inside
    assert f"/ship/{theirs.pk}/cells/" not in inside


def test_a_yes_or_no_is_unticked_by_sending_nothing_but_its_twin(page, make_ship):
    arvand = make_ship(is_insured=True)
    post(page, arvand, "is_insured", is_insured=[""])
    assert Ship.objects.get().is_insured is False
    post(page, Ship.objects.get(), "is_insured", is_insured=["", "true"])
    assert Ship.objects.get().is_insured is True


def test_links_are_suggested_by_a_part_of_the_name_to_those_who_may_see_them(
    page, browse, sara, bob, make_port
):
    bushehr, _izmir = make_port("Bushehr"), make_port("Izmir", owner=bob.pk)
    found = page.get("/ship/lookup/?field=home&home_text=she")
    assert "Bushehr" in text(found)
    assert f'data-id="{bushehr.pk}"' in found.content.decode()
    assert "Izmir" not in text(found)
    assert "Nothing found" in text(browse(sara).get("/ship/lookup/?field=home&q=Bushehr"))
    assert "Izmir" in text(browse(sara).get("/port/lookup/?q=iz"))
    assert page.get("/ship/lookup/?field=kind").status_code == 404


def test_people_are_suggested_by_any_word_and_only_those_at_work(page, sara, bob):
    sara.name, bob.is_active = "Sara Yılmaz", False
    sara.save()
    bob.save()
    assert "Sara Yılmaz" in text(page.get("/ship/lookup/?field=owner&owner_text=yilmaz"))
    assert "Nothing found" in text(page.get("/ship/lookup/?field=owner&owner_text=bob"))


def test_who_may_create_is_offered_a_new_record_by_the_name_that_was_typed(page, browse, caller):
    offered = page.get("/ship/lookup/?field=home&home_text=Mersin", headers={"HX-Trigger": "form-home"})
    assert "Create “Mersin”" in text(offered)
    assert "/port/quick/?name=Mersin&amp;for=form-home" in offered.content.decode()
    assert "Create" not in text(browse(caller).get("/ship/lookup/?field=home&home_text=Mersin"))


def test_the_month_is_that_of_the_readers_calendar_and_writes_days_as_he_types_them(page, admin):
    admin.language, admin.calendar, admin.digits = "fa", "jalali", "persian"
    admin.save()
    month = page.get("/days/", {"value": "۱۴۰۵/۰۹/۱۵"})
    assert "آذر ۱۴۰۵" in text(month)
    assert 'data-day="۱۴۰۵/۰۹/۱۵" role="option" tabindex="-1" aria-selected="true"' in month.content.decode()
    turned = re.search(r'data-turn-month="([^"]*)" aria-label="[^"]*"', month.content.decode())[1]
    assert "آبان ۱۴۰۵" in text(page.get("/days/", {"value": "", "month": turned}))


def test_picking_a_day_keeps_the_hour_of_a_moment(fleet):
    with locale.use(locale.machine()):
        shown = months.month("2026-11-23 14:30", "", clock=True)
    texts = [day.text for week in shown.weeks for day in week if day]
    assert texts[0] == "2026-11-01 14:30"
    assert len(texts) == 30
    assert months.month("nonsense", "2026-02-01", clock=False).weeks[0] is not None
    assert date.fromisoformat(shown.next) == date(2026, 12, 1)
