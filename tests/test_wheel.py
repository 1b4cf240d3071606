"""The released package in an empty environment, without Node: installed, started, signed in to, stopped."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "a-long-enough-phrase"

pytestmark = [pytest.mark.wheel, pytest.mark.xdist_group("wheel")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("wheel")


@pytest.fixture(scope="module")
def kariz(folder) -> Callable[..., subprocess.Popen[str]]:
    """Starts the installed `kariz` with nothing else on its PATH."""
    programs = install(folder)

    def start(*arguments: str) -> subprocess.Popen[str]:
        environment = {"PATH": str(programs), "KARIZ_DATA": str(folder / "data"), "PYTHONUNBUFFERED": "1"}
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return subprocess.Popen(
            [programs / "kariz", *arguments], cwd=folder, env=environment, text=True, **pipes
        )

    return start


def install(folder: Path) -> Path:
    def run(*command):
        subprocess.run(command, cwd=ROOT, check=True)

    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder)
    run(sys.executable, "-m", "venv", folder / "venv")
    pip = (folder / "venv/bin/python", "-m", "pip", "--quiet", "--disable-pip-version-check", "install")
    run(*pip, "--require-hashes", "--requirement", "requirements.lock")
    run(*pip, "--no-deps", "--no-index", *folder.glob("*.whl"))
    return folder / "venv/bin"


@pytest.fixture(scope="module")
def busy_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


@pytest.fixture(scope="module")
def served(kariz, busy_port) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """`kariz run`, and the lines that it had said by the time it gave its address."""
    said: list[str] = []
    with kariz("run", "--port", str(busy_port)) as process:
        while not any("Nobody can sign in" in line for line in said):
            line = process.stdout.readline()
            assert line, f"kariz run ended: {said}"
            said.append(line)
        yield process, said
        process.send_signal(signal.SIGTERM)


@pytest.fixture(scope="module")
def address(served) -> str:
    return re.search(r"http://\S+(?=/)", "".join(served[1])).group()


def test_a_busy_port_is_named_and_the_next_one_taken(served, busy_port, address):
    assert f"Port {busy_port} is in use" in "".join(served[1])
    assert not address.endswith(f":{busy_port}")


def test_the_first_user_signs_in_to_an_installed_kariz(kariz, address):
    with kariz("createuser", "sara", "--password", PASSWORD) as created:
        assert "sara" in created.stdout.read()
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    page = read(browser, f"{address}/sign-in/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page).group(1)
    form = {"username": "sara", "password": PASSWORD, "csrfmiddlewaretoken": token}
    with browser.open(f"{address}/sign-in/", urlencode(form).encode()) as home:
        assert home.url == f"{address}/"
        assert "sara" in home.read().decode()


def test_an_installed_kariz_serves_the_browser_files_that_it_was_packed_with(address):
    page = read(build_opener(), f"{address}/sign-in/")
    assets = re.findall(r'(?:src|href)="(/static/[^"#]+)"', page)
    assert any("htmx" in path for path in assets)
    assert all(read(build_opener(), address + path) for path in assets)


def test_the_wheel_holds_a_compiled_catalogue_for_every_language(kariz, folder):
    (installed,) = folder.glob("venv/lib/python3*/site-packages/kariz")
    source = {path.parent.parent.name for path in ROOT.glob("kariz/locale/*/LC_MESSAGES/*.po")}
    assert {path.parent.parent.name for path in installed.glob("locale/*/LC_MESSAGES/*.mo")} == source


def test_programs_of_others_check_their_types_against_the_client(kariz, folder):
    (installed,) = folder.glob("venv/lib/python3*/site-packages/kariz")
    assert (installed / "client/py.typed").exists()
    assert not (installed / "client/tests").exists()


def test_a_worker_that_is_killed_is_started_again(served, address):
    process, _said = served
    (worker,) = children(process.pid, "worker")
    os.kill(worker, signal.SIGKILL)
    assert eventually(lambda: children(process.pid, "worker") not in ([], [worker]))


def test_web_server_and_worker_stop_together(served, address):
    process, _said = served
    started = children(process.pid, "gunicorn") + children(process.pid, "kariz.config.cli")
    process.send_signal(signal.SIGTERM)
    assert process.wait(40) == 0
    assert len(started) == 2
    assert not any(Path(f"/proc/{child}").exists() for child in started)


def read(browser: OpenerDirector, url: str) -> str:
    with browser.open(url, timeout=30) as page:
        return page.read().decode(errors="replace")


def children(pid: int, word: str) -> list[int]:
    """The processes that `pid` has started with `word` in their command."""
    started = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in started if word in Path(f"/proc/{child}/cmdline").read_text().split("\0")]


def eventually(condition: Callable[[], bool], seconds: float = 15) -> bool:
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.2)
    return condition()
