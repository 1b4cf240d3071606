"""Every address of the program, as Django's resolver has it: nothing is listed by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

PART = re.compile(r"<(?:(\w+):)?(\w+)>")
API = "api/v1/"


@dataclass(frozen=True)
class Address:
    """`name` is what the program calls it, such as `web:record`; `route` has its parts in angle brackets."""

    name: str
    route: str

    @property
    def is_api(self) -> bool:
        return self.route.startswith(API)

    def at(self, record_type: str = "lead", **parts: Any) -> str:
        """The path with these in place of its parts; with a number or a word where nothing is said of a part."""

        def filled(part: re.Match[str]) -> str:
            kind, name = part[1], part[2]
            if name in ("record_type", "type_name"):
                return record_type
            return str(parts.get(name, 2 if kind in ("int", "api_id") else "name"))

        return "/" + PART.sub(filled, self.route)

    def __str__(self) -> str:
        return f"{self.name} (/{self.route})"


@cache
def every() -> tuple[Address, ...]:
    return tuple(_found(get_resolver().url_patterns))


def _found(patterns: Any, before: str = "", namespace: str = "") -> Iterator[Address]:
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _found(one.url_patterns, route, one.namespace or namespace)
        elif isinstance(one, URLPattern):
            yield Address(f"{namespace}:{one.name or ''}", route)
