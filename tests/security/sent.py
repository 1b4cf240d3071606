"""What is sent through the doors, so that whoever is let in really does something."""

from __future__ import annotations

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from kariz.core.registry import RecordType
from tests import specimens
from tests.security.doors import Cell

Fields = dict[str, Any]
PRODUCT = "product"  # of which everybody sees all


def naming(cell: Cell) -> str:
    return specimens.naming(cell.record_type)


def new(cell: Cell) -> Fields:
    return specimens.least(cell.record_type, "New", owner=str(cell.person.pk))


def values(cell: Cell) -> Fields:
    """Those of a new record, as programs send them."""
    given = new(cell) | {"owner": cell.person.pk}
    fields = cell.record_type.fields
    return {name: one == "true" if fields[name].type.name == "yes_no" else one for name, one in given.items()}


def another_name(cell: Cell) -> Fields:
    return {naming(cell): "Renamed"}


def comment(cell: Cell) -> Fields:
    return {"text": "Call them"}


def share(cell: Cell) -> Fields:
    return {"to": f"user:{cell.company.stranger.pk}", "level": "read", "kind": "collaborator"}


def consent(cell: Cell) -> Fields:
    return {"channel": "email", "state": "given", "source": "letter", "at": "2026-01-01 10:00"}


def conversion(cell: Cell) -> Fields:
    return {"contact": "new", "contact.name": "Sara", "opportunity": "none"}


def ticked(cell: Cell, **more: Any) -> Fields:
    """One row of a list, and what is to be done with it."""
    return {"ids": cell.record.pk, "run": "1", **more}


def edit_of_many(cell: Cell) -> Fields:
    return ticked(cell, do="edit", field=naming(cell), **another_name(cell))


def two(cell: Cell) -> Fields:
    return {"ids": f"{cell.own.pk},{cell.record.pk}"}


def merge(cell: Cell) -> Fields:
    return two(cell) | {"primary": cell.own.pk, "merge": "1"}


def merges(cell: Cell) -> bool:
    """Whether two records can be merged: either of them may be the one that stays."""
    pairs = ((cell.own, cell.record), (cell.record, cell.own))
    return cell.own != cell.record and any(
        cell.may("write", stays) and cell.may("delete merge", goes) for stays, goes in pairs
    )


def export(cell: Cell) -> Fields:
    return {
        "format": "csv", "form": "iso", "fields": "all", "delimiter": "comma", "bom": "", "vcard": "3.0",
        "scope": "all", "run": "1",
    }  # fmt: skip


def file_with_plan(cell: Cell) -> Fields:
    plan = {"type": cell.record_type.name, "columns": {"Name": naming(cell)}}
    return {"file": SimpleUploadedFile("rows.csv", b"Name\nSara\n"), "plan": json.dumps(plan)}


def has_products(record_type: RecordType) -> bool:
    return bool(_products(record_type))


def products(cell: Cell) -> Fields:
    """The list of related products, as a part of an address."""
    return {"name": _products(cell.record_type)[0]}


def _products(record_type: RecordType) -> list[str]:
    fields = record_type.fields.items()
    return [name for name, one in fields if one.type.name == "links" and one.target == PRODUCT]


def a_product(cell: Cell) -> Fields:
    return {"link": cell.company.records[PRODUCT, "other", ""].pk}
