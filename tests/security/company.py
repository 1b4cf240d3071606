"""A company with somebody in each role, records of everybody they may have to do with, and what the rules say of those.

The rules are the naive ones of `tests.setups` and, for what is asked of a type as a whole, those of the guide for
administrators in so many words. The only thing taken from the program is what each record type declares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

from kariz.accounts import company, role_tree, teams
from kariz.accounts.models import Profile, Role, Team, User
from kariz.accounts.roles import EXTERNAL, ShippedRole
from kariz.core import registry
from kariz.core.grants import ProfileGrant, Share
from kariz.core.registry import Grant, RecordType
from kariz.features.duplicates.models import DuplicateGroup, DuplicateMember
from kariz.features.duplicates.rules import rule_of
from tests import programs, specimens
from tests.cast import gather, hire, signed_in
from tests.security import things
from tests.security.asking import Visitor
from tests.setups import Pool, Reference, Setup

ADMINISTRATOR = ShippedRole.ADMINISTRATOR.value
READER = "reader"  # reads everything and does nothing else: no shipped role, but one that companies make
SELLER = ShippedRole.SALESPERSON.value  # who has things that are one person's
ROLES = (*ShippedRole.values, READER)
WHOSE = ("own", "team", "other", "readable", "editable")
"""One's own records, those of somebody in a team below, of a stranger, and those that a stranger shares."""
FRONT, BACK, ELSEWHERE = range(3)


@dataclass(frozen=True)
class Company:
    """`people` are by role, and so are their browsers and programs; in `previewing` the administrator looks with the
    eyes of the salesperson. `records` are by type, by whose they are and, one's own, by role. `things` are those of the
    salesperson (`own`) and of a stranger (`other`).
    """

    people: dict[str, User]
    stranger: User
    guest: User
    records: dict[tuple[str, str, str], Any]
    rules: dict[str, Reference]
    browsers: dict[str, Visitor]
    programs: dict[str, Visitor]
    previewing: Visitor
    things: dict[str, dict[str, dict[str, Any]]]

    def record(self, record_type: RecordType, whose: str, role: str) -> Any:
        return self.records[record_type.name, whose, role if whose == "own" else ""]

    def may(self, role: str, verbs: str, record_type: RecordType, record: Any = None) -> bool:
        """Whether somebody with the role may do all of this with a record, or with the type as a whole."""
        return all(self._may(role, verb, record_type, record) for verb in verbs.split())

    def _may(self, role: str, verb: str, record_type: RecordType, record: Any) -> bool:
        verb, _colon, other = verb.partition(":")
        if other:  # such as `create:contact`
            return may(role, verb, registry.get(other))
        if record is None or verb not in ("read", "write", "delete"):
            return may(role, verb, record_type)
        rules = self.rules[record_type.name]
        return rules.may(verb, ROLES.index(role), rules.pool.rows.index(record))

    def share_of(self, record: Any) -> int:
        """The share of a record with the guest."""
        kept = Share.objects.get(record_type=registry.of(record).name, record_id=record.pk, user=self.guest)
        return int(kept.pk)

    def group_with(self, record: Any) -> int:
        """A group of possible duplicates: the record and one that everybody sees and changes alike."""
        record_type = registry.of(record)
        twin = specimens.make(record_type, record.owner, "Twin")
        for share in Share.objects.filter(record_type=record_type.name, record_id=record.pk):
            share.pk, share.record_id = None, twin.pk
            share.save()
        group = DuplicateGroup.objects.create(family=rule_of(record_type).family, score=80)
        DuplicateMember.objects.bulk_create(
            DuplicateMember(group=group, record_type=record_type.name, record_id=one.pk, score=80)
            for one in (record, twin)
        )
        return int(group.pk)


def granted(role: str, record_type: RecordType) -> Grant:
    if role == READER:
        return Grant("all", may_export=False, may_import=False)
    if role == ADMINISTRATOR:
        return Grant("all", "all", may_create=True, may_delete=True, may_undo_others=True)
    return record_type.rights.get(role, Grant())


def may(role: str, verb: str, record_type: RecordType) -> bool:
    """What a profile says of a type as a whole, and what follows where it says nothing."""
    grant = granted(role, record_type)
    is_inside = role not in EXTERNAL
    deletes = grant.may_delete and (grant.delete or grant.write) != "none"
    said = {
        "read": True,
        "write": grant.write != "none",
        "delete": deletes,
        "create": grant.may_create,
        "inside": is_inside,
        "export": is_inside if grant.may_export is None else grant.may_export,
        "import": grant.may_create and is_inside if grant.may_import is None else grant.may_import,
        "bulk": grant.write != "none",
        "convert": grant.write != "none",
        "merge": deletes,
    }
    return grant.read != "none" and said[verb]


def build() -> Company:
    gather()
    front = teams.place(Team(name="Front"), None)
    back = teams.place(Team(name="Back"), front)
    places = {FRONT: front, BACK: back, ELSEWHERE: teams.place(Team(name="Elsewhere"), None)}
    _make_reader()
    people = {role: hire(f"the_{role}", f"The {role}", role, front) for role in ROLES}
    others = {
        name: hire(name, name.title(), ShippedRole.SALESPERSON, team)
        for name, team in (("colleague", back), ("stranger", places[ELSEWHERE]), ("guest", None))
    }
    everybody = [*people.values(), *others.values()]
    owners = {
        "team": others["colleague"],
        **dict.fromkeys(("other", "readable", "editable"), others["stranger"]),
    }
    records: dict[tuple[str, str, str], Any] = {}
    rules: dict[str, Reference] = {}
    for record_type in registry.every():
        own = {("own", role): specimens.make(record_type, one, f"Own {role}") for role, one in people.items()}
        made = own | {(w, ""): specimens.make(record_type, one, f"Of {w}") for w, one in owners.items()}
        records |= {(record_type.name, *key): record for key, record in made.items()}
        pool = Pool(everybody, list(Role.objects.all()), list(places.values()), list(made.values()))
        rules[record_type.name] = Reference(pool, _setup(record_type, pool, list(made)))
        _share(record_type, made, people, others["guest"])
    company.touch()
    return Company(
        people,
        others["stranger"],
        others["guest"],
        records,
        rules,
        browsers={role: _browser(one) for role, one in people.items()},
        programs={role: Visitor(secret=programs.of(one).secret) for role, one in people.items()},
        previewing=_browser(people[ADMINISTRATOR], looks_as=people[SELLER]),
        things={
            name: things.of(one) for name, one in (("own", people[SELLER]), ("other", others["stranger"]))
        },
    )


def _browser(person: User, *, looks_as: User | None = None) -> Visitor:
    client = signed_in(person)
    if looks_as:
        client.post(reverse("web:preview", args=[looks_as.pk]))
    return Visitor(session=client.cookies[settings.SESSION_COOKIE_NAME].value)


def _make_reader() -> None:
    profile = Profile.objects.create(key=READER, name="Reader")
    role_tree.place(Role(key=READER, name="Reader", profile=profile), None)
    ProfileGrant.objects.bulk_create(
        ProfileGrant(profile=profile, record_type=one.name, read="all") for one in registry.every()
    )


def _share(record_type: RecordType, made: dict[Any, Any], people: dict[str, User], guest: User) -> None:
    """The stranger's with everybody, and each record with a guest: so that there is something to take back."""
    levels = {("readable", ""): "read", ("editable", ""): "write"}
    whom = [(made[key], level, one) for key, level in levels.items() for one in people.values()]
    whom += [(record, "read", guest) for record in made.values()]
    Share.objects.bulk_create(
        Share(record_type=record_type.name, record_id=record.pk, level=level, user=one)
        for record, level, one in whom
    )


def _setup(record_type: RecordType, pool: Pool, keys: list[tuple[str, str]]) -> Setup:
    """The company as `Reference` reads it: numbers are places in the pool."""
    roles = [*ROLES, *[ShippedRole.SALESPERSON] * (len(pool.people) - len(ROLES))]
    grants = [granted(role, record_type) for role in ROLES]
    shared = {"readable": "read", "editable": "write"}
    return Setup(
        parents=[None] * len(ROLES),  # no shipped profile reaches the roles below
        externals=[role in EXTERNAL for role in ROLES],
        team_parents=[None, FRONT, None],
        main=[ROLES.index(role) for role in roles],
        others=[[]] * len(roles),
        in_team=[*[FRONT] * len(ROLES), BACK, ELSEWHERE, None],
        grants=[
            (one.read, one.write, (one.delete or one.write) if one.may_delete else "none") for one in grants
        ],
        owners=[pool.people.index(row.owner) for row in pool.rows],
        amounts=[None] * len(pool.rows),
        stages=[0] * len(pool.rows),
        openness="private",
        rules=[],
        shares=[
            {"row": row, "whom": ("user", person), "level": shared[whose], "until": None}
            for row, (whose, _role) in enumerate(keys)
            if whose in shared
            for person in range(len(ROLES))
        ],
        limited_role=None,
    )
