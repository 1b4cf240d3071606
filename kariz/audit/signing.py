"""What of an entry is signed, in one canonical form, and the key that signs it.

The canonical form of a list of values is its JSON without spaces, in ASCII. Moments are UTC with microseconds.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

if TYPE_CHECKING:
    from kariz.audit.models import Chain, Entry


def canonical(*values: Any) -> bytes:
    return json.dumps(values, separators=(",", ":"), default=iso).encode()


def iso(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def digest_of(entry: Entry) -> str:
    """Of what names a person. The salt keeps it from telling who was named, once that is replaced."""
    personal = (entry.who, entry.address, entry.agent, entry.title, entry.details, entry.words)
    return hashlib.sha256(canonical(entry.salt, *personal)).hexdigest()


def _signed(entry: Entry) -> tuple[Any, ...]:
    return entry.at, entry.kind, entry.user_id, entry.about_type, entry.about_id, entry.digest


def mac_of(entry: Entry, secret: str = "") -> str:
    return _hmac("kariz.audit.entry", canonical(*_signed(entry)), secret)


def hash_of(entry: Entry) -> str:
    """Of the entry as a link of the chain."""
    link = (entry.previous, entry.number, *_signed(entry), entry.mac)
    return hashlib.sha256(canonical(*link)).hexdigest()


def is_ours(entry: Entry) -> bool:
    """Whether Kariz has written the entry as it is."""
    return any(constant_time_compare(entry.mac, mac_of(entry, secret)) for secret in _secrets())


def sign(chain: Chain) -> None:
    chain.key, chain.mac = fingerprint(), _end(chain)


def is_signed(chain: Chain) -> bool:
    return any(constant_time_compare(chain.mac, _end(chain, secret)) for secret in _secrets())


def fingerprint() -> str:
    """Tells one key from another without telling the key."""
    return _hmac("kariz.audit.key", b"")[:16]


def _end(chain: Chain, secret: str = "") -> str:
    ends = canonical(chain.cut_number, chain.cut_hash, chain.number, chain.hash)
    return _hmac("kariz.audit.chain", ends, secret)


def _secrets() -> list[str]:
    return [settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)]


def _hmac(purpose: str, value: bytes, secret: str = "") -> str:
    return salted_hmac(purpose, value, secret=secret or settings.SECRET_KEY, algorithm="sha256").hexdigest()
