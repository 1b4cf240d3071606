"""One site and one token: a request goes out, and again where it may have been lost; an answer or an error comes back.

Every write bears an idempotency key, the same however often it is sent, so that sending again is always safe. The token
goes to this site alone: redirects are not followed, cookies and passwords of the machine are not used.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import version
from itertools import count
from typing import Any, BinaryIO, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

import requests
from requests.auth import AuthBase

from kariz.client import addresses, problems
from kariz.client.forms import PIECE, Form
from kariz.client.problems import NotAnAnswer, Redirected, Unreachable

AGENT = f"kariz-client/{version('kariz')}"
CONNECTING = 5.0  # seconds
FIRST_PAUSE = 0.5  # seconds; each further one is twice as long
READING = ("GET", "HEAD")
MAY_PASS = (429, 502, 503, 504)
"""Answers after which the same request may get another one."""
LOST = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)

T = TypeVar("T")


@dataclass(frozen=True)
class Reply:
    """What Kariz answered: JSON as Python has it, and the headers."""

    content: Any
    headers: Mapping[str, str] = field(repr=False)

    @property
    def batch(self) -> int | None:
        """The batch of what was written, by which it can be undone."""
        text = self.headers.get("Kariz-Batch")
        return int(text) if text else None


class _Bearer(AuthBase):
    """Puts the token into the header. Where it is, requests looks for no password in the files of the machine."""

    def __init__(self, token: str) -> None:
        if not (token.isascii() and token.isprintable()) or not token or " " in token:
            raise ValueError("This is no token of Kariz.")
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def __repr__(self) -> str:
        return "<a token>"


class Connection:
    """Threads may share one. `attempts` is how often a request is sent at most, `patience` for how many seconds."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        language: str = "",
        timeout: float = 30.0,
        attempts: int = 4,
        patience: float = 90.0,
        agent: str = "",
    ) -> None:
        self.root = addresses.root(url)
        self._timeout = (min(CONNECTING, timeout), timeout)
        self._attempts, self._patience = attempts, patience
        self._session = requests.Session()
        self._session.auth = _Bearer(token)
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        if addresses.is_loopback(urlsplit(self.root).hostname or ""):
            self._session.trust_env = False  # a proxy is another machine, and http is read on the way to it
        self._session.headers["User-Agent"] = f"{agent} {AGENT}".strip()
        self._session.headers["Accept"] = "application/json"
        if language:
            self._session.headers["Accept-Language"] = language

    def __repr__(self) -> str:
        return f"<Connection to {self.root}>"

    def close(self) -> None:
        self._session.close()

    def ask(
        self,
        method: str,
        *path: str | int,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        form: Form | None = None,
        key: str = "",
    ) -> Reply:
        """What is answered to this request. `key` is the idempotency key of a write; without it, a new one.

        Raises a `KarizError`.
        """
        headers: dict[str, str] = {}
        content: Form | bytes | None = form
        if form is not None:
            headers["Content-Type"] = form.content_type
        elif body is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(body, default=_plain, ensure_ascii=False, allow_nan=False).encode()
        if method not in READING:
            headers["Idempotency-Key"] = key or uuid4().hex
        with self._sent(method, path, params=_query(query), data=content, headers=headers) as response:
            return Reply(_json(response), response.headers)

    def items(self, *path: str | int, query: Mapping[str, Any] | None = None) -> Sequence[Any]:
        """The rows of a list that comes whole. Raises a `KarizError`."""
        found: Sequence[Any] = self.ask("GET", *path, query=query).content["items"]
        return found

    def rows(self, *path: str | int, query: Mapping[str, Any]) -> Iterator[Any]:
        """The rows of a long list: each page is fetched when the one before is used up. Raises a `KarizError`."""
        cursor: str | None = ""
        while cursor is not None:
            found = self.ask("GET", *path, query={**query, "cursor": cursor}).content
            yield from found["items"]
            cursor = found["next"]

    def download(self, *path: str | int, to: BinaryIO) -> int:
        """Write the file at this address to `to`, piece by piece; gives its size. Raises a `KarizError`."""
        size = 0
        with self._sent("GET", path, stream=True, headers={"Accept": "*/*"}) as response:
            for piece in self._pieces(response):
                size += to.write(piece)
        return size

    def _pieces(self, response: requests.Response) -> Iterator[bytes]:
        pieces = response.iter_content(PIECE)
        while piece := self._tried(lambda: next(pieces, b"")):
            if isinstance(piece, Unreachable):
                raise piece
            yield piece

    @contextmanager
    def _sent(self, method: str, path: tuple[str | int, ...], **said: Any) -> Iterator[requests.Response]:
        """The answer, where it is a success."""
        url = f"{self.root}/{addresses.path(*path)}"
        said |= {"timeout": self._timeout, "allow_redirects": False}
        response = self._patiently(lambda: self._session.request(method, url, **said))
        with response:
            if 300 <= response.status_code < 400:
                raise Redirected(response.headers.get("Location", ""))
            if not response.ok:
                raise problems.of(response.status_code, _json_or_none(response), response.headers)
            yield response

    def _patiently(self, send: Callable[[], requests.Response]) -> requests.Response:
        """Send, and send again while it is worth while. Raises `Unreachable`."""
        end = time.monotonic() + self._patience
        for attempt in count(1):
            outcome = self._tried(send)
            pause = _pause(outcome, attempt)
            if pause is None or attempt >= self._attempts or time.monotonic() + pause > end:
                break
            if isinstance(outcome, requests.Response):
                outcome.close()
            time.sleep(pause)
        if isinstance(outcome, Unreachable):
            raise outcome
        return outcome

    def _tried(self, step: Callable[[], T]) -> T | Unreachable:
        """What the step gives, or why not. The errors of requests hold the token: they do not leave this function."""
        try:
            return step()
        except requests.RequestException as error:
            is_trusted = not isinstance(error, requests.exceptions.SSLError)
            told = f"No answer from {self.root}: {_why(error)}"
            return Unreachable(told, may_pass=is_trusted and isinstance(error, LOST))


def _why(error: requests.RequestException) -> str:
    cause = getattr(error.args[0], "reason", error.args[0]) if error.args else error
    if isinstance(error, requests.exceptions.SSLError):
        told = "its certificate is not trusted"
    else:
        told = "it takes too long" if isinstance(error, requests.Timeout) else "the connection failed"
    return f"{told} ({type(cause).__name__})."


def _pause(outcome: requests.Response | Unreachable, attempt: int) -> float | None:
    """How many seconds to wait before the request is sent again; None where that would change nothing."""
    if isinstance(outcome, Unreachable):
        is_worth_while, told = outcome.may_pass, None
    else:
        is_worth_while, told = outcome.status_code in MAY_PASS, problems.retry_after(outcome.headers)
    if not is_worth_while:
        return None
    growing = FIRST_PAUSE * 2 ** (attempt - 1) * random.uniform(0.5, 1)  # noqa: S311 # nosec B311 # not to come all at once
    return growing if told is None else told + random.uniform(0, FIRST_PAUSE)  # noqa: S311 # nosec B311


def _query(said: Mapping[str, Any] | None) -> dict[str, str]:
    """Lists with commas, conditions as JSON; what is not said is left out."""
    found: dict[str, str] = {}
    for name, value in (said or {}).items():
        if value in (None, "", (), []):
            continue
        if name == "where":
            found[name] = json.dumps(value, default=_plain, ensure_ascii=False)
        elif isinstance(value, bool):
            found[name] = str(value).lower()
        else:
            found[name] = str(value) if isinstance(value, str | int) else ",".join(value)
    return found


def _plain(value: Any) -> Any:
    """What JSON knows nothing of, as Kariz takes it; a record stands for its id."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError(f"{value!r} tells no time zone: a moment needs one.")
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "id"):
        return value.id
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be sent to Kariz.")


def _json(response: requests.Response) -> Any:
    found = _json_or_none(response)
    if found is None:
        raise NotAnAnswer("The answer is none of Kariz. Check the address of the site.")
    return found


def _json_or_none(response: requests.Response) -> Any:
    if not response.headers.get("Content-Type", "").startswith("application/json"):
        return None
    try:
        return json.loads(response.content)
    except (ValueError, requests.RequestException):
        return None
