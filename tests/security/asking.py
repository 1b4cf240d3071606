"""One request of the matrix: sent, taken back, and compared with what was expected of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.test import RequestFactory
from django.test.client import ClientHandler
from django.urls import reverse

IN, SIGN_IN, FORBIDDEN, NOT_THERE, REFUSED, NOT_TAKEN, BROKEN = (
    "let in", "asked to sign in", "forbidden", "told that there is nothing", "refused", "told of another method",
    "met with an error",
)  # fmt: skip
STATUS = {401: SIGN_IN, 403: FORBIDDEN, 404: NOT_THERE, 405: NOT_TAKEN, 409: REFUSED}
# What is written whoever asks: where one is signed in, how often a program has asked.
ASIDE = {"accounts_session", "api_allowance", "api_token", "api_keptanswer"}


@dataclass(frozen=True)
class Result:
    """How somebody fared, and whether that has left a trace in any table."""

    outcome: str
    left_traces: bool


class Visitor(RequestFactory):
    """Somebody at the doors, by a browser or as a program: always as signed in as at first.

    It is Django's test client without what that keeps of each answer: there are thousands of them here.
    """

    handler = ClientHandler(enforce_csrf_checks=False)

    def __init__(self, *, session: str = "", secret: str = "") -> None:
        super().__init__(headers={"Authorization": f"Bearer {secret}"} if secret else {})
        if session:
            self.cookies[settings.SESSION_COOKIE_NAME] = session

    def request(self, **request: Any) -> Any:
        return self.handler(self._base_environ(**request))  # type: ignore[attr-defined]  # as Client does


def ask(
    visitor: Visitor, method: str, path: str, sends: Mapping[str, Any] | None = None, *, is_form: bool = True
) -> Result:
    """Send the request, see what it has left where it was to write, and take all of it back."""
    is_read = method == "GET"
    with transaction.atomic():
        before = None if is_read else _traces()
        send = getattr(visitor, method.lower())
        answer = send(path, **({} if is_read else _content(sends or {}, is_form=is_form)))
        if answer.streaming:
            b"".join(answer.streaming_content)
        after = None if is_read else _traces()
        transaction.set_rollback(True)
    return Result(_outcome(answer), before != after)


def _content(sends: Mapping[str, Any], *, is_form: bool) -> dict[str, Any]:
    return {"data": sends} if is_form else {"data": json.dumps(sends), "content_type": "application/json"}


def _outcome(answer: Any) -> str:
    wants_sign_in = answer.status_code == 302 and answer["Location"].startswith(
        f"{reverse('web:sign_in')}?next="
    )
    known = BROKEN if answer.status_code >= 500 else STATUS.get(answer.status_code, IN)
    return SIGN_IN if wants_sign_in else known


def _traces() -> tuple[int, ...]:
    """How many rows each table has."""
    with connection.cursor() as cursor:
        cursor.execute(_counting())
        found: tuple[int, ...] = cursor.fetchone()
        return found


@cache
def _counting() -> str:
    tables = {
        one._meta.db_table for one in apps.get_models(include_auto_created=True) if one._meta.managed
    } - ASIDE
    there = sorted(tables & set(connection.introspection.table_names()))
    return "SELECT " + ", ".join(f"(SELECT count(*) FROM {name})" for name in there)
