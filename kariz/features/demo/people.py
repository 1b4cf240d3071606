"""The company, its team tree and the people who work there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.hashers import check_password, make_password

from kariz.accounts import company, teams
from kariz.accounts.models import Company, Team, User
from kariz.accounts.roles import ShippedRole
from kariz.features.demo import words
from kariz.features.demo.inventing import Inventor

PASSWORD = "kariz"  # noqa: S105 # nosec B105 # printed for everyone to see: the sample company keeps nothing secret
FEWEST, MOST = 12, 200


@dataclass(frozen=True)
class Staff:
    """`everybody` begins with the administrator, a manager and a salesperson, whose sign-in is told."""

    everybody: list[User]
    sellers: list[User]


def sign_ins() -> list[User]:
    """Those of the sample company whose sign-in is told, as long as its password is theirs."""
    usernames = [told["username"] for told in words.of(company.current().language).people]
    found = User.objects.in_bulk(usernames, field_name="username")
    told = [found[name] for name in usernames if name in found and found[name].is_active]
    is_right = {password: check_password(PASSWORD, password) for password in {user.password for user in told}}
    return [user for user in told if is_right[user.password]]


def settle(inventor: Inventor) -> None:
    """Give the company the settings of its language."""
    Company.objects.update_or_create(pk=1, defaults=inventor.words.company)
    company.touch()


def employ(inventor: Inventor, record_count: int) -> Staff:
    """Teams and people, more of them for more records. Those who are there already stay as they are."""
    size = max(FEWEST, min(MOST, record_count // 1000))
    tree = _tree(inventor)
    password = make_password(PASSWORD)
    people: dict[str, User] = {}
    for username, name, role, team in _posts(inventor, tree, size):
        people.setdefault(
            username, User(username=username, name=name, role_id=str(role), team=team, password=password)
        )
    User.objects.bulk_create(people.values(), ignore_conflicts=True)
    company.touch()
    known = {user.username: user for user in User.objects.filter(username__in=people)}
    everybody = [known[username] for username in people]
    sellers = [
        user for user in everybody if user.role_id in (ShippedRole.SALESPERSON, ShippedRole.SALES_MANAGER)
    ]
    return Staff(everybody, sellers)


def _tree(inventor: Inventor) -> list[tuple[Team, list[Team]]]:
    """Regions with their teams, below one team of everybody who sells."""
    top = _team(inventor.words.sales, None)
    regions = [(_team(region, top), names) for region, names in inventor.words.teams.items()]
    return [(region, [_team(name, region) for name in names]) for region, names in regions]


def _team(name: str, parent: Team | None) -> Team:
    return Team.objects.filter(name=name).first() or teams.place(Team(name=name), parent)


def _posts(
    inventor: Inventor, tree: list[tuple[Team, list[Team]]], size: int
) -> Iterator[tuple[str, str, str, Team | None]]:
    """(user name, name, role, team) of everybody: those who are told, one of each other role, then salespeople."""
    seats = [team for _region, below in tree for team in below]
    first_region = tree[0][0]
    homes = {
        ShippedRole.ADMINISTRATOR: None,
        ShippedRole.SALES_MANAGER: first_region,
        ShippedRole.SALESPERSON: seats[0],
    }
    for told in inventor.words.people:
        yield told["username"], told["name"], told["role"], homes[ShippedRole(told["role"])]
    others: list[tuple[str, Team | None]] = [
        (ShippedRole.SALES_MANAGER, region) for region, _below in tree[1:]
    ]
    others += [(ShippedRole.HEAD_OF_SALES, first_region.parent), (ShippedRole.MARKETER, None)]
    others += [(ShippedRole.TELEMARKETER, first_region), (ShippedRole.DEALER, first_region)]
    others += [
        (ShippedRole.SALESPERSON, seats[number % len(seats)]) for number in range(1, size - len(others) - 2)
    ]
    for number, (role, team) in enumerate(others, start=4):
        person = inventor.person()
        yield f"{person.latin}{number}", person.name, role, team
