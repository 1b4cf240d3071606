"""Stands between a program and a server of this machine: passes on, counts, and loses answers on demand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlsplit

from tests.receiver import served

HOP = {"connection", "transfer-encoding", "content-length", "host"}


@dataclass
class Relay:
    """`passed` are the requests that the server has answered; of the next `lose` answers none arrives."""

    port: int = 0
    lose: int = 0
    passed: list[tuple[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def between(server: str) -> Iterator[Relay]:
    relay, aim = Relay(), urlsplit(server)

    class Passing(BaseHTTPRequestHandler):
        def hear(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            onward = HTTPConnection(aim.hostname or "", aim.port, timeout=30)
            headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
            onward.request(self.command, self.path, body, headers)
            answer = onward.getresponse()
            content = answer.read()
            onward.close()
            relay.passed.append((self.command, self.path))
            if relay.lose:
                relay.lose -= 1
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = hear  # noqa: N815  the names of the library

        def log_message(self, *_: Any) -> None:
            pass

    with served(Passing) as relay.port:
        yield relay
