"""Coming in: three languages, and the same answer whatever was wrong."""

import pytest
from django.contrib.auth import hashers
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.test import Client

from kariz.accounts import people
from kariz.web import throttle

WRONG = "do not belong together"


@pytest.fixture
def maryam(fleet):
    return people.create("maryam", "pars-sanat-40", name="Maryam Ahmadi")[0]


def sign_in(client, name="maryam", password="pars-sanat-40", onward="", **extra):
    return client.post("/sign-in/", {"username": name, "password": password, "next": onward}, **extra)


def test_the_right_password_opens_the_page_that_was_wanted(maryam, client):
    refused = client.get("/me/preferences/")
    assert refused.status_code == 302
    assert refused.url == "/sign-in/?next=/me/preferences/"
    assert sign_in(client, onward="/me/preferences/").url == "/me/preferences/"
    assert client.get("/me/preferences/").status_code == 200


def test_nobody_learns_whether_a_name_exists(maryam, client):
    unknown = sign_in(client, name="nobody").content.decode()
    wrong = sign_in(client, password="guess").content.decode()
    maryam.is_active = False
    maryam.save()
    inactive = sign_in(client).content.decode()
    for page in (unknown, wrong, inactive):
        assert WRONG in page


def fail(client, times=throttle.NAME.free, name="maryam"):
    for _ in range(times):
        sign_in(client, name=name, password="guess")


def test_whoever_fails_again_and_again_waits_even_with_the_right_password(maryam, client):
    fail(client)
    assert "Too many attempts. Wait 1 minute," in sign_in(client).content.decode()


def test_the_wait_doubles_with_each_failure_and_ends(maryam, client, later):
    fail(client)
    for minutes in (1, 2, 4, 8, 16, 32, 60, 60):
        assert f"Wait {minutes} minute" in sign_in(client).content.decode()
        later(minutes=minutes)
        fail(client, times=1)
    later(minutes=60)
    assert sign_in(client).status_code == 302


def test_a_name_that_nobody_has_waits_as_long(maryam, client):
    fail(client, name="nobody")
    assert "Wait 1 minute," in sign_in(client, name="nobody").content.decode()


def test_failures_of_one_name_do_not_keep_another_out(maryam, client):
    fail(client, name="nobody")
    assert sign_in(client).status_code == 302


def test_an_address_that_tries_many_names_waits(maryam, client):
    for number in range(throttle.ADDRESS.free):
        sign_in(client, name=f"name-{number}", password="guess")
    assert "Too many attempts" in sign_in(client).content.decode()
    assert sign_in(client, REMOTE_ADDR="10.9.8.7").status_code == 302


def test_success_starts_the_count_anew(maryam, client):
    fail(client, throttle.NAME.free - 1)
    sign_in(client)
    again = Client()
    fail(again, 1)
    assert sign_in(again).status_code == 302


def test_strangers_who_guess_do_not_keep_out_the_browser_that_is_known(maryam, client):
    sign_in(client)
    client.post("/sign-out/")
    fail(Client(REMOTE_ADDR="10.9.8.7"))
    assert "Too many attempts" in sign_in(Client()).content.decode()
    assert sign_in(client).status_code == 302


def test_neighbours_at_the_same_address_do_not_keep_it_out_either(maryam, client):
    sign_in(client)
    client.post("/sign-out/")
    for number in range(throttle.ADDRESS.free):
        sign_in(Client(), name=f"name-{number}", password="guess")
    assert "Too many attempts" in sign_in(Client()).content.decode()
    assert sign_in(client).status_code == 302


def test_what_the_known_browser_forges_is_not_believed(maryam, client):
    sign_in(client)
    client.post("/sign-out/")
    client.cookies["kariz_device"] = client.cookies["kariz_device"].value[:-1] + "x"
    fail(Client(REMOTE_ADDR="10.9.8.7"))
    assert "Too many attempts" in sign_in(client).content.decode()


@pytest.mark.parametrize("name", ["MARYAM", " maryam ", "Maryam@Example.com", "ｍａｒｙａｍ"])
def test_the_name_or_the_address_may_be_written_in_any_way(maryam, client, name):
    people.change_email(maryam, "maryam@example.com")
    assert sign_in(client, name=name).status_code == 302


def test_an_old_hash_becomes_a_new_one_when_somebody_signs_in(maryam, client, settings):
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.Argon2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    assert maryam.password.startswith("md5$")
    assert sign_in(client).status_code == 302
    maryam.refresh_from_db()
    assert maryam.password.startswith("argon2$argon2id$")


def test_an_unknown_name_costs_as_much_as_a_known_one(maryam, client, monkeypatch):
    hashed = []
    encode = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(
        hashers.MD5PasswordHasher, "encode", lambda *given: hashed.append(given) or encode(*given)
    )
    sign_in(client, password="guess")
    known = len(hashed)
    sign_in(client, name="nobody", password="guess")
    assert len(hashed) == 2 * known


def test_every_sign_in_and_every_failure_is_told(maryam, client):
    told = []
    receivers = {
        signal: lambda name=name, **_: told.append(name)
        for name, signal in (("in", user_logged_in), ("out", user_logged_out), ("failed", user_login_failed))
    }
    for signal, receiver in receivers.items():
        signal.connect(receiver)
    fail(client)
    sign_in(client)
    throttle.unlock(maryam)
    sign_in(client)
    client.post("/sign-out/")
    for signal, receiver in receivers.items():
        signal.disconnect(receiver)
    assert told == ["failed"] * 6 + ["in", "out"]


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
