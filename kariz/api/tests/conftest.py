"""The cast, and the programs that work for them."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kariz.api import limits, tokens
from kariz.api.scopes import Scope
from tests.conftest import cast, fresh_company, full, record_type, sara, shirin  # noqa: F401  fixtures


class Program:
    """A program with a token: asks in JSON, below the root of the API."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def ask(self, method: str, path: str, body: Any = None, query: Any = None, **headers: str) -> Any:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        content = body if isinstance(body, str | bytes) else json.dumps(body)
        sent = {} if body is None else {"data": content, "content_type": "application/json"}
        return getattr(self.client, method)(
            f"/api/v1/{path}", **sent, **({"query_params": query} if query else {}), headers=names
        )

    def get(self, path: str, query: Any = None, **headers: str) -> Any:
        return self.ask("get", path, None, query, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.ask("post", path, {} if body is None else body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.ask("patch", path, body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> Any:
        return self.ask("put", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.ask("delete", path, **headers)


@pytest.fixture(autouse=True)
def no_permits_held():
    """What this process holds of a limit belongs to the database of one test."""
    limits._purses.clear()


@pytest.fixture
def program() -> Callable[..., Program]:
    """A program that acts as a user, within a scope where one is given."""

    def made(user: Any, scope: Any = None, **attributes: Any) -> Program:
        reach = {"scope": Scope(scope)} if scope else {}
        return Program(tokens.make(user, "A program", **reach, **attributes)[1])

    return made


@pytest.fixture
def shirins(cast, program) -> Program:  # noqa: F811  the fixture
    """The administrator's program."""
    return program(cast.shirin)
