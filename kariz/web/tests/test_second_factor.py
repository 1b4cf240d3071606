"""The second step: authenticator apps with real codes, recovery codes, roles that demand one, and asking again."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from kariz.accounts import company, factors, people
from kariz.accounts.credentials import CodeApp
from kariz.accounts.models import Role
from kariz.lib import otp
from kariz.web import throttle

PASSWORD = "pars-sanat-40"
SECURITY = "/me/security/"


@pytest.fixture
def maryam(fleet):
    return people.create("maryam", PASSWORD, name="Maryam Ahmadi")[0]


@pytest.fixture
def page(browse, maryam):
    return browse(maryam)


@pytest.fixture
def code(later):
    """The code that the app shows in the next half minute: none is taken twice."""

    def next_code(secret):
        later(seconds=otp.STEP_SECONDS)
        return otp.code(secret, otp.step_at(timezone.now().timestamp()))

    return next_code


def text(answer):
    return answer.content.decode()


def set_up(page, code):
    """An authenticator app as somebody sets it up; its secret and the recovery codes that come with it."""
    shown = text(page.get("/me/security/app/"))
    secret = re.search(r'code-app__secret">([A-Z2-7 ]+)<', shown)[1].replace(" ", "")
    answer = page.post("/me/security/app/", {"code": code(secret)})
    return secret, recovery_codes(answer)


def recovery_codes(answer):
    return re.findall(r"<li><code[^>]*>([a-z0-9-]+)</code>", text(answer))


def sign_in(client, password=PASSWORD, onward=""):
    return client.post("/sign-in/", {"username": "maryam", "password": password, "next": onward})


def second_step(client, typed):
    return client.post("/sign-in/second-step/", {"code": typed})


def test_the_app_is_asked_after_the_password_and_leads_on(page, code):
    secret, _codes = set_up(page, code)
    browser = Client()
    assert sign_in(browser, onward="/me/preferences/").url == "/sign-in/second-step/"
    assert browser.get("/").status_code == 302
    assert second_step(browser, code(secret)).url == "/me/preferences/"
    assert browser.get("/me/preferences/").status_code == 200


def test_a_code_may_be_typed_with_persian_digits_and_spaces(page, code):
    secret, _codes = set_up(page, code)
    typed = code(secret).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    browser = Client()
    sign_in(browser)
    assert second_step(browser, f"{typed[:3]} {typed[3:]}").url == "/"


def test_a_wrong_code_sets_nothing_up(page, maryam):
    page.get("/me/security/app/")
    answer = page.post("/me/security/app/", {"code": "000000"})
    assert answer.status_code == 422
    assert not factors.has_any(maryam)


def test_a_code_is_taken_once(page, code):
    secret, _codes = set_up(page, code)
    shown = code(secret)
    first, second = Client(), Client()
    sign_in(first)
    sign_in(second)
    assert second_step(first, shown).status_code == 302
    assert "was used before" in text(second_step(second, shown))


def test_guessing_codes_is_slowed_down_even_for_those_who_know_the_password(page, code):
    secret, _codes = set_up(page, code)
    for _ in range(throttle.NAME.free):
        browser = Client()
        sign_in(browser)
        second_step(browser, "000000")
    sign_in(browser)
    assert "Too many attempts" in text(second_step(browser, code(secret)))


def test_the_second_step_does_not_wait_for_ever(page, code, later):
    secret, _codes = set_up(page, code)
    browser = Client()
    sign_in(browser)
    later(minutes=11)
    assert second_step(browser, code(secret)).url == "/sign-in/"


def test_the_second_step_is_no_more_when_the_password_has_changed(page, maryam, code):
    secret, _codes = set_up(page, code)
    browser = Client()
    sign_in(browser)
    maryam.set_password("another-long-phrase")
    maryam.save()
    assert second_step(browser, code(secret)).url == "/sign-in/"


def test_the_secret_is_sealed_in_the_database(page, code):
    secret, _codes = set_up(page, code)
    assert secret not in CodeApp.objects.get().secret


def test_recovery_codes_stand_in_once_each_and_are_shown_once(page, maryam, code):
    _secret, codes = set_up(page, code)
    assert len(codes) == 10
    browser = Client()
    sign_in(browser)
    assert second_step(browser, codes[3].upper()).status_code == 302
    sign_in(again := Client())
    assert "was used before" in text(second_step(again, codes[3]))
    shown = text(page.get(SECURITY))
    assert "9 codes left" in shown
    assert not [one for one in codes if one in shown]
    assert "One of your recovery codes was used" in text(page.get("/me/notices/"))


def test_recovery_codes_can_be_fetched_as_a_file_without_a_script(page, code):
    shown = text(page.get("/me/security/app/"))
    secret = re.search(r'code-app__secret">([A-Z2-7 ]+)<', shown)[1].replace(" ", "")
    answer = text(page.post("/me/security/app/", {"code": code(secret)}))
    assert re.search(
        r'<a [^>]*href="data:text/plain;base64,[^"]+" download="kariz-recovery-codes.txt"', answer
    )


def test_new_recovery_codes_replace_the_old_ones(page, code):
    _secret, old = set_up(page, code)
    new = recovery_codes(page.post("/me/security/recovery-codes/"))
    assert len(set(new) - set(old)) == 10
    browser = Client()
    sign_in(browser)
    assert second_step(browser, old[0]).status_code == 422
    assert second_step(browser, new[0]).status_code == 302


def test_without_the_app_the_password_is_enough_again(page, maryam, code):
    set_up(page, code)
    other = Client()
    other.force_login(maryam)
    page.post("/me/security/app/remove/")
    assert sign_in(Client()).url == "/"
    assert not maryam.recovery_codes.exists()
    assert other.get("/").status_code == 302


def test_what_was_sealed_with_another_key_lets_nobody_in_and_breaks_nothing(page, code, settings):
    secret, codes = set_up(page, code)
    settings.SECRET_KEY = "another-key"
    browser = Client()
    sign_in(browser)
    assert second_step(browser, code(secret)).status_code == 422
    assert second_step(browser, codes[0]).status_code == 302


def test_a_key_that_is_being_replaced_still_opens(page, code, settings):
    secret, _codes = set_up(page, code)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key"
    browser = Client()
    sign_in(browser)
    assert second_step(browser, code(secret)).status_code == 302


CHANGING = {
    "password": "/me/security/password/",
    "app": "/me/security/app/",
    "app/remove": "/me/security/app/remove/",
    "passkey": "/me/security/passkeys/new/",
    "passkey/options": "/me/security/passkeys/options/",
    "passkey/remove": "/me/security/passkeys/1/remove/",
    "recovery codes": "/me/security/recovery-codes/",
    "email": "/me/security/email/",
}


@pytest.mark.parametrize("address", CHANGING.values(), ids=CHANGING)
def test_a_quarter_of_an_hour_after_signing_in_one_is_asked_again_before_changing_it(
    address, page, maryam, later
):
    later(minutes=16)
    answer = page.post(address, {"new_password": "forty-pumps-9-more", "email": "x@example.com"})
    assert answer.url.startswith("/me/security/confirm/?next=")
    maryam.refresh_from_db()
    assert maryam.check_password(PASSWORD)


def test_the_password_said_again_leads_back(page, later):
    later(minutes=16)
    asked = page.get("/me/security/password/")
    assert page.post(asked.url, {"password": "guess"}).status_code == 422
    assert page.post(asked.url, {"password": PASSWORD}).url == "/me/security/password/"
    assert page.get("/me/security/password/").status_code == 200


def test_a_code_said_again_leads_back(page, code, later):
    secret, _codes = set_up(page, code)
    later(minutes=16)
    asked = page.get("/me/security/password/")
    assert page.post(asked.url, {"code": code(secret)}).url == "/me/security/password/"


def test_guessing_ones_password_in_an_open_session_is_slowed_down(page, later):
    later(minutes=16)
    for _ in range(throttle.NAME.free):
        page.post("/me/security/confirm/", {"password": "guess"})
    assert "Too many attempts" in text(page.post("/me/security/confirm/", {"password": PASSWORD}))


def test_saying_it_again_never_leads_to_another_site(page, later):
    later(minutes=16)
    there = {"password": PASSWORD, "next": "https://evil.example/"}
    assert page.post("/me/security/confirm/", there).url == SECURITY


@pytest.fixture
def demanded(maryam):
    """Her role asks for a second factor."""
    Role.objects.filter(pk=maryam.role.pk).update(needs_second_factor=True)
    company.touch()


def test_a_role_that_demands_it_leads_to_setting_up_before_anything_else(demanded, page, code, htmx):
    assert page.get("/").url == SECURITY
    assert page.get("/search/", headers=htmx("palette-results")).headers["HX-Redirect"] == SECURITY
    assert "Your role asks for a second factor" in text(page.get(SECURITY))
    set_up(page, code)
    assert page.get("/").status_code == 200
    assert "Your role asks" not in text(page.get(SECURITY))


def test_a_role_that_demands_it_is_not_satisfied_by_taking_it_away_again(demanded, page, code):
    set_up(page, code)
    page.post("/me/security/app/remove/")
    assert page.get("/").url == SECURITY


def test_whoever_must_set_up_can_leave(demanded, page):
    assert page.post("/sign-out/").url == "/sign-in/"
