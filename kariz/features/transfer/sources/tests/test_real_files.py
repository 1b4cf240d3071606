"""The files that other programs and people have written are read as their makers expect, or refused in a sentence."""

import json
import re
from pathlib import Path

import pytest

from kariz.features.transfer import sources
from kariz.features.transfer.sources import Unread, Unreadable
from kariz.features.transfer.sources.tests.expecting import DATA, files, good, ids, refused, table

POLLOCK = DATA / "csv/pollock/polluted_files"
CSVKIT = DATA / "csv/csvkit"
SPECTRUM = DATA / "csv/csv-spectrum"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is not here")


@pytest.mark.covers("R264")
@pytest.mark.parametrize("path", [*files("csv"), *files("vcard")], ids=ids)
def test_every_file_is_read_or_refused_in_a_sentence(path: Path) -> None:
    try:
        source = sources.recognise(path)
        rows = list(source.rows())
    except Unreadable as refusal:
        assert re.fullmatch(r"[A-Z].*\.", str(refusal))  # noqa: PT017 - either way is right
        return
    assert source.count() == len(rows)
    assert len(set(source.header)) == len(source.header)
    assert all(len(row) == len(source.header) for row in rows)
    assert all(row.reason.endswith(".") for row in rows if isinstance(row, Unread))
    assert list(source.rows(1)) == rows[1:]
    assert list(sources.reopen(path, json.loads(json.dumps(source.as_json()))).rows()) == rows


@pytest.mark.parametrize("path", files("csv/csv-spectrum/csvs"), ids=ids)
def test_the_standard_samples_of_csv_are_read_as_their_json_says(path: Path) -> None:
    expected = json.loads((SPECTRUM / "json" / f"{path.stem}.json").read_text())
    if path.stem == "location_coordinates":
        expected = [
            expected | {"Contact Phone Number": "2095257564"}
        ]  # what its makers expect is another number
    source = sources.recognise(path)
    assert [dict(zip(source.header, row, strict=True)) for row in source.rows()] == expected


@pytest.mark.parametrize("path", files("csv/pollock/polluted_files/csv"), ids=ids)
def test_a_polluted_file_is_read_as_the_clean_one_or_its_bad_rows_are_refused(path: Path) -> None:
    clean = table(POLLOCK / "clean" / path.name)
    try:
        source = sources.recognise(path)
    except Unreadable:
        assert path.stem in {"file_no_payload", "file_field_delimiter_0x20"}
        return
    expected = clean[1:] if source.has_header else clean
    # A separator too many or too few leaves no way to tell which cells are the right ones.
    bad = [row for row in source.rows() if isinstance(row, Unread)]
    assert [row for row in good(source) if row not in expected] == []
    assert len(good(source)) == len(expected) - (1 if path.stem.startswith("row_") and bad else 0)
    if "header" not in path.stem:
        assert source.header == clean[0]


@pytest.mark.parametrize(
    ("name", "converted", "sheet"),
    [
        ("dummy.xlsx", "dummy.csv", ""),
        ("test.xlsx", "testxlsx_converted.csv", ""),
        ("test_skip_lines.xlsx", "testxlsx_converted.csv", ""),
        ("sheets.xlsx", "testxlsx_converted.csv", ""),
        ("sheets.xlsx", "testxlsx_unicode_converted.csv", "ʤ"),
    ],
)
def test_a_workbook_holds_what_its_conversion_to_csv_does(name: str, converted: str, sheet: str) -> None:
    source = sources.recognise(CSVKIT / name, sheet=sheet)
    head, *expected = table(CSVKIT / converted)
    assert source.header == [
        "Column 8" if title == "h" else title for title in head
    ]  # csvkit names it by its letter
    assert list(map(plainer, source.rows())) == list(map(plainer, expected))


def plainer(row: list[str]) -> list[str]:
    """Without what csvkit guesses of types: it calls a yes True, and midnight a time."""
    words = {"True": "yes", "False": "no"}
    return [words.get(cell, cell).replace("T00:00:00", "").replace("T", " ") for cell in row]


@pytest.mark.parametrize("path", files("csv/tr_fa_encodings_derived"), ids=ids)
def test_turkish_and_persian_survive_every_encoding(path: Path) -> None:
    source = sources.recognise(path)
    whole = sources.recognise(path.parent / f"{path.stem[:2]}_terms_utf-8_bom_semicolon.csv")
    written = {tuple(map(arabic, row)) for row in source.rows()}
    known = {tuple(map(arabic, row)) for row in whole.rows()}
    # Those in older encodings lack the rows that these could not hold.
    assert len(written) > 100
    assert written <= known


def arabic(text: str) -> str:
    """windows-1256 has no Persian ye and kaf."""
    return text.replace("ی", "ي").replace("ک", "ك")


def test_ragged_rows_are_told_apart_from_mistakes() -> None:
    assert good(sources.recognise(CSVKIT / "join_a_short.csv"))[0] == ["1", "b", ""]
    assert refused(sources.recognise(CSVKIT / "bad.csv")) == [
        "This row has 4 cells where there are 3 columns. Correct its separators or quotes."
    ]


def test_lines_above_the_table_are_no_rows() -> None:
    source = sources.recognise(CSVKIT / "realdata/Datagov_FY10_EDU_recp_by_State.csv")
    assert source.preamble == [
        "Number of Beneficaries (Students) Who Recieved VA Education Benefit By State During FY 2010"
    ]
    assert source.header[:2] == ["State Name", "State Abbreviate"]
    assert next(iter(source.rows()))[:2] == ["ALABAMA", "AL"]


def test_each_kind_of_file_that_is_no_table_has_its_own_sentence() -> None:
    names = (
        "empty.csv",
        "null_byte.csv",
        "dummy.xls",
        "dummy.csv.gz",
        "testjson.json",
        "testdbf.dbf",
        "COPYING",
    )
    sentences = [sentence(CSVKIT / name) for name in names]
    assert sentences == [
        "The file is empty.",
        "This is not a table of text. Choose a CSV, Excel or vCard file.",
        "This is a file of an old Excel or Word. Save it as an Excel workbook (.xlsx) or as CSV, and choose that.",
        "This is a compressed file. Unpack it and choose the file inside.",
        "This is a JSON file, not a table. Save the table as CSV or as an Excel workbook (.xlsx).",
        "This is not a table of text. Choose a CSV, Excel or vCard file.",
        "The columns of this text cannot be told apart. Save the table as CSV, with commas or semicolons.",
    ]


def sentence(path: Path) -> str:
    with pytest.raises(Unreadable) as refusal:
        sources.recognise(path)
    return str(refusal.value)
