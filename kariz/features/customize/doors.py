"""Only administrators come in; everybody else reads why not."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kariz.core import choices, registry
from kariz.core.fields import Field
from kariz.core.models import Choice
from kariz.core.registry import RecordType
from kariz.web.doors import reader

P = ParamSpec("P")


def for_administrators(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not reader(request).is_administrator:
            raise PermissionDenied(
                _("Settings are for administrators. Ask one of them for what you need changed.")
            )
        return view(request, *args, **kwargs)

    return guarded  # type: ignore[return-value]  # functools' own class, which is called the same


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
