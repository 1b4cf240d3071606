import pytest

from kariz.accounts import company, people, teams
from kariz.accounts.models import Company, Team
from kariz.accounts.roles import ShippedRole
from kariz.core import metadata, picklists, records, registry
from kariz.core.tests.fleet import PortType, ShipType
from kariz.core.tests.models import Port, Ship


@pytest.fixture(autouse=True)
def fleet(db):
    """Ports and ships are registered, with their choices, for the time of one test."""
    company.forget()
    registry.register(PortType)
    registry.register(ShipType)
    company.touch()
    picklists.seed_choices()
    yield
    for name in ("port", "ship"):
        del registry._types[name]
    company.forget()


@pytest.fixture
def port(fleet):
    return registry.get("port")


@pytest.fixture
def ship(fleet):
    return registry.get("ship")


@pytest.fixture
def make_ship(ship):
    """A ship with these values, written by nobody in particular."""
    return lambda **values: records.save(ship, Ship(), {"name": "Arvand", **values}, user=None)


@pytest.fixture
def make_port(port):
    return lambda name, **values: records.save(port, Port(), {"name": name, **values}, user=None)


@pytest.fixture
def in_iran(fleet):
    Company.objects.update_or_create(
        pk=1,
        defaults={
            "language": "fa", "calendar": "jalali", "digits": "persian", "time_zone": "Asia/Tehran", "currency": "IRR",
            "region": "IR",
        },
    )  # fmt: skip
    company.touch()


def person(username, role, team=None, **attributes):
    return people.create(username, role=role, team=team, **attributes)[0]


@pytest.fixture
def sales(fleet):
    return teams.place(Team(name="Sales"), None)


@pytest.fixture
def north(sales):
    return teams.place(Team(name="North"), sales)


@pytest.fixture
def admin(fleet):
    return person("admin", ShippedRole.ADMINISTRATOR)


@pytest.fixture
def manager(sales):
    """Leads the sales team and, by the tree, the north team below it."""
    return person("manager", ShippedRole.SALES_MANAGER, sales)


@pytest.fixture
def sara(north):
    return person("sara", ShippedRole.SALESPERSON, north)


@pytest.fixture
def bob(north):
    return person("bob", ShippedRole.SALESPERSON, north)


@pytest.fixture
def caller(fleet):
    return person("caller", ShippedRole.TELEMARKETER)


@pytest.fixture
def add_field(ship):
    """Adds a custom field to ships and gives its name; `.hide` hides a field."""

    def add(label, type_name, **attributes):
        return metadata.add_field(ship, label=label, type=type_name, **attributes).name

    add.hide = lambda name: metadata.change_field(ship, name, is_hidden=True)
    return add
