"""Files are read in the encoding and dialect that they were written in, and what is no text is refused."""

import csv
import io
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kariz.lib.encodings import Dialect, decode, refuse, sniff
from kariz.lib.text import fold

TURKISH = "Müşteri adı;İlgili kişi\r\nÇağlar İnşaat;Gülşen Öğüt\r\n"
PERSIAN = "نام;شهر\r\nشركت كاريز;تهران\r\nAcme;قم\r\n"


@pytest.mark.parametrize(
    ("text", "written", "found"),
    [
        (TURKISH, "utf-8", "utf-8"),
        (TURKISH, "utf-8-sig", "utf-8-sig"),
        (TURKISH, "utf-16", "utf-16"),
        (TURKISH, "windows-1254", "windows-1254"),
        (TURKISH, "iso-8859-9", "windows-1254"),
        (PERSIAN, "utf-8", "utf-8"),
        (PERSIAN, "windows-1256", "windows-1256"),
        ("name;city\r\nAda;London\r\n", "ascii", "utf-8"),
        ("a;b\r\nCafé;Zoë\r\n", "latin-1", "windows-1254"),
    ],
)
def test_the_encoding_is_told_from_the_bytes(text: str, written: str, found: str) -> None:
    assert decode(text.encode(written)) == (text, found)


@given(st.text())
def test_what_is_utf8_is_read_as_utf8(text: str) -> None:
    assert decode(text.encode())[0] == text.removeprefix("\ufeff")


def test_a_text_may_be_cut_within_a_character() -> None:
    assert decode("نام و نشان".encode()[:-1]) == ("نام و نشا\ufffd", "utf-8")
    assert decode("نام و نشان".encode()[:-1] + b";1\n")[1] == "utf-8"


def test_a_file_of_one_endless_line_is_sniffed_in_no_time() -> None:
    start = time.perf_counter()
    sniff(',"x' * 100_000)

    assert time.perf_counter() - start < 2


@given(st.binary())
def test_any_bytes_become_text(data: bytes) -> None:
    text, encoding = decode(data)

    assert isinstance(text, str)
    assert encoding


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"<!DOCTYPE html><html>", "html"),
        (b"\n <table><tr><td>1", "html"),
        (b"PK\x03\x04 [Content_Types].xml xl/workbook.xml", "xlsx"),
        (b"PK\x03\x04 photo.jpg", "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
        (b"%PDF-1.7", "pdf"),
        (b"a,b\n1,\x00\n", "nul"),
    ],
)
def test_what_is_no_text_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    assert refuse(data) == reason


@pytest.mark.parametrize(
    "data", [b"a,b\n1,2\n", "نام".encode("utf-16"), TURKISH.encode("windows-1254"), b"a < b\n"]
)
def test_text_is_not_refused(data: bytes) -> None:
    assert refuse(data) is None


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("a,b\n1,2\n", Dialect(",", '"', True)),
        ("ad;tutar\nAli;1,5\nAyşe;2,25\n", Dialect(";", '"', True)),
        ("a\tb, c\n1\t2\n", Dialect("\t", '"', True)),
        ("a|b\n1|2\n", Dialect("|", '"', True)),
        ('note;day\n"one, two, three";5\n"four, five, six";6\n', Dialect(";", '"', True)),
        ("name,note\n'Ada','a, b'\n'Bob','c'\n", Dialect(",", "'", True)),
        ("Ada,ada@example.com\nBob,bob@example.com\n", Dialect(",", '"', False)),
        ("1,2\n3,4\n", Dialect(",", '"', False)),
        ("نام\nعلی\n", Dialect(",", '"', True)),
        ("", Dialect(",", '"', False)),
        ("\ufeffa;b\r1;2\r", Dialect(";", '"', True)),
    ],
)
def test_the_dialect_is_told_from_the_first_rows(text: str, dialect: Dialect) -> None:
    assert sniff(text) == dialect


@given(st.text())
def test_any_text_has_a_dialect(text: str) -> None:
    assert sniff(text).delimiter in ",;\t|"


def test_turkish_and_persian_files_of_other_programs_are_read(shared_data: Path) -> None:
    folder = shared_data / "csv" / "tr_fa_encodings_derived"
    rows: dict[str, set[tuple[str, ...]]] = {}
    for path in folder.glob("*.csv"):
        data = path.read_bytes()
        text, encoding = decode(data)
        dialect = sniff(text)
        assert refuse(data) is None
        assert encoding.startswith(("utf", "windows"))
        assert (dialect.delimiter, dialect.has_header) == ("\t" if "tab" in path.name else ";", True)
        lines = io.StringIO(text.removeprefix("\ufeff"), newline="")
        rows[path.stem] = {tuple(map(fold, row)) for row in csv.reader(lines, delimiter=dialect.delimiter)}

    whole = {"tr": rows["tr_terms_utf-8_bom_semicolon"], "fa": rows["fa_terms_utf-8_bom_semicolon"]}
    assert len(rows) == 7
    # Those in older encodings lack the rows that these could not hold.
    assert all(len(one) > 100 and one <= whole[name[:2]] for name, one in rows.items())


def test_the_standard_samples_of_csv_are_parsed_as_expected(shared_data: Path) -> None:
    folder = shared_data / "csv" / "csv-spectrum"
    for path in (folder / "csvs").glob("*.csv"):
        if path.stem == "location_coordinates":
            continue  # what its makers expect has another phone number than the file
        text = decode(path.read_bytes())[0]
        dialect = sniff(text)
        reader = csv.DictReader(
            io.StringIO(text, newline=""), delimiter=dialect.delimiter, quotechar=dialect.quotechar
        )
        expected = json.loads((folder / "json" / f"{path.stem}.json").read_text())
        assert dialect.has_header, path.name
        assert list(reader) == expected, path.name


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("dummy.xlsx", "xlsx"),
        ("dummy.xls", "xls"),
        ("dummy.csv.gz", "gzip"),
        ("null_byte.csv", "nul"),
        ("empty.csv", "empty"),
    ],
)
def test_files_that_are_no_text_are_told_apart(shared_data: Path, name: str, reason: str) -> None:
    assert refuse((shared_data / "csv" / "csvkit" / name).read_bytes()) == reason


def test_headless_and_odd_files_are_recognised(shared_data: Path) -> None:
    def dialect(name: str) -> Dialect:
        return sniff(decode((shared_data / "csv" / name).read_bytes())[0])

    assert not dialect("csvkit/no_header_row.csv").has_header
    assert dialect("csvkit/sniff_limit.csv").delimiter == ";"
    assert dialect("csvkit/mac_newlines.csv") == Dialect(",", '"', True)
    assert dialect("pollock/polluted_files/csv/file_quotation_char_0x27.csv").quotechar == "'"
    assert dialect("pollock/polluted_files/csv/file_field_delimiter_0x9.csv").delimiter == "\t"
