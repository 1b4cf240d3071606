"""With real processes: erased people stay erased when an older backup is put back, and leave no bytes behind."""

import json

import pytest
from django.db import connection

from kariz.features.backups.tests.conftest import install  # noqa: F401  installations of their own
from kariz.features.privacy.tests.conftest import EMAIL, PHONE

ROWS = (
    "Name,E-mail,Phone,Lead source\n"
    "Sara Ahmadi,{sara},{phone},Website\n"
    "Ali Karimi,ali.karimi@example.org,+98 912 765 4321,Website\n"
)
WORDS = ("Sara Ahmadi", EMAIL, PHONE, "Ali Karimi", "ali.karimi@example.org")


@pytest.fixture
def company(install, tmp_path):  # noqa: F811  the fixture
    """Two people who came from a file."""
    made, file = install(), tmp_path / "people.csv"
    file.write_text(ROWS.format(sara=EMAIL, phone=PHONE))
    made.run("import", str(file), "--type", "lead")
    return made


def told(company):
    answer = company.run("query", "lead", "--columns", "title,email,phone", "--json")
    return [word for word in WORDS if word in answer]


def database(company):
    """Those of the words that SQLite's file, or the log beside it, holds."""
    files = (company.data / f"kariz.sqlite3{end}" for end in ("", "-wal"))
    content = b"".join(path.read_bytes() for path in files if path.exists())
    return [word for word in WORDS if word.encode() in content]


def test_a_restored_backup_is_erased_again(company, tmp_path):
    backup, listed = tmp_path / "before.zip", company.data / "erased.jsonl"
    company.run("backup", str(backup), "--no-verify")
    assert told(company) == list(WORDS)
    first = json.loads(company.run("erase", "lead", "1", "--anonymise", "--yes", "--json"))
    second = json.loads(company.run("erase", "lead", "2", "--yes", "--json"))
    assert (first["way"], second["way"]) == ("anonymised", "erased")
    assert not [word for word in WORDS if word in listed.read_text()]
    if connection.vendor == "sqlite":
        assert database(company) == []
    done = json.loads(company.run("restore", str(backup), "--replace", "--json"))
    assert done["erased"] == 2
    assert told(company) == []
    assert "Everything is in order." in company.run("doctor")
    assert listed.read_text().count(first["number"]) == 2


def test_the_doctor_erases_again_whoever_came_back_by_another_way(company, tmp_path):
    backup, listed = tmp_path / "before.zip", company.data / "erased.jsonl"
    company.run("backup", str(backup), "--no-verify")
    company.run("erase", "lead", "1", "--yes")
    kept = listed.read_text()
    listed.unlink()
    company.run("restore", str(backup), "--replace")
    assert told(company) == list(WORDS)
    listed.write_text(kept)
    assert "who was erased may be back" in company.run("doctor", "--repair")
    assert told(company) == list(WORDS[3:])
    assert "Everything is in order." in company.run("doctor")
