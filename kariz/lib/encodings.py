"""What a file of text is written in, or why it is no text."""

from __future__ import annotations

import codecs
import re

LEGACY_SAMPLE = 1_000_000

# The longer mark first: that of UTF-32 begins with that of UTF-16.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"%PDF", "pdf"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"\x1f\x8b", "packed"),
    (b"BZh", "packed"),
    (b"\xfd7zXZ\x00", "packed"),
    (b"7z\xbc\xaf\x27\x1c", "packed"),
    (b"Rar!\x1a\x07", "packed"),
    (b"\x28\xb5\x2f\xfd", "packed"),
    (b"{\\rtf", "rtf"),
)
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PRINTED = re.compile(r"\s*<(!doctype|html|head|body|table|meta|div|script|!--)", re.IGNORECASE)
_XML = re.compile(r"\s*<\?xml", re.IGNORECASE)
_JSON = re.compile(r"\s*(\[\s*[\[{\"\d]|\{\s*(\"|\}))")
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x19\x1b-\x1f\x7f]")
_WORDS = re.compile(rb"[A-Za-z\x80-\xff]+")
_ASCII_LETTER = re.compile(rb"[A-Za-z]")


def refuse(data: bytes) -> str | None:
    """Why the beginning of a file is no text that holds a table; None where it may be one.

    `empty`, `zip` (an archive, or one of the formats that are archives), `packed`, `xls`, `locked` (a spreadsheet with
    a password), `pdf`, `rtf`, `html`, `xml`, `json`, `binary`.
    """
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        return "empty"
    for signature, reason in _SIGNATURES:
        if data.startswith(signature):
            return "locked" if reason == "xls" and _ENCRYPTED in data else reason
    text = decode(data)[0]
    for pattern, reason in ((_PRINTED, "html"), (_XML, "xml"), (_JSON, "json")):
        if pattern.match(text):
            return reason
    return "binary" if "\0" in text or len(_CONTROLS.findall(text)) * 10 > len(text) else None


def decode(data: bytes) -> tuple[str, str]:
    """The text, and the name of its encoding; what cannot be decoded becomes �."""
    encoding = detect(data)
    return data.decode(encoding, "replace"), encoding


def detect(data: bytes) -> str:
    """The name of the encoding, as Python knows it, that a sample of whole lines is written in."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return encoding
    if b"\0" in data:
        return _wide(data) or "utf-8"
    broken = len(data) - len(data.decode("utf-8", "ignore").encode())
    beyond_ascii = len(data) - len(data.decode("ascii", "ignore"))
    # Programs that cut texts by bytes leave half characters in files that are UTF-8 all the same.
    return "utf-8" if broken * 4 < beyond_ascii or not broken else _legacy(data[:LEGACY_SAMPLE])


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: one of each two bytes names the script. It varies less, and is zero where a line ends."""
    even, odd = data[::2], data[1::2]
    for encoding, high, low in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        text = data[: len(data) // 2 * 2].decode(encoding, "replace")
        if not low.count(0) and len(set(high)) < len(set(low)) and ("\n" in text or "\r" in text):
            return encoding
    return None


def _legacy(data: bytes) -> str:
    """Arabic writes whole words in bytes above ASCII; in Turkish such letters stand among ASCII ones.

    Text in iso-8859-9 has the same bytes in windows-1254, which therefore stands for both, as it does for iso-8859-1
    but for six letters that only Icelandic and old spellings have.
    """
    words = [word for word in _WORDS.findall(data) if not word.isascii()]
    foreign = sum(len(word) > 1 and not _ASCII_LETTER.search(word) for word in words)
    return "windows-1256" if foreign * 2 > len(words) else "windows-1254"
