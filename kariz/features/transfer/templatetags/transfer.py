"""Numbers of an import in the reader's digits."""

from django import template

from kariz.accounts import locale

register = template.Library()


@register.filter
def figure(number: int) -> str:
    return locale.active().number(number)


@register.filter
def zipped(cells: list[str], header: list[str]) -> list[tuple[str, str]]:
    """Each title with its cell; a phone shows the title beside the cell."""
    return list(zip(header, cells, strict=False))
