"""What the table of expectations is written in: the kinds of doors, and what is sent through them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kariz.accounts.models import User
from kariz.core.registry import RecordType
from tests.security.company import Company

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
NOT_TAKEN, NEVER = "-", "-"


@dataclass(frozen=True)
class Cell:
    """Somebody at a door: with which role, for which record of which type. `own` is the person's own one."""

    company: Company
    role: str
    record_type: RecordType
    whose: str = "own"

    @property
    def person(self) -> User:
        return self.company.people[self.role]

    @property
    def record(self) -> Any:
        return self.company.record(self.record_type, self.whose, self.role)

    def may(self, verbs: str, record: Any = None) -> bool:
        return self.company.may(self.role, verbs, self.record_type, record)

    @property
    def own(self) -> Any:
        return self.company.record(self.record_type, "own", self.role)


Said = Callable[[Cell], Mapping[str, Any]]


def nothing(cell: Cell) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class Door:
    """Who comes in. `needs` is method → what one has to be allowed, verbs with spaces between; `-`: no such method.

    `of` says of what: a `record`, which must be seen as well, a `type` as a whole, `any` type, some `thing` that is one
    person's (then `needs` names it, and `also` who else comes in), the `settings`, or `nothing`. Of the record types it
    is for `types`. `parts` and `query` stand in the address. `refused` is what those get who see the record but may not
    do this.

    Whoever is let in with something to send (`sends`) leaves traces; doors that let all in and change what each may
    change say in `leaves` for whom that holds. A token needs the verb of `scope`, where that is not the person's.
    """

    of: str
    needs: Mapping[str, str] = field(default_factory=dict)
    also: str = ""
    types: Callable[[RecordType], bool] = lambda record_type: True
    parts: Said = nothing
    query: Said = nothing
    refused: int = 403
    sends: Said | None = None
    is_form: bool = True
    leaves: str | Callable[[Cell], bool] = ""
    scope: Mapping[str, str] = field(default_factory=dict)

    @property
    def methods(self) -> list[str]:
        return [name for name in METHODS if self.needs.get(name, NOT_TAKEN) != NOT_TAKEN]


PUBLIC = Door("nothing", {"GET": "", "POST": ""}, also="strangers")
PROGRAMS = Door("nothing", {"POST": ""}, also="programs")  # which prove who they are in the form
SIGNED_IN = Door("nothing", {"GET": ""})
ADMINISTRATORS = Door("settings", {"GET": "", "POST": ""})


def of_type(get: str = "read", post: str | None = None, **more: Any) -> Door:
    """A page about a record type. POST needs what GET needs, unless something else is said."""
    return _page("type", get, post, more)


def of_record(get: str = "read", post: str | None = None, **more: Any) -> Door:
    return _page("record", get, post, more)


def of_any(verb: str, **more: Any) -> Door:
    """A page for whoever may do this with some record type."""
    return _page("any", verb, None, more)


def of_thing(get: str, post: str | None = None, **more: Any) -> Door:
    """A page about what is one person's. What is somebody else's is not there."""
    return _page("thing", get, post, {"refused": 404, **more})


def _page(of: str, get: str, post: str | None, more: dict[str, Any]) -> Door:
    return Door(of, {"GET": get, "POST": get if post is None else post}, **more)


def api(of: str, /, **more: Any) -> Door:
    """An endpoint; its methods are those in capitals."""
    needs = {name: more.pop(name) for name in METHODS if name in more}
    told = {"is_form": False, "refused": 404 if of == "thing" else 403}
    return Door(of, needs, **{**told, **more})
