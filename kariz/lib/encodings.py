"""What a file of text is written in: its encoding and its dialect of CSV, or why it is no such file."""

import csv
import re
from collections import Counter
from io import StringIO
from itertools import islice
from typing import NamedTuple

LEGACY_SAMPLE = 1_000_000
SNIFFED = 100_000
SNIFFED_ROWS = 100
DELIMITERS = ",;\t|"

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SIGNATURES = (
    (b"PK\x03\x04", "zip"),
    (b"%PDF", "pdf"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"{\\rtf", "rtf"),
)
_MARKUP = re.compile(rb"\s*<(!doctype|html|head|body|table|meta|\?xml|!--)", re.IGNORECASE)
_WORDS = re.compile(rb"[A-Za-z\x80-\xff]+")
_ASCII_LETTER = re.compile(rb"[A-Za-z]")
_QUOTED = re.compile(r"""(?:^|[,;\t|]) ?(["'])[^\n]{0,200}?\1(?=[,;\t|]|$)""", re.MULTILINE)
_VALUE = re.compile(r"[-+.,/:%$€₺()\s\d]*\d[-+.,/:%$€₺()\s\d]*|[^@\s]+@[^@\s]+")


def refuse(data: bytes) -> str | None:
    """Why the file cannot be read as text: `empty`, `zip`, `xlsx`, `xls`, `pdf`, `html`, `nul` …; None if it can."""
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        return "empty"
    for signature, reason in _SIGNATURES:
        if data.startswith(signature):
            return "xlsx" if reason == "zip" and b"xl/" in data else reason
    if _MARKUP.match(data.removeprefix(b"\xef\xbb\xbf")):
        return "html"
    is_utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return "nul" if b"\x00" in data and not is_utf16 else None


def decode(data: bytes) -> tuple[str, str]:
    """The text, and the name of its encoding; what cannot be decoded becomes �."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, "replace"), encoding
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    # Programs that cut texts by bytes leave half characters in files that are UTF-8 all the same.
    if broken * 4 < beyond_ascii or not broken:
        return text, "utf-8"
    encoding = _legacy(data[:LEGACY_SAMPLE])
    return data.decode(encoding, "replace"), encoding


def _legacy(data: bytes) -> str:
    """Arabic writes whole words in bytes above ASCII; in Turkish such letters stand among ASCII ones.

    Text in iso-8859-9 has the same bytes in windows-1254, which therefore stands for both.
    """
    words = [word for word in _WORDS.findall(data) if not word.isascii()]
    foreign = sum(len(word) > 1 and not _ASCII_LETTER.search(word) for word in words)
    return "windows-1256" if foreign * 2 > len(words) else "windows-1254"


class Dialect(NamedTuple):
    delimiter: str
    quotechar: str
    has_header: bool


def sniff(text: str) -> Dialect:
    """How the rows are separated: by that delimiter which gives most of the first rows the same width."""
    sample = text[:SNIFFED].removeprefix("\ufeff")
    quoted = Counter(_QUOTED.findall(sample))
    quotechar = "'" if quoted["'"] > quoted['"'] else '"'
    delimiter = max(DELIMITERS, key=lambda one: _consistency(_rows(sample, one, quotechar)))
    return Dialect(delimiter, quotechar, _has_header(_rows(sample, delimiter, quotechar)))


def _rows(sample: str, delimiter: str, quotechar: str) -> list[list[str]]:
    """The first rows that hold anything."""
    reader = csv.reader(StringIO(sample, newline=None), delimiter=delimiter, quotechar=quotechar)
    try:
        return list(islice(filter(any, reader), SNIFFED_ROWS))
    except csv.Error:
        return []


def _consistency(rows: list[list[str]]) -> tuple[float, int]:
    """The share of rows that have the commonest width above one, and that width."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0, 0
    width, count = widths.most_common(1)[0]
    return count / len(rows), width


def _has_header(rows: list[list[str]]) -> bool:
    """Names of columns are no numbers, dates or addresses."""
    first = [cell.strip() for cell in rows[0] if cell.strip()] if rows else []
    return bool(first) and not any(_VALUE.fullmatch(cell) for cell in first)
