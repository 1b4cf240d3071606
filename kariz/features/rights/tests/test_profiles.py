"""Profiles on screen: what people with them may do, and which fields they see."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kariz.accounts.models import Profile, Role
from kariz.core import access, records, seen
from kariz.core.grants import FieldGrant, ProfileGrant
from tests.forms import send
from tests.reading import at, text


@pytest.fixture
def profile(fleet):
    return Profile.objects.get(key="salesperson")


def change(browser, profile, **values):
    there = f"/settings/profiles/{profile.pk}/"
    named = {name.replace("__", "-"): value for name, value in values.items()}
    return send(browser, browser.get(there), "ship-read", **named)


def test_a_page_sent_back_as_it_is_changes_nothing(as_admin, profile):
    answer = change(as_admin, profile)
    assert answer.status_code == 302
    assert not ProfileGrant.objects.exists()


def test_what_a_profile_reaches_changes_what_its_people_see(as_admin, profile, make_ship, sara, bob, sees):
    theirs = make_ship(owner=bob.pk)
    change(as_admin, profile, ship__read="own", ship__write="own", ship__delete_reach="none")
    assert sees(sara) == set()
    change(as_admin, profile, ship__read="all")
    assert sees(sara) == {theirs.pk}
    assert list(ProfileGrant.objects.values_list("record_type", flat=True)) == ["ship"]


def test_a_tick_is_a_right(as_admin, profile, ship, sara):
    before = access.may(ship, sara, "export")
    change(as_admin, profile, ship__may_export=[] if before else "on")
    assert access.may(ship, sara, "export") is not before


def test_nobody_edits_what_they_do_not_see(as_admin, profile):
    answer = change(as_admin, profile, ship__read="own", ship__write="all", ship__delete_reach="own")
    assert answer.status_code == 422
    assert "Nobody edits or deletes records that they do not see." in text(answer)
    assert not ProfileGrant.objects.exists()


def test_nonsense_is_refused(as_admin, profile):
    assert change(as_admin, profile, ship__read="galaxy").status_code == 422
    assert not ProfileGrant.objects.exists()


def test_a_shipped_profile_goes_back_to_what_it_was(as_admin, profile, ship):
    change(as_admin, profile, ship__read="all")
    page = as_admin.get(f"/settings/profiles/{profile.pk}/")
    assert "As shipped" in text(page)
    as_admin.post(f"/settings/profiles/{profile.pk}/", {"reset": "ship"})
    assert not ProfileGrant.objects.exists()


def test_a_new_profile_begins_as_a_copy(as_admin, profile, sara, make_ship, bob, sees):
    make_ship(owner=bob.pk)
    page = as_admin.get(f"/settings/profiles/new/?of={profile.pk}")
    send(as_admin, page, "original", name="Field force")
    made = Profile.objects.get(key="field_force")
    assert ProfileGrant.objects.filter(profile=made, record_type="ship").exists()
    role = Role.objects.get(key="salesperson")
    send(as_admin, as_admin.get(f"/settings/roles/{role.pk}/"), "networks", profile=str(made.pk))
    change(as_admin, made, ship__read="own", ship__write="own", ship__delete_reach="own")
    assert sees(sara) == set()


def test_a_name_is_given_once(as_admin, profile):
    answer = send(as_admin, as_admin.get("/settings/profiles/new/"), "original", name=profile.name)
    assert answer.status_code == 422


def test_a_profile_is_renamed_and_deleted_when_no_role_has_it(as_admin, profile):
    send(as_admin, as_admin.get("/settings/profiles/new/"), "original", name="Field force")
    made = Profile.objects.get(key="field_force")
    send(as_admin, as_admin.get(f"/settings/profiles/{made.pk}/name/"), "name", name="Outdoors")
    made.refresh_from_db()
    assert made.name == "Outdoors"
    for one in (made, profile):
        as_admin.post(f"/settings/profiles/{one.pk}/delete/")
    assert set(Profile.objects.filter(pk__in=[made.pk, profile.pk])) == {profile}


def test_the_administrators_profile_is_not_narrowed(as_admin, fleet):
    found = Profile.objects.get(key="administrator")
    page = as_admin.get(f"/settings/profiles/{found.pk}/")
    assert "cannot be narrowed" in text(page)
    assert as_admin.post(f"/settings/profiles/{found.pk}/", {"ship-read": "none"}).status_code == 403
    assert as_admin.post(f"/settings/profiles/{found.pk}/fields/ship/").status_code == 403


class TestFields:
    def choose(self, browser, profile, **levels):
        there = f"/settings/profiles/{profile.pk}/fields/ship/"
        sent = {f"field-{name}": level for name, level in levels.items()}
        return send(browser, browser.get(there), "field-notes", **sent)

    def test_what_is_hidden_is_not_on_the_page(self, as_admin, browse, profile, ship, make_ship, sara):
        kept = make_ship(owner=sara.pk, notes="The captain drinks")
        page = at("record", ship, kept.pk)
        assert "The captain drinks" in text(browse(sara).get(page))
        self.choose(as_admin, profile, notes="hidden")
        assert "The captain drinks" not in text(browse(sara).get(page))
        assert "The captain drinks" in text(as_admin.get(page))

    def test_what_is_read_only_is_not_changed(self, as_admin, profile, ship, make_ship, sara):
        kept = make_ship(owner=sara.pk, notes="As it was")
        self.choose(as_admin, profile, notes="readonly")
        assert "notes" in seen.by(ship, sara).fields
        assert seen.by(ship, sara).fields["notes"].is_readonly
        self.choose(as_admin, profile, notes="")
        records.save(ship, kept, {"notes": "Changed"}, user=sara)
        assert not FieldGrant.objects.exists()

    def test_the_name_is_never_hidden(self, as_admin, profile, ship):
        self.choose(as_admin, profile, name="hidden", owner="hidden", notes="nonsense")
        assert not FieldGrant.objects.exists()
        self.choose(as_admin, profile, name="readonly")
        assert FieldGrant.objects.get().field == "name"

    def test_a_field_that_is_not_shown_keeps_its_level(self, as_admin, profile, add_field):
        name = add_field("Secret", "text")
        self.choose(as_admin, profile, **{name: "hidden"})
        add_field.hide(name)
        self.choose(as_admin, profile, notes="hidden")
        assert FieldGrant.objects.filter(level="hidden").count() == 2

    def test_how_many_are_hidden_stands_on_the_page(self, as_admin, profile):
        self.choose(as_admin, profile, notes="hidden", email="hidden", phone="readonly")
        assert "2 hidden · 1 only to read" in text(as_admin.get(f"/settings/profiles/{profile.pk}/"))


@pytest.mark.parametrize("path", ["", "new/", "1/", "1/name/", "1/delete/", "1/fields/ship/"])
def test_profiles_are_for_administrators(browse, sara, path):
    for method in ("get", "post"):
        assert getattr(browse(sara), method)(f"/settings/profiles/{path}").status_code in (403, 405)


@pytest.mark.parametrize("path", ["", "{}/", "{}/fields/ship/"])
def test_pages_ask_as_often_for_much_as_for_little(as_admin, profile, path):
    def queries():
        there = f"/settings/profiles/{path.format(profile.pk)}"
        as_admin.get(there)
        with CaptureQueriesContext(connection) as captured:
            as_admin.get(there)
        return len(captured)

    few = queries()
    for number in range(8):
        send(as_admin, as_admin.get("/settings/profiles/new/"), "original", name=f"P{number}")
    TestFields().choose(as_admin, profile, notes="hidden", email="readonly", phone="hidden")
    change(as_admin, profile, ship__read="all", port__read="all")
    assert queries() == few


def test_names_are_text(as_admin):
    page = as_admin.get("/settings/profiles/new/")
    send(as_admin, page, "original", name="<img src=x onerror=alert(1)>")
    for there in ("", f"{Profile.objects.latest('pk').pk}/"):
        assert "<img src=x" not in as_admin.get(f"/settings/profiles/{there}").content.decode()
