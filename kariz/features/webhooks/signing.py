"""How the receiver knows that a message is ours and new: HMAC-SHA256 of its moment and body, by a shared secret."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import timedelta

PREFIX = "whsec_"
OVERLAP = timedelta(days=1)  # for which the secret before is used beside the new one


def new_secret() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def signature(body: bytes, at: int, by: Iterable[str]) -> str:
    """The header `Kariz-Signature`: `t=<unix seconds>`, and a `v1=` for each secret that is valid."""
    signed = f"{at}.".encode() + body
    marks = (hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in by)
    return ",".join([f"t={at}", *(f"v1={mark}" for mark in marks)])
