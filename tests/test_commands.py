"""The `kariz` command in a folder where nothing is yet, and on a database of another version."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path


def kariz(data: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "KARIZ_DATA": str(data),
        "KARIZ_DATABASE_URL": f"sqlite:///{data}/kariz.sqlite3",
    }
    line = [sys.executable, "-m", "kariz.config.cli", *command]
    return subprocess.run(line, check=False, env=environment, capture_output=True, text=True, timeout=120)


def test_any_command_may_be_the_first(tmp_path: Path) -> None:
    made = kariz(tmp_path, "demo", "--leads", "3", "--json")
    assert made.returncode == 0, made.stderr
    asked = kariz(tmp_path, "query", "lead", "--json")
    assert len(json.loads(asked.stdout)) == json.loads(made.stdout)["records"]["lead"] == 3


def test_a_database_of_another_version_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "kariz.sqlite3") as database:
        database.execute("CREATE TABLE something (id integer)")
    refused = kariz(tmp_path, "query", "lead")
    assert refused.returncode == 1
    assert refused.stderr == "kariz: The database is not up to date: `kariz migrate` brings it there.\n"
