"""The people of the whole program's tests, and the administrator's browser."""

from __future__ import annotations

import pytest
from django.test import Client

from kariz.accounts import company
from tests import cast as people
from tests.cast import Cast


@pytest.fixture(autouse=True)
def fresh_company():
    company.forget()
    yield
    company.forget()


@pytest.fixture
def cast(db: None) -> Cast:
    return people.gather()


@pytest.fixture
def shirin(cast: Cast) -> Client:
    return people.signed_in(cast.shirin)
