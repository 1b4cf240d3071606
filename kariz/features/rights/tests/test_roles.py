"""The tree of roles on screen, and the roles that people have."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kariz.accounts import company, people
from kariz.accounts.models import Profile, Role, User
from kariz.core.grants import SharingRule
from tests.forms import send
from tests.reading import text

NEW = "/settings/roles/new/"


def role(key):
    return Role.objects.get(key=key)


def add(browser, **values):
    profile = Profile.objects.get(key="salesperson").pk
    return send(
        browser, browser.get(NEW), "networks", **({"name": "Area lead", "profile": str(profile)} | values)
    )


def test_a_new_role_stands_in_the_tree(as_admin):
    above = role("sales_manager")
    add(as_admin, parent=str(above.pk))
    made = role("area_lead")
    assert (made.path, made.profile.key) == (f"{above.path}{made.pk}/", "salesperson")
    shown = text(as_admin.get("/settings/roles/"))
    assert shown.index("Head of sales") < shown.index("Sales manager") < shown.index("Area lead")


def test_a_role_of_the_same_name_gets_a_key_of_its_own(as_admin):
    add(as_admin, name="سرپرست")
    add(as_admin, name="Serpil!")
    assert set(Role.objects.values_list("key", flat=True)) >= {"role", "serpil"}


def test_how_many_people_have_a_role_stands_beside_it(as_admin, sara, bob, caller):
    people.give_roles(caller, "telemarketer", "salesperson")
    shown = text(as_admin.get("/settings/roles/"))
    assert "Salesperson 3 people" in shown
    assert "Telemarketer 1 person" in shown


def test_a_shipped_role_is_renamed_and_keeps_its_key(as_admin):
    found = role("dealer")
    page = as_admin.get(f"/settings/roles/{found.pk}/")
    send(as_admin, page, "networks", name="Partner")
    assert role("dealer").name == "Partner"


def test_a_name_in_the_readers_language_is_not_taken_for_a_new_one(browse, admin):
    User.objects.filter(pk=admin.pk).update(language="tr")
    browser, found = browse(admin), role("dealer")
    page = browser.get(f"/settings/roles/{found.pk}/")
    assert 'value="Bayi"' in page.content.decode()
    send(browser, page, "networks", needs_second_factor="on")
    found.refresh_from_db()
    assert (found.name, found.needs_second_factor) == ("Dealer", True)


def test_a_role_moves_with_those_below_it(as_admin):
    manager, marketer = role("sales_manager"), role("marketer")
    page = as_admin.get(f"/settings/roles/{manager.pk}/")
    send(as_admin, page, "networks", parent=str(marketer.pk))
    assert role("salesperson").path.startswith(f"{marketer.path}{manager.pk}/")


def test_a_role_is_never_below_itself(as_admin):
    above, below = role("sales_manager"), role("salesperson")
    page = as_admin.get(f"/settings/roles/{above.pk}/")
    answer = send(as_admin, page, "networks", parent=str(below.pk))
    assert answer.status_code == 422
    assert role("sales_manager").parent.key == "head_of_sales"


def test_networks_are_one_a_line(as_admin):
    add(as_admin, networks="10.0.0.0/8\n\n192.168.1.7\n")
    assert role("area_lead").networks == ["10.0.0.0/8", "192.168.1.7"]


def test_what_is_no_network_is_said_and_nothing_is_lost(as_admin):
    answer = add(as_admin, networks="10.0.0.0/8\n300.1.1.1")
    assert answer.status_code == 422
    assert "300.1.1.1 is not a network. Example: 192.168.0.0/24." in text(answer)
    assert "300.1.1.1</textarea>" in answer.content.decode()
    assert not Role.objects.filter(key="area_lead").exists()


def test_only_a_role_that_nobody_has_is_deleted(as_admin, sara):
    add(as_admin)
    spare, used = role("area_lead"), role("salesperson")
    for one in (spare, used):
        as_admin.post(f"/settings/roles/{one.pk}/delete/")
    assert set(Role.objects.filter(pk__in=[spare.pk, used.pk])) == {used}


def test_somebodys_second_role_is_in_use_as_well(as_admin, sara):
    people.give_roles(sara, "salesperson", "marketer")
    as_admin.post(f"/settings/roles/{role('marketer').pk}/delete/")
    assert role("marketer")


def test_what_was_open_to_a_role_closes_when_it_is_deleted(as_admin):
    add(as_admin)
    spare = role("area_lead")
    SharingRule.objects.create(record_type="ship", name="All", shared_with="role", with_role=spare)
    as_admin.post(f"/settings/roles/{spare.pk}/delete/")
    assert not SharingRule.objects.exists()


def test_the_last_administrator_is_not_taken_away(as_admin, admin):
    found, other = role("administrator"), Profile.objects.get(key="marketer")
    page = as_admin.get(f"/settings/roles/{found.pk}/")
    answer = send(as_admin, page, "networks", profile=str(other.pk))
    assert answer.status_code == 422
    assert "Nobody would be left" in text(answer)
    company.forget()
    assert User.objects.get(pk=admin.pk).is_administrator


def test_a_user_gets_several_roles(as_admin, sara):
    page = as_admin.get(f"/settings/users/{sara.pk}/")
    others = [str(role(key).pk) for key in ("marketer", "salesperson")]
    send(as_admin, page, "username", name="Sara", other_roles=others)
    sara = User.objects.get(pk=sara.pk)
    assert sara.role_keys == ("salesperson", "marketer")
    assert "Salesperson, Marketer" in text(as_admin.get("/settings/users/"))


def test_the_keys_may_come_from_a_second_role(as_admin, admin):
    page = as_admin.get(f"/settings/users/{admin.pk}/")
    answer = send(as_admin, page, "username", name="Admin", role="marketer", other_roles=[])
    assert "Another administrator can" in text(answer)
    others = [str(role("administrator").pk)]
    send(as_admin, page, "username", name="Admin", role="marketer", other_roles=others)
    assert User.objects.get(pk=admin.pk).is_administrator


def test_a_new_user_may_have_several_roles(as_admin):
    others = [str(role("marketer").pk)]
    sent = {"name": "Elif", "username": "elif", "role": "dealer", "skill": "beginner", "other_roles": others}
    as_admin.post("/settings/users/new/", sent)
    assert User.objects.get(username="elif").role_keys == ("dealer", "marketer")


@pytest.mark.parametrize("path", ["", "new/", "1/", "1/delete/"])
def test_roles_are_for_administrators(browse, sara, path):
    for method in ("get", "post"):
        assert getattr(browse(sara), method)(f"/settings/roles/{path}").status_code in (403, 405)


def test_the_page_asks_as_often_for_many_roles_as_for_few(as_admin, sara):
    def queries():
        as_admin.get("/settings/roles/")
        with CaptureQueriesContext(connection) as captured:
            as_admin.get("/settings/roles/")
        return len(captured)

    few = queries()
    for number in range(12):
        add(as_admin, name=f"Area {number}", parent=str(role("salesperson").pk))
    assert queries() == few


def test_nobody_is_made_an_administrator_by_what_stands_first(as_admin):
    answer = send(as_admin, as_admin.get(NEW), "networks", name="Area lead")
    assert answer.status_code == 422
    assert not Role.objects.filter(key="area_lead").exists()
    page = as_admin.get("/settings/users/new/").content.decode()
    assert '<option value="salesperson" selected>' in page


def test_names_are_text(as_admin):
    add(as_admin, name="<script>alert(1)</script>")
    shown = as_admin.get("/settings/roles/").content.decode()
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert" not in shown
