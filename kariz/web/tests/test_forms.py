"""Making and changing records in forms."""

import re
import uuid

import pytest

from kariz.accounts.models import User
from kariz.core import records
from kariz.core.models import ChangeBatch
from kariz.core.tests.models import Port, Ship


def token_of(page):
    return re.search(r'name="token" value="([^"]+)"', page.content.decode())[1]


@pytest.fixture
def page(browse, admin):
    return browse(admin)


def test_the_full_form_asks_by_blocks_and_opens_the_new_record(page, ship):
    form = page.get("/ship/new/").content.decode()
    assert "Add new Ship" in form
    assert form.index("Main") < form.index('name="name"') < form.index("More") < form.index('name="notes"')
    answer = page.post(
        "/ship/new/", {"name": "Arvand", "price": "1,200", "currency": "EUR", "notes": "Two\nlines"}
    )
    made = Ship.objects.get()
    assert answer.url == f"/ship/{made.pk}/"
    assert (made.name, made.price, made.currency, made.notes) == ("Arvand", 1200, "EUR", "Two\nlines")
    assert "Ship “Arvand” was created." in page.get(answer.url).content.decode()


def test_the_form_starts_with_defaults_and_what_the_address_says(page, make_port):
    home = make_port("Bandar Abbas")
    form = page.get(f"/ship/new/?home={home.pk}&name=Karun&nonsense=1").content.decode()
    assert 'value="Karun"' in form
    assert "Bandar Abbas" in form
    assert re.search(r'<option value="tanker"\s+selected', form)


def test_errors_stand_at_the_field_and_in_a_summary_and_nothing_typed_is_lost(page):
    answer = page.post("/ship/new/", {"name": "", "email": "not an address", "notes": "Long story"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert Ship.objects.count() == 0
    assert text.count("“not an address” is not an e-mail address. Write it like name@example.com.") == 2
    assert '<a href="#form-name">Name</a>: “Name” is required.' in text
    assert 'value="not an address"' in text
    assert "Long story" in text
    assert 'aria-describedby="form-email-error"' in text


def test_a_name_typed_into_a_lookup_but_not_chosen_is_asked_about(page):
    answer = page.post("/ship/new/", {"name": "Arvand", "home": "", "home_text": "Bandar"})
    assert "Choose “Bandar” from the suggestions, or make it new." in answer.content.decode()
    assert Ship.objects.count() == 0


def test_sending_the_same_form_twice_makes_one_record(page):
    form = {"name": "Arvand", "token": token_of(page.get("/ship/new/"))}
    first, second = page.post("/ship/new/", form), page.post("/ship/new/", form)
    assert first.url == second.url
    assert Ship.objects.count() == 1


def test_a_form_with_errors_may_be_sent_again(page):
    form = {"name": "", "token": token_of(page.get("/ship/new/"))}
    page.post("/ship/new/", form)
    page.post("/ship/new/", form | {"name": "Arvand"})
    assert Ship.objects.count() == 1


def test_another_persons_token_makes_a_record_of_ones_own(page, browse, bob):
    form = {"name": "Arvand", "token": str(uuid.uuid4())}
    page.post("/ship/new/", form)
    browse(bob).post("/ship/new/", form)
    assert Ship.objects.count() == 2


def test_quick_create_asks_for_little_and_stays_on_the_page(page, htmx):
    dialog = page.get("/ship/quick/", headers=htmx("dialog")).content.decode()
    assert 'name="name"' in dialog
    assert 'name="notes"' not in dialog
    answer = page.post("/ship/quick/", {"name": "Arvand"}, headers=htmx("dialog"))
    made = Ship.objects.get()
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Ship “Arvand” was created." in text
    assert f'href="/ship/{made.pk}/"' in text
    assert "recordChanged" in answer.headers["HX-Trigger"]


def test_quick_create_shows_its_errors_in_the_dialog(page, htmx):
    answer = page.post("/ship/quick/", {"name": " "}, headers=htmx("dialog"))
    assert answer.status_code == 422
    assert "“Name” is required." in answer.content.decode()


def test_quick_create_without_scripts_is_the_full_form(page):
    assert page.get("/ship/quick/?name=Karun").url == "/ship/new/?name=Karun"


def test_a_record_made_inside_another_form_is_given_to_the_box_that_asked(page, htmx):
    asked = page.get("/port/quick/?for=form-home&name=Bandar+Abbas", headers=htmx("create")).content.decode()
    assert 'name="for" value="form-home"' in asked
    assert 'value="Bandar Abbas"' in asked
    answer = page.post("/port/quick/", {"name": "Bandar Abbas", "for": "form-home"}, headers=htmx("create"))
    made = Port.objects.get()
    assert (
        f'"recordCreated": {{"for": "form-home", "id": {made.pk}, "title": "Bandar Abbas"}}'
        in answer["HX-Trigger"]
    )


def test_editing_writes_only_what_changed_and_offers_to_undo_it(page, make_ship):
    arvand = make_ship(email="old@example.com")
    answer = page.post(
        f"/ship/{arvand.pk}/edit/", {"name": "Arvand", "email": "new@example.com", "version": arvand.version}
    )
    assert answer.url == f"/ship/{arvand.pk}/"
    change = ChangeBatch.objects.get(user__isnull=False).changes.get()
    assert change.values == {"email": ["old@example.com", "new@example.com"]}
    assert f"/batches/{change.batch_id}/undo/" in page.get(answer.url).content.decode()


def test_saving_without_a_change_leaves_no_trace(page, make_ship):
    arvand = make_ship()
    page.post(f"/ship/{arvand.pk}/edit/", {"name": "Arvand", "version": arvand.version})
    assert not ChangeBatch.objects.filter(kind="edit", user=User.objects.get()).exists()


def test_moving_to_a_stage_in_the_form_sets_what_the_stage_sets(page, make_ship):
    arvand = make_ship(price="1000")
    page.post(
        f"/ship/{arvand.pk}/edit/",
        {"name": "Arvand", "stage": "loaded", "route": "sea", "chance": "10", "version": arvand.version},
    )
    arvand.refresh_from_db()
    assert (arvand.stage, arvand.chance) == ("loaded", 60)


def test_changes_of_two_people_to_different_fields_are_merged(page, ship, make_ship, bob):
    arvand = make_ship(email="old@example.com")
    records.save(ship, arvand, {"crew": "12"}, user=None)
    page.post(
        f"/ship/{arvand.pk}/edit/",
        {"name": "Arvand", "email": "new@example.com", "crew": "", "version": arvand.version},
    )
    arvand.refresh_from_db()
    assert (arvand.email, arvand.crew) == ("new@example.com", 12)


@pytest.fixture
def clash(page, ship, make_ship, bob):
    """The administrator has typed values into a form while Bob saved others: the page that asks, and the ship."""
    arvand = make_ship(email="old@example.com", owner=bob.pk)
    stale = arvand.version
    records.save(ship, arvand, {"email": "bob@example.com", "crew": "12"}, user=bob)
    typed = {"name": "Karun", "email": "mine@example.com", "crew": "", "version": stale}
    return page.post(f"/ship/{arvand.pk}/edit/", typed), arvand


def test_a_clash_is_asked_about_field_by_field(clash):
    asked, arvand = clash
    text = asked.content.decode()
    assert asked.status_code == 409
    assert "bob" in text
    assert "mine@example.com" in text
    assert "bob@example.com" in text
    assert 'name="crew"' not in text
    arvand.refresh_from_db()
    assert arvand.email == "bob@example.com"


@pytest.mark.parametrize(("answer", "kept"), [("mine", "mine@example.com"), ("theirs", "bob@example.com")])
def test_the_answer_to_a_clash_decides_and_everything_else_is_kept(clash, page, answer, kept):
    asked, arvand = clash
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', asked.content.decode()))
    page.post(f"/ship/{arvand.pk}/edit/", hidden | {"keep.email": answer})
    arvand.refresh_from_db()
    assert (arvand.email, arvand.name, arvand.crew) == (kept, "Karun", 12)


def test_who_may_only_read_is_told_so(browse, sara, bob, make_ship):
    arvand = make_ship(owner=bob.pk)
    answer = browse(sara).get(f"/ship/{arvand.pk}/edit/")
    assert answer.status_code == 403
    assert "You may not change this record." in answer.content.decode()


def test_who_may_not_see_a_record_finds_nothing(browse, caller, bob, make_ship):
    assert browse(caller).get(f"/ship/{make_ship(owner=bob.pk).pk}/edit/").status_code == 404


def test_what_people_type_never_becomes_html(page):
    page.post("/ship/new/", {"name": "<script>alert(1)</script>"})
    text = page.get(f"/ship/{Ship.objects.get().pk}/").content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
