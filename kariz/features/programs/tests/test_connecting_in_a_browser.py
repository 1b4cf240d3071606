"""A program on the person's own computer is connected, works, and is shut out, all in a real browser."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlencode

import pytest
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from django.urls import reverse

from tests.accessibility import faults
from tests.cast import PASSWORD, signed_in
from tests.connecting import Planner
from tests.journeys.desk import DESKTOP, PHONE
from tests.receiver import served

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Listening(BaseHTTPRequestHandler):
    """The end of a program to which browsers come back."""

    def do_GET(self) -> None:
        body = b"<!doctype html><title>Planner</title><h1>Thank you</h1>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    with served(Listening) as found:
        yield found


class App:
    """A program as others write them, with a library of the other side of the protocol."""

    def __init__(self, row, site, port, scope="lead.read lead.create"):
        self.site, self.verifier = site, generate_token(48)
        self.session = OAuth2Session(
            row.client_id,
            redirect_uri=f"http://127.0.0.1:{port}/back",
            scope=scope,
            code_challenge_method="S256",
            token_endpoint_auth_method="none",
        )
        self.begins_at, self.state = self.session.create_authorization_url(
            site + reverse("programs:authorize"), code_verifier=self.verifier
        )

    def takes(self, address):
        return self.session.fetch_token(
            self.site + reverse("programs:token"),
            authorization_response=address,
            state=self.state,
            code_verifier=self.verifier,
            timeout=10,
        )

    def asks(self):
        return self.session.get(f"{self.site}/api/v1/me", timeout=10)


@pytest.mark.parametrize(("language", "scheme", "size"), [("fa", "dark", PHONE), ("en", "light", DESKTOP)])
def test_the_question_can_be_read_and_answered_by_everybody(
    browser, live_server, cast, language, scheme, size
):
    cast.reza.language = language
    cast.reza.save()
    planner = Planner(cast.shirin, name="A planner for everybody who sells pumps, valves and pipes")
    context = browser.new_context(base_url=str(live_server), viewport=size, color_scheme=scheme)
    context.add_cookies([cookie(cast.reza, live_server)])
    page = context.new_page()
    page.goto(f"{reverse('programs:authorize')}?{urlencode(planner.asks())}")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "scope"
    context.close()


@pytest.mark.parametrize(("language", "scheme", "size"), [("fa", "dark", PHONE), ("en", "light", DESKTOP)])
def test_lists_and_forms_of_programs_have_no_faults(browser, live_server, cast, language, scheme, size):
    cast.shirin.language = language
    cast.shirin.save()
    row = Planner(cast.shirin, name="A planner for everybody who sells pumps, valves and pipes").row
    Planner(cast.shirin).connect(cast.shirin)
    context = browser.new_context(base_url=str(live_server), viewport=size, color_scheme=scheme)
    context.add_cookies([cookie(cast.shirin, live_server)])
    page = context.new_page()
    found = {}
    for name in ("tokens", "everybody", "registered", "add_program", "program", "change_program"):
        page.goto(reverse(f"programs:{name}", args=[row.pk] if name in ("program", "change_program") else []))
        found[name] = faults(page), page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    context.close()
    assert {name: one for name, one in found.items() if one != ([], True)} == {}


def cookie(user, live_server):
    value = signed_in(user).cookies["kariz_session"].value
    return {"name": "kariz_session", "value": value, "url": str(live_server)}


def sign_in(page):
    page.locator("[name=username]").fill("reza")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")


def test_a_program_is_connected_works_and_is_disconnected(page, live_server, cast, port):
    app = App(Planner(cast.shirin, addresses=["http://127.0.0.1/back"]).row, str(live_server), port)
    page.goto(app.begins_at)
    sign_in(page)
    page.get_by_role("heading", name="Connect Planner?").wait_for()
    page.get_by_role("checkbox", name="Create").uncheck()
    page.get_by_role("button", name="Allow").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    given = app.takes(page.url)
    assert given["scope"] == "lead.read"
    assert app.asks().json()["user"]["name"] == "Reza Moradi"
    again = app.session.refresh_token(app.site + reverse("programs:token"), timeout=10)
    assert again["access_token"] != given["access_token"]
    page.goto(f"{live_server}{reverse('programs:tokens')}")
    page.locator("#connected").get_by_role("button", name="Disconnect").click()
    page.get_by_role("dialog").get_by_role("button", name="Disconnect").click()
    page.get_by_text("“Planner” is no longer connected.").wait_for()
    assert app.asks().status_code == 401


def test_a_refusal_is_taken_back_too(page, live_server, cast, port):
    app = App(Planner(cast.shirin, addresses=["http://127.0.0.1/back"]).row, str(live_server), port)
    page.goto(app.begins_at)
    sign_in(page)
    page.get_by_role("button", name="Refuse").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    assert "error=access_denied" in page.url


def test_what_a_program_asks_wrongly_is_read_after_signing_in(page, live_server, cast, port):
    row = Planner(cast.shirin, addresses=["http://127.0.0.1/back"]).row
    page.goto(App(row, str(live_server), port, scope="lead.fly").begins_at)
    sign_in(page)
    page.get_by_text("invalid_scope").wait_for()
    page.get_by_role("link", name="Back to the program").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    assert "error=invalid_scope" in page.url
