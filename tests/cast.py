"""The people of the tests: a company with its teams, one person for each role, and one who is a stranger to them."""

from dataclasses import dataclass

from django.test import Client

from kariz.accounts import company, people, teams
from kariz.accounts.models import Calendar, Company, Digits, Team, User
from kariz.accounts.roles import ShippedRole

PASSWORD = "a-long-enough-phrase"


@dataclass(frozen=True)
class Cast:
    """Maryam and Reza are on one team, Elif and Can on another, both under Demir; Bob is on a team of his own."""

    shirin: User
    demir: User
    maryam: User
    reza: User
    elif_: User
    can: User
    kaveh: User
    bob: User


def gather() -> Cast:
    """Everybody, written in English with the Gregorian calendar save those who say otherwise."""
    defaults = {"name": "Arvand", "currency": "IRR", "region": "IR", "time_zone": "Asia/Tehran"}
    Company.objects.update_or_create(pk=1, defaults=defaults)
    company.touch()
    sales = teams.place(Team(name="Sales"), None)
    tehran, istanbul = (teams.place(Team(name=name), sales) for name in ("Tehran", "Istanbul"))
    export = teams.place(Team(name="Export"), None)
    persian = {"language": "fa", "calendar": Calendar.JALALI, "digits": Digits.PERSIAN}
    return Cast(
        shirin=hire("shirin", "Shirin Rad", ShippedRole.ADMINISTRATOR),
        demir=hire("demir", "Demir Arslan", ShippedRole.SALES_MANAGER, sales),
        maryam=hire("maryam", "مریم کاظمی", ShippedRole.SALESPERSON, tehran, **persian),
        reza=hire("reza", "Reza Moradi", ShippedRole.SALESPERSON, tehran),
        elif_=hire("elif", "Elif Kaya", ShippedRole.TELEMARKETER, istanbul, language="tr"),
        can=hire("can", "Can Yıldız", ShippedRole.SALESPERSON, istanbul, language="tr"),
        kaveh=hire("kaveh", "Kaveh Trading", ShippedRole.DEALER),
        bob=hire("bob", "Bob Stone", ShippedRole.SALESPERSON, export),
    )


def hire(username: str, name: str, role: str, team: Team | None = None, **preferences: str) -> User:
    return people.create(username, PASSWORD, name=name, role=role, team=team, **preferences)[0]


def signed_in(user: User) -> Client:
    """A browser without scripts in which `user` has signed in."""
    client = Client()
    client.force_login(user)
    return client
