"""What the jobs stand on: the person who works, and samples of the records that this person may see."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

READERS = ("team", "own", "all")
USERNAMES = ("robert", "murat", "reza")  # the manager of a region in the sample company of each language
SAMPLES = 400
LEAD = ("name", "company", "phone", "email")


@dataclass(frozen=True)
class Ground:
    """`leads` are to be converted, `words` are fragments of names, companies, e-mails and phones."""

    user: Any
    members: list[int]
    opportunities: list[int]
    leads: list[dict[str, Any]]
    words: list[str]

    @property
    def team(self) -> str:
        """The members as SQL lists them."""
        return ", ".join(map(str, self.members))


def survey(reader: str) -> Ground:
    from kariz.accounts import chart
    from kariz.core import records, registry

    user = _person(reader)
    lead, opportunity = registry.get("lead"), registry.get("opportunity")
    draw = Random(1)  # noqa: S311  a sample, not a secret
    named = {
        "all": [
            ["is_open", "yes"],
            ["name", "not_empty"],
            ["company", "not_empty"],
            ["phone", "not_empty"],
            ["email", "not_empty"],
        ]
    }
    leads = list(records.visible(lead, user, where=named).values("pk", *LEAD))
    people = {"team": user.team_member_ids, "own": (user.pk,), "all": chart.current().people.keys()}
    members = sorted(people[reader])
    deals = list(records.visible(opportunity, user).filter(owner_id__in=members).values_list("pk", flat=True))
    draw.shuffle(leads)
    return Ground(
        user=user,
        members=members,
        opportunities=draw.sample(deals, min(SAMPLES, len(deals))),
        leads=leads,
        words=[_fragment(one, number) for number, one in enumerate(leads[-SAMPLES:])],
    )


def _person(reader: str) -> Any:
    """The manager of a region, the plainest of its salespeople, or an administrator."""
    from kariz.accounts.models import User

    manager = User.objects.get(username__in=USERNAMES)
    if reader == "all":
        return User.objects.filter(role__key="administrator").earliest("pk")
    if reader == "team":
        return manager
    team = User.objects.filter(pk__in=manager.team_member_ids, role__key="salesperson", is_active=True)
    return team.order_by("pk")[0]


def _fragment(lead: dict[str, Any], number: int) -> str:
    """What somebody types: part of a name, of a company, of an address, of a number."""
    parts = (lead["name"][1:7], lead["company"][-9:-1], lead["email"][2:10], lead["phone"][-7:])
    return str(parts[number % 4]).strip()
