"""Secrets that are sent to somebody as a link: what the link holds is random, what we keep is its hash."""

import hashlib
import secrets


def new() -> tuple[str, str]:
    """The secret for the link and the hash to keep."""
    secret = secrets.token_urlsafe(32)
    return secret, digest(secret)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
