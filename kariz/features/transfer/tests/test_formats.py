"""Workbooks and vCards go the same way through the wizard as tables of text."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from xlsxwriter import Workbook

from kariz.core import registry
from kariz.features.transfer.models import Import
from kariz.features.transfer.tests import walking

pytestmark = pytest.mark.django_db

CARDS = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C5=9Eahin;G=C3=BCl;;;
TEL;CELL:+90 532 123 45 67
EMAIL;INTERNET:gul@ege.example
TITLE:Sat\u0131\u015f
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:Broken
BEGIN:VCARD
VERSION:4.0
FN:علی رضایی
TEL;VALUE=uri;TYPE=work:tel:+98-21-8888-1234
BDAY:19800321
END:VCARD
"""


def failures(run: Import) -> list[str]:
    return [reason for file in run.files.all() for failed in file.failures.all() for reason in failed.reasons]


@pytest.mark.parametrize("named", ["in any encoding", "spreadsheets", "vCards", "saved e-mails"])
def test_the_first_page_names_every_kind_of_file_that_it_takes(browser_of_ada, named):
    assert named in browser_of_ada.get("/import/").content.decode()


@pytest.mark.covers("R264")
def test_vcards_become_contacts_and_a_broken_one_a_failed_row(browser_of_ada):
    run = walking.upload(browser_of_ada, ("cards.vcf", CARDS))
    assert run.files.get().plan["type"] == "contact"
    walking.walk(browser_of_ada, run)
    assert failures(run) == ["This card has no end (END:VCARD), so that some of it is missing."]
    contacts = {one.name: one for one in registry.get("contact").model.objects.all()}
    assert set(contacts) == {"Gül Şahin", "علی رضایی"}
    assert contacts["Gül Şahin"].mobile == "+905321234567"
    assert str(contacts["علی رضایی"].birthday) == "1980-03-21"


@pytest.mark.covers("R264")
def test_vcards_become_leads_with_the_one_number_they_keep(browser_of_ada):
    run = walking.upload(browser_of_ada, ("cards.vcf", CARDS), kind="lead")
    walking.walk(browser_of_ada, run, default_source="other")
    leads = {one.name: one.phone for one in registry.get("lead").model.objects.all()}
    assert leads == {"Gül Şahin": "+905321234567", "علی رضایی": "+982188881234"}


@pytest.mark.covers("R264")
def test_vcards_map_themselves_on_the_command_line_too(tmp_path: Path):
    path = tmp_path / "cards.vcf"
    path.write_text(CARDS)
    call_command("import", str(path), "--type", "lead", "--default", "source=other", stdout=io.StringIO())
    assert registry.get("lead").model.objects.get(name="Gül Şahin").phone == "+905321234567"


def test_a_sheet_can_be_chosen(browser_of_ada, tmp_path: Path):
    book = io.BytesIO()
    with Workbook(book) as written:
        for name, rows in {"People": ["Full name", "Ada"], "Firms": ["Name", "Acme", "Beta"]}.items():
            sheet = written.add_worksheet(name)
            for number, cell in enumerate(rows):
                sheet.write(number, 0, cell)
    run = walking.upload(browser_of_ada, ("book.xlsx", book.getvalue()), kind="organization")
    file = run.files.get()
    assert file.header == ["Full name"]
    browser_of_ada.post(
        f"/import/{run.pk}/columns/{file.pk}/reading/", {"sheet": "Firms", "has_header": "on"}
    )
    walking.walk(browser_of_ada, run)
    assert walking.names("organization") == ["Acme", "Beta"]


def test_rows_with_a_wrong_number_of_cells_fail_and_the_others_go_in(browser_of_ada):
    rows = "".join(f"Firm {number},{number}@firm.example\n" for number in range(100))
    run = walking.bring(browser_of_ada, "organization", f"Name,E-mail\n{rows}Acme,acme@firm.example,12\n")
    assert len(walking.names("organization")) == 100
    assert failures(run) == [
        "This row has 3 cells where there are 2 columns. Correct its separators or quotes."
    ]
