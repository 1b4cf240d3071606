"""The administrator's screen: by what the records of a type are recognised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kariz import jobs
from kariz.accounts import locale
from kariz.core import duplicates, registry
from kariz.core.duplicates import Part
from kariz.core.fields import Field
from kariz.core.registry import RecordType
from kariz.features.duplicates import rules
from kariz.features.duplicates.kinds import KINDS
from kariz.features.duplicates.sides import MOST
from kariz.lib.numbers import NotANumber
from kariz.web import toasts
from kariz.web.doors import for_administrators

EMPTY_ROWS = 3
MOST_ROWS = 30


@dataclass
class Row:
    """One part of the rule as it stands in the form: all three are texts."""

    field: str = ""
    kind: str = ""
    weight: str = ""
    error: str = ""


@dataclass
class Form:
    """The rule as a form; `errors` belong to the two numbers below the rows."""

    record_type: RecordType
    rows: list[Row]
    threshold: str
    merges_from: str
    errors: dict[str, str] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)

    @property
    def is_valid(self) -> bool:
        return not self.errors and not any(row.error for row in self.rows)

    @property
    def numbers(self) -> tuple[int, int | None]:
        """The threshold and the points that merge by themselves, once the form is valid."""
        return _points(self.threshold), _points(self.merges_from) if self.merges_from else None


@for_administrators
def rule(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """Fields with their points; saved, the keys are made anew and everything is looked at again."""
    if request.method == "POST" and "reset" in request.POST:
        rules.reset(record_type)
        return _saved(request, record_type)
    form = _sent(record_type, request.POST) if request.method == "POST" else _as_is(record_type)
    if request.method == "POST" and form.is_valid:
        rules.change(record_type, form.parts, *form.numbers)
        return _saved(request, record_type)
    kin = [str(one.record_type.plural) for one in rules.family(rules.rule_of(record_type).family)]
    context = {
        "record_type": record_type,
        "types": registry.every(),
        "form": form,
        "rows": [*form.rows, *(Row() for _number in range(EMPTY_ROWS))],
        "fields": _comparable(record_type),
        "kinds": KINDS.values(),
        "kin": _(", ").join(kin) if len(kin) > 1 else "",
        "is_shipped": record_type.name in duplicates.shipped(),
    }
    return render(request, "duplicates/rule.html", context, status=200 if form.is_valid else 422)


def _saved(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    jobs.enqueue(
        "rebuild_match_keys", unique_key=f"match keys {record_type.name}", record_type=record_type.name
    )
    told = _("Saved. Everything is looked at again in the background.")
    return toasts.tell(request, redirect("duplicates:rule", record_type), told)


def _comparable(record_type: RecordType) -> list[Field]:
    """The fields that some kind of comparison fits."""
    fits = frozenset().union(*(kind.fits for kind in KINDS.values()))
    return [one for one in record_type.fields.values() if one.type.name in fits]


def _as_is(record_type: RecordType) -> Form:
    found, ours = rules.rule_of(record_type), locale.active()
    return Form(
        record_type,
        [Row(part.field, part.kind, ours.number(part.weight)) for part in found.parts],
        ours.number(found.threshold),
        "" if found.merges_from is None else ours.number(found.merges_from),
    )


def _sent(record_type: RecordType, sent: Any) -> Form:
    columns = (sent.getlist("field"), sent.getlist("kind"), sent.getlist("weight"))
    rows = [Row(*typed) for typed in zip(*columns, strict=False) if typed[0]][:MOST_ROWS]
    form = Form(record_type, rows, sent.get("threshold", "").strip(), sent.get("merges_from", "").strip())
    known = {one.name: one for one in _comparable(record_type)}
    for row in rows:
        row.error = _problem(row, known, form.parts)
        if not row.error:
            form.parts.append(Part(row.field, row.kind, _points(row.weight)))
    if not _is_points(form.threshold):
        form.errors["threshold"] = _outside()
    if form.merges_from and not _is_points(form.merges_from):
        form.errors["merges_from"] = _outside()
    elif form.merges_from and not form.errors and _points(form.merges_from) < _points(form.threshold):
        form.errors["merges_from"] = _(
            "Fewer points than make a possible duplicate cannot merge by themselves."
        )
    return form


def _problem(row: Row, known: Mapping[str, Field], taken: list[Part]) -> str:
    found, kind = known.get(row.field), KINDS.get(row.kind)
    if found is None:
        return _("Choose a field.")
    if kind is None or found.type.name not in kind.fits:
        return _("“%(field)s” cannot be compared in this way.") % {"field": found.label}
    if not _is_points(row.weight):
        return _outside()
    if any((part.field, part.kind) == (row.field, row.kind) for part in taken):
        return _("“%(field)s” is compared in this way already.") % {"field": found.label}
    return ""


def _outside() -> str:
    ours = locale.active()
    return _("Enter points from %(least)s to %(most)s.") % {
        "least": ours.number(1),
        "most": ours.number(MOST),
    }


def _is_points(text: str) -> bool:
    try:
        number = locale.active().parse_number(text)
    except NotANumber:
        return False
    return number == int(number) and 1 <= number <= MOST


def _points(text: str) -> int:
    return int(locale.active().parse_number(text))
