"""Requests to addresses that people typed: never into this network, never redirected, never longer than told.

The name is looked up once, what it stands for is checked, and the connection goes to that very address: a name that
stands for something else a moment later changes nothing. Failures have a `code`; the words are the caller's.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from queue import Empty, SimpleQueue
from threading import Event, Thread, Timer
from typing import Any
from urllib.parse import quote, urlsplit

from urllib3 import HTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, SSLError

CONNECT = 5.0  # seconds: for the name and for the connection
TOTAL = 10.0  # seconds: from the first step to the last byte that is read
MOST_BODY = 16 * 1024  # bytes of an answer
MOST_ADDRESSES = 4  # of one name that are tried
PORTS = {"http": 80, "https": 443}
FIRST_FREE_PORT = 1024  # below it are the services of machines: mail, files, remote control
PRINTABLE = "%/:=&?~+!$,;'@()*[]"

# The registries of special addresses (IANA; RFC 6890 and its successors), in our own words: Python's `is_global`
# says something else from one version to the next. Of IPv6 only what is given out for the internet is called.
_SPECIAL = tuple(
    ip_network(one)
    for one in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/3",
    )
)  # fmt: skip
_GLOBAL_UNICAST = ip_network("2000::/3")
_SPECIAL_6 = tuple(ip_network(one) for one in ("2001::/23", "2001:db8::/32", "3fff::/20"))
_NAT64 = ip_network("64:ff9b::/96")


class Failure(Exception):
    """Why there is no answer: `code` for the program, `detail` as the system says it, for those who look closer."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code, self.detail = code, detail


class Refused(Failure):
    """Nothing was sent: `scheme`, `host`, `port`, `credentials` or `address` is one that is not allowed."""


class Unreachable(Failure):
    """It was tried: there is no such `name`, no `connection`, no trust (`tls`), a `timeout`, or no HTTP `answer`."""


@dataclass(frozen=True)
class Target:
    """The parts of an address; `host` is in ASCII, `path` includes the query."""

    scheme: str
    host: str
    port: int
    path: str


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    is_cut: bool


def target(url: str, *, allow_private: bool = False) -> Target:
    """The parts of `url`, without a look-up. Raises `Refused`, also for a number that is no public address."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError:
        raise Refused("host", url) from None
    if parts.scheme not in PORTS:
        raise Refused("scheme", parts.scheme)
    if not host or "%" in host:
        raise Refused("host", host)
    if parts.username is not None or parts.password is not None:
        raise Refused("credentials")
    port = PORTS[parts.scheme] if port is None else port
    if port not in PORTS.values() and port < FIRST_FREE_PORT:
        raise Refused("port", str(port))
    number = _number(host)
    if number and not (allow_private or is_public(number)):
        raise Refused("address", host)
    path = quote(parts.path or "/", safe=PRINTABLE)
    return Target(
        parts.scheme, host, port, f"{path}?{quote(parts.query, safe=PRINTABLE)}" if parts.query else path
    )


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether `address` is that of one machine on the internet, and does not stand for another that is none."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _SPECIAL)
    inner = address.ipv4_mapped or address.sixtofour
    if address in _NAT64:
        inner = IPv4Address(int(address) & 0xFFFFFFFF)
    if inner is not None:
        return is_public(inner)
    return address in _GLOBAL_UNICAST and not any(address in network for network in _SPECIAL_6)


def send(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes = b"",
    allow_private: bool = False,
    most: int = MOST_BODY,
) -> Answer:
    """One request and what comes back for it, whatever its status. Raises `Refused` and `Unreachable`."""
    end = time.monotonic() + TOTAL
    aim = target(url, allow_private=allow_private)
    connected = _connected(aim, _addresses(aim, allow_private=allow_private), end)
    with connected, _ended_at(end, connected) as is_over:
        try:
            answer = _exchanged(connected, aim, method, headers=headers, body=body, most=most)
        except (ssl.SSLError, SSLError) as error:
            raise Unreachable("timeout" if is_over.is_set() else "tls", str(error)) from None
        except (OSError, HTTPError, HTTPException, ValueError) as error:
            is_late = is_over.is_set() or isinstance(error, TimeoutError)
            raise Unreachable("timeout" if is_late else "answer", str(error)) from None
        if is_over.is_set():  # what was read until then looks like the end where no length was promised
            raise Unreachable("timeout")
    return answer


def _exchanged(
    connected: socket.socket,
    aim: Target,
    method: str,
    *,
    headers: Mapping[str, str],
    body: bytes,
    most: int,
) -> Answer:
    kind = HTTPSConnection if aim.scheme == "https" else HTTPConnection
    # The name is still the one that is asked for and that the certificate must be for; only the way is set.
    connection = kind(aim.host, aim.port, timeout=TOTAL)
    connection._new_conn = lambda: connected  # type: ignore[method-assign]  # noqa: SLF001  made to be replaced
    try:
        sent = {"Accept-Encoding": "identity", "Connection": "close", **headers}
        connection.request(method, aim.path, body, sent, preload_content=False, decode_content=False)
        answer = connection.getresponse()
        read = _read(answer, most)
        return Answer(answer.status, list(answer.headers.items()), read[:most], is_cut=len(read) > most)
    finally:
        connection.close()


def _read(answer: HTTPResponse, most: int) -> bytes:
    """One byte more than `most` shows that there was more."""
    try:
        return answer.read(most + 1)
    finally:
        answer.close()


def _number(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _addresses(aim: Target, *, allow_private: bool) -> list[str]:
    """What the host stands for, all of it checked: one address that is not allowed condemns the name."""
    found = [aim.host] if _number(aim.host) else _looked_up(aim)
    for address in found:
        if not allow_private and not is_public(ip_address(address.partition("%")[0])):
            raise Refused("address", f"{aim.host} is {address}")
    return found[:MOST_ADDRESSES]


def _looked_up(aim: Target) -> list[str]:
    """The addresses of a name. The system's resolver knows no time limit, so it is asked in a thread."""
    told: SimpleQueue[Any] = SimpleQueue()

    def ask() -> None:
        try:
            told.put(socket.getaddrinfo(aim.host, aim.port, type=socket.SOCK_STREAM))
        except Exception as error:  # noqa: BLE001  whatever it is belongs to the thread that waits
            told.put(error)

    Thread(target=ask, name=f"look up {aim.host}", daemon=True).start()
    try:
        found = told.get(timeout=CONNECT)
    except Empty:
        raise Unreachable("name", aim.host) from None
    if isinstance(found, OSError | UnicodeError):
        raise Unreachable("name", f"{aim.host}: {found}")
    if isinstance(found, Exception):
        raise found
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def _connected(aim: Target, addresses: Sequence[str], end: float) -> socket.socket:
    failure: OSError | None = None
    for address in addresses:
        try:
            return socket.create_connection((address, aim.port), min(CONNECT, _left(end)))
        except OSError as error:
            failure = error
    raise Unreachable(
        "timeout" if isinstance(failure, TimeoutError) else "connection", str(failure)
    ) from None


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError("timed out")
    return left


@contextmanager
def _ended_at(end: float, connected: socket.socket) -> Iterator[Event]:
    """Shut the connection at the moment `end`: a time limit of the socket begins anew with each byte that drips in.

    It is done by a twin of the socket: TLS takes the socket itself over.
    """
    is_over = Event()
    twin = connected.dup()

    def shut() -> None:
        is_over.set()
        with suppress(OSError):
            twin.shutdown(socket.SHUT_RDWR)

    timer = Timer(max(0.0, end - time.monotonic()), shut)
    timer.daemon = True
    timer.start()
    try:
        yield is_over
    finally:
        timer.cancel()
        twin.close()
