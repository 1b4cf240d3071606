"""Runs every test that this machine can: on SQLite with a browser, then on PostgreSQL; says what was left out."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zlib import crc32

import psycopg

ROOT = Path(__file__).resolve().parent.parent
DATABASE = f"kariz_{crc32(str(ROOT).encode()):08x}"  # a name of its own for each working copy
LOCAL = "postgres://postgres@127.0.0.1:5432"
OWN_PORT = 54329


NO_CHROMIUM = "Browser tests: there is no Chromium here, and it could not be installed by apt-get as root."
NO_POSTGRES = (
    "All tests on PostgreSQL: KARIZ_TEST_POSTGRES is not set, no server at 127.0.0.1:5432 trusts the user postgres, "
    "and none could be installed by apt-get as root."
)


def main() -> int:
    shutil.rmtree(ROOT / "build", ignore_errors=True)
    left_out: list[str] = []
    failed = [name for name, run in (("SQLite", on_sqlite), ("PostgreSQL", on_postgres)) if run(left_out)]
    print("\nFailed:", ", ".join(failed) or "nothing")
    print("Left out:", *(left_out or ["nothing"]), sep="\n  ")
    return len(failed)


def on_sqlite(left_out: list[str]) -> bool:
    chromium = find_chromium()
    if not chromium:
        left_out.append(NO_CHROMIUM)
    options = [] if chromium else ["-m", "not browser"]
    return pytest("SQLite", options, KARIZ_CHROMIUM=chromium or "", KARIZ_DATABASE_URL="")


def on_postgres(left_out: list[str]) -> bool:
    with postgres() as server:
        if server:
            options = ["-m", "not browser and not wheel"]
            return pytest("PostgreSQL", options, KARIZ_DATABASE_URL=f"{server}/{DATABASE}")
    left_out.append(NO_POSTGRES)
    return False


def pytest(name: str, options: list[str], **environment: str) -> bool:
    """Whether the tests failed. A variable that is empty is unset."""
    print(f"\n== Tests on {name} ==", flush=True)
    wanted = {key: value for key, value in {**os.environ, **environment}.items() if value}
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", *options, *sys.argv[1:]]
    return subprocess.run(command, check=False, cwd=ROOT, env=wanted).returncode != 0


def find_chromium() -> str | None:
    found = os.environ.get("KARIZ_CHROMIUM") or shutil.which("chromium")
    return found or (install("chromium") and shutil.which("chromium")) or None


@contextmanager
def postgres() -> Iterator[str | None]:
    """The address of a server on which databases and the pg_trgm extension can be made."""
    given = os.environ.get("KARIZ_TEST_POSTGRES", LOCAL).rstrip("/")
    if is_usable(given):
        yield given
        return
    programs = find_postgres()
    if not programs:
        yield None
        return
    with own_server(programs) as address:
        yield address


def is_usable(address: str) -> bool:
    try:
        with psycopg.connect(f"{address}/postgres", connect_timeout=3) as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'"
            ).fetchone()
    except psycopg.Error as error:
        print(f"No PostgreSQL at {address}: {str(error).strip()}")
        return False
    return found is not None


def find_postgres() -> Path | None:
    """The folder of PostgreSQL's programs, installed first where that is possible."""
    for _attempt in range(2):
        if programs := sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
            return programs[-1].parent
        if not install("postgresql"):
            break
    return None


@contextmanager
def own_server(programs: Path) -> Iterator[str]:
    """A server in a temporary folder, for as long as the tests run."""
    folder = Path(tempfile.mkdtemp(prefix="kariz-postgres-"))
    # PostgreSQL refuses to run as root; its package makes a user for it.
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
    options = f"-p {OWN_PORT} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"

    def run(*command: str) -> None:
        subprocess.run([*as_user, *command], cwd=folder, check=True, stdout=subprocess.DEVNULL)

    run(
        f"{programs}/initdb",
        "--auth=trust",
        "--username=postgres",
        "--encoding=UTF8",
        f"--pgdata={folder}/data",
    )
    run(
        f"{programs}/pg_ctl",
        "start",
        "--wait",
        f"--pgdata={folder}/data",
        f"--log={folder}/log",
        "--options",
        options,
    )
    try:
        yield f"postgres://postgres@127.0.0.1:{OWN_PORT}"
    finally:
        run(f"{programs}/pg_ctl", "stop", "--mode=immediate", f"--pgdata={folder}/data")
        shutil.rmtree(folder, ignore_errors=True)


def install(package: str) -> bool:
    """Install a Debian package where that is possible; whether it was."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print(f"Installing {package} …", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-qq", "--no-install-recommends", package],
    )
    return all(
        subprocess.run(command, check=False, env=quiet, stdout=subprocess.DEVNULL).returncode == 0
        for command in commands
    )


if __name__ == "__main__":
    sys.exit(main())
