"""What each person chooses for himself, and who comes to the settings."""

import pytest
from django.test import Client

from kariz.accounts import people


@pytest.fixture
def maryam(fleet):
    return people.create("maryam", "pars-sanat-40", name="Maryam Ahmadi")[0]


@pytest.fixture
def page(browse, maryam):
    return browse(maryam)


CHOSEN = {
    "name": "مریم احمدی", "language": "fa", "calendar": "jalali", "digits": "persian", "time_zone": "Asia/Tehran",
    "theme": "dark", "density": "compact",
}  # fmt: skip


def test_language_direction_theme_and_density_hold_from_the_next_page_on(page):
    page.post("/me/preferences/", CHOSEN)
    shown = page.get("/me/preferences/").content.decode()
    assert '<html lang="fa" dir="rtl" data-theme="dark" data-density="compact" data-digits="arabext"' in shown
    assert "مریم احمدی" in shown


def test_empty_choices_say_what_the_company_has_chosen(page):
    assert "As the company (English)" in page.get("/me/preferences/").content.decode()


def test_a_wrong_choice_is_told_and_nothing_is_kept(page, maryam):
    answer = page.post("/me/preferences/", CHOSEN | {"time_zone": "Middle/Earth"})
    maryam.refresh_from_db()
    assert answer.status_code == 422
    assert 'aria-describedby="id_time_zone-error"' in answer.content.decode()
    assert maryam.language == ""


def test_nobody_gives_himself_another_role_in_his_preferences(page, maryam):
    page.post("/me/preferences/", CHOSEN | {"role": "administrator", "is_superuser": "1"})
    maryam.refresh_from_db()
    assert not maryam.is_administrator


def test_the_theme_is_kept_without_a_word(page, maryam, htmx):
    assert page.post("/me/theme/", {"theme": "dark"}, headers=htmx()).status_code == 204
    maryam.refresh_from_db()
    assert maryam.theme == "dark"
    assert page.post("/me/theme/", {"theme": "purple"}).status_code == 400


def test_settings_are_for_administrators_and_say_so_to_others(page, browse, admin):
    refused = page.get("/settings/")
    assert refused.status_code == 403
    assert "Settings are for administrators." in refused.content.decode()
    assert browse(admin).get("/settings/").status_code == 200


def test_an_address_that_leads_nowhere_is_told_inside_the_frame(page, client):
    assert "There is nothing here" in page.get("/nonsense/").content.decode()
    assert 'id="sidebar"' in page.get("/nonsense/").content.decode()
    assert "There is nothing here" in client.get("/nonsense/").content.decode()


def test_a_form_that_has_expired_says_that_nothing_was_saved(fleet):
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "maryam"})
    assert answer.status_code == 403
    assert "This form has expired" in answer.content.decode()


def test_a_fault_is_told_on_a_page_that_needs_nothing(fleet, browse, admin, monkeypatch):
    client = browse(admin)
    client.raise_request_exception = False
    monkeypatch.setattr("kariz.web.views.home.home_cards.of", lambda request: 1 / 0)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.content.decode()
