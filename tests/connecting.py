"""A program that people connect by OAuth 2: it sends their browsers here, and has tokens for what they bring back."""

import base64
import hashlib
import secrets
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.test import Client
from django.urls import reverse

from kariz.accounts.models import User
from kariz.api.scopes import EVERYTHING
from kariz.features.programs.models import Program as Row
from kariz.features.programs.oauth import registering
from tests.cast import signed_in
from tests.forms import form
from tests.programs import Program

BACK = "https://planner.example/back"


def challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def told(answer: Any) -> dict[str, str]:
    """What a browser takes to the program in the address to which it is sent."""
    return dict(parse_qsl(urlsplit(answer["Location"]).query, keep_blank_values=True))


class Planner:
    """A registered program. What its requests are to say otherwise is given by name; None leaves it out."""

    def __init__(self, by: User, scope: Any = EVERYTHING, **attributes: Any) -> None:
        usual = {"name": "Planner", "addresses": [BACK], "made_by": by, "scope": scope.kept}
        self.row = Row(**usual | attributes)
        self.secret = registering.keep(self.row)
        self.client = Client(enforce_csrf_checks=True)
        self.verifier = secrets.token_urlsafe(32)

    def asks(self, **otherwise: Any) -> dict[str, Any]:
        usual = {
            "response_type": "code",
            "client_id": self.row.client_id,
            "redirect_uri": self.row.addresses[0],
            "state": "a state",
            "code_challenge": challenge(self.verifier),
            "code_challenge_method": "S256",
        }
        return _without_none(usual | otherwise)

    def question(self, browser: Client, **otherwise: Any) -> Any:
        return browser.get(reverse("programs:authorize"), self.asks(**otherwise))

    def decided(self, browser: Client, decision: str = "allow", ticked: Any = None, **otherwise: Any) -> Any:
        """What the browser gets for the answer; everything stays ticked where nothing is said of that."""
        page = self.question(browser, **otherwise)
        sent = form(page, "decision").filled(decision=decision)
        sent |= {} if ticked is None else {"scope": ticked}
        return browser.post(reverse("programs:authorize"), sent, query_params=self.asks(**otherwise))

    def code(self, user: User, **otherwise: Any) -> str:
        return told(self.decided(signed_in(user), **otherwise))["code"]

    def posts(self, page: str, headers: Any = None, **said: Any) -> Any:
        return self.client.post(reverse(f"programs:{page}"), _without_none(said), headers=headers)

    @property
    def proof(self) -> dict[str, Any]:
        return {"client_id": self.row.client_id, "client_secret": self.secret or None}

    def exchange(self, code: str, **otherwise: Any) -> Any:
        usual = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.row.addresses[0],
            "code_verifier": self.verifier,
            **self.proof,
        }
        return self.posts("token", **usual | otherwise)

    def renew(self, refresh: str, **otherwise: Any) -> Any:
        return self.posts(
            "token", **{"grant_type": "refresh_token", "refresh_token": refresh, **self.proof, **otherwise}
        )

    def connect(self, user: User, **otherwise: Any) -> dict[str, Any]:
        """The tokens, after the person has said yes."""
        given: dict[str, Any] = self.exchange(self.code(user, **otherwise)).json()
        return given


def comes_in(access: str) -> Any:
    """What the API answers to somebody with this token who asks who he is."""
    return Program(access).get("me")


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


def _without_none(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value is not None}
