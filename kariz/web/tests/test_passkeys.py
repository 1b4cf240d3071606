"""Passkeys in a real browser with a virtual authenticator, and answers that do not fit."""

import json
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from kariz.accounts import people
from kariz.accounts.credentials import Passkey
from tests.cast import gather

PASSWORD = "pars-sanat-40"
pytestmark = pytest.mark.browser


@pytest.fixture
def maryam(live_server):
    gather()
    return people.create("maryam2", PASSWORD, name="Maryam Ahmadi")[0]


@pytest.fixture
def key(page: Page):
    """A device with a fingerprint reader that says yes; gives what talks to it."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return lambda command, **more: cdp.send(
        f"WebAuthn.{command}", {"authenticatorId": made["authenticatorId"], **more}
    )


def sign_in(page: Page):
    page.goto("/sign-in/")
    page.locator("[name=username]").fill("maryam2")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Sign in to Kariz")


def add(page: Page, name="My telephone"):
    page.goto("/me/security/passkeys/new/")
    page.locator("[name=name]").fill(name)
    page.locator("form[data-passkey] button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")


def sign_out(page: Page):
    page.context.clear_cookies()
    page.goto("/sign-in/")


def test_a_passkey_is_added_and_signs_in_without_name_and_password(maryam, page, key):
    sign_in(page)
    add(page)
    page.goto("/me/security/")
    expect(page.get_by_text("My telephone")).to_be_visible()
    sign_out(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator("#main")).to_be_visible()
    row = Passkey.objects.get()
    assert row.user == maryam
    assert row.used_at is not None
    assert row.sign_count > 0


def test_recovery_codes_are_fetched_as_a_file(maryam, page, key):
    sign_in(page)
    add(page)
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Download").click()
    assert fetched.value.suggested_filename == "kariz-recovery-codes.txt"
    codes = Path(fetched.value.path()).read_text().split()
    assert len(codes) == 10
    assert codes[0] in page.locator(".recovery-codes").inner_text()


def test_it_leads_on_to_the_page_that_was_wanted(maryam, page, key):
    sign_in(page)
    add(page)
    sign_out(page)
    page.goto("/me/preferences/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/me/preferences/")
    expect(page.locator("#main")).to_be_visible()


def test_it_is_the_second_step_after_the_password(maryam, page, key):
    sign_in(page)
    add(page)
    sign_out(page)
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator("#main")).to_be_visible()


def test_a_device_that_is_not_sure_of_its_holder_does_not_open(maryam, page, key):
    sign_in(page)
    add(page)
    sign_out(page)
    key("setUserVerified", isUserVerified=False)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("The passkey was not used.")).to_be_visible()


def test_a_copied_key_is_refused(maryam, page, key):
    """Its counter stands where the original's has been."""
    sign_in(page)
    add(page)
    Passkey.objects.update(sign_count=1_000)
    sign_out(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("This passkey is not known here")).to_be_visible()


def test_a_key_that_was_removed_opens_no_more(maryam, page, key):
    sign_in(page)
    add(page)
    page.goto("/me/security/")
    page.locator(".proof", has_text="My telephone").get_by_role("button").click()
    page.locator("#confirm [data-agree]").click()
    expect(page.get_by_text("The passkey My telephone is removed.")).to_be_visible()
    sign_out(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("This passkey is not known here")).to_be_visible()


def test_it_confirms_who_one_is(maryam, page, key):
    sign_in(page)
    add(page)
    page.goto("/me/security/confirm/?next=/me/security/password/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/me/security/password/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Change password")


def test_an_answer_is_taken_once(maryam, page, key):
    sign_in(page)
    add(page)
    sign_out(page)
    sent = []
    page.on("request", lambda request: sent.append(request.post_data) if request.method == "POST" else None)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator("#main")).to_be_visible()
    body = sent[-1]
    assert "credential=" in body
    thief = Client()
    thief.post("/sign-in/passkey/options/")
    replayed = thief.post("/sign-in/passkey/", body, content_type="application/x-www-form-urlencoded")
    assert replayed.status_code == 422
    assert thief.get("/").status_code == 302


def test_the_eye_shows_the_password(maryam, page):
    page.goto("/sign-in/")
    box = page.locator("[name=password]")
    box.fill(PASSWORD)
    page.get_by_role("button", name="Show the password").click()
    expect(box).to_have_attribute("type", "text")
    box.press("Enter")
    page.goto("/me/security/")


HALF = {"id": "x", "rawId": "eA", "type": "public-key", "response": {"clientDataJSON": "eA"}}
NONSENSE = ["", "{", "null", "[]", "7", '{"id": 1}', "[" * 5000, '{"response": {}}', json.dumps(HALF)]


@pytest.mark.parametrize("answer", NONSENSE, ids=range(len(NONSENSE)))
def test_answers_that_make_no_sense_are_refused(db, answer):
    browser = Client()
    browser.post("/sign-in/passkey/options/")
    assert browser.post("/sign-in/passkey/", {"credential": answer}).status_code == 422
    asked = Client()
    asked.force_login(people.create("maryam", PASSWORD)[0])
    asked.post("/me/security/passkeys/options/")
    assert asked.post("/me/security/passkeys/new/", {"credential": answer}).status_code == 422
