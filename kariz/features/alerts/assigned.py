"""Tells people what others have made them responsible for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from kariz import notices
from kariz.accounts.models import User
from kariz.core import links, registry
from kariz.core.events import consumer
from kariz.core.models import Change
from kariz.web.listing import address_of, written

ONE = gettext_noop("%(who)s made you responsible for “%(title)s”.")
SEVERAL = gettext_noop("%(who)s made you responsible for several records.")
MINE = {"all": [["owner", "is_me"]]}
PROGRAM = "Kariz"


def _is_assignment(record_type: str, kind: str, values: dict[str, list[Any]]) -> bool:
    return kind != Change.Kind.DELETED and bool(values.get("owner", [None, None])[1])


@consumer("alerts", wants=_is_assignment)
def tell_owners(changes: Sequence[Change]) -> None:
    """One notice for each person and batch: an import of a thousand records rings once."""
    together: dict[tuple[int, int], list[Change]] = defaultdict(list)
    for change in changes:
        owner = change.values["owner"][1]
        if owner != change.batch.user_id:
            together[change.batch_id, owner].append(change)
    people = User.objects.in_bulk({owner for _batch, owner in together} | {c.batch.user_id for c in changes})
    titles = links.names_of(_alone(together), None)
    for (batch, owner), assigned in together.items():
        if people[owner].is_active:
            who = people.get(assigned[0].batch.user_id or 0)
            _tell(people[owner], str(who or PROGRAM), assigned, titles, key=f"assigned {batch}")


def _alone(together: dict[tuple[int, int], list[Change]]) -> dict[str, set[int]]:
    """The records that are told of by name."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for assigned in together.values():
        if len(assigned) == 1:
            wanted[assigned[0].record_type].add(assigned[0].record_id)
    return wanted


def _tell(owner: User, who: str, assigned: Sequence[Change], titles: links.Names, *, key: str) -> None:
    """A single record by its name, several by the list of them; nothing of a record that is gone already."""
    kind, pk = assigned[0].record_type, assigned[0].record_id
    if len(assigned) > 1:
        url = address_of(registry.get(kind), {"where": written(MINE), "sort": "-updated_at"})
        notices.tell([owner], SEVERAL, params={"who": who}, url=url, kind="assigned", key=key)
    elif title := titles.get((kind, pk)):
        url = reverse("web:record", args=[kind, pk])
        notices.tell([owner], ONE, params={"who": who, "title": title}, url=url, kind="assigned", key=key)
