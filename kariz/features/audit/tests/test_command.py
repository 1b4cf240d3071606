"""`kariz audit` and what the doctor says of the log."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from kariz import audit
from kariz.audit import guards
from kariz.audit.tests.conftest import attack, write


def run(capsys, *arguments: str) -> str:
    call_command("audit", *arguments)
    return capsys.readouterr().out


@pytest.fixture
def five(db):
    return write(5)


def test_it_prints_the_newest_entries_oldest_first(five, capsys):
    lines = run(capsys, "--limit", "2").splitlines()
    assert [line.split("  ")[1] for line in lines] == ["sign_in.failed"] * 2
    assert lines[-1].endswith("name 4")


def test_it_prints_json_of_a_kind_a_user_and_days(cast, capsys):
    audit.note("rights.changed", user=cast.reza, reason="asked")
    [line] = run(capsys, "--json", "--kind", "rights.changed", "--user", "reza").splitlines()
    assert json.loads(line)["details"] == {"reason": "asked"}
    assert run(capsys, "--to", "2020-01-01") == ""
    assert len(run(capsys, "--from", "2020-01-01", "--limit", "0").splitlines()) == 1 + run_count(cast)


def run_count(cast) -> int:
    """The users and teams that the cast has made."""
    return len(vars(cast)) + 4


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (["--kind", "nonsense"], "There is no kind"),
        (["--user", "nobody"], "There is no user"),
        (["--from", "nonsense"], "is no day"),
    ],
)
def test_what_it_does_not_understand_it_says(db, given, why):
    with pytest.raises(CommandError, match=why):
        call_command("audit", *given)


def test_verifying_prints_the_end_which_a_later_one_can_expect(five, capsys):
    out = run(capsys, "--verify")
    assert "5 entries." in out
    assert "It is whole." in out
    end = json.loads(run(capsys, "--verify", "--json"))["end"]
    assert end in out
    write(1)
    assert "It is whole." in run(capsys, "--verify", "--expect", end)
    with pytest.raises(CommandError, match="not what was written"):
        call_command("audit", "--verify", "--expect", "5:nonsense")


def test_it_says_what_is_wrong_and_fails(five, capsys):
    attack("DELETE FROM audit_entry WHERE number = 4")
    with pytest.raises(CommandError, match="not what was written"):
        call_command("audit", "--verify")
    assert "Entry 4 is missing." in capsys.readouterr().out


def test_it_signs_a_log_of_another_key(five, capsys, settings):
    settings.SECRET_KEY = "another-key"
    assert "Signed." in run(capsys, "--adopt", "moved to another server")
    assert "already" in run(capsys, "--adopt", "again")
    assert "It is whole." in run(capsys, "--verify")


def test_the_doctor_finds_a_changed_log_and_cannot_repair_it(five, capsys):
    attack("UPDATE audit_entry SET kind = 'x' WHERE number = 2")
    guards.install()
    with pytest.raises(CommandError, match="cannot be repaired"):
        call_command("doctor", "--repair")
    assert "Audit log: Entry 2 has been changed. Not repaired: " in capsys.readouterr().out


def test_the_doctor_makes_missing_triggers_again(five, capsys):
    guards.remove()
    call_command("doctor", "--repair")
    assert "triggers are missing. Repaired." in capsys.readouterr().out
    assert not guards.missing()
