"""What is answered where a request cannot be granted: one shape for all of it, in the reader's language.

    {"error": {"code": "invalid", "message": "…", "fields": {"phone": ["…"]}, "items": [...]}}

`fields` and `items` are there where they say something.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.core.access import Forbidden
from kariz.core.conditions import BadCondition
from kariz.core.drafts import WHOLE_RECORD
from kariz.core.merging import Outdated
from kariz.core.records import Conflict, Invalid


class Problem(Exception):
    """Answered as it is. `code` is for programs, `message` for people."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        fields: Mapping[str, Sequence[str]] | None = None,
        items: Sequence[Mapping[str, Any]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status, self.code, self.message = status, code, message
        self.fields, self.items, self.headers = fields, items, headers or {}
        super().__init__(message)

    def response(self) -> HttpResponse:
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.fields:
            error["fields"] = {name: list(told) for name, told in self.fields.items()}
        if self.items is not None:
            error["items"] = list(self.items)
        content = json.dumps({"error": error}, ensure_ascii=False)
        return HttpResponse(content, "application/json", self.status, headers=dict(self.headers))


KNOWN = (
    Problem, Invalid, Conflict, Forbidden, BadCondition, Outdated, Http404, ObjectDoesNotExist,
    SuspiciousOperation, MultiPartParserError,
)  # fmt: skip
LARGEST = 5 * 1024 * 1024


def of(error: Exception) -> Problem:
    """The problem that an error of `KNOWN`, as the doors raise them, is to the caller."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Invalid):
        return invalid(error.errors)
    if isinstance(error, Conflict):
        return _conflict(error)
    status, code = next(how for kind, how in _PLAIN.items() if isinstance(error, kind))
    told = str(error) if status in TOLD else ""
    return Problem(status, code, told or str(_TOLD_OTHERWISE[code]))


_PLAIN: dict[type[Exception], tuple[int, str]] = {
    Forbidden: (403, "forbidden"),
    BadCondition: (400, "bad_condition"),
    Outdated: (409, "outdated"),
    RequestDataTooBig: (413, "too_large"),
    SuspiciousOperation: (400, "bad_form"),
    MultiPartParserError: (400, "bad_form"),
    Http404: (404, "not_found"),
    ObjectDoesNotExist: (404, "not_found"),
}
TOLD = (403, 400, 409)
"""The statuses of which the error itself says what is wrong, in words for people."""
_TOLD_OTHERWISE = {
    "forbidden": gettext_lazy("You may not do this."),
    "bad_condition": gettext_lazy("The condition cannot be asked."),
    "outdated": gettext_lazy("Somebody has changed this meanwhile."),
    "too_large": gettext_lazy("This is too large."),
    "bad_form": gettext_lazy("The form cannot be read."),
    "not_found": gettext_lazy("There is nothing at this address, or you may not see it."),
}


def too_large(most: int) -> Problem:
    told = _("This is too large: %(most)s MB are the most.") % {"most": most // 1024 // 1024}
    return Problem(413, "too_large", told)


def invalid(errors: Mapping[str, Sequence[str]]) -> Problem:
    """Values that cannot be taken; what concerns the record as a whole is the message."""
    fields = {name: told for name, told in errors.items() if name != WHOLE_RECORD}
    whole = " ".join(errors.get(WHOLE_RECORD, ()))
    return Problem(422, "invalid", whole or _("Some values cannot be taken. See “fields”."), fields=fields)


def _conflict(conflict: Conflict) -> Problem:
    told = _("Somebody has changed this meanwhile.")
    items = [
        {"field": one.field, "base": one.base, "theirs": one.theirs, "mine": one.mine}
        for one in conflict.clashes
    ]
    return Problem(
        409,
        "conflict",
        _(
            "Somebody has changed the same fields meanwhile. Read the record again, and decide field by field."
        ),
        fields={one.field: [told] for one in conflict.clashes},
        items=items,
        headers={"ETag": f'"{conflict.record.version}"'},
    )


def bad_query(name: str, message: str) -> Problem:
    """A parameter of the address that makes no sense."""
    return Problem(
        400,
        "bad_parameter",
        _("The address asks for what cannot be given. See “fields”."),
        fields={name: [message]},
    )
