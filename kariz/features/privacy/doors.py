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
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def for_administrators(view: View[P]) -> View[P]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not reader(request).is_administrator:
            raise PermissionDenied(_("Erasing people and deciding what is kept is for administrators."))
        return view(request, *args, **kwargs)

    return guarded  # type: ignore[return-value]  # functools' own class, which is called the same
