"""Some of the rows as a person reads them: what would be made, and what would change from what to what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.core import links
from kariz.features.transfer.outcomes import CREATED, MOST_SAMPLES, UPDATED, Row, Tally

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.fields import Field
    from kariz.core.registry import RecordType

LONGEST = 120


def describe(
    record_type: RecordType, user: User | None, rows: Sequence[Row], first: int, tally: Tally
) -> None:
    """Put the first rows that create and that change into the tally, as long as it has few."""
    numbered = list(enumerate(rows, first))
    for result, samples in ((CREATED, tally.creations), (UPDATED, tally.updates)):
        room = MOST_SAMPLES - len(samples)
        chosen = (
            [(n, row) for n, row in numbered if row.result == result and row.changes][:room] if room else []
        )
        names = _names(record_type, user, [row for _n, row in chosen])
        samples += [_sample(record_type, number, row, names) for number, row in chosen]


def _names(record_type: RecordType, user: User | None, rows: Iterable[Row]) -> links.Names:
    wanted: dict[str, set[int]] = {}
    for row in rows:
        for name, pair in row.changes.items():
            target = record_type.all_fields[name].target
            for value in pair if target else ():
                wanted.setdefault(target, set()).update(_ids(value))
    return links.names_of(wanted, user) if wanted else {}


def _ids(value: Any) -> list[int]:
    return value if isinstance(value, list) else [value] if value else []


def _sample(record_type: RecordType, number: int, row: Row, names: links.Names) -> dict[str, Any]:
    """`values` is [label, before, after] of the fields that a person can fill in."""
    fields = record_type.fields
    values = [
        [str(fields[name].label), _shown(fields[name], before, names), _shown(fields[name], after, names)]
        for name, (before, after) in row.changes.items()
        if name in fields and not fields[name].is_readonly
    ]
    title = str(record_type.all_fields[record_type.title].get(row.record))
    return {"number": number, "title": title[:LONGEST], "values": values}


def _shown(field: Field, stored: Any, names: links.Names) -> str:
    if field.target:
        return _(", ").join(str(names.get((field.target, pk), "")) for pk in _ids(stored))
    if stored in (None, "", []):
        return ""
    return field.show(field.type.load(stored), locale.active())[:LONGEST]
