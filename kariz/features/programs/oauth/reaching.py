"""Scopes as they stand in the requests of programs: `lead.read contact.*`, where `*` is every type or every verb."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from kariz.api import scopes
from kariz.api.scopes import ANY, Scope
from kariz.core import registry
from kariz.features.programs.words import VERBS


def read(text: str) -> Scope | None:
    """The scope that a program asks for; nothing where it is empty or names something that there is not."""
    types = {ANY, *(one.name for one in registry.every())}
    pairs = [one.partition(".")[::2] for one in text.split(" ")]
    is_known = all(name in types and verb in (ANY, *VERBS) for name, verb in pairs)
    return scopes.of(pairs) if is_known else None


def spelt(scope: Scope) -> str:
    return " ".join(sorted(f"{name}.{verb}" for name, verb in scope.pairs))


def boxes(scope: Scope) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each record type of the scope with the boxes that stand for its verbs, each as value and verb."""
    for name, verbs in scope.allowed.items():
        listed = VERBS if ANY in verbs else [verb for verb in VERBS if verb in verbs]
        yield name, [(f"{name}.{verb}", verb) for verb in listed]


def ticked(scope: Scope, values: Collection[str]) -> Scope:
    """As much of the scope as is ticked; a type of which everything is ticked stays as it was asked for."""
    allowed: dict[str, Sequence[str]] = {}
    for name, listed in boxes(scope):
        chosen = [verb for value, verb in listed if value in values]
        if chosen:
            allowed[name] = scope.allowed[name] if len(chosen) == len(listed) else chosen
    return Scope(allowed)
