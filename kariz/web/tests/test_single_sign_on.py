"""Signing in at an OpenID provider, a real one that runs beside the tests."""

import http.client
import time
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.test import Client

from kariz.accounts import company, people
from kariz.accounts.credentials import CodeApp, Identity
from kariz.accounts.models import Role, User
from kariz.web.tests.provider import CLIENT, SECRET, Provider, path

PASSWORD = "pars-sanat-40"


@pytest.fixture
def provider(settings):
    made = Provider()
    settings.OIDC_SERVER_URL, settings.OIDC_NAME = made.url, "Pars ID"
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT, SECRET
    yield made
    made.close()


@pytest.fixture
def maryam(fleet):
    return people.create("maryam", PASSWORD, name="Maryam Ahmadi", email="Maryam@Example.com")[0]


def go(browser, onward=""):
    """To the provider; the address at which the browser comes back."""
    left = browser.get("/sign-in/sso/", {"next": onward})
    there = urlsplit(left.url)
    connection = http.client.HTTPConnection(there.netloc, timeout=5)
    connection.request("GET", f"{there.path}?{there.query}")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return path(answer.getheader("Location"))


def sign_in(browser, onward=""):
    return browser.get(go(browser, onward))


def text(answer):
    return answer.content.decode()


def test_the_sign_in_page_offers_it_by_its_name(fleet, provider):
    assert "Sign in with Pars ID" in text(Client().get("/sign-in/"))


def test_without_a_provider_there_is_none(fleet):
    assert "Sign in with" not in text(Client().get("/sign-in/"))
    assert Client().get("/sign-in/sso/").status_code == 404
    assert Client().get("/sign-in/sso/back/").status_code == 404


def test_somebody_with_the_same_verified_address_is_signed_in_and_led_on(maryam, provider):
    browser = Client()
    assert sign_in(browser, "/me/preferences/").url == "/me/preferences/"
    assert "Maryam Ahmadi" in text(browser.get("/me/preferences/"))


def test_from_then_on_one_is_known_by_the_subject_whatever_the_address(maryam, provider):
    sign_in(Client())
    provider.person |= {"email": "ahmadi@example.com"}
    people.create("ahmadi", PASSWORD, email="ahmadi@example.com")
    browser = Client()
    sign_in(browser)
    assert "Maryam Ahmadi" in text(browser.get("/me/preferences/"))
    assert Identity.objects.get().user == maryam


@pytest.mark.parametrize("verified", [{"email_verified": False}, {"email_verified": None}, {}])
def test_an_address_that_is_not_verified_opens_nothing(maryam, provider, verified):
    del provider.person["email_verified"]
    provider.person |= verified
    browser = Client()
    answer = sign_in(browser)
    assert answer.status_code == 403
    assert browser.get("/").status_code == 302
    assert not Identity.objects.exists()


def test_unknown_people_are_told_so(fleet, provider):
    answer = sign_in(Client())
    assert answer.status_code == 403
    assert "Nobody here has your e-mail address" in text(answer)
    assert not User.objects.filter(email_key="maryam@example.com").exists()


def test_unknown_people_become_users_where_the_settings_say_so(fleet, provider, settings):
    settings.OIDC_CREATE, settings.OIDC_ROLE = True, "telemarketer"
    browser = Client()
    assert sign_in(browser).url == "/"
    made = User.objects.get(email="maryam@example.com")
    assert (made.username, made.name, made.role_id) == ("maryam", "Maryam Ahmadi", "telemarketer")
    assert not made.has_usable_password()
    sign_in(Client())
    assert Identity.objects.count() == 1


def test_a_username_that_is_taken_gets_something_added(fleet, provider, settings):
    settings.OIDC_CREATE = True
    people.create("maryam", PASSWORD)
    sign_in(Client())
    assert User.objects.get(email="maryam@example.com").username.startswith("maryam_")


def test_only_addresses_of_the_company_are_let_in(maryam, provider, settings):
    settings.OIDC_DOMAINS = ["pars.example"]
    assert "not one of this company" in text(sign_in(Client()))
    settings.OIDC_DOMAINS = ["pars.example", "example.com"]
    assert sign_in(Client()).url == "/"


def test_whoever_has_left_stays_out_and_is_not_made_anew(maryam, provider, settings):
    settings.OIDC_CREATE = True
    maryam.is_active = False
    maryam.save()
    assert "can sign in no more" in text(sign_in(Client()))
    assert User.objects.filter(email_key="maryam@example.com").count() == 1


def test_the_second_factor_is_asked_for_unless_the_provider_has_done_so(maryam, provider):
    CodeApp.objects.create(user=maryam, secret="x")
    assert sign_in(Client()).url == "/sign-in/second-step/"
    provider.person |= {"amr": ["pwd", "mfa"]}
    assert sign_in(Client()).url == "/"


def test_a_role_that_demands_a_second_factor_is_satisfied_by_that_of_the_provider(maryam, provider):
    Role.objects.update(needs_second_factor=True)
    company.touch()
    browser = Client()
    sign_in(browser)
    assert browser.get("/").url == "/me/security/"
    provider.person |= {"amr": ["pwd", "mfa"]}
    browser = Client()
    sign_in(browser)
    assert browser.get("/").status_code == 200


def test_an_answer_of_another_browser_is_refused(maryam, provider):
    """Otherwise somebody could sign others in as himself."""
    victim = Client()
    assert victim.get(go(Client())).status_code == 403
    assert victim.get("/").status_code == 302


def test_an_answer_is_taken_once(maryam, provider):
    browser = Client()
    back = go(browser)
    assert browser.get(back).status_code == 302
    browser.post("/sign-out/")
    assert browser.get(back).status_code == 403


FORGED = {
    "issuer": {"iss": "https://evil.example"},
    "audience": {"aud": "another program"},
    "nonce": {"nonce": "another"},
    "too old": {"exp": int(time.time()) - 3600},
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_a_token_that_is_not_for_us_is_refused(maryam, provider, forged):
    provider.twist = lambda claims: claims | forged
    browser = Client()
    answer = sign_in(browser)
    assert answer.status_code == 403
    assert "Pars ID did not confirm who you are" in text(answer)
    assert browser.get("/").status_code == 302


def test_a_token_that_somebody_else_has_signed_is_refused(maryam, provider):
    provider.signs_with = provider.new_key()
    browser = Client()
    assert sign_in(browser).status_code == 403
    assert browser.get("/").status_code == 302


def test_leading_on_never_leads_to_another_site(maryam, provider):
    assert sign_in(Client(), "https://evil.example/").url == "/"


def test_a_provider_that_cannot_be_reached_is_told(fleet, settings):
    settings.OIDC_SERVER_URL = "http://127.0.0.1:9"
    answer = Client().get("/sign-in/sso/")
    assert answer.status_code == 403
    assert "did not confirm who you are" in text(answer)


def test_it_confirms_who_one_is_for_those_without_a_password(fleet, provider, settings, later):
    settings.OIDC_CREATE = True
    browser = Client()
    sign_in(browser)
    later(minutes=16)
    asked = browser.get("/me/security/password/")
    assert "Confirm with Pars ID" in text(browser.get(asked.url))
    assert sign_in(browser, "/me/security/password/").url == "/me/security/password/"
    assert browser.get("/me/security/password/").status_code == 200
    provider.person |= {"auth_time": int(time.time()) - 3600}
    assert "did not ask who you are again" in text(sign_in(browser))
    provider.person |= {"sub": "18", "email": "other@example.com"}
    assert "signed in as somebody else" in text(sign_in(browser))


def test_signing_in_and_being_refused_are_told(maryam, provider):
    told = []
    entered = lambda user, **_: told.append(user.username)  # noqa: E731  receivers are held weakly
    refused = lambda credentials, **_: told.append(credentials)  # noqa: E731
    user_logged_in.connect(entered)
    user_login_failed.connect(refused)
    sign_in(Client())
    provider.person |= {"sub": "18", "email": "other@example.com"}
    sign_in(Client())
    user_logged_in.disconnect(entered)
    user_login_failed.disconnect(refused)
    assert told == ["maryam", {"username": "other@example.com"}]
