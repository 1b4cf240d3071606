"""Runs the web server and the job worker as one program: they start together and stop together."""

import errno
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence

PORTS_TRIED = 50
SECONDS_TO_STOP = 35  # a little more than the web server gives to requests under way


def listen(host: str, port: int, *, on_busy: Callable[[int], None]) -> socket.socket:
    """A listening socket on `port`, or on the first free one above it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, port + PORTS_TRIED):
        try:
            return socket.create_server((host, candidate), family=family, backlog=2048)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            on_busy(candidate)
    return socket.create_server((host, 0), family=family, backlog=2048)


def run_together(web: Sequence[str], worker: Sequence[str], *, pass_fds: Sequence[int]) -> int:
    """Serve until told to stop or until the web server ends; a worker that dies is started again."""
    stopping = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopping.set())
    server = _start(web, pass_fds)
    jobs = _start(worker)
    try:
        while server.poll() is None and not stopping.wait(0.5):
            if jobs.poll() is not None:
                print(
                    f"The job worker ended with code {jobs.returncode}; starting it again.", file=sys.stderr
                )
                stopping.wait(1)
                jobs = _start(worker)
    finally:
        _stop(server, jobs)
    return 0 if stopping.is_set() else server.returncode


def _start(command: Sequence[str], pass_fds: Sequence[int] = ()) -> subprocess.Popen[bytes]:
    # In a session of its own: Ctrl+C reaches the parent alone, which then stops its children in order.
    return subprocess.Popen([sys.executable, "-m", *command], pass_fds=pass_fds, start_new_session=True)  # nosec B603 # ours


def _stop(*running: subprocess.Popen[bytes]) -> None:
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
