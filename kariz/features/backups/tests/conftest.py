"""Installations of their own: a data folder and a database, worked on by real commands in real processes."""

import json
import os
import subprocess
import sys
import zipfile
from itertools import count
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from kariz.accounts import company

NUMBERS = count(1)


class Installation:
    """`kind` is the database's: sqlite or postgresql."""

    def __init__(self, data: Path, url: str = "") -> None:
        data.mkdir()
        self.data, self.url = data, url

    def run(self, *arguments, fails=False):
        """What the command printed; where it `fails`, what it said on the error output."""
        done = self.start("-m", "kariz.config.cli", *arguments)
        assert bool(done.returncode) == fails, done.stderr
        return done.stderr if fails else done.stdout

    def start(self, *arguments):
        env = {name: value for name, value in os.environ.items() if name != "KARIZ_DATABASE_URL"}
        env |= {"KARIZ_DATA": str(self.data), "DJANGO_SETTINGS_MODULE": "kariz.config.settings"}
        env |= {"KARIZ_DATABASE_URL": self.url} if self.url else {}
        return subprocess.run(
            [sys.executable, *arguments], env=env, capture_output=True, text=True, check=False
        )

    def back_up(self, path, *options):
        self.run("backup", str(path), "--no-verify", *options)
        return manifest(path)


def manifest(path):
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("manifest.json"))


def held(path):
    """Each table with its rows, their checksum and the last number given; and the files.

    Without the audit log, in which backing up and restoring are entries themselves.
    """
    found = manifest(path)
    tables = {one["name"]: (one["rows"], one["sha256"], one["last"]) for one in found["tables"]}
    tables = {name: rows for name, rows in tables.items() if not name.startswith("audit_")}
    return tables, {(one["name"], one["sha256"]) for one in found["files"]}


@pytest.fixture(scope="session")
def install(tmp_path_factory, request):
    """Makes an empty installation, on the database that the tests run on unless another is wanted."""
    made = []

    def make(kind=connection.vendor):
        data = tmp_path_factory.mktemp("installation") / "data"
        if kind == "sqlite":
            return Installation(data)
        settings = connection.settings_dict
        name = f"backups_{os.getpid()}_{next(NUMBERS)}"
        place = {
            key: settings[key.upper()] or default
            for key, default in (("user", "postgres"), ("host", "127.0.0.1"))
        }
        server = {
            **place,
            "port": settings["PORT"] or 5432,
            "password": settings["PASSWORD"],
            "dbname": "postgres",
        }
        made.append((server, name))
        with psycopg.connect(**server, autocommit=True) as own:
            own.execute(f"CREATE DATABASE {name}")
        password = f":{server['password']}" if server["password"] else ""
        return Installation(
            data, f"postgres://{place['user']}{password}@{place['host']}:{server['port']}/{name}"
        )

    yield make
    for server, name in made:
        with psycopg.connect(**server, autocommit=True) as own:
            own.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def filled(install):
    """The sample company with a document; nobody changes it."""
    made = install()
    made.run("migrate")
    made.run("demo", "--leads", "40")
    document = made.data / "files/offers/پیشنهاد.txt"
    document.parent.mkdir(parents=True)
    document.write_text("Twelve pumps", encoding="utf-8")
    return made


@pytest.fixture(scope="session")
def backup(filled, tmp_path_factory):
    """A backup of it, verified."""
    path = tmp_path_factory.mktemp("backups") / "backup.zip"
    filled.run("backup", str(path))
    return path


@pytest.fixture
def fresh_company():
    company.forget()
    yield
    company.forget()
