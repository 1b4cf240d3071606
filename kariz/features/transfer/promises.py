"""The names of records that an import would bring: while nothing is written, links to them cannot be looked up."""

from __future__ import annotations

from collections.abc import Iterable

from kariz.lib.text import fold


class Promises:
    """Target → name, of what earlier rows and files would make. Only `wanted` targets are kept."""

    def __init__(self, wanted: Iterable[str] = ()) -> None:
        self.names: dict[str, dict[str, str]] = {target: {} for target in wanted}

    def add(self, pairs: Iterable[tuple[str, str]]) -> None:
        for target, name in pairs:
            kept = self.names.get(target)
            if kept is not None and name.strip():
                kept.setdefault(fold(name), name.strip())

    def has(self, target: str, name: str) -> bool:
        return fold(name) in self.names.get(target, ())

    def of(self, target: str) -> list[str]:
        return list(self.names.get(target, {}).values())
