"""A program on this machine that hears what is sent to it, and answers as it is told."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Heard:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Reply:
    """An answer; `drips` sends the body byte by byte with pauses of so many seconds."""

    status: int = 200
    body: bytes = b"ok"
    headers: dict[str, str] = field(default_factory=dict)
    drips: float = 0


class Receiver:
    """What was `heard`, in order; the next answers are those in `replies`, then those of `always`."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.replies: list[Reply] = []
        self.always = Reply()
        self.port = 0

    def url(self, path: str = "/hook", host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


@contextmanager
def listening(tls: Any = None) -> Iterator[Receiver]:
    """A receiver on a port of its own; `tls` is the context of a server that speaks it."""
    receiver = Receiver()

    class Hearing(BaseHTTPRequestHandler):
        def hear(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            receiver.heard.append(Heard(self.command, self.path, dict(self.headers), body))
            self._answer(receiver.replies.pop(0) if receiver.replies else receiver.always)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = hear  # noqa: N815  the names of the library

        def _answer(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in ({"Content-Length": str(len(reply.body))} | reply.headers).items():
                self.send_header(name, value)
            self.end_headers()
            for byte in reply.body if reply.drips else b"":
                self.wfile.write(bytes([byte]))
                time.sleep(reply.drips)
            self.wfile.write(b"" if reply.drips else reply.body)

        def log_message(self, *_: Any) -> None:
            pass

    with served(Hearing, tls) as receiver.port:
        yield receiver


@contextmanager
def served(handler: type[BaseHTTPRequestHandler], tls: Any = None) -> Iterator[int]:
    """The port on which a handler answers, until the end."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            """Whoever hangs up on a slow answer is expected."""

    server = Server(("127.0.0.1", 0), handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
