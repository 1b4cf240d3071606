"""Only administrators come in; everybody else reads why not."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

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
