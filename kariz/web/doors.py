"""Who of those that are signed in comes in: to record types they may read, records they may see, the settings."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from kariz.accounts.models import User
from kariz.core import access, links, records, registry, seen
from kariz.core.registry import RecordType

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, RecordType, P], HttpResponse]
Answer = TypeVar("Answer", bound=HttpResponseBase)


def for_readers(view: View[P]) -> View[P]:
    """A page about a record type as the person sees it; to those who may not read the type it is not there."""

    @wraps(view)
    def guarded(
        request: HttpRequest, record_type: RecordType, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        if not access.may(record_type, reader(request), "read"):
            raise Http404
        return view(request, seen.by(record_type, reader(request)), *args, **kwargs)

    return guarded  # type: ignore[return-value]  # functools' own class, which is called the same


def for_administrators(
    view: Callable[Concatenate[HttpRequest, P], Answer],
) -> Callable[Concatenate[HttpRequest, P], Answer]:
    """A page for administrators alone; everybody else reads why not."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> Answer:
        if not reader(request).is_administrator:
            raise PermissionDenied(
                _("Settings are for administrators. Ask one of them for what you need changed.")
            )
        return view(request, *args, **kwargs)

    return guarded  # type: ignore[return-value]  # functools' own class, which is called the same


def reader(request: HttpRequest) -> User:
    """The person who asks, signed in."""
    return request.user  # type: ignore[return-value]


def visible_or_404(request: HttpRequest, record_type: RecordType, pk: int) -> Any:
    """One record with its links, where the person may see it."""
    record = records.visible(record_type, reader(request)).filter(pk=pk).first()
    if record is None:
        raise Http404
    links.load(record_type, [record])
    return record


def may_see(request: HttpRequest, record: Any) -> bool:
    return records.visible(registry.of(record), reader(request)).filter(pk=record.pk).exists()


def onward(request: HttpRequest, *written: Any) -> HttpResponse:
    """To the first of these records that one still sees; to the list where all have gone to somebody else."""
    seen = next((record for record in written if may_see(request, record)), None)
    if seen is None:
        return redirect("web:list", registry.of(written[0]))
    return redirect("web:record", registry.of(seen), seen.pk)
