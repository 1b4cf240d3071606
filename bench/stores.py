"""The databases that are timed: a sample company built once for each size and kept, a fresh copy for each run."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import psycopg

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".bench_cache"
LOCAL = "postgres://postgres@127.0.0.1:5432"
WORK = "work"
DRAWN = 100_000  # a larger company is made of copies of one of this size


def server() -> str:
    return os.environ.get("KARIZ_TEST_POSTGRES", LOCAL).rstrip("/")


def has_postgres() -> bool:
    try:
        psycopg.connect(f"{server()}/postgres", connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True


def digest() -> str:
    """Another one for other tables or another sample, which make what is kept useless."""
    seen = hashlib.sha256()
    for path in sorted([*ROOT.glob("kariz/**/migrations/*.py"), *ROOT.glob("kariz/features/demo/**/*.*")]):
        if path.suffix in (".py", ".toml") and "tests" not in path.parts:
            seen.update(path.read_bytes())
    return seen.hexdigest()[:8]


def kariz(*command: str, **environment: str) -> None:
    """Run a command of the program; what it shows of its progress is on standard error."""
    wanted = [sys.executable, "-m", "kariz.config.cli", *command]
    subprocess.run(wanted, check=True, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)


@dataclass(frozen=True)
class Store(ABC):
    """One database system with `size` leads and as many opportunities."""

    name: ClassVar[str]
    size: int
    language: str

    @abstractmethod
    def fresh(self) -> dict[str, str]:
        """The environment of a copy that the run may change."""

    @property
    def kept(self) -> str:
        return f"{self.language}_{self.size}_{digest()}"

    def build(self, **environment: str) -> None:
        """Fill what is empty; or, above `DRAWN`, what holds a company of that size."""
        if self.size > DRAWN:
            command = [sys.executable, "-m", "bench.growing", str(self.size // DRAWN)]
            subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, **environment})
            return
        count = str(self.size)
        kariz("migrate", "--verbosity=0", **environment)
        kariz("demo", "--leads", count, "--opportunities", count, "--language", self.language, **environment)


class SQLite(Store):
    name = "SQLite"

    def fresh(self) -> dict[str, str]:
        kept, work = self.keep(), CACHE / f"sqlite_{WORK}"
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(kept, work)
        return self._environment(work)

    def keep(self) -> Path:
        """The folder that is kept, made where it is not there."""
        kept = CACHE / f"sqlite_{self.kept}"
        if not kept.is_dir():
            building = CACHE / "sqlite_building"
            shutil.rmtree(building, ignore_errors=True)
            if self.size > DRAWN:
                shutil.copytree(SQLite(DRAWN, self.language).keep(), building)
            self.build(**self._environment(building))
            for older in CACHE.glob(f"sqlite_{self.language}_{self.size}_*"):
                shutil.rmtree(older)
            building.rename(kept)
        return kept

    def _environment(self, folder: Path) -> dict[str, str]:
        return {"KARIZ_DATA": str(folder), "KARIZ_DATABASE_URL": f"sqlite:///{folder}/kariz.sqlite3"}


class Postgres(Store):
    name = "PostgreSQL"

    def fresh(self) -> dict[str, str]:
        work = f"kariz_bench_{WORK}"
        with psycopg.connect(f"{server()}/postgres", autocommit=True) as connection:
            kept = self.keep(connection)
            connection.execute(f"DROP DATABASE IF EXISTS {work} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {work} TEMPLATE {kept}")
        return self._environment(work)

    def keep(self, connection: psycopg.Connection[tuple[str]]) -> str:
        """The database that is kept, made where it is not there."""
        kept, building = f"kariz_bench_{self.kept}", "kariz_bench_building"
        if kept in _databases(connection, kept):
            return kept
        template = "template0"
        if self.size > DRAWN:
            template = Postgres(DRAWN, self.language).keep(connection)
        connection.execute(f"DROP DATABASE IF EXISTS {building} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {building} TEMPLATE {template} ENCODING 'UTF8'")
        self.build(**self._environment(building))
        with psycopg.connect(f"{server()}/{building}", autocommit=True) as built:
            built.execute("VACUUM ANALYZE")  # as the server's own vacuum does within minutes
        for older in _databases(connection, f"kariz_bench_{self.language}_{self.size}_"):
            connection.execute(f"DROP DATABASE {older}")
        connection.execute(f"ALTER DATABASE {building} RENAME TO {kept}")
        return kept

    def _environment(self, database: str) -> dict[str, str]:
        folder = CACHE / f"postgres_{WORK}"
        return {"KARIZ_DATA": str(folder), "KARIZ_DATABASE_URL": f"{server()}/{database}"}


def _databases(connection: psycopg.Connection[tuple[str]], start: str) -> list[str]:
    found = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [start])
    return [name for (name,) in found]


def stores(size: int, language: str) -> list[Store]:
    return [SQLite(size, language), *([Postgres(size, language)] if has_postgres() else [])]
