"""A signed-in visitor over loopback: one kept connection, no more than what a browser sends."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode


@dataclass(frozen=True)
class Request:
    """`target` is the part of the page that htmx asks to fill; without it the whole page is meant."""

    path: str
    data: dict[str, str] | None = None
    target: str = ""

    @property
    def headers(self) -> dict[str, str]:
        return {"HX-Request": "true", "HX-Target": self.target} if self.target else {}


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    seconds: float


class Refused(Exception):
    """The server did not answer as it should."""


@dataclass
class Visitor:
    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._connection = HTTPConnection("127.0.0.1", self.port, timeout=120)

    def sign_in(self, username: str, password: str) -> None:
        self.ask(Request("/sign-in/"))
        self.ask(Request("/sign-in/", {"username": username, "password": password}))
        if "kariz_session" not in self.cookies:
            raise Refused(f"{username} could not sign in.")

    def twin(self) -> Visitor:
        """Another connection of the same session."""
        return Visitor(self.port, dict(self.cookies))

    def ask(self, request: Request) -> Answer:
        """Raises `Refused` for anything but a page, a fragment or a redirection."""
        headers = request.headers | {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        }
        method, body = "GET", None
        if request.data is not None:
            method, body = "POST", urlencode(request.data)
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
            headers |= {"X-CSRFToken": self.cookies.get("kariz_csrf", "")}
        begun = time.perf_counter()
        self._connection.request(method, request.path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - begun
        for header in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
        if answer.status >= 400:
            text = re.sub(r"<[^>]+>|\s+", " ", content.decode(errors="replace"))
            raise Refused(f"{method} {request.path}: {answer.status} {text[:2000]}")
        return Answer(answer.status, content, seconds)
