"""The people, ports and ships of the core's tests, seen through the browser's door."""

import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kariz.accounts.roles import ShippedRole
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
    person,
    port,
    sales,
    sara,
    ship,
)


@pytest.fixture
def dealer(fleet):  # noqa: F811  the fixture
    """A person whom ships and ports grant nothing."""
    return person("dealer", ShippedRole.DEALER)


@pytest.fixture
def browse():
    """A browser in which a person is signed in."""

    def signed_in(user):
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def htmx():
    """The headers of a request that a script makes, for an element of the page."""

    def headers(target="", current=""):
        given = {"HX-Request": "true", "HX-Target": target, "HX-Current-URL": f"http://testserver{current}"}
        return {name: value for name, value in given.items() if value}

    return headers


@pytest.fixture
def later(monkeypatch):
    """Makes it later: the clocks of the program, and that of sessions, go on by as much."""
    passed = timedelta()
    now, seconds = timezone.now, time.time

    def go_on(**given):
        nonlocal passed
        passed += timedelta(**given)
        monkeypatch.setattr(timezone, "now", lambda: now() + passed)
        monkeypatch.setattr(time, "time", lambda: seconds() + passed.total_seconds())

    return go_on
