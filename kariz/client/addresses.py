"""Where a token may be sent: to https, or to this very machine."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import quote, urlsplit

ROOT = "/api/v1"


class UnsafeAddress(ValueError):
    """Nothing was sent: a token must not go to this address."""


def root(url: str) -> str:
    """The root of the API of the site at `url`. Raises `UnsafeAddress`."""
    try:
        parts = urlsplit(url.strip())
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise UnsafeAddress(f"This is no address: {url!r}.") from None
    if parts.scheme not in ("http", "https") or not host:
        raise UnsafeAddress(f"Give the address of your Kariz, such as https://crm.example.com, not {url!r}.")
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise UnsafeAddress("The address of a site has no name or password in it, no “?” and no “#”.")
    if parts.scheme == "http" and not is_loopback(host):
        raise UnsafeAddress(
            f"A token is not sent to {host} by http, which anybody on the way can read. Use https."
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}{ROOT}"


def is_loopback(host: str) -> bool:
    """Whether the host is this machine, whatever a name server says."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def path(*parts: str | int) -> str:
    """The parts of an address below the root; none of them can lead elsewhere."""
    texts = [str(part) for part in parts]
    if any(text in ("", ".", "..") for text in texts):
        raise ValueError(f"This is no part of an address: {texts}.")
    return "/".join(quote(text, safe="") for text in texts)
