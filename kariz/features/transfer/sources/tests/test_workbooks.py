"""Excel workbooks are read as what they show, alike in every language, and cannot be made too large to open."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from kariz.accounts import locale
from kariz.core.fieldtypes import FieldType
from kariz.core.fieldtypes.dates import Day, Moment
from kariz.core.fieldtypes.numbers import Number, Percent
from kariz.features.transfer import sources
from kariz.features.transfer.sources import Unreadable, markup, spreadsheetml
from kariz.features.transfer.sources.tests.conftest import ENGLISH, Read
from kariz.features.transfer.sources.tests.expecting import refused
from kariz.features.transfer.sources.values import kind_of, text_of
from kariz.lib.spreadsheet import defuse

Rows = Sequence[Sequence[object]]


def workbook(sheets: dict[str, Rows], formats: dict[object, str] | None = None, **options: bool) -> bytes:
    file = io.BytesIO()
    book = Workbook(file, options)
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                code = (formats or {}).get(value, "")
                style = book.add_format({"num_format": code}) if code else None
                sheet.write(number, column, value, style)
    book.close()
    return file.getvalue()


def test_the_first_sheet_that_holds_anything_is_read_and_the_others_are_offered(read: Read) -> None:
    book = workbook({"Notes": [], "People": [["Name"], ["Ada"]], "Firms": [["Firm"], ["Acme"], ["Beta"]]})
    source = read(book, "people.xlsx")
    assert (source.sheets, source.header, list(source.rows())) == (
        ["Notes", "People", "Firms"],
        ["Name"],
        [["Ada"]],
    )
    assert list(read(book, "people.xlsx", sheet="Firms").rows()) == [["Acme"], ["Beta"]]


def test_days_numbers_and_answers_are_texts_that_every_language_reads_alike(read: Read) -> None:
    day, moment, clock = date(2026, 11, 23), datetime.fromisoformat("2026-11-23T14:30:15"), time(9, 5)
    values = [day, moment, clock, 0.25, 1.234, -0.5, 1234567.5, 989121234567, True, False, 0.1 + 0.2, 1e21]
    formats = {day: "yyyy-mm-dd", moment: "[$-fa-IR]d mmmm yyyy hh:mm", clock: "hh:mm", 0.25: "0%"}
    book = workbook({"One": [[f"n{number}" for number in range(12)], values]}, formats)
    assert next(iter(read(book, "values.xlsx").rows())) == [
        "2026-11-23", "2026-11-23 14:30:15", "09:05:00", "25%", "1.2340", "-0.5", "1234567.5", "989121234567", "yes",
        "no", "0.3", "1000000000000000000000",
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "tr", "fa"])
@pytest.mark.parametrize(
    ("written", "kind", "type_", "value"),
    [
        ("1.234", "plain", Number(), 1.234),
        ("1234.5", "plain", Number(), 1234.5),
        ("-12.345", "plain", Number(), -12.345),
        ("0.125", "percent", Percent(), 12.5),
        ("46349", "day", Day(), date(2026, 11, 23)),
        ("46349.5", "day", Day(), date(2026, 11, 23)),
        ("46349.5", "day", Moment(), datetime.fromisoformat("2026-11-23T12:00Z")),
    ],
)
def test_fields_read_them_alike(
    language: str, written: str, kind: str, type_: FieldType, value: object
) -> None:
    here = locale.Locale(**(vars(ENGLISH) | {"language": language, "calendar": "jalali"}))
    field = type("Field", (), {"places": 4, "least": -(10**9), "most": 10**9})()
    with locale.use(here):
        found = type_.parse(text_of(written, kind), field, here)
    assert (float(found) if isinstance(value, float) else found) == value


@pytest.mark.parametrize(
    ("number", "code", "kind"),
    [
        ("0", "", "plain"), ("14", "", "day"), ("22", "", "day"), ("9", "", "percent"), ("20", "", "time"),
        ("164", "General", "plain"), ("164", "#,##0.00 [$₺-41F]", "plain"), ("164", '0 "days"', "plain"),
        ("164", "[Red]0.0%", "percent"), ("164", "mmm", "day"), ("164", "mm:ss", "time"),
        ("164", "[h]:mm:ss", "duration"), ("164", "dd/mm/yyyy;@", "day"), ("164", "\\d0", "plain"),
    ],
)  # fmt: skip
def test_what_a_number_is_depends_on_its_format(number: str, code: str, kind: str) -> None:
    assert kind_of(number, code) == kind


@pytest.mark.parametrize(
    ("written", "kind", "text"),
    [
        ("1", "day", "1900-01-01"), ("59", "day", "1900-02-28"), ("61", "day", "1900-03-01"), ("-1", "day", "-1"),
        ("2958466", "day", "2958466"), ("1.5", "duration", "36:00:00"), ("46348.99999999999", "day", "2026-11-23"),
        ("#N/A", "plain", "#N/A"), ("NaN", "plain", "NaN"), ("1E+400", "plain", "1E+400"), ("-0", "plain", "0"),
        ("123456789012345678", "plain", "123456789012345678"),
    ],
)  # fmt: skip
def test_odd_numbers_stay_readable(written: str, kind: str, text: str) -> None:
    assert text_of(written, kind) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_no_number_is_read_as_another_one_where_the_comma_is_the_decimal_mark(number) -> None:
    here = locale.Locale(**(vars(ENGLISH) | {"language": "tr"}))
    assert here.parse_number(text_of(str(number), "plain")) == number


def test_days_may_be_counted_from_1904(read: Read) -> None:
    day = date(2026, 11, 23)
    book = workbook({"One": [["Day"], [day]]}, {day: "yyyy-mm-dd"}, date_1904=True)
    assert list(read(book, "mac.xlsx").rows()) == [["2026-11-23"]]


def test_titles_above_the_table_blank_rows_and_missing_cells_are_no_trouble(read: Read) -> None:
    rows: Rows = [["Leads of May"], [], ["Name", "Phone", "City"], ["Ada", None, "London"], [], ["Bob"]]
    source = read(workbook({"One": rows}), "report.xlsx")
    assert source.preamble == ["Leads of May"]
    assert list(source.rows()) == [["Ada", "", "London"], ["Bob", "", ""]]
    assert list(source.rows(1)) == [["Bob", "", ""]]


def test_a_cell_far_behind_the_last_column_fails_its_row(read: Read) -> None:
    rows: Rows = [["Name", "City"], *[["Ada", "London"]] * 1200, ["Bob", "Paris", "France"]]
    source = read(workbook({"One": rows}), "wide.xlsx")
    assert refused(source) == [
        "This row has 3 cells where there are 2 columns. Give each column a name on top."
    ]


@settings(max_examples=30)
@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1),
            min_size=2,
            max_size=2,
        )
    )
)
def test_what_kariz_exports_comes_back_as_it_was(tmp_path_factory, rows: list[list[str]]) -> None:
    path = Path(tmp_path_factory.getbasetemp()) / "exported.xlsx"
    names = ["Full name", "=Formula"]
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    with Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([names, *filled]):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, defuse(cell))
    source = sources.recognise(path)
    assert source.header == names
    assert list(source.rows()) == filled


class TestRefusals:
    @pytest.mark.parametrize(
        ("parts", "sentence"),
        [
            ({"people.csv": "a,b\n1,2\n"}, "This is a compressed file."),
            (
                {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"},
                "OpenDocument",
            ),
            ({"_rels/.rels": "<broken"}, "This Excel workbook is damaged."),
        ],
    )
    def test_other_archives_are_told_apart(self, read: Read, parts: dict[str, str], sentence: str) -> None:
        assert sentence in self.sentence(read, archive(parts))

    def test_half_a_workbook_is_damaged(self, read: Read) -> None:
        book = workbook({"One": [["Name"], ["Ada"]]})
        assert "damaged" in self.sentence(read, book[: len(book) // 2])

    def test_a_broken_sheet_is_damaged(self, read: Read) -> None:
        sheet = "<worksheet><sheetData><row><c><v>1</v></c></row>"
        assert "damaged" in self.sentence(read, with_sheet(sheet))

    def test_a_sheet_in_an_unknown_encoding_is_damaged(self, read: Read) -> None:
        assert "damaged" in self.sentence(
            read, with_sheet("<?xml version='1.0' encoding='klingon'?><worksheet/>")
        )

    def test_an_empty_workbook_is_said_to_be_empty(self, read: Read) -> None:
        assert self.sentence(read, workbook({"One": []})).startswith("The sheet is empty.")

    def test_a_bomb_is_not_unpacked(self, read: Read, monkeypatch) -> None:
        monkeypatch.setattr(spreadsheetml, "LARGEST_SMALL_PART", 10_000)
        sheet = "<worksheet><sheetData>" + "<row></row>" * 1_000_000
        assert "unpacks to far more" in self.sentence(read, with_sheet(sheet))

    def test_entities_do_not_grow(self, read: Read) -> None:
        bomb = "<!DOCTYPE a [<!ENTITY a '" + "x" * 10_000 + "'>"
        bomb += "".join(f"<!ENTITY {one} '{f'&{other};' * 100}'>" for other, one in ("ab", "bc", "cd")) + "]>"
        sheet = f"{bomb}<worksheet><sheetData><row><c t='str'><v>&d;</v></c></row></sheetData></worksheet>"
        assert self.sentence(read, with_sheet(sheet))

    def test_a_cell_in_the_last_corner_costs_nothing(self, read: Read) -> None:
        cell = "<row r='1'><c r='A1' t='str'><v>Name</v></c></row><row r='99999999'><c r='ZZZZZZ9' t='str'><v>x</v></c>"
        sheet = f"<worksheet><sheetData>{cell}<c r='A9' t='str'><v>Ada</v></c></row></sheetData></worksheet>"
        assert list(read(with_sheet(sheet), "corner.xlsx").rows()) == [["Ada"]]

    def test_texts_that_would_not_fit_into_memory_are_refused(self, read: Read, monkeypatch) -> None:
        monkeypatch.setattr(markup, "LARGEST_TEXTS", 100)
        book = workbook({"One": [["Name"], ["x" * 200]]})
        assert "unpacks to far more" in self.sentence(read, book)

    @staticmethod
    def sentence(read: Read, content: bytes) -> str:
        with pytest.raises(Unreadable) as refusal:
            read(content, "book.xlsx")
        return str(refusal.value)


def archive(parts: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return file.getvalue()


def with_sheet(sheet: str) -> bytes:
    """A workbook whose only sheet is this."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

    def related(kind: str, target: str) -> str:
        return (
            f"<Relationships><Relationship Id='r1' Type='{office}/{kind}' Target='{target}'/></Relationships>"
        )

    return archive(
        {
            "_rels/.rels": related("officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": f"<workbook xmlns:r='{office}'><sheets><sheet name='1' r:id='r1'/></sheets></workbook>",
            "xl/_rels/workbook.xml.rels": related("worksheet", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": sheet,
        }
    )
