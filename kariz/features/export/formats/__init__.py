"""The kinds of files that records go out in, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from kariz.features.export.formats import people
from kariz.features.export.formats.delimited import Delimited
from kariz.features.export.formats.lines import JSONLines
from kariz.features.export.formats.sheets import Sheets
from kariz.features.export.formats.table import Table, Writer
from kariz.features.export.formats.vcards import VCards

if TYPE_CHECKING:
    from kariz.core.registry import RecordType

__all__ = ["FORMATS", "Format", "Table", "Writer", "offered"]


@dataclass(frozen=True)
class Format:
    """`takes` says which record types can be written so."""

    label: Any
    extension: str
    content_type: str
    writer: Callable[[Table], Writer]
    takes: Callable[[RecordType], bool] = lambda record_type: True


FORMATS = {
    "csv": Format(_("CSV"), "csv", "text/csv; charset=utf-8", Delimited),
    "xlsx": Format(
        _("Spreadsheet (XLSX)"),
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Sheets,
    ),
    "vcard": Format(_("vCard"), "vcf", "text/vcard; charset=utf-8", VCards, people.are_people),
    "jsonl": Format(_("JSON lines"), "jsonl", "application/x-ndjson", JSONLines),
}


def offered(record_type: RecordType) -> dict[str, Format]:
    return {name: one for name, one in FORMATS.items() if one.takes(record_type)}
