"""A backup is made while Kariz runs, and gives back what it holds, or refuses with a sentence."""

import json
import shutil
import sqlite3
import zipfile

import pytest
from django.db import connection

from kariz.features.backups import restoring
from kariz.features.backups.archive import BadBackup
from kariz.features.backups.tests.conftest import held, manifest

ONLY_SQLITE = pytest.mark.skipif(connection.vendor != "sqlite", reason="is about SQLite's file")
ONLY_POSTGRES = pytest.mark.skipif(connection.vendor == "sqlite", reason="needs both databases")
KILLED = (
    "import django, os, signal; django.setup();"
    "from kariz.features.backups import archive; from django.core.management import call_command;"
    "archive.Writer.finish = lambda self, manifest: os.kill(os.getpid(), signal.SIGKILL);"
    "call_command('backup')"
)


def test_what_is_restored_is_what_was_backed_up(backup, install, tmp_path):
    other = install()
    other.run("restore", str(backup))
    again = tmp_path / "again.zip"
    other.back_up(again)
    assert held(again) == held(backup)
    assert (other.data / "files/offers/پیشنهاد.txt").read_text(encoding="utf-8") == "Twelve pumps"
    assert "Everything is in order." in other.run("doctor")


def test_both_stand_in_the_audit_log_which_is_signed_anew_where_the_key_is_another(backup, filled, install):
    made = json.loads(filled.run("audit", "--json", "--kind", "backup.made").splitlines()[0])
    assert made["details"]["file"] == backup.name
    other = install()
    other.run("restore", str(backup))
    kinds = [json.loads(line)["kind"] for line in other.run("audit", "--json").splitlines()]
    assert kinds[-2:] == ["audit.adopted", "backup.restored"]
    assert "It is whole." in other.run("audit", "--verify")


@ONLY_POSTGRES
def test_a_backup_goes_from_one_kind_of_database_to_the_other_and_back(backup, install, tmp_path):
    sqlite, postgres = install("sqlite"), install("postgresql")
    sqlite.run("restore", str(backup))
    between, back = tmp_path / "between.zip", tmp_path / "back.zip"
    sqlite.back_up(between)
    assert held(between) == held(backup)  # even JSON: SQLite keeps the text that it got
    postgres.run("restore", str(between))
    postgres.back_up(back)
    assert held(back) == held(backup)


def test_sessions_and_the_key_stay_where_they_are(filled, backup):
    with zipfile.ZipFile(backup) as archive:
        names = archive.namelist()
    assert not [name for name in names if "session" in name or "secret_key" in name]
    assert oct(backup.stat().st_mode)[-3:] == "600"


def test_records_are_not_overwritten_unless_one_says_so_and_then_kept_aside(backup, install, tmp_path):
    other = install()
    other.run("migrate")
    other.run("createuser", "sara", "--role", "administrator", "--password", "secret-pumps")
    assert "There are records here already" in other.run("restore", str(backup), fails=True)
    done = json.loads(other.run("restore", str(backup), "--replace", "--json"))
    again = tmp_path / "again.zip"
    other.back_up(again)
    assert held(again) == held(backup)
    assert done["aside"]
    if connection.vendor == "sqlite":
        kept = sqlite3.connect(f"{done['aside']}/kariz.sqlite3")
        assert kept.execute("SELECT username FROM accounts_user").fetchall() == [("sara",)]
        kept.close()


@ONLY_SQLITE
def test_a_database_that_is_in_use_is_left_alone(backup, install):
    other = install()
    other.data.joinpath("files").mkdir()
    running = sqlite3.connect(other.data / "kariz.sqlite3")
    running.execute("PRAGMA journal_mode = WAL")
    running.execute("CREATE TABLE here (id)")
    assert "Kariz is running" in other.run("restore", str(backup), "--replace", fails=True)
    assert running.execute("SELECT name FROM sqlite_master").fetchall() == [("here",)]
    running.close()


def test_a_backup_that_is_killed_leaves_no_file(filled):
    assert filled.start("-c", KILLED).returncode == -9
    assert not list((filled.data / "backups").glob("*.zip"))


def test_a_file_that_is_there_is_not_overwritten(filled, backup):
    assert "is there already" in filled.run("backup", str(backup), fails=True)


def changed(backup, into, change):
    """A copy of the backup in which `change` alters the entries and the manifest."""
    with zipfile.ZipFile(backup) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    told = json.loads(entries["manifest.json"])
    change(entries, told)
    entries["manifest.json"] = json.dumps(told).encode()
    with zipfile.ZipFile(into, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return into


def slip(entries, told):
    entries["files/../../../evil.txt"] = b"evil"
    told["files"].append({"name": "../../../evil.txt", "size": 4, "sha256": "?"})


def swap_in(entries, told):
    entries["files/more.txt"] = b"more"


def lose(entries, told):
    del entries["tables/core_change"]


def grow_up(entries, told):
    told["kariz"] = "99.0.0"


def know_more(entries, told):
    told["migrations"]["leads"].append("0099_more")


def inject(entries, told):
    told["tables"][0]["name"] = 'x"; DROP TABLE leads_lead; --'
    entries[f"tables/{told['tables'][0]['name']}"] = b""


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (slip, "outside the data folder"),
        (swap_in, "damaged or changed"),
        (lose, "damaged or changed"),
        (grow_up, "Install 99.0.0"),
        (know_more, "knows more than this one"),
        (inject, "damaged or changed"),
    ],
)
def test_what_is_not_as_it_was_made_is_refused_before_anything_happens(
    db, backup, tmp_path, change, sentence
):
    path = changed(backup, tmp_path / "changed.zip", change)
    with pytest.raises(BadBackup, match=sentence):
        restoring.restore(path, replace=True)


def test_a_file_that_is_not_there_is_told(db, tmp_path):
    with pytest.raises(BadBackup, match="cannot be read: No such file"):
        restoring.restore(tmp_path / "none.zip", replace=True)


@pytest.mark.parametrize("data", [b"", b"<html>", b"PK\x03\x04", None])
def test_what_is_no_backup_is_refused(db, backup, tmp_path, data):
    path = tmp_path / "file.zip"
    whole = backup.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if data is None else data)
    with pytest.raises(BadBackup, match="no backup of Kariz"):
        restoring.restore(path, replace=True)


def test_a_backup_of_an_older_version_is_brought_up_to_date(backup, install, tmp_path):
    def age(entries, told):
        """As if the feature that decides on backups were younger than the backup."""
        told["kariz"] = "0.0.9"
        del told["migrations"]["backups"], entries["tables/backups_backupsetting"]
        told["tables"] = [one for one in told["tables"] if one["name"] != "backups_backupsetting"]

    other = install()
    other.run("restore", str(changed(backup, tmp_path / "old.zip", age)))
    again = tmp_path / "again.zip"
    other.back_up(again)
    assert held(again) == held(backup)


def test_changed_rows_are_refused_and_the_place_stays_as_it_was(backup, install, tmp_path):
    def change(entries, told):
        entries["tables/accounts_user"] = entries["tables/accounts_user"].replace(b"admin", b"nimda", 1)

    other = install()
    said = other.run("restore", str(changed(backup, tmp_path / "changed.zip", change)), fails=True)
    assert "damaged or changed" in said
    assert "Traceback" not in said
    assert {path.name for path in other.data.iterdir()} <= {"backups", "kariz.sqlite3", "secret_key"}
    assert not list((other.data / "backups").iterdir())


def test_a_disk_that_is_full_is_told_in_a_sentence(filled, tmp_path):
    place = tmp_path / "no"
    shutil.copy(filled.data / "secret_key", place)
    said = filled.run("backup", str(place / "backup.zip"), fails=True)
    assert "cannot be written" in said
    assert "Traceback" not in said


def test_the_manifest_says_what_the_backup_is_of(backup):
    told = manifest(backup)
    assert told["database"] == connection.vendor
    assert told["migrations"]["leads"]
    assert {"core_change", "leads_lead", "accounts_user"} <= {table["name"] for table in told["tables"]}
