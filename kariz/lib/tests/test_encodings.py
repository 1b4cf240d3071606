"""Files are read in the encoding that they were written in, and what is no text is refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kariz.lib.encodings import decode, detect, refuse

TURKISH = "Müşteri adı;İlgili kişi\r\nÇağlar İnşaat;Gülşen Öğüt\r\n"
PERSIAN = "نام;شهر\r\nشركت كاريز;تهران\r\nAcme;قم\r\n"


@pytest.mark.parametrize(
    ("text", "written", "found"),
    [
        (TURKISH, "utf-8", "utf-8"),
        (TURKISH, "utf-8-sig", "utf-8-sig"),
        (TURKISH, "utf-16", "utf-16"),
        (TURKISH, "utf-16-le", "utf-16-le"),
        (TURKISH, "utf-16-be", "utf-16-be"),
        (TURKISH, "utf-32", "utf-32"),
        (TURKISH, "windows-1254", "windows-1254"),
        (TURKISH, "iso-8859-9", "windows-1254"),
        (PERSIAN, "utf-8", "utf-8"),
        (PERSIAN, "utf-16-le", "utf-16-le"),
        (PERSIAN, "windows-1256", "windows-1256"),
        ("name;city\r\nAda;London\r\n", "ascii", "utf-8"),
        ("a;b\r\nCafé;Zoë\r\n", "latin-1", "windows-1254"),
        ("a,b\nalready lost: \ufffd,1\n", "utf-8", "utf-8"),
    ],
)
def test_the_encoding_is_told_from_the_bytes(text: str, written: str, found: str) -> None:
    assert decode(text.encode(written)) == (text, found)


@given(st.text(st.characters(exclude_characters="\0")))
def test_what_is_utf8_is_read_as_utf8(text: str) -> None:
    assert decode(text.encode())[0] == text.removeprefix("\ufeff")


def test_a_text_may_be_cut_within_a_character() -> None:
    assert decode("نام و نشان".encode()[:-1]) == ("نام و نشا\ufffd", "utf-8")
    assert detect("نام و نشان".encode()[:-1] + b";1\n") == "utf-8"


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
        ("<html><body>".encode("utf-16"), "html"),
        (b'<?xml version="1.0"?><Workbook/>', "xml"),
        (b'[{"name": "Ada"}]', "json"),
        (b'{"name": "Ada"}\n{"name": "Bob"}\n', "json"),
        (b"PK\x03\x04 [Content_Types].xml xl/workbook.xml", "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "locked"),
        (b"%PDF-1.7", "pdf"),
        (b"\x1f\x8b\x08\x00", "packed"),
        (b"a,b\n1,\x00\n", "binary"),
        (b"\x01\x02\x03\x04a,b\n", "binary"),
    ],
)
def test_what_is_no_text_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    assert refuse(data) == reason


@pytest.mark.parametrize(
    "data",
    [
        b"a,b\n1,2\n",
        "نام\n".encode("utf-16"),
        TURKISH.encode("windows-1254"),
        b"a < b\n",
        b"[id],name\n1,2\n",
    ],
)
def test_text_is_not_refused(data: bytes) -> None:
    assert refuse(data) is None


@given(st.binary())
def test_no_file_is_too_odd_to_be_judged(data: bytes) -> None:
    refuse(data)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("dummy.xlsx", "zip"),
        ("dummy.xls", "xls"),
        ("dummy.csv.gz", "packed"),
        ("null_byte.csv", "binary"),
        ("empty.csv", "empty"),
    ],
)
def test_files_that_are_no_text_are_told_apart(shared_data: Path, name: str, reason: str) -> None:
    assert refuse((shared_data / "csv" / "csvkit" / name).read_bytes()) == reason
