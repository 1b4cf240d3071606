"""`kariz mcp` starts anywhere, says what it lacks, and keeps its token to itself."""

import subprocess
import sys

import pytest

from kariz.api.models import Token
from kariz.core import registry
from tests import assistants, programs, specimens
from tests.assistants import Refused

LEAD = registry.get("lead")
SECRET = "krz_" + "s" * 40
HERE = {"KARIZ_URL": "http://127.0.0.1:1", "KARIZ_TOKEN": SECRET}


def kariz(folder, *arguments, code="from kariz.config.cli import main; main()", **environment):
    line = [sys.executable, "-c", code, "mcp", *arguments]
    return subprocess.run(
        line, check=False, capture_output=True, text=True, timeout=60, cwd=folder, env=environment
    )


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({}, "Set KARIZ_URL"),
        ({"KARIZ_URL": "https://crm.example.com"}, "KARIZ_TOKEN to a token"),
        ({"KARIZ_URL": "http://crm.example.com", "KARIZ_TOKEN": SECRET}, "Use https."),
        (HERE | {"KARIZ_TOKEN": "krz_ two words"}, "This is no token"),
    ],
)
def test_it_says_what_it_lacks(environment, told, tmp_path):
    ended = kariz(tmp_path, **environment)
    assert (ended.returncode, told in ended.stderr, ended.stdout) == (1, True, "")
    assert SECRET not in ended.stderr


def test_it_says_how_to_install_its_library(tmp_path):
    without = "import sys; sys.modules['mcp'] = None; from kariz.config.cli import main; main()"
    ended = kariz(tmp_path, code=without, **HERE)
    assert (ended.returncode, ended.stderr) == (
        1,
        "kariz: The library for it is missing or too old: pip install 'kariz[mcp]'.\n",
    )


def test_it_stands_with_the_other_commands(tmp_path):
    assert "KARIZ_TOKEN" in kariz(tmp_path, "--help").stdout
    listed = subprocess.run(
        [sys.executable, "-m", "kariz.config.cli", "--help"],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        env={"KARIZ_DATA": str(tmp_path)},
    )
    assert "  mcp " in listed.stdout


@pytest.mark.django_db(transaction=True)
def test_a_check_says_whom_the_token_stands_for(live_server, cast, tmp_path):
    said = kariz(tmp_path, "--check", KARIZ_URL=live_server.url, KARIZ_TOKEN=programs.of(cast.reza).secret)
    assert said.stdout == f"{live_server.url}/api/v1: Reza Moradi (salesperson)\n"
    refused = kariz(tmp_path, "--check", KARIZ_URL=live_server.url, KARIZ_TOKEN=SECRET)
    assert (refused.returncode, "This token is unknown" in refused.stderr) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_a_site_that_is_not_there_is_said_by_each_tool(tmp_path, monkeypatch):
    with assistants.started("http://127.0.0.1:1", SECRET, tmp_path) as assistant:
        assert assistant.tools
        with pytest.raises(Refused, match="No answer from http://127"):
            assistant.call("search_records", words="sara")


@pytest.mark.django_db(transaction=True)
def test_the_token_is_in_no_answer_and_no_log(live_server, cast, tmp_path):
    secret = programs.of(cast.reza).secret
    sara = specimens.make(LEAD, cast.reza, "Sara")
    told = []
    with assistants.started(live_server.url, secret, tmp_path) as assistant:
        told.append(assistant.text("describe_types"))
        told.append(assistant.text("read_record", type="lead", id=sara.pk))
        Token.objects.all().delete()
        with pytest.raises(Refused, match="This token is unknown") as refused:
            assistant.text("read_record", type="lead", id=sara.pk)
        told += [str(refused.value), str(assistant.tools)]
    told.append(assistant.log.read_text())
    assert not any(secret[4:] in text for text in told)
    assert told[-1] == ""
    assert [path.name for path in tmp_path.iterdir()] == ["errors"]
