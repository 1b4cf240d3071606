"""Where browsers are sent back to: which addresses a program can be registered with, and whether one is among them.

Three kinds, as RFC 8252 has them: https; http on the person's own machine, where the port is whatever is free there;
and a scheme of the app's own, which is a domain name backwards. Anything else could be read by others, or is a script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST = 1000
_PORT = r"(?::([0-9]{1,5}))?"
_REST = r"(?:[/?][A-Za-z0-9\-._~:/?@!$&'()*+,;=%]*)?"
WEB = re.compile(rf"https://([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?){_PORT}{_REST}")
LOOPBACK = re.compile(rf"http://(127\.0\.0\.1|\[::1\]|localhost){_PORT}({_REST})")
OWN_SCHEME = re.compile(r"([a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+):/[A-Za-z0-9\-._~:/?@!$&'()*+,;=%]*")


def is_possible(address: str) -> bool:
    """Whether a program can be registered with it."""
    return len(address) <= LONGEST and any(kind.fullmatch(address) for kind in (WEB, LOOPBACK, OWN_SCHEME))


def is_among(address: str, registered: Iterable[str]) -> bool:
    """Whether it is one of them, letter for letter; on the person's machine the port aside."""
    if not is_possible(address):
        return False
    here = _without_port(address)
    return any(address == one or (here is not None and here == _without_port(one)) for one in registered)


def _without_port(address: str) -> tuple[str, str] | None:
    found = LOOPBACK.fullmatch(address)
    return (found[1], found[3]) if found else None


def source(address: str) -> str:
    """What stands for its machine, port included, in a content security policy."""
    if found := OWN_SCHEME.fullmatch(address):
        return f"{found[1]}:"
    found = WEB.fullmatch(address) or LOOPBACK.fullmatch(address)
    if found is None:
        return ""
    scheme = address.partition(":")[0]
    host = "*" if found[1] == "[::1]" else found[1]  # policies have no way to write an address of IPv6
    port = found[2] or ("80" if scheme == "http" else "")
    return f"{scheme}://{host}:{port}" if port else f"{scheme}://{host}"


def machine(address: str) -> str:
    """The machine that a person is sent to; empty where it is her own."""
    found = WEB.fullmatch(address)
    return found[1] if found else ""
