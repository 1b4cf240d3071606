"""Fields in templates: `{% cell field record names %}`, `{% ask field value errors %}`, and parts drawn once."""

from functools import cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from kariz.accounts import locale
from kariz.core.fields import Field
from kariz.core.links import Names
from kariz.web import cells, inputs

register = template.Library()

register.simple_tag(inputs.ask, name="ask")
register.simple_tag(inputs.compare, name="compare")
register.simple_tag(cells.icon, name="icon")
register.simple_tag(cells.avatar, name="avatar")
register.simple_tag(cells.person, name="person")
register.simple_tag(cells.badge, name="badge")


@register.filter
def number(value: int) -> str:
    """A count in the reader's digits: templates know of languages, not of digits."""
    return locale.active().number(value)


@register.simple_tag
def still(template_name: str) -> SafeString:
    """A part of the page that is the same for everybody who reads one language: rendered once for each of them."""
    return _still(template_name, get_language() or "")


@cache
def _still(template_name: str, language: str) -> SafeString:
    return render_to_string(template_name)


@register.simple_tag
def cell(field: Field, record: Any, names: Names | None = None) -> SafeString:
    """The value that `record` holds, as lists show it. `names` are those of `links.names`."""
    return cells.painter(field, names or {})(record)
