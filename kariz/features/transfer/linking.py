"""Links between the rows of one file: kept with the rows, made when the last one is written, a chunk at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kariz.core import records
from kariz.core.fieldtypes import FieldError
from kariz.core.models import ChangeBatch
from kariz.features.transfer.creating import among, errors_of
from kariz.features.transfer.models import FailedRow, ImportFile, PendingLink
from kariz.features.transfer.outcomes import Problem, Tally, problem

if TYPE_CHECKING:
    from kariz.core.registry import RecordType
    from kariz.features.transfer.creating import Maker
    from kariz.features.transfer.resolving import Resolver

AT_ONCE = 1000

Values = dict[int, dict[str, Any]]
Problems = dict[tuple[int, str], Problem]
"""(record id, field) → why the link could not be made."""


def keep(file: ImportFile, links: Iterable[tuple[int, int, dict[str, str]]]) -> None:
    """Keep (place in the chunk, record id, field → text) until `make`, in the chunk's own transaction."""
    PendingLink.objects.bulk_create(
        PendingLink(file=file, number=file.next_row + place + 1, record_id=pk, field=name, text=text)
        for place, pk, texts in links
        for name, text in texts.items()
    )


def make(file: ImportFile, record_type: RecordType, maker: Maker, batch: ChangeBatch) -> int:
    """Make the next of the kept links, and forget them; gives how many there were, 0 when none is left.

    A row whose link leads nowhere stays without it, and is listed. For use in a transaction, with the file held.
    """
    chunk = list(file.pending_links.order_by("pk")[:AT_ONCE])
    linking = record_type.model.objects.in_bulk({link.record_id for link in chunk})
    there = [link for link in chunk if link.record_id in linking]  # somebody may have deleted one meanwhile
    values, problems = _read(there, record_type, maker.resolver)
    problems |= _make_named(record_type, values, maker, batch)
    problems |= _write(record_type, linking, values, batch)
    _list(file, [(link, linking[link.record_id]) for link in there], problems)
    PendingLink.objects.filter(pk__in=[link.pk for link in chunk]).delete()
    return len(chunk)


def _read(
    links: Sequence[PendingLink], record_type: RecordType, resolver: Resolver
) -> tuple[Values, Problems]:
    """What each record is to link to, and the texts that stand for nothing."""
    texts: dict[str, set[str]] = defaultdict(set)
    for link in links:
        texts[link.field].add(link.text)
    resolver.prime(texts)
    values: Values = defaultdict(dict)
    problems: Problems = {}
    for link in links:
        field = record_type.all_fields[link.field]
        try:
            values[link.record_id][link.field] = resolver.value(field, link.text)
        except FieldError as error:
            problems[link.record_id, link.field] = problem(field.label, str(error), link.text)
    return values, problems


def _make_named(record_type: RecordType, values: Values, maker: Maker, batch: ChangeBatch) -> Problems:
    """Put the ids of records that are made for it into the values; those that cannot be made are taken out."""
    refused = maker.make(among(value for given in values.values() for value in given.values()), batch)
    problems: Problems = {}
    for pk, given in values.items():
        given.update(maker.settled(given))
        for name, texts in errors_of(given, refused).items():
            problems[pk, name] = problem(record_type.all_fields[name].label, " ".join(texts), given.pop(name))
    return problems


def _write(
    record_type: RecordType, linking: Mapping[int, Any], values: Values, batch: ChangeBatch
) -> Problems:
    """Write what is possible of these values; gives the rest.

    Trusted: whether the person may write these records was asked when their rows were written.
    """
    rows = [(linking[pk], given) for pk, given in values.items() if given]
    drafts = records.save_many(record_type, rows, user=batch.user, batch=batch, is_trusted=True)
    problems: Problems = {}
    again: Values = {}
    for draft, (record, given) in zip(drafts, rows, strict=True):
        whole = draft.errors.keys() - given.keys()
        for name in given if whole else draft.errors:
            said = " ".join(text for one in (name, *sorted(whole)) for text in draft.errors.get(one, ()))
            problems[record.pk, name] = problem(record_type.all_fields[name].label, said)
        if draft.errors:
            again[record.pk] = {
                name: value for name, value in given.items() if (record.pk, name) not in problems
            }
    return problems | (_write(record_type, linking, again, batch) if any(again.values()) else {})


def _list(file: ImportFile, links: Sequence[tuple[PendingLink, Any]], problems: Problems) -> None:
    """Add the problems to the failed rows of the file, and to those that its report counts."""
    refused = [
        (link.number, record, problems[record.pk, link.field])
        for link, record in links
        if (record.pk, link.field) in problems
    ]
    if not refused:
        return
    tally = Tally(problems=file.problems)
    rows = {row.number: row for row in file.failures.filter(number__in=[one[0] for one in refused])}
    for number, record, why in refused:
        tally.count(why.kind, number)
        row = rows.setdefault(number, FailedRow(file=file, number=number, cells=[str(record)], reasons=[]))
        row.reasons = [*row.reasons, why.text]
    FailedRow.objects.bulk_create([row for row in rows.values() if row.pk is None])
    FailedRow.objects.bulk_update([row for row in rows.values() if row.pk is not None], ["reasons"])
    file.save(update_fields=["problems"])
