"""What the settings show of choices, in the reader's words and numbers."""

from django import template
from django.utils.translation import gettext, ngettext

from kariz.accounts import locale
from kariz.core.models import Choice
from kariz.core.registry import RecordType

register = template.Library()


@register.simple_tag
def translated(label: str) -> str:
    """A shipped label in the reader's language, an administrator's as it was written."""
    return gettext(label) if label else ""


@register.simple_tag
def stage_percent(record_type: RecordType, name: str, choice: Choice) -> str:
    """The probability that a stage sets."""
    field = record_type.all_fields[name]
    return field.show(field.type.load(choice.sets.get(name)))


@register.simple_tag
def day_count(days: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": locale.active().number(days)}


@register.simple_tag
def record_count(count: int) -> str:
    return ngettext("%(n)s record", "%(n)s records", count) % {"n": locale.active().number(count)}
