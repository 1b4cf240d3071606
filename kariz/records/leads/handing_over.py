"""A lead that is handed over to a dealer is open to those of the dealer who sign in here, and to them alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q
from django.db.models.functions import Lower

from kariz.accounts.models import User
from kariz.core import registry, sharing
from kariz.core.drafts import Draft
from kariz.core.models import Change
from kariz.records.contacts.models import Contact
from kariz.records.organizations.models import Organization


def follow(drafts: Sequence[Draft]) -> None:
    """Open leads to whom they have just been handed over, and close them to whom they were handed before."""
    moves: dict[tuple[int | None, int | None], list[Draft]] = defaultdict(list)
    for draft in drafts:
        if "handed_to" in draft.changes:
            old, new = draft.changes["handed_to"]
            moves[old, new].append(draft)
    if moves:
        people = _people({pk for move in moves for pk in move if pk})
        for (old, new), moved in moves.items():
            _hand_over(moved, people[old or 0], people[new or 0])


def _hand_over(moved: Sequence[Draft], before: Iterable[User], after: Iterable[User]) -> None:
    lead, found, by = registry.get("lead"), [draft.record for draft in moved], moved[0].user
    to, gone = set(after), set(before) - set(after)
    if not to and not gone:
        return
    latest = Change.objects.filter(record_type="lead", record_id=found[0].pk).order_by("-pk")
    batch = latest.select_related("batch")[0].batch
    if gone:
        sharing.take_over(lead, found, gone, by=by, batch=batch)
    if to:
        sharing.hand_over(lead, found, to, by=by, batch=batch)


def _people(organizations: Iterable[int]) -> dict[int, set[User]]:
    """Organization → the external users whose e-mail address is one of its own or of a contact there."""
    found: dict[int, set[User]] = defaultdict(set)
    is_external = Q(role__is_external=True) | Q(other_roles__is_external=True)
    users = {
        one.email.lower(): one
        for one in User.objects.filter(is_external, is_active=True).exclude(email="").distinct()
        if one.is_external
    }
    if not users:
        return found
    ours = Organization.objects.filter(pk__in=organizations).values_list("pk", Lower("email"))
    theirs = Contact.objects.filter(organization__in=organizations).values_list(
        "organization_id", Lower("email")
    )
    for pk, email in [*ours, *theirs.exclude(email="")]:
        if pk and email in users:
            found[pk].add(users[email])
    return found
