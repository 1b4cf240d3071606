"""Companies of chance for the tests of rights, and what their rules mean, said once more as naively as possible."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone
from hypothesis import strategies as st

from kariz.accounts import company, role_tree, teams
from kariz.accounts.models import Profile, Role, Team, User
from kariz.core.grants import ProfileGrant, Share, SharingRule, TypeSharing
from kariz.core.models import SearchRow
from kariz.core.registry import RecordType

REACHES = ("none", "own", "team", "below", "all")
LEVELS = ("read", "write")
STAGES = ("nurturing", "proposal")
PEOPLE, ROLES, TEAMS, RECORDS = 7, 5, 4, 10
# A condition as it is kept, and what it says of a record.
CONDITIONS: list[tuple[Any, Any]] = [
    (None, lambda row: True),
    (["amount", "at_least", "500"], lambda row: row.amount is not None and row.amount >= 500),
    (["stage", "is", STAGES[0]], lambda row: row.stage == STAGES[0]),
    (
        {
            "all": [
                ["amount", "less", "800"],
                {"any": [["stage", "is", STAGES[1]], ["name", "contains", "a"]]},
            ]
        },
        lambda row: (
            row.amount is not None
            and row.amount < 800
            and (row.stage == STAGES[1] or "a" in row.name.lower())
        ),
    ),
    (["gone", "is", "nothing"], None),  # a field that is not there any more: the rule opens nothing
]
LIMIT = {"amount__lt": 900}  # what a type may restrict everything to


@dataclass
class Pool:
    """What stands still: people, roles with a profile each, teams, records. Chance arranges it."""

    people: list[User]
    roles: list[Role]
    teams: list[Team]
    rows: list[Any]


@dataclass
class Setup:
    """One arrangement; numbers are places in the pool."""

    parents: list[int | None]
    externals: list[bool]
    team_parents: list[int | None]
    main: list[int]
    others: list[list[int]]
    in_team: list[int | None]
    grants: list[tuple[str, str, str]]
    owners: list[int | None]
    amounts: list[int | None]
    stages: list[int]
    openness: str
    rules: list[dict[str, Any]]
    shares: list[dict[str, Any]]
    limited_role: int | None
    rules_made: list[SharingRule] = field(default_factory=list)


def _place(count: int) -> Any:
    return st.integers(0, count - 1)


def _tree(count: int) -> Any:
    """Each node below one before it, or at the top."""
    return st.tuples(*(st.one_of(st.none(), _place(n)) if n else st.none() for n in range(count))).map(list)


def _of_each(count: int, one: Any) -> Any:
    return st.lists(one, min_size=count, max_size=count)


KINDS = {"role": ROLES, "role_below": ROLES, "team": TEAMS, "user": PEOPLE}


def _principal(*more: str) -> Any:
    named = [st.tuples(st.just(kind), _place(count)) for kind, count in KINDS.items()]
    return st.one_of(*named, *(st.tuples(st.just(kind), st.just(0)) for kind in more))


setups = st.builds(
    Setup,
    parents=_tree(ROLES),
    externals=_of_each(ROLES, st.sampled_from([False, False, True])),
    team_parents=_tree(TEAMS),
    main=_of_each(PEOPLE, _place(ROLES)),
    others=_of_each(PEOPLE, st.lists(_place(ROLES), max_size=2)),
    in_team=_of_each(PEOPLE, st.one_of(st.none(), _place(TEAMS))),
    grants=_of_each(ROLES, st.tuples(*[st.sampled_from(REACHES)] * 3)),
    owners=_of_each(RECORDS, st.one_of(st.none(), _place(PEOPLE))),
    amounts=_of_each(RECORDS, st.one_of(st.none(), st.integers(1, 1000))),
    stages=_of_each(RECORDS, _place(len(STAGES))),
    openness=st.sampled_from(["private", "private", "private", "read", "write"]),
    rules=st.lists(
        st.fixed_dictionaries(
            {
                "owners": _principal("everyone"),
                "where": _place(len(CONDITIONS)),
                "shared_with": _principal("inside"),
                "level": st.sampled_from(LEVELS),
                "is_active": st.sampled_from([True, True, True, False]),
            }
        ),
        max_size=4,
    ),
    shares=st.lists(
        st.fixed_dictionaries(
            {
                "row": _place(RECORDS),
                "whom": st.sampled_from(["user", "team", "role"]).flatmap(
                    lambda kind: st.tuples(st.just(kind), _place(KINDS[kind]))
                ),
                "level": st.sampled_from(LEVELS),
                "until": st.sampled_from([None, 1, -1]),
            }
        ),
        max_size=5,
        unique_by=lambda share: (share["row"], share["whom"]),
    ),
    limited_role=st.one_of(st.none(), st.none(), _place(ROLES)),
)


def arrange(pool: Pool, setup: Setup, record_type: RecordType) -> None:
    """Bring the database to what chance has drawn."""
    for model in (ProfileGrant, TypeSharing, SharingRule, Share):
        model.objects.all().delete()
    for node, parent in zip(pool.teams, setup.team_parents, strict=True):
        teams.place(node, None if parent is None else pool.teams[parent])
    for n, role in enumerate(pool.roles):
        parent = setup.parents[n]
        role.is_external = setup.externals[n]
        role_tree.place(role, None if parent is None else pool.roles[parent])
        read, write, delete = setup.grants[n]
        ProfileGrant.objects.create(
            profile=role.profile, record_type=record_type.name, read=read, write=write, delete_reach=delete,
            may_export=True,
        )  # fmt: skip
    for n, user in enumerate(pool.people):
        team = setup.in_team[n]
        user.role, user.team = pool.roles[setup.main[n]], None if team is None else pool.teams[team]
        user.save()
        user.other_roles.set([pool.roles[other] for other in setup.others[n]])
    _arrange_rows(pool, setup, record_type)
    TypeSharing.objects.create(record_type=record_type.name, level=setup.openness)
    setup.rules_made = [_rule(pool, told, record_type) for told in setup.rules]
    for told in setup.shares:
        kind, place = told["whom"]
        until = told["until"] and timezone.now() + timedelta(hours=told["until"])
        Share.objects.create(
            record_type=record_type.name, record_id=pool.rows[told["row"]].pk, level=told["level"], until=until,
            **{kind: _nodes(pool, kind)[place]},
        )  # fmt: skip
    company.touch()


def _arrange_rows(pool: Pool, setup: Setup, record_type: RecordType) -> None:
    for n, row in enumerate(pool.rows):
        owner = setup.owners[n]
        row.owner = None if owner is None else pool.people[owner]
        row.amount, row.stage = setup.amounts[n], STAGES[setup.stages[n]]
        row.save()
        found = SearchRow.objects.filter(record_type=record_type.name, record_id=row.pk)
        found.update(owner_id=row.owner_id)


def _nodes(pool: Pool, kind: str) -> list[Any]:
    nodes: dict[str, list[Any]] = {
        "role": pool.roles, "role_below": pool.roles, "team": pool.teams, "user": pool.people,
    }  # fmt: skip
    return nodes[kind]


def _rule(pool: Pool, told: dict[str, Any], record_type: RecordType) -> SharingRule:
    columns: dict[str, Any] = {}
    for side, prefix in (("owners", "owner"), ("shared_with", "with")):
        kind, place = told[side]
        columns[side] = kind
        if kind in KINDS:
            columns[f"{prefix}_{kind.removesuffix('_below')}"] = _nodes(pool, kind)[place]
    return SharingRule.objects.create(
        record_type=record_type.name, name=f"Rule {told['where']}", where=CONDITIONS[told["where"]][0],
        level=told["level"], is_active=told["is_active"], **columns,
    )  # fmt: skip


def pool(record_type: RecordType, make: Any) -> Pool:
    """`make` makes a record of this name."""
    roles = []
    for n in range(ROLES):
        profile = Profile.objects.create(key=f"p{n}", name=f"Profile {n}")
        roles.append(role_tree.place(Role(key=f"r{n}", name=f"Role {n}", profile=profile), None))
    nodes = [teams.place(Team(name=f"Team {n}"), None) for n in range(TEAMS)]
    people = [User.objects.create(username=f"u{n}", name=f"Person {n}") for n in range(PEOPLE)]
    rows = [make(f"Deal {'abc'[n % 3]}{n:02}") for n in range(RECORDS)]
    return Pool(people, roles, nodes, rows)


def _within(read: str, reach: str) -> str:
    """What reaches further than reading is cut short; of a team's and of those below one, one's own are common."""
    if reach in (read, "none", "own") or read == "all":
        return reach if read != "none" else "none"
    return read if reach == "all" or read in ("none", "own") else "own"


class Reference:
    """What somebody may do, rule by rule and record by record."""

    def __init__(self, pool: Pool, setup: Setup) -> None:
        self.pool, self.setup = pool, setup

    def may(self, verb: str, person: int, row: int) -> bool:
        if not self._is_within_limit(person, row):
            return False
        if not self._reaches("read", person, row) and not self._is_open("read", person, row):
            return False
        if verb == "read":
            return True
        if verb == "delete":
            return self._reaches("delete", person, row)
        return self._reaches("write", person, row) or self._is_open("write", person, row)

    def _is_within_limit(self, person: int, row: int) -> bool:
        amount = self.setup.amounts[row]
        is_limited = self.setup.limited_role == self.setup.main[person]
        return not is_limited or (amount is not None and amount < LIMIT["amount__lt"])

    def roles(self, person: int) -> set[int]:
        return {self.setup.main[person], *self.setup.others[person]}

    def is_external(self, person: int) -> bool:
        return all(self.setup.externals[role] for role in self.roles(person))

    def _above(self, parents: list[int | None], node: int | None) -> list[int]:
        """The node and those above it."""
        found = []
        while node is not None:
            found.append(node)
            node = parents[node]
        return found

    def _in_team(self, person: int, team: int) -> bool:
        return team in self._above(self.setup.team_parents, self.setup.in_team[person])

    def _reaches(self, verb: str, person: int, row: int) -> bool:
        """By one role or another."""
        place = ("read", "write", "delete").index(verb)
        grants = [self.setup.grants[role] for role in self.roles(person)]
        return any(self._holds(_within(grant[0], grant[place]), person, row) for grant in grants)

    def _holds(self, reach: str, person: int, row: int) -> bool:
        owner = self.setup.owners[row]
        if reach == "all":
            return True
        if reach == "none" or owner is None:
            return False
        if owner == person:
            return True
        if reach == "team":
            mine = self.setup.in_team[person]
            return mine is not None and self._in_team(owner, mine)
        return reach == "below" and any(
            mine != theirs and mine in self._above(self.setup.parents, theirs)
            for mine in self.roles(person)
            for theirs in self.roles(owner)
        )

    def _may_at_all(self, level: str, person: int) -> bool:
        """Sharing opens records, not verbs: who may change none of the type changes none that is shared."""
        grants = [self.setup.grants[role] for role in self.roles(person)]
        return any(_within(read, read if level == "read" else write) != "none" for read, write, _ in grants)

    def _is_open(self, level: str, person: int, row: int) -> bool:
        if not self._may_at_all(level, person):
            return False
        is_open = self.setup.openness in (level, "write") and not self.is_external(person)
        by_rule = any(self._opens(told, level, person, row) for told in self.setup.rules)
        return (
            is_open or by_rule or any(self._is_shared(told, level, person, row) for told in self.setup.shares)
        )

    def _opens(self, told: dict[str, Any], level: str, person: int, row: int) -> bool:
        if not told["is_active"] or told["level"] not in (level, "write"):
            return False
        meets = CONDITIONS[told["where"]][1]
        owner = self.setup.owners[row]
        is_of = told["owners"][0] == "everyone" or (owner is not None and self._is(told["owners"], owner))
        is_for = (
            not self.is_external(person)
            if told["shared_with"][0] == "inside"
            else self._is(told["shared_with"], person)
        )
        return bool(is_of and is_for and meets is not None and meets(self.pool.rows[row]))

    def _is(self, principal: tuple[str, int], person: int) -> bool:
        kind, place = principal
        if kind == "user":
            return person == place
        if kind == "team":
            return self._in_team(person, place)
        if kind == "role":
            return place in self.roles(person)
        return any(place in self._above(self.setup.parents, role) for role in self.roles(person))

    def _is_shared(self, told: dict[str, Any], level: str, person: int, row: int) -> bool:
        is_over = told["until"] is not None and told["until"] < 0
        is_level = told["level"] in (level, "write")
        return told["row"] == row and is_level and not is_over and self._is(told["whom"], person)
