"""A write that is sent twice happens once: the answer is kept under the key that the caller chose.

The row is made first and in the transaction of the write. Its uniqueness makes a second request with the same key wait
for the first one, on both databases, and find its answer; what failed leaves no row, and may be sent again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from kariz.api.models import KeptAnswer
from kariz.api.problems import Problem

if TYPE_CHECKING:
    from django.http import HttpRequest

    from kariz.api.authentication import Caller

HEADER = "Idempotency-Key"
KEPT = timedelta(hours=24)
LONGEST = 255
KEPT_HEADERS = ("Location", "ETag", "Kariz-Batch")


def once(
    request: HttpRequest, caller: Caller, body: bytes, write: Callable[[], HttpResponse]
) -> HttpResponse:
    """What `write` answers, or what it answered to this key before. For use in the transaction of the write.

    Raises a `Problem` for a key that came with another request.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return write()
    if not 0 < len(key) <= LONGEST or not key.isprintable():
        told = _("An idempotency key is a text of up to %(most)s characters.") % {"most": LONGEST}
        raise Problem(400, "bad_idempotency_key", told)
    kept = KeptAnswer(caller=caller.key, key=key, fingerprint=_fingerprint(request, body))
    KeptAnswer.objects.filter(caller=caller.key, key=key, at__lt=timezone.now() - KEPT).delete()
    try:
        with transaction.atomic():
            kept.save(force_insert=True)
    except IntegrityError:
        return _again(kept)
    response = write()
    kept.status, kept.body = response.status_code, response.content.decode()
    kept.headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    kept.save(update_fields=["status", "body", "headers"])
    return response


def _fingerprint(request: HttpRequest, body: bytes) -> str:
    said = f"{request.method} {request.get_full_path()}\n".encode()
    return hashlib.sha256(said + body).hexdigest()


def _again(asked: KeptAnswer) -> HttpResponse:
    kept = KeptAnswer.objects.get(caller=asked.caller, key=asked.key)
    if kept.fingerprint != asked.fingerprint:
        told = _("This idempotency key came with another request before. Choose a new key for each request.")
        raise Problem(422, "idempotency_key_reused", told)
    response = HttpResponse(kept.body, "application/json", kept.status, headers=kept.headers)
    response["Idempotency-Replayed"] = "true"
    return response
