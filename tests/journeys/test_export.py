"""Taking records out, by the click path that the documents write down (AT03)."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from kariz.core import records, registry
from kariz.features.export import running
from kariz.jobs import worker
from tests import specimens
from tests.accessibility import faults
from tests.journeys.desk import PHONE, Desk, fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OPPORTUNITY = registry.get("opportunity")
PERSIAN = "پمپ برای پارس صنعت"
TURKISH = "Işıklı İğne Çağrısı"


@pytest.fixture
def seventy(cast):
    """Seventy opportunities of Reza's: fifty on the first page of a list, twenty on the second."""
    batch = records.batch_of("import", None)
    values = specimens.least(OPPORTUNITY, owner=cast.reza.pk)
    names = [PERSIAN, TURKISH, *(f"Deal {n:02}" for n in range(68))]
    rows = [(OPPORTUNITY.model(), values | {"name": name}) for name in names]
    records.save_many(OPPORTUNITY, rows, user=None, batch=batch)


def ask(person: Desk) -> None:
    """Actions, then Export."""
    person.page.locator("[popovertarget=actions]").click()
    person.press("Export", person.page.locator("#actions"))
    expect(person.dialog.get_by_role("heading")).to_have_text(person.say("Export data"))


def export(person: Desk, which: str, kind: str = "CSV") -> bytes:
    person.dialog.get_by_label(person.say(which)).check()
    person.dialog.get_by_label(person.say(kind), exact=True).check()
    with person.page.expect_download() as started:
        person.dialog.locator("[name=run]").click()
    expect(person.page.locator("dialog[open]")).to_have_count(0)
    return Path(started.value.path()).read_bytes()


def names(content: bytes) -> list[str]:
    assert content.startswith(b"\xef\xbb\xbf")
    return [row[0] for row in csv.reader(io.StringIO(content.decode("utf-8-sig")))][1:]


@pytest.mark.covers("R267", "R268", "R269", "R270", "R271", "R272")
def test_at03_the_ticked_records_the_open_page_or_all_data_are_exported(desk, cast, seventy):
    reza = desk(cast.reza)
    reza.open_list("opportunity")
    reza.page.locator(".table__name .table__sort").click()
    reza.press("Next")
    expect(reza.page.locator("tr[data-record]")).to_have_count(20)
    ask(reza)
    expect(reza.dialog.get_by_label("Export selected records")).to_be_disabled()
    expect(reza.dialog.locator("[name=run]")).to_have_text("Export Opportunities")
    assert faults(reza.page) == []
    reza.press("Cancel", reza.dialog)

    for box in reza.page.locator("[data-tick]").all()[:3]:
        box.click()
    ask(reza)
    assert len(names(export(reza, "Export selected records"))) == 3
    ask(reza)
    assert len(names(export(reza, "Export data on this page"))) == 20
    ask(reza)
    everything = names(export(reza, "Export all data"))
    assert len(everything) == 70
    assert {PERSIAN, TURKISH} < set(everything)


def test_a_persian_reader_gets_a_spreadsheet_on_the_phone(desk, cast):
    specimens.make(OPPORTUNITY, cast.maryam, PERSIAN, expected_close_on="2026-05-14")
    maryam = desk(cast.maryam, is_phone=True)
    maryam.go("/opportunity/?columns=expected_close_on,stage&where=%7B%7D")
    ask(maryam)
    assert fits(maryam.page)
    assert faults(maryam.page) == []
    content = export(maryam, "Export all data", "Spreadsheet (XLSX)")
    [_head, row] = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert row[:2] == [PERSIAN, "۱۴۰۵/۰۲/۲۴"]


def test_a_large_export_is_made_while_one_does_something_else(desk, cast, seventy, monkeypatch):
    monkeypatch.setattr(running, "DIRECTLY", 60)
    reza = desk(cast.reza)
    reza.open_list("opportunity")
    ask(reza)
    reza.dialog.get_by_label("Export all data").check()
    reza.press("Export Opportunities", reza.dialog)
    expect(reza.heading).to_have_text("The export is under way")
    worker.drain()
    expect(reza.heading).to_have_text("The export is done")
    reza.page.set_viewport_size(PHONE)
    assert fits(reza.page)
    with reza.page.expect_download() as started:
        reza.press("Download the file")
    book = CalamineWorkbook.from_path(started.value.path())
    assert len(book.get_sheet_by_index(0).to_python()) == 71
    shirin = desk(cast.shirin)
    shirin.go("/settings/")
    shirin.press("Exports", shirin.page.locator("#main"))
    expect(shirin.page.locator("tbody tr")).to_contain_text(["Reza Moradi"])
    assert faults(shirin.page) == []
