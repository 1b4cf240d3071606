"""Other programs that work with Kariz: each has a token, and asks in JSON below the root of the API."""

import json
from typing import Any

from django.test import Client

from kariz.accounts.models import User
from kariz.api import tokens
from kariz.api.scopes import EVERYTHING, Scope


class Program:
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


def of(user: User, scope: Any = None, **attributes: Any) -> Program:
    """A program that acts as `user`, within a scope where one is given."""
    reach = Scope(scope) if scope else EVERYTHING
    return Program(tokens.make(user, "A program", scope=reach, **attributes)[1])
