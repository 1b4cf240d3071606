"""What can go wrong.

KarizError
├── Unreachable         no answer, however often it was tried
├── Redirected          the site sends elsewhere, and a token does not follow
├── NotAnAnswer         something answered that is no Kariz
└── Problem             Kariz says why not: status, code, message, fields, items
    ├── BadRequest      400  the question makes no sense
    ├── Unauthenticated 401  the token lets nobody in
    ├── Forbidden       403  the user may not, or the token does not cover it
    ├── NotFound        404  nothing there, or out of sight
    ├── Conflict        409  somebody has changed it meanwhile
    ├── Invalid         422  values that cannot be taken, by field
    ├── TooManyRequests 429  and it would have taken too long to wait
    └── Failed          5xx  the site has a fault, or something in front of it
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


class KarizError(Exception):
    """Whatever this package raises of what happens on the way."""


class Unreachable(KarizError):
    """There was no answer. A write may have happened or not: send it again with the same idempotency key.

    `may_pass` says whether it is worth while to try again.
    """

    def __init__(self, message: str, *, may_pass: bool = True) -> None:
        super().__init__(message)
        self.may_pass = may_pass


class Redirected(KarizError):
    """The site sends elsewhere. `location` is where; use that address from the start if it is yours."""

    def __init__(self, location: str) -> None:
        super().__init__(f"The site sends to {location!r}; a token does not follow. Use the right address.")
        self.location = location


class NotAnAnswer(KarizError):
    """What answered is no Kariz, or another program in front of it."""


@dataclass(frozen=True)
class Clash:
    """A field that two have set: what it was, what it is now, and what was to be written."""

    field: str
    base: Any
    theirs: Any
    mine: Any


class Problem(KarizError):
    """Kariz says why not, in words for people. `fields` has messages by field, `items` what else there is to know."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        fields: Mapping[str, Sequence[str]] | None = None,
        items: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, code, message)
        self.status, self.code, self.message = status, code, message
        self.fields = dict(fields or {})
        self.items = list(items)
        self.headers = headers or {}

    def __str__(self) -> str:
        lines = [f"{name}: {' '.join(told)}" for name, told in self.fields.items()]
        return "\n".join([self.message, *lines])


class BadRequest(Problem):
    pass


class Unauthenticated(Problem):
    pass


class Forbidden(Problem):
    pass


class NotFound(Problem):
    pass


class Conflict(Problem):
    @property
    def clashes(self) -> list[Clash]:
        """The fields to decide on, where both have set the same ones."""
        names = ("field", "base", "theirs", "mine")
        return [Clash(*(item[name] for name in names)) for item in self.items if set(names) <= set(item)]

    @property
    def version(self) -> int | None:
        """The version that is there now."""
        text = self.headers.get("ETag", "").strip('"')
        return int(text) if text.isdecimal() else None


class Invalid(Problem):
    pass


class TooManyRequests(Problem):
    @property
    def seconds(self) -> float:
        """How long to wait."""
        return retry_after(self.headers) or 0.0


class Failed(Problem):
    pass


KINDS: Mapping[int, type[Problem]] = {
    400: BadRequest, 401: Unauthenticated, 403: Forbidden, 404: NotFound, 409: Conflict, 422: Invalid,
    429: TooManyRequests,
}  # fmt: skip


def of(status: int, said: Any, headers: Mapping[str, str]) -> KarizError:
    """What to raise for an answer that is no success; `said` is its JSON, None where it had none."""
    error = said.get("error") if isinstance(said, Mapping) else None
    if not isinstance(error, Mapping):
        error = {}
        if status < 500:
            return NotAnAnswer(f"The answer ({status}) is none of Kariz. Check the address of the site.")
    kind = Failed if status >= 500 else KINDS.get(status, Problem)
    message = error.get("message") or f"The site has a fault ({status})."
    return kind(
        status, error.get("code", ""), message, error.get("fields"), error.get("items") or (), headers
    )


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that the header Retry-After tells to wait."""
    text = headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdecimal() else None
