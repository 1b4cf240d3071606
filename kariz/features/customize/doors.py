"""What an address of the settings names, where it is there."""

from __future__ import annotations

from django.http import Http404

from kariz.core import choices, registry
from kariz.core.fields import Field
from kariz.core.models import Choice
from kariz.core.registry import RecordType


def type_or_404(name: str) -> RecordType:
    try:
        return registry.get(name)
    except KeyError:
        raise Http404 from None


def field_or_404(record_type: RecordType, name: str) -> Field:
    try:
        return record_type.all_fields[name]
    except KeyError:
        raise Http404 from None


def choice_field_or_404(record_type: RecordType, name: str) -> Field:
    field = field_or_404(record_type, name)
    if field.type.name not in ("choice", "choices"):
        raise Http404
    return field


def choice_or_404(record_type: RecordType, field: str, pk: int) -> Choice:
    """A choice that has not been removed."""
    for choice in choices.of(record_type.name, field, hidden=True):
        if choice.pk == pk:
            return choice
    raise Http404
