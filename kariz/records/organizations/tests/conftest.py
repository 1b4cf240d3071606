"""The people who work with customers in these tests, and how they save."""

from types import SimpleNamespace

import pytest

from kariz.accounts import company, people, teams
from kariz.accounts.models import Company, Team
from kariz.accounts.roles import ShippedRole
from kariz.core import records, registry


@pytest.fixture(autouse=True)
def fresh_company(db):
    """Nothing that an earlier test has read of the company is remembered."""
    company.forget()
    yield
    company.forget()


@pytest.fixture
def in_country():
    """The company is at home in another country."""

    def move(region, **attributes):
        Company.objects.update_or_create(pk=1, defaults={"region": region, **attributes})
        company.touch()

    return move


@pytest.fixture
def cast(db):
    """Demir leads the north team of Elif, Can and Maryam; Leyla is in marketing, Deniz in another team."""
    north, south = teams.place(Team(name="North"), None), teams.place(Team(name="South"), None)
    roles = {
        "admin": (ShippedRole.ADMINISTRATOR, None),
        "demir": (ShippedRole.HEAD_OF_SALES, north),
        "nadir": (ShippedRole.SALES_MANAGER, north),
        "maryam": (ShippedRole.SALESPERSON, north),
        "elif": (ShippedRole.TELEMARKETER, north),
        "can": (ShippedRole.SALESPERSON, north),
        "deniz": (ShippedRole.SALESPERSON, south),
        "leyla": (ShippedRole.MARKETER, None),
        "dealer": (ShippedRole.DEALER, None),
    }
    made = {name: people.create(name, role=role, team=team)[0] for name, (role, team) in roles.items()}
    return SimpleNamespace(**{"elif_" if name == "elif" else name: user for name, user in made.items()})


@pytest.fixture
def save(cast):
    """Make or change a record of a type as somebody; the administrator where nobody is named."""

    def saved(type_name, record=None, *, user=cast.admin, **values):
        record_type = registry.get(type_name)
        return records.save(record_type, record or record_type.model(), values, user=user)

    return saved


@pytest.fixture
def errors(save):
    """The fields that a save is refused for, with what is said of each."""

    def found(type_name, record=None, **values):
        with pytest.raises(records.Invalid) as refused:
            save(type_name, record, **values)
        return refused.value.errors

    return found


@pytest.fixture
def names():
    """The titles of the records that somebody sees, narrowed by a condition or one of the type's shipped views."""

    def visible(type_name, user, where=None, view=""):
        record_type = registry.get(type_name)
        shipped = next(one for one in record_type.views if one.key == view) if view else None
        found = records.visible(
            record_type, user, where=shipped.where if shipped else where, sort=shipped.sort if shipped else ""
        )
        return [str(one) for one in found]

    return visible
