"""Keeps tests from reaching any machine but this one."""

import ipaddress
import socket
from collections.abc import Callable
from typing import Any


def forbid() -> None:
    """From now on a connection or a name look-up that leads outside raises."""
    for owner, name, position in (
        (socket.socket, "connect", 1),
        (socket.socket, "connect_ex", 1),
        (socket, "getaddrinfo", 0),
    ):
        setattr(owner, name, _guarded(getattr(owner, name), position))


def _guarded(function: Callable[..., Any], position: int) -> Callable[..., Any]:
    def guarded(*args: Any, **kwargs: Any) -> Any:
        target = args[position]
        host = target[0] if isinstance(target, tuple) else target
        is_address = isinstance(target, tuple) or position == 0
        if is_address and not _is_here(host):
            raise RuntimeError(f"A test tried to reach {host!r}; tests may use this machine only.")
        return function(*args, **kwargs)

    return guarded


def _is_here(host: str | bytes | None) -> bool:
    if host in {None, "", "localhost", b"localhost", socket.gethostname()}:
        return True
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host or "").is_loopback
    except ValueError:
        return False
