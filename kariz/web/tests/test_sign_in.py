"""Coming in: three languages, and the same answer whatever was wrong."""

import pytest
from django.test import Client

from kariz.accounts import people
from kariz.web import throttle

WRONG = "do not belong together"


@pytest.fixture
def maryam(fleet):
    return people.create("maryam", "pars-sanat-40", name="Maryam Ahmadi")[0]


def sign_in(client, name="maryam", password="pars-sanat-40", **more):
    return client.post("/sign-in/", {"username": name, "password": password, **more})


def test_the_right_password_opens_the_page_that_was_wanted(maryam, client):
    refused = client.get("/me/preferences/")
    assert refused.status_code == 302
    assert refused.url == "/sign-in/?next=/me/preferences/"
    assert sign_in(client, next="/me/preferences/").url == "/me/preferences/"
    assert client.get("/me/preferences/").status_code == 200


def test_nobody_learns_whether_a_name_exists(maryam, client):
    unknown = sign_in(client, name="nobody").content.decode()
    wrong = sign_in(client, password="guess").content.decode()
    maryam.is_active = False
    maryam.save()
    inactive = sign_in(client).content.decode()
    for page in (unknown, wrong, inactive):
        assert WRONG in page


def test_after_ten_failures_even_the_right_password_waits(maryam, client):
    for _ in range(throttle.MOST):
        sign_in(client, password="guess")
    assert "Too many attempts. Wait 15 minutes" in sign_in(client).content.decode()


def test_failures_of_one_name_do_not_keep_another_out(maryam, client):
    for _ in range(throttle.MOST):
        sign_in(client, name="nobody", password="guess")
    assert sign_in(client).status_code == 302


def test_success_starts_the_count_anew(maryam, client):
    for _ in range(throttle.MOST - 1):
        sign_in(client, password="guess")
    sign_in(client)
    again = Client()
    sign_in(again, password="guess")
    assert sign_in(again).status_code == 302


@pytest.mark.parametrize(("language", "direction"), [("fa", "rtl"), ("tr", "ltr"), ("en", "ltr")])
def test_the_page_speaks_the_language_chosen_on_it(fleet, client, language, direction):
    chosen = client.post("/language/", {"language": language, "next": "/sign-in/?next=/"})
    assert chosen.url == "/sign-in/?next=/"
    assert f'<html lang="{language}" dir="{direction}"' in client.get("/sign-in/").content.decode()


def test_a_chosen_language_leads_nowhere_else(fleet, client):
    assert (
        client.post("/language/", {"language": "tr", "next": "https://elsewhere.example/"}).url == "/sign-in/"
    )
    assert client.post("/language/", {"language": "xx"}).status_code == 400


def test_signing_out_takes_a_form(maryam, browse):
    client = browse(maryam)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").url == "/sign-in/"
    assert client.get("/").status_code == 302


def test_a_fragment_without_a_session_is_refused_instead_of_filled_with_the_sign_in_page(fleet, client, htmx):
    assert client.get("/search/", headers=htmx("palette-results")).status_code == 401


def test_no_page_may_run_a_script_that_is_not_ours(fleet, client):
    policy = client.get("/sign-in/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
