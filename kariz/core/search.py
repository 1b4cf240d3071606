"""Search rows: the folded words of each record, written with it, found by any fragment of three characters or more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from kariz.accounts import company
from kariz.core import bulk, compiled, profiles, registry, sight
from kariz.core.models import SearchRow
from kariz.core.sight import Sight, listed
from kariz.lib import phones
from kariz.lib.text import fold, sort_key

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.fields import Field
    from kariz.core.models import Record
    from kariz.core.registry import RecordType

    Shown = Sequence[tuple[Field, bool]]

SHORTEST = 3
SORTED_LENGTH = 80
LONGEST_WORDS = 2_000
COMMON = 20_000  # rows with the same fragment: about where both ways take as long
MOST_CHECKED = 1_000  # records that are looked at again for somebody from whom a searched field is hidden
MATCHING = "SELECT rowid FROM core_searchrow_words WHERE words MATCH %s"
COLUMNS = ("record_type", "record_id", "owner_id", "title", "subtitle", "words")


def values(record_type: RecordType, record: Record, region: str) -> tuple[Any, ...]:
    """The search row of a record as it is now: the values of `COLUMNS`."""
    plan = compiled.of(record_type)
    subtitle = plan.fields[record_type.subtitle].get(record) if record_type.subtitle else ""
    return (
        record_type.name,
        record.pk,
        record.owner_id,
        str(plan.fields[record_type.title].get(record))[:250],
        str(subtitle or "")[:250] if isinstance(subtitle, str) else "",
        _words(record, plan.searched, region)[:LONGEST_WORDS],
    )


def _words(record: Record, searched: Shown, region: str) -> str:
    """What these fields of a record say, folded, each thing once."""
    parts: list[str] = []
    for field, is_phone in searched:
        value = field.get(record)
        if value:
            parts.append(phones.search_digits(value, region) if is_phone else fold(str(value)))
    return "\n".join(dict.fromkeys(parts))


def row(record_type: RecordType, record: Record, region: str) -> SearchRow:
    return SearchRow(**dict(zip(COLUMNS, values(record_type, record, region), strict=True)))


def add(record_type: RecordType, records: Iterable[Record]) -> None:
    """Make the search rows of many records that have none yet."""
    region = company.current().region
    bulk.insert(SearchRow, COLUMNS, (values(record_type, record, region) for record in records))


def write(record_type: RecordType, records: Sequence[Record]) -> None:
    """Make or renew the search rows of `records`."""
    region = company.current().region
    SearchRow.objects.bulk_create(
        [row(record_type, record, region) for record in records],
        update_conflicts=True,
        unique_fields=COLUMNS[:2],
        update_fields=COLUMNS[2:],
        batch_size=1000,
    )


def remove(record_type: RecordType, ids: Sequence[int]) -> None:
    SearchRow.objects.filter(record_type=record_type.name, record_id__in=ids).delete()


def rows(text: str) -> QuerySet[SearchRow]:
    """The search rows that hold every word of `text`; none where it is too short to search."""
    wanted = _wanted(text)
    return _holding(wanted, is_common=_is_common(wanted)) if wanted else SearchRow.objects.none()


def _holding(wanted: Sequence[str], *, is_common: bool) -> QuerySet[SearchRow]:
    found = SearchRow.objects.all()
    if connection.vendor == "sqlite" and not is_common:
        # The full-text table's trigram index answers whole phrases; its rowid is the search row's id.
        return found.filter(pk__in=RawSQL(MATCHING, [_phrases(wanted)]))  # noqa: S611  constant
    for word in wanted:
        found = found.filter(words__contains=word)
    return found


def _is_common(wanted: Sequence[str]) -> bool:
    """Whether so many rows hold these words that it is quicker to look into rows in order until enough are found.

    SQLite cannot tell; PostgreSQL's planner weighs it by itself.
    """
    if connection.vendor != "sqlite":
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"{MATCHING} LIMIT 1 OFFSET {COMMON}", [_phrases(wanted)])
        return cursor.fetchone() is not None


def _phrases(wanted: Sequence[str]) -> str:
    return " ".join(_quoted(word) for word in wanted)


def _quoted(word: str) -> str:
    """`word` as FTS5 takes it literally."""
    return '"{}"'.format(word.replace('"', '""'))


def _wanted(text: str) -> list[str]:
    digits = phones.query_digits(text)
    if digits:
        return [digits] if len(digits) >= SHORTEST else []
    words = fold(text).split()
    return [word for word in words if len(word) >= SHORTEST]


def matching(record_type: RecordType, text: str, visible: QuerySet[Any], user: User | None) -> Q:
    """Those of the `visible` records of one type that `text` finds; too short for a search, it begins the title.

    For somebody from whom a searched field is hidden, the newest records that `text` finds are looked at again.
    """
    wanted = _wanted(text)
    if not wanted:
        return Q(sort_name__startswith=sort_key(text)[:SORTED_LENGTH])
    found = _found(record_type, wanted)
    shown = _shown(record_type, user)
    if shown is None:
        return found
    newest = visible.filter(found).order_by("-pk")[:MOST_CHECKED]
    region = company.current().region
    return Q(pk__in=[one.pk for one in newest if _says(one, shown, wanted, region)])


def _found(record_type: RecordType, wanted: Sequence[str]) -> Q:
    is_common = _is_common(wanted)
    found = _holding(wanted, is_common=is_common).filter(record_type=record_type.name)
    if is_common:
        return Q(Exists(found.filter(record_id=OuterRef("pk"))))
    return Q(pk__in=Subquery(found.values("record_id")))


def _shown(record_type: RecordType, user: User | None) -> Shown | None:
    """The searched fields that the user may read; None where that is all of them."""
    hidden = profiles.rights(record_type, user).hidden
    searched = compiled.of(record_type).searched
    shown = [pair for pair in searched if pair[0].name not in hidden]
    return None if len(shown) == len(searched) else shown


def _says(record: Record, shown: Shown, wanted: Iterable[str], region: str) -> bool:
    """Whether these fields alone hold every word."""
    words = _words(record, shown, region)
    return all(word in words for word in wanted)


def _without_hidden(hits: Sequence[SearchRow], wanted: Sequence[str], user: User | None) -> list[SearchRow]:
    """The hits that what the user may read explains, with no subtitle that is hidden from him."""
    region = company.current().region
    kept = list(hits)
    for name in {hit.record_type for hit in hits}:
        record_type = registry.get(name)
        ours = [hit for hit in hits if hit.record_type == name]
        if record_type.subtitle in profiles.rights(record_type, user).hidden:
            for hit in ours:
                hit.subtitle = ""
        shown = _shown(record_type, user)
        if shown is not None:
            there = record_type.model.objects.in_bulk([hit.record_id for hit in ours])
            said = {pk for pk, record in there.items() if _says(record, shown, wanted, region)}
            kept = [hit for hit in kept if hit.record_type != name or hit.record_id in said]
    return kept


def everywhere(
    text: str, user: User | None, limit: int = 20, types: Iterable[RecordType] | None = None
) -> list[SearchRow]:
    """What `user` may see of all types (or of `types`) that `text` finds, newest first, beginnings of names first."""
    allowed = _allowed(user, registry.every() if types is None else types)
    if not allowed:
        return []
    found: list[SearchRow] = list(rows(text).filter(allowed).defer("words").order_by("-pk")[: limit * 3])
    found = _without_hidden(found, _wanted(text), user)
    start = fold(text)
    found.sort(key=lambda hit: not fold(hit.title).startswith(start))
    return found[:limit]


def _allowed(user: User | None, types: Iterable[RecordType]) -> Q:
    """The rows of the records of these types that `user` sees; empty where he sees none."""
    whole: list[str] = []
    by_owner: dict[frozenset[int], list[str]] = defaultdict(list)
    allowed = Q()
    for record_type in types:
        seen = sight.of(record_type, user)
        if seen.is_everything:
            whole.append(record_type.name)
        elif seen.limit is None:
            by_owner[seen.owners].append(record_type.name)
            allowed |= _beside_owners(seen)
        elif not seen.is_nothing:
            allowed |= Q(Exists(_records(seen)), record_type=record_type.name)
    for owners, names in by_owner.items():
        if owners:
            allowed |= Q(record_type__in=names, owner_id__in=listed(owners))
    return allowed | Q(record_type__in=whole) if whole else allowed


def _beside_owners(seen: Sight) -> Q:
    """The rows of what is open by a rule's condition or by hand."""
    found = Q(record_type=seen.record_type.name, record_id__in=listed(seen.shared)) if seen.shared else Q()
    if seen.opened or seen.many is not None:
        found |= Q(Exists(_records(replace(seen, shared=frozenset()))), record_type=seen.record_type.name)
    return found


def _records(seen: Sight) -> QuerySet[Any]:
    """The record of a row, where it is among these. It is looked up by its id: rows are few by then."""
    return seen.narrowed(seen.record_type.model.objects.filter(pk=OuterRef("record_id")))


def differing(record_type: RecordType, records: Sequence[Record]) -> list[Any]:
    """The records whose search row is missing or says something else than the record: what `doctor` repairs."""
    region = company.current().region
    kept = {
        hit.record_id: hit
        for hit in SearchRow.objects.filter(
            record_type=record_type.name, record_id__in=[r.pk for r in records]
        )
    }
    return [
        record
        for record in records
        if (hit := kept.get(record.pk)) is None or _differs(hit, row(record_type, record, region))
    ]


def _differs(one: SearchRow, other: SearchRow) -> bool:
    return any(getattr(one, name) != getattr(other, name) for name in COLUMNS[2:])
