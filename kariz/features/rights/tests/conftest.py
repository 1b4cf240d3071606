"""The core's ports and ships with their people, each at a browser."""

import pytest

from kariz.core import access, records
from kariz.core.tests.conftest import (  # noqa: F401  fixtures
    add_field,
    admin,
    bob,
    caller,
    fleet,
    in_iran,
    make_port,
    make_ship,
    manager,
    north,
    port,
    sales,
    sara,
    ship,
)
from kariz.web.tests.conftest import browse, htmx  # noqa: F401  fixtures


@pytest.fixture
def as_admin(browse, admin):  # noqa: F811
    return browse(admin)


@pytest.fixture
def sees(ship):  # noqa: F811
    """The ids of the ships that somebody sees."""
    return lambda user: {one.pk for one in records.visible(ship, user)}


@pytest.fixture
def edits(ship):  # noqa: F811
    return lambda user, record: access.may_write(ship, user, record)
