"""One-time passwords that an authenticator app and we both compute: RFC 6238 (time) on RFC 4226 (counter).

Six digits, thirty seconds, SHA-1: the parameters that every app knows; some ignore any others.
"""

import base64
import hmac
import secrets
import struct
from urllib.parse import quote, urlencode

DIGITS = 6
STEP_SECONDS = 30
SECRET_BYTES = 20  # as long as the hash, which RFC 4226 recommends


def new_secret() -> str:
    """A secret as people type it, in base 32."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def step_at(seconds: float) -> int:
    """The number of the time step that a Unix time falls into."""
    return int(seconds // STEP_SECONDS)


def code(secret: str, step: int) -> str:
    """The code of a time step. Raises `ValueError` if the secret is not base 32."""
    digest = hmac.digest(base64.b32decode(secret, casefold=True), struct.pack(">Q", step), "sha1")
    offset = digest[-1] & 0x0F
    number: int = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def matching_step(secret: str, typed: str, *, now: float, after: int = -1) -> int | None:
    """The step whose code was typed: this one or a neighbour, for clocks that differ, but later than `after`.

    Whoever keeps the step of the last code as `after` accepts no code twice (RFC 6238, 5.2).
    """
    current = step_at(now)
    steps = (current, current - 1, current + 1)
    return next((one for one in steps if one > after and hmac.compare_digest(code(secret, one), typed)), None)


def address(secret: str, *, issuer: str, account: str) -> str:
    """What the QR code says, as authenticator apps read it (Google's Key Uri Format)."""
    label = quote(f"{issuer}:{account}", safe="")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer}, quote_via=quote)}"
