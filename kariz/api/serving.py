"""From a request to an answer: who asks, whether he may, what exactly; then the endpoint, and the answer as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt

from kariz.accounts import locale
from kariz.accounts.locale import Locale
from kariz.api import authentication, bodies, idempotency, limits, problems, queries, shapes
from kariz.api.authentication import Caller
from kariz.api.endpoints import Answer, Call, Endpoint, made
from kariz.api.problems import Problem
from kariz.core import seen
from kariz.core.registry import RecordType

View = Callable[..., HttpResponseBase]
MAY_BE_SENT = "Authorization, Content-Type, If-Match, Idempotency-Key, Accept-Language, X-CSRFToken"
DEPENDS_ON = ("Authorization", "Accept-Language", "Cookie")
MAY_BE_READ = (
    "ETag, Location, Kariz-Batch, Idempotency-Replayed, "
    "RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After"
)


def view(endpoints: Mapping[str, Endpoint]) -> View:
    """The view of one address; `endpoints` are its methods. Without any it is the answer to addresses unknown."""

    @csrf_exempt  # checked below, for callers that come with a session
    @login_not_required
    def serve(request: HttpRequest, **parts: Any) -> HttpResponseBase:
        headers: dict[str, str] = {}
        with locale.use(_reader(request, Locale.of(None))) as reader:
            headers["Content-Language"] = reader.language
            try:
                response = _answer(request, endpoints, parts, headers)
            except problems.KNOWN as error:
                response = problems.of(error).response()
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return let_origins_read(request, response, varies=DEPENDS_ON, shows=MAY_BE_READ)

    return serve


def _answer(
    request: HttpRequest, endpoints: Mapping[str, Endpoint], parts: dict[str, Any], headers: dict[str, str]
) -> HttpResponseBase:
    if request.method == "OPTIONS":
        return _options(request, endpoints)
    caller = authentication.caller(request)
    with locale.use(_reader(request, Locale.of(caller.user))) as reader:
        headers["Content-Language"] = reader.language
        try:
            if not caller.is_browser:
                headers.update(limits.headers(caller.key))
            return _ask(request, caller, _chosen(request, endpoints), parts)
        except problems.KNOWN as error:
            return problems.of(error).response()


def _chosen(request: HttpRequest, endpoints: Mapping[str, Endpoint]) -> Endpoint:
    if not endpoints:
        raise Http404
    method = "GET" if request.method == "HEAD" else request.method or ""
    if method not in endpoints:
        allowed = ", ".join(sorted(endpoints))
        told = _("This address takes only: %(methods)s.") % {"methods": allowed}
        raise Problem(405, "method_not_allowed", told, headers={"Allow": allowed})
    return endpoints[method]


def _ask(request: HttpRequest, caller: Caller, chosen: Endpoint, parts: dict[str, Any]) -> HttpResponseBase:
    record_type: RecordType | None = parts.get("record_type")
    call = Call(request, caller)
    if record_type is not None:
        if not chosen.fits(record_type):
            raise Http404
        call.demand(record_type, chosen.verb or "read")
        parts = parts | {"record_type": seen.by(record_type, caller.user)}
    said = _fill(call, chosen, record_type)
    if not chosen.is_write:
        return _sent(chosen.run(call, **parts))
    with transaction.atomic():
        return idempotency.once(request, caller, said, lambda: _sent(chosen.run(call, **parts)))  # type: ignore[arg-type, return-value]  # a write answers with JSON, never with a file


def _fill(call: Call, chosen: Endpoint, record_type: RecordType | None) -> bytes:
    """Read and check what was sent; gives what tells it from other requests. Raises a `Problem`."""
    if chosen.file:
        texts, call.files, said = bodies.form(call.request)
        given = queries.read({name: [text] for name, text in texts.items()}, chosen.query)
        if chosen.file not in call.files:
            raise problems.invalid({chosen.file: [_("Choose a file first.")]})
        call.query = given
        return said
    call.query, call.others = queries.of(call.request.GET, chosen)
    if chosen.body is None:
        return b""
    said = bodies.read(call.request)
    call.body = bodies.parse(said) if said else {}
    if wrong := shapes.errors(call.body, made(chosen.body, record_type)):
        whole = wrong.pop("", [])
        raise problems.invalid(wrong | ({"__all__": whole} if whole else {}))
    if not isinstance(call.body, dict):
        raise problems.invalid({"__all__": [str(shapes.NAMES["object"])]})
    return said


def _sent(answer: Answer | HttpResponseBase) -> HttpResponseBase:
    if isinstance(answer, HttpResponseBase):
        return answer
    content = json.dumps(answer.content, ensure_ascii=False, separators=(",", ":"))
    response = HttpResponse(content, "application/json", answer.status, headers=dict(answer.headers))
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _reader(request: HttpRequest, own: Locale) -> Locale:
    """The caller's own way to read, in the language that the request asks for where Kariz speaks it."""
    known = dict(settings.LANGUAGES)
    for tag, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        language = tag.partition("-")[0]
        if language in known:
            return replace(own, language=language)
    return own


def _options(request: HttpRequest, endpoints: Mapping[str, Endpoint]) -> HttpResponse:
    allowed = ", ".join(["OPTIONS", *sorted(endpoints)])
    response = HttpResponse(status=204, headers={"Allow": allowed})
    if _may_read(request):
        response["Access-Control-Allow-Methods"] = allowed
        response["Access-Control-Allow-Headers"] = MAY_BE_SENT
        response["Access-Control-Max-Age"] = "600"
    return response


def _may_read(request: HttpRequest) -> bool:
    return request.headers.get("Origin") in settings.API_ORIGINS


def let_origins_read(
    request: HttpRequest, response: HttpResponseBase, *, varies: Iterable[str] = (), shows: str = ""
) -> HttpResponseBase:
    """Scripts of other sites read answers only where KARIZ_API_ORIGINS names the site, and never by a session.

    `varies` are the other headers that the answer depends on, `shows` those of its own that scripts may read.
    """
    patch_vary_headers(response, (*varies, "Origin"))
    if _may_read(request):
        response["Access-Control-Allow-Origin"] = request.headers["Origin"]
        if shows:
            response["Access-Control-Expose-Headers"] = shows
    return response
