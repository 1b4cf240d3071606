"""Who stands where: roles, teams and people, read once a revision. Whoever changes one of them touches the company."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext

from kariz.accounts.models import Role, Team, User
from kariz.accounts.revision import by_revision


@dataclass(frozen=True)
class Post:
    """A role as the chart knows it."""

    id: int
    key: str
    name: str
    path: str
    profile: str
    is_external: bool


@dataclass(frozen=True)
class Person:
    """Somebody as the chart knows him: the keys of the roles, the main one first, and the team's id."""

    id: int
    roles: tuple[str, ...]
    team: int | None
    is_active: bool


@dataclass(frozen=True)
class Chart:
    """The role tree by key, the teams' paths by id, the people by id; and who has other roles beside the main one."""

    roles: Mapping[str, Post]
    teams: Mapping[int, str]
    people: Mapping[int, Person]
    other_roles: Mapping[int, tuple[str, ...]]

    def role_names(self, keys: Iterable[str]) -> list[str]:
        posts = [self.roles.get(key) for key in keys]
        return [gettext(post.name) for post in posts if post]

    def profiles(self, keys: Iterable[str]) -> set[str]:
        """The keys of the profiles of these roles."""
        return {self.roles[key].profile for key in keys if key in self.roles}

    def are_external(self, keys: Iterable[str]) -> bool:
        """Whether all these roles are of people who work for somebody else; a role that is not there is no key."""
        return all(key not in self.roles or self.roles[key].is_external for key in keys)

    def roles_below(self, keys: Iterable[str], *, itself: bool = False) -> frozenset[str]:
        """The keys of the roles below any of these in the tree, with `itself` those as well."""
        tops = {key: self.roles[key].path for key in keys if key in self.roles}
        below = {
            post.key
            for post in self.roles.values()
            if any(post.path.startswith(path) and post.path != path for path in tops.values())
        }
        return frozenset(below | tops.keys()) if itself else frozenset(below)

    def with_role(self, keys: Iterable[str]) -> frozenset[int]:
        """The ids of the people who have one of these roles."""
        return frozenset(pk for key in keys for pk in self._by_role.get(key, ()))

    def members(self, team: int | None) -> frozenset[int]:
        """The ids of the people in this team and the teams below it."""
        return self._by_team.get(team, frozenset()) if team is not None else frozenset()

    def teams_above(self, team: int | None) -> frozenset[int]:
        """The ids of this team and the teams that it is a part of."""
        path = self.teams.get(team, "") if team is not None else ""
        return frozenset(int(part) for part in path.split("/") if part)

    def with_members(self, person: int, team: int | None) -> tuple[int, ...]:
        """The ids of this person and of everybody in the team and below, in order."""
        return tuple(sorted({person, *self.members(team)}))

    @cached_property
    def _by_role(self) -> Mapping[str, set[int]]:
        found: dict[str, set[int]] = defaultdict(set)
        for person in self.people.values():
            for key in person.roles:
                found[key].add(person.id)
        return found

    @cached_property
    def _by_team(self) -> Mapping[int, frozenset[int]]:
        found: dict[int, set[int]] = defaultdict(set)
        for person in self.people.values():
            for team in self.teams_above(person.team):
                found[team].add(person.id)
        return {team: frozenset(ids) for team, ids in found.items()}


@by_revision
def current() -> Chart:
    """The chart of today, four queries when the revision has moved on and none else."""
    rows = Role.objects.values_list("pk", "key", "name", "path", "profile__key", "is_external")
    others: dict[int, tuple[str, ...]] = {}
    through = User.other_roles.through.objects.order_by("pk").values_list("user_id", "role__key")
    for pk, key in through:
        others[pk] = (*others.get(pk, ()), key)
    people = User.objects.order_by("pk").values_list("pk", "role_id", "team_id", "is_active")
    return Chart(
        roles={post.key: post for post in (Post(*row) for row in rows)},
        teams=dict(Team.objects.values_list("pk", "path")),
        people={
            pk: Person(pk, (str(role), *others.get(pk, ())), team, is_active)
            for pk, role, team, is_active in people
        },
        other_roles=others,
    )
