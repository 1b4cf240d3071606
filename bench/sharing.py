"""Rights as a large company has them: thirty teams, fifty sharing rules, records shared by hand with everybody.

Run in the environment of the copy that is timed: `python -m bench.sharing`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import cycle
from random import Random
from typing import Any

import django

TEAMS, RULES, SHARES = 30, 50, 20
TYPES = ("lead", "opportunity")
CONDITIONS: dict[str, list[Any]] = {
    "lead": [None, ["temperature", "is", "hot"], ["source", "is", "website"], ["budget", "at_least", "50000"]],
    "opportunity": [
        None, ["amount", "at_least", "50000"], ["probability", "at_least", "80"], ["stage", "is", "proposal"],
    ],
}  # fmt: skip


def main() -> None:
    from kariz.accounts import company

    draw = Random(1)  # noqa: S311  a sample, not a secret
    _seat(draw)
    _rule(draw)
    _share(draw)
    company.touch()


def _seat(draw: Random) -> None:
    """Split the teams of the sample, so that there are thirty, and seat their people in the new ones."""
    from kariz.accounts import teams
    from kariz.accounts.models import Team, User

    lowest = [one for one in Team.objects.order_by("pk") if not Team.objects.filter(parent=one).exists()]
    for number, above in zip(range(TEAMS - Team.objects.count()), cycle(lowest), strict=False):
        made = teams.place(Team(name=f"{above.name} {number}"), above)
        people = User.objects.filter(team=above, role__key="salesperson").order_by("pk")
        few = list(people.values_list("pk", flat=True))[1::3]
        User.objects.filter(pk__in=few).update(team=made)


def _rule(draw: Random) -> None:
    from kariz.accounts.models import Team
    from kariz.core.models import SharingRule

    nodes = list(Team.objects.order_by("pk"))
    SharingRule.objects.bulk_create(
        SharingRule(
            record_type=name, name=f"Rule {number}", where=where, owners="team", owner_team=draw.choice(nodes[4:]),
            shared_with="team", with_team=draw.choice(nodes[1:]), level=draw.choice(("read", "write")),
        )
        for number, (name, where) in zip(range(RULES), _asked(), strict=False)
    )  # fmt: skip


def _asked() -> Iterator[tuple[str, Any]]:
    """A type and a condition after the other."""
    return cycle([(name, where) for n in range(4) for name in TYPES for where in [CONDITIONS[name][n]]])


def _share(draw: Random) -> None:
    """Some of each type with every salesperson, a few more with every team."""
    from kariz.accounts.models import Team, User
    from kariz.core import registry
    from kariz.core.models import Share

    for name in TYPES:
        ids = list(registry.get(name).model.objects.order_by("-pk").values_list("pk", flat=True)[:50_000])
        people: list[tuple[str, int]] = [
            ("user_id", pk)
            for pk in User.objects.filter(role__key="salesperson").values_list("pk", flat=True)
        ]
        people += [("team_id", pk) for pk in Team.objects.values_list("pk", flat=True)]
        Share.objects.bulk_create(
            Share(record_type=name, record_id=pk, level=draw.choice(("read", "write")), **{column: whom})
            for column, whom in people
            for pk in draw.sample(ids, SHARES)
        )


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "kariz.config.settings"
    django.setup()
    main()
