"""Links of records to others of their own type: the chains that they make, and whether one leads back to its start.

A record type says which of its links make a tree (`RecordType.trees`): no write puts a record below itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from django.db import connection
from django.utils.translation import gettext as _

from kariz.core import sql

if TYPE_CHECKING:
    from kariz.core.drafts import Draft
    from kariz.core.fields import Field
    from kariz.core.registry import RecordType

Chains = Mapping[int, int | None]
"""A record's id → the id that it links to."""


def own_links(record_type: RecordType) -> list[Field]:
    """The links of the type to one other record of its own."""
    fields = record_type.all_fields.values()
    return [one for one in fields if one.target == record_type.name and one.type.name == "lookup"]


def chains(record_type: RecordType, field: Field, starts: Iterable[int]) -> dict[int, int | None]:
    """These records, those that they link to, and so on to the ends of all chains: one statement."""
    listed = sorted(set(starts))
    rows = record_type.model.objects.order_by().annotate(there=field.expression).values_list("pk", "there")
    select, params = rows.query.sql_with_params()
    key = f"{connection.ops.quote_name(record_type.model._meta.db_table)}.id"
    places = ", ".join(["%s"] * len(listed))
    # UNION takes each record once, so that a circle comes to an end.
    statement = (
        f"WITH RECURSIVE chain (pk, there) AS ({select} WHERE {key} IN ({places})"  # noqa: S608  names of columns
        f" UNION {select} INNER JOIN chain ON {key} = chain.there) SELECT pk, there FROM chain"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, *listed, *params])
        return dict(cursor.fetchall())


def leads_back(pk: int, following: Chains) -> bool:
    """Whether the chain that begins at this record comes back to it."""
    seen = {pk}
    there = following.get(pk)
    while there is not None and there not in seen:
        seen.add(there)
        there = following.get(there)
    return there == pk


def check(record_type: RecordType, drafts: Sequence[Draft]) -> None:
    """Keep an error for each link by which a record would stand below itself. For use in a transaction."""
    for name in record_type.trees:
        field = record_type.all_fields[name]
        # What is new is below nothing but what is there: nobody can link to it yet.
        moved = [draft for draft in drafts if not draft.is_new and not draft.errors and draft.changed(name)]
        if any(field.get(draft.record) for draft in moved):
            _check(record_type, field, moved)


def _check(record_type: RecordType, field: Field, drafts: Sequence[Draft]) -> None:
    """All drafts together: several may change places. One that is refused stays where it was."""
    # Until the commit: whoever comes next sees what is written here.
    sql.hold(f"{record_type.name}.{field.name}")
    wanted = {draft.record.pk: field.get(draft.record) for draft in drafts}
    before = {draft.record.pk: draft.old(field.name) for draft in drafts}
    starts = filter(None, [*wanted.values(), *before.values()])
    following = chains(record_type, field, starts) | wanted
    left = list(drafts)
    while circling := [draft for draft in left if leads_back(draft.record.pk, following)]:
        draft = circling[0]
        draft.error(
            field.name, _("The chosen record leads back to this one: that would be a circle. Choose another.")
        )
        following[draft.record.pk] = before[draft.record.pk]
        left.remove(draft)


def closed_by_merge(
    record_type: RecordType, field: Field, wanted: Chains, into: Mapping[int, int]
) -> set[int]:
    """Which of these records, linking to what they are `wanted` to, would lead back to themselves after a merge.

    `into` is {merged id: primary's id}. Those that lead back to themselves already are none of the merge's making.
    """
    if not any(wanted.values()):
        return set()
    now = chains(record_type, field, {*wanted, *filter(None, wanted.values())})
    merged = {pk: there for pk, there in now.items() if pk not in into} | dict(wanted)
    following = {pk: into.get(there, there) if there else None for pk, there in merged.items()}
    found: set[int] = set()
    for pk in wanted:
        if leads_back(pk, following) and not leads_back(pk, now):
            found.add(pk)
            following[pk] = None
    return found
