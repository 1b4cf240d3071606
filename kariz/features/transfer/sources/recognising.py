"""What kind of file this is, found out from its first bytes, whatever its name says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.features.transfer.sources.base import Source, Unreadable
from kariz.features.transfer.sources.cards import Cards, holds_cards
from kariz.features.transfer.sources.delimited import Delimited
from kariz.features.transfer.sources.mails import Mails, holds_mails
from kariz.features.transfer.sources.samples import delimited
from kariz.features.transfer.sources.workbooks import Workbook, workbook
from kariz.lib import encodings

SAMPLE = 512 * 1024
SHOWN = 300
MOST_COLUMNS = 1_000  # each is compared with every field, and asked about on one page

_MARKED = ("utf-8-sig", "utf-16", "utf-32")
"""Encodings whose mark at the beginning of the file is not to be argued with."""

_FORMATS: dict[str, type[Source]] = {one.format: one for one in (Delimited, Workbook, Cards, Mails)}


def recognise(
    path: Path, *, encoding: str = "", delimiter: str = "", sheet: str = "", has_header: bool | None = None
) -> Source:
    """Find out how a file is written; what a person says of it is taken as true. Raises `Unreadable`."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
    reason = encodings.refuse(sample)
    if reason and reason != "zip":
        raise Unreadable(_refusal(reason))
    if reason == "zip":
        source: Source = workbook(path, sheet=sheet, has_header=has_header)
    else:
        found = encodings.detect(sample)
        encoding = found if found in _MARKED else encoding or found
        text = _whole_lines(sample.decode(encoding, "replace"), is_cut=len(sample) == SAMPLE)
        source = _of_text(path, text, encoding, delimiter, has_header)
    if len(source.header) > MOST_COLUMNS:
        counts = {"found": len(source.header), "most": MOST_COLUMNS}
        told = _(
            "This file has %(found)s columns, and %(most)s are the most. Leave out those that are not needed."
        )
        raise Unreadable(told % {name: locale.active().number(count) for name, count in counts.items()})
    if source.preamble:
        lines = " · ".join(source.preamble)
        source.warnings.append(_("Left out above the table: %(lines)s") % {"lines": lines[:SHOWN]})
    if next(source.rows(), None) is None:
        source.warnings.append(_("There are no rows in this file, only the names of columns."))
    return source


def _of_text(path: Path, text: str, encoding: str, delimiter: str, has_header: bool | None) -> Source:
    if holds_cards(text):
        return Cards.of(path, encoding)
    if holds_mails(text):
        return Mails.of(path)
    if text.lstrip("\ufeff").startswith("MECARD:"):
        raise Unreadable(
            _("This is the contact of a QR code (MECARD). Save it as a vCard (.vcf) on a telephone.")
        )
    return delimited(path, text, encoding, delimiter=delimiter, has_header=has_header)


def reopen(path: Path, reading: Mapping[str, Any]) -> Source:
    """The source that said `reading` of itself (`Source.as_json`)."""
    known = {name: value for name, value in reading.items() if name != "format"}
    return _FORMATS[reading["format"]](path=path, **known)


def _whole_lines(text: str, *, is_cut: bool) -> str:
    if not is_cut:
        return text
    end = max(text.rfind("\n"), text.rfind("\r"))
    if end < 0:
        raise Unreadable(_("This file is one endless line, not a table."))
    return text[: end + 1]


def _refusal(reason: str) -> str:
    return {
        "empty": _("The file is empty."),
        "packed": _("This is a compressed file. Unpack it and choose the file inside."),
        "xls": _(
            "This is a file of an old Excel or Word. Save it as an Excel workbook (.xlsx) or as CSV, and choose that."
        ),
        "locked": _("This file is locked with a password. Save it without one and choose it again."),
        "html": _("This is a web page, not a table. Open it in a spreadsheet and save it as CSV."),
        "xml": _("This is an XML file, not a table. Open it in a spreadsheet and save it as CSV."),
        "json": _("This is a JSON file, not a table. Save the table as CSV or as an Excel workbook (.xlsx)."),
        "pdf": _("This is a PDF, not a table. Choose a CSV, Excel or vCard file."),
    }.get(reason, _("This is not a table of text. Choose a CSV, Excel or vCard file."))
