"""`kariz erase` and `kariz disclose`: what they print, and what they refuse."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from kariz.features.privacy.models import Erasure
from kariz.features.privacy.tests.conftest import EMAIL, NAME, WORDS
from kariz.features.privacy.tests.searching import rows_naming
from tests import specimens


def kariz(*command):
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def test_it_prints_the_certificate(known, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        said = ("--likely", "--anonymise", "--reference", "12/7", "--yes", "--json")
        told = json.loads(kariz("erase", "lead", str(known.lead.pk), *said))
    assert (told["by"], told["way"], told["reference"]) == ("Kariz", "anonymised", "12/7")
    assert {name for name, _pk, _at in told["records"]} == {"lead", "contact"}
    assert rows_naming(*WORDS) == []


def test_without_yes_it_only_tells_what_would_go(known):
    out = StringIO()
    with pytest.raises(CommandError, match="say --yes"):
        call_command("erase", "lead", str(known.lead.pk), "--with", f"contact:{known.contact.pk}", stdout=out)
    assert "Comments" in out.getvalue()
    assert specimens.current(known.lead).email == EMAIL
    assert not Erasure.objects.exists()


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (("erase", "ship", "1"), "There is no record type"),
        (("erase", "product", "1"), "is no person"),
        (("erase", "lead", "99999"), "there never was"),
        (("erase", "lead", "99999", "--with", "nobody"), "is no TYPE:ID"),
        (("disclose", "lead", "99999"), "There is no person"),
        (("disclose", "product", "1"), "There is no person"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(cast, command, why):
    with pytest.raises(CommandError, match=why):
        kariz(*command, *(["--yes"] if command[0] == "erase" else []))


def test_everything_that_is_known_is_written_to_a_file(known, tmp_path):
    file = tmp_path / "sara.json"
    assert str(file) in kariz("disclose", "lead", str(known.lead.pk), str(file), "--likely")
    assert oct(file.stat().st_mode)[-3:] == "600"
    told = json.loads(file.read_text())
    assert [one["type"] for one in told["records"]] == ["lead", "contact"]
    assert NAME in kariz("disclose", "lead", str(known.lead.pk))
