"""What programs can ask for. An endpoint is declared once: its address, its checks and its documentation are one.

    @endpoint("GET", "{type}/{id}/comments", summary=_("Comments"), verb="read", result=array(COMMENT))
    def comments(call: Call, record_type: RecordType, pk: int) -> Answer: ...

Features and record types register theirs in a module `endpoints`, which is found automatically.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from kariz.api.problems import Problem
from kariz.api.shapes import Schema
from kariz.core import access, links, records, seen

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.api.authentication import Caller
    from kariz.core.registry import RecordType


@dataclass(frozen=True)
class Answer:
    """What is sent back as JSON."""

    content: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Call:
    """One request: who asks, and what for. `query` and `body` have been checked against the declaration.

    `others` are the parameters of the address that the declaration does not name, where it takes any.
    """

    request: HttpRequest
    caller: Caller
    query: Mapping[str, Any] = field(default_factory=dict)
    others: Mapping[str, Sequence[str]] = field(default_factory=dict)
    body: Any = None
    files: Mapping[str, Any] = field(default_factory=dict)

    @property
    def user(self) -> User:
        return self.caller.user

    def may(self, record_type: RecordType, verb: str) -> bool:
        """Whether both the person may do this and the caller may ask for it."""
        return self.caller.scope.covers(record_type, verb) and access.may(record_type, self.user, verb)

    def demand(self, record_type: RecordType, verb: str) -> None:
        """Raise what is answered where it may not: the type is not there, or it is forbidden."""
        if not access.may(record_type, self.user, "read"):
            raise Http404
        self.demand_scope(record_type, verb)
        if not access.may(record_type, self.user, verb):
            told = _("You may not do this with records of this type: %(verb)s.") % {"verb": verb}
            raise Problem(403, "forbidden", told)

    def demand_scope(self, record_type: RecordType, verb: str) -> None:
        """Raise what is answered to a token that does not cover the verb, whatever the person may do."""
        if not self.caller.scope.covers(record_type, verb):
            told = _("This token does not cover “%(verb)s” of “%(type)s”.")
            raise Problem(403, "out_of_scope", told % {"verb": verb, "type": record_type.name})

    def demand_everything(self) -> None:
        """Raise what is answered to a token that covers some types or verbs only."""
        if not self.caller.scope.is_everything:
            raise Problem(403, "out_of_scope", _("Only a token that covers everything may do this."))

    def types(self, verb: str = "read") -> list[RecordType]:
        return [one for one in seen.every(self.user) if self.may(one, verb)]

    def record(self, record_type: RecordType, pk: int) -> Any:
        """One record that the person sees, with its links. Raises `Http404`."""
        found = records.visible(record_type, self.user).filter(pk=pk).first()
        if found is None:
            raise Http404
        links.load(record_type, [found])
        return found

    def address(self, path: str) -> str:
        return f"{ROOT}{path}"


ROOT = "/api/v1/"

Run = Callable[..., Answer | HttpResponseBase]
Made = Schema | Callable[["RecordType"], Schema]
"""A schema, or what makes it for a record type."""


@dataclass(frozen=True)
class Parameter:
    """One that stands in the address after `?`. Lists are written with commas."""

    name: str
    schema: Schema
    about: Any = ""


@dataclass(frozen=True)
class Variant:
    """One value of a part of the address, which is documented by itself."""

    value: str
    summary: Any
    body: Schema


@dataclass(frozen=True)
class Endpoint:
    """`path` is relative to the root; `{type}` in it is a record type, `{id}` a number, anything else a name.

    `verb` is what the caller must be allowed to do with the type. `takes_others` lets parameters in that are not
    declared; `file` names the file of a form, whose texts `query` declares. `is_write` runs in one transaction, once
    for each idempotency key. `fits` says of which record types this can be asked, `variants` what may stand in the
    address in place of `{name}`.
    """

    method: str
    path: str
    run: Run
    summary: Any
    about: Any = ""
    verb: str = ""
    query: tuple[Parameter, ...] = ()
    body: Made | None = None
    result: Made | None = None
    status: int = 200
    takes_others: bool = False
    file: str = ""
    media: str = "application/json"
    is_write: bool = False
    fits: Callable[[RecordType], bool] = lambda record_type: True
    variants: Callable[[RecordType], Iterable[Variant]] | None = None

    @property
    def name(self) -> str:
        return getattr(self.run, "__name__", "")


_endpoints: list[Endpoint] = []


def endpoint(method: str, path: str, *, summary: Any, **attributes: Any) -> Callable[[Run], Run]:
    """Make a function an endpoint; it gets the `Call` and the parts of the address: `record_type`, `pk`, `name`."""

    def register(run: Run) -> Run:
        attributes.setdefault("is_write", method not in ("GET", "HEAD"))
        _endpoints.append(Endpoint(method, path, run, summary, **attributes))
        return run

    return register


def every() -> list[Endpoint]:
    return _endpoints


def by_path() -> dict[str, dict[str, Endpoint]]:
    """Path → method → endpoint; addresses without a record type come first."""
    found: dict[str, dict[str, Endpoint]] = defaultdict(dict)
    for one in sorted(_endpoints, key=lambda one: one.path.startswith("{")):
        found[one.path][one.method] = one
    return dict(found)


def made(schema: Made, record_type: RecordType | None) -> Schema:
    if callable(schema):
        if record_type is None:
            raise ValueError(schema)
        return schema(record_type)
    return schema
