"""Merging as it is asked for: an action on a record, and many groups by a job that tells how far it has come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext

from kariz import jobs, notices
from kariz.accounts import locale
from kariz.accounts.locale import Locale
from kariz.accounts.models import User
from kariz.core import access, attached, merging, seen
from kariz.core.actions import Parameter, action
from kariz.core.fieldtypes.links import LARGEST_ID, id_in
from kariz.core.merging import Group, Merged
from kariz.core.models import ChangeBatch
from kariz.features.duplicates.models import Request

if TYPE_CHECKING:
    from kariz.core.registry import RecordType

LISTED = 50
ID = {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}
TOLD = gettext_noop("%(done)s groups of duplicates were merged, %(left)s were left as they are.")
TOLD_OF_CIRCLES = gettext_noop(
    "%(done)s groups of duplicates were merged, %(left)s were left as they are. Links that would have led back to their"
    " own record are empty now."
)

attached.attach(Request, label=_("Requests"))


@action(
    "merge",
    label=_("Merge with another"),
    icon="git-merge",
    page="duplicates:merge_with",
    is_further=True,
    parameters=(
        Parameter("others", {"type": "array", "items": ID, "minItems": 1}, is_required=True),
        Parameter("take", {"type": "object", "additionalProperties": {"anyOf": [ID, {"const": "all"}]}}),
        Parameter("versions", {"type": "object", "additionalProperties": {"type": "integer"}}),
    ),
)
def merge(
    record_type: RecordType,
    record: Any,
    *,
    user: User | None,
    others: Sequence[int],
    take: Mapping[str, int | str] | None = None,
    versions: Mapping[int | str, int] | None = None,
) -> ChangeBatch:
    """Make the records with the ids `others` part of `record`; as `core.merging.merge`. Keys of JSON are texts."""
    seen = {found: version for pk, version in (versions or {}).items() if (found := id_in(str(pk)))}
    return merging.merge(record_type, record.pk, others, user=user, take=take, versions=seen)


def proposals(record_type: RecordType, ids: Iterable[Sequence[int]], user: User | None) -> list[Group]:
    """A group for each of these sets of ids that can be merged by this user as a whole, with the primary proposed.

    Three queries at most, whatever their number.
    """
    sets = [tuple(dict.fromkeys(one)) for one in ids]
    every = {pk for one in sets for pk in one}
    rows = access.visible(record_type, user).filter(pk__in=every)
    known = rows.in_bulk()
    allowed = merging.allowed_to(record_type, known.values(), user)
    found = []
    for one in sets:
        records = [known[pk] for pk in one if pk in known]
        primary = merging.proposed(record_type, records, allowed) if 1 < len(records) == len(one) else None
        if primary:
            found.append(Group(primary.pk, tuple(pk for pk in one if pk != primary.pk)))
    return found


@jobs.task("merge_groups")
def merge_groups(
    job: Any, record_type: str, groups: Sequence[tuple[int, Sequence[int]]], person: int, batch: int
) -> dict[str, Any]:
    """Merge (primary, others) after (primary, others), each field by its default; the person is told at the end."""
    user = User.objects.get(pk=person)
    kind = seen.get(record_type, user)
    with locale.use(Locale.of(user)):
        merged = merging.merge_groups(
            kind,
            [Group(primary, tuple(others)) for primary, others in groups],
            user=user,
            batch=ChangeBatch.objects.get(pk=batch),
            progress=job.progress,
        )
    params = {"done": len(merged.done), "left": len(merged.left)}
    text = TOLD_OF_CIRCLES if merged.opened else TOLD
    notices.tell([user], text, params=params, url=f"/batches/{batch}/", key=f"merged {batch}")
    return outcome(merged)


def told_of_circles(count: int) -> str:
    """What became of links that would have led back to their own record; empty where there were none."""
    text = ngettext(
        "%(n)s link that would have led back to its own record is empty now.",
        "%(n)s links that would have led back to their own record are empty now.",
        count,
    )
    return text % {"n": locale.active().number(count)} if count else ""


def outcome(merged: Merged) -> dict[str, Any]:
    """What the page of the job shows: `left` holds the first that were left, as (primary, reason)."""
    return {
        "batch": merged.batch.pk,
        "done": len(merged.done),
        "left_count": len(merged.left),
        "left": [(group.primary, reason) for group, reason in merged.left[:LISTED]],
    }
