"""Numbers of an import in the reader's digits, and types by their names."""

from typing import Any

from django import template

from kariz.accounts import locale
from kariz.core import registry

register = template.Library()


@register.filter
def figure(number: int) -> str:
    return locale.active().number(number)


@register.filter
def zipped(cells: list[str], header: list[str]) -> list[tuple[str, str]]:
    """Each title with its cell; a phone shows the title beside the cell."""
    return list(zip(header, cells, strict=False))


@register.filter
def by_type(made: dict[str, list[Any]]) -> list[tuple[Any, int, list[str]]]:
    """Of `Tally.made`: the plural of each type, how many, and the first names."""
    known = {one.name: one.plural for one in registry.every()}
    return [(known[kind], count, names) for kind, (count, names) in made.items() if kind in known]
