"""The core's ports and ships, and an administrator at the browser."""

import pytest

from kariz.core import choices
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
from kariz.web.tests.conftest import browse, htmx, later  # noqa: F401  fixtures


@pytest.fixture
def as_admin(browse, admin):  # noqa: F811
    return browse(admin)


@pytest.fixture
def choice(fleet):  # noqa: F811
    """The choice of ships with this key."""
    return lambda field, key: choices.find("ship", field, key)


@pytest.fixture
def told(as_admin):
    """What the toasts of the page that comes next say, with the addresses of their undo."""

    def read(answer):
        shown = as_admin.get(answer.headers.get("Location") or answer.headers["HX-Redirect"])
        return [(str(message), message.extra_tags) for message in shown.context["messages"]]

    return read
