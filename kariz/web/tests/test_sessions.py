"""Where people are signed in: seeing and ending it, and its end by itself."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kariz.accounts import people, sessions
from kariz.accounts.credentials import Session

PASSWORD = "pars-sanat-40"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1"


@pytest.fixture
def maryam(fleet):
    return people.create("maryam", PASSWORD, name="Maryam Ahmadi")[0]


def opened(agent, address="10.1.1.1"):
    """A browser in which she has signed in."""
    browser = Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)
    browser.post("/sign-in/", {"username": "maryam", "password": PASSWORD})
    return browser


def security(browser):
    return browser.get("/me/security/").content.decode()


def test_each_browser_is_told_with_its_address_and_this_one_is_marked(maryam):
    desk, _phone = opened(FIREFOX), opened(PHONE, "10.2.2.2")
    shown = security(desk)
    assert "Firefox on Linux" in shown
    assert "Safari on iPhone" in shown
    assert "10.2.2.2" in shown
    assert shown.count("this browser") == 1


def test_the_table_holds_no_key_that_signs_anybody_in(maryam):
    desk = opened(FIREFOX)
    key = desk.cookies["kariz_session"].value
    row = Session.objects.get(user=maryam)
    assert key not in (row.session_key, row.session_data)
    thief = Client()
    thief.cookies["kariz_session"] = row.session_key
    assert thief.get("/").status_code == 302


def test_another_browser_is_signed_out(maryam):
    desk, phone = opened(FIREFOX), opened(PHONE)
    theirs = Session.objects.get(agent=PHONE)
    desk.post("/me/security/sessions/end/", {"session": theirs.pk})
    assert phone.get("/").status_code == 302
    assert desk.get("/").status_code == 200


def test_all_others_are_signed_out_at_once(maryam):
    desk, phone, laptop = opened(FIREFOX), opened(PHONE), opened(FIREFOX)
    desk.post("/me/security/sessions/end/")
    assert [browser.get("/").status_code for browser in (desk, phone, laptop)] == [200, 302, 302]


def test_nobody_ends_the_session_of_somebody_else(maryam, sara, browse):
    phone = opened(PHONE)
    browse(sara).post("/me/security/sessions/end/", {"session": Session.objects.get(user=maryam).pk})
    assert phone.get("/").status_code == 200


def test_a_new_password_ends_all_others(maryam):
    desk, phone = opened(FIREFOX), opened(PHONE)
    answer = desk.post("/me/security/password/", {"new_password": "forty-pumps-9-more"})
    assert answer.url == "/me/security/"
    assert [browser.get("/").status_code for browser in (desk, phone)] == [200, 302]
    assert Session.objects.filter(user=maryam).count() == 1


@pytest.mark.parametrize(
    "wrong",
    ["", "short-one", "pars-sanat", "Kariz-2026!!!", "password1234", "maryam ahmadi", "ahmadi.maryam.1"],
)
def test_a_password_that_is_short_or_known_to_guessers_is_refused(maryam, wrong):
    desk = opened(FIREFOX)
    answer = desk.post("/me/security/password/", {"new_password": wrong})
    assert answer.status_code == 422
    assert "form__error" in answer.content.decode()


def test_nobody_uses_it_for_days_and_it_ends(maryam, later):
    desk = opened(FIREFOX)
    for _ in range(3):
        later(hours=71)
        assert desk.get("/").status_code == 200
    later(hours=73)
    assert desk.get("/").status_code == 302


def test_it_ends_after_a_month_even_if_it_is_used_every_day(maryam, later):
    desk = opened(FIREFOX)
    for _ in range(29):
        later(days=1)
        assert desk.get("/").status_code == 200
    later(days=1, minutes=1)
    assert desk.get("/").status_code == 302


def test_a_page_writes_nothing_of_it_more_often_than_every_few_minutes(maryam, later):
    desk = opened(FIREFOX)

    def written():
        with CaptureQueriesContext(connection) as captured:
            desk.get("/me/preferences/")
        return [one["sql"] for one in captured if "accounts_session" in one["sql"] and "UPDATE" in one["sql"]]

    written()
    assert written() == []
    later(minutes=6)
    assert len(written()) == 1
    assert written() == []


def test_pages_read_it_by_one_statement(maryam):
    desk = opened(FIREFOX)
    desk.get("/me/preferences/")
    with CaptureQueriesContext(connection) as captured:
        desk.get("/me/preferences/")
    assert len([one for one in captured if "accounts_session" in one["sql"]]) == 1


def test_a_session_that_was_planted_before_is_not_the_one_afterwards(maryam):
    browser = Client()
    browser.post("/sign-in/passkey/options/")
    planted = browser.cookies["kariz_session"].value
    browser.post("/sign-in/", {"username": "maryam", "password": PASSWORD})
    assert browser.cookies["kariz_session"].value != planted
    thief = Client()
    thief.cookies["kariz_session"] = planted
    assert thief.get("/").status_code == 302


def test_those_that_have_ended_are_thrown_away(maryam, later):
    from kariz.web.tidying import tidy_screens

    opened(FIREFOX)
    later(hours=73)
    tidy_screens(None)
    assert not Session.objects.exists()


def test_where_one_is_in_use_is_told_last(maryam, later):
    desk = opened(FIREFOX)
    later(minutes=6)
    desk.get("/", REMOTE_ADDR="10.9.9.9")
    assert sessions.of(maryam).get().address == "10.9.9.9"
