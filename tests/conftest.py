"""What the tests of the whole program share: the cast, browsers in which each has signed in, and the real files."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kariz.accounts import company
from kariz.accounts.models import User
from kariz.api import limits
from kariz.core import registry
from kariz.core.registry import RecordType
from tests import cast as people
from tests import programs, specimens
from tests.cast import Cast
from tests.processes import Desk, opened
from tests.programs import Program

DATA = Path(__file__).resolve().parents[2] / "shared/data"


@pytest.fixture(autouse=True)
def fresh_company() -> Iterator[None]:
    """What one test has shaped is read anew by the next."""
    company.forget()
    yield
    company.forget()


@pytest.fixture(autouse=True)
def no_permits_held() -> None:
    """What this process holds of a program's limit belongs to the database of one test."""
    limits._purses.clear()


@pytest.fixture
def program() -> Callable[..., Program]:
    return programs.of


@pytest.fixture
def shirins(cast: Cast) -> Program:
    """The administrator's program."""
    return programs.of(cast.shirin)


@pytest.fixture
def cast(db: None) -> Cast:
    return people.gather()


@pytest.fixture
def browser_of() -> Callable[[User], Client]:
    return people.signed_in


@pytest.fixture
def shirin(cast: Cast) -> Client:
    """The administrator's browser."""
    return people.signed_in(cast.shirin)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Kariz as processes that can be killed, on a database of their own."""
    with opened(tmp_path) as here:
        yield here


@pytest.fixture(scope="session")
def shared_data() -> Path:
    if not DATA.is_dir():
        pytest.skip(f"{DATA} is not here")
    return DATA


@pytest.fixture(params=[one.name for one in registry.every()])
def record_type(request: pytest.FixtureRequest) -> RecordType:
    """Each registered record type in turn."""
    return registry.get(request.param)


@pytest.fixture
def sara(record_type: RecordType, cast: Cast) -> Any:
    """A record with its least values, Reza's."""
    return specimens.make(record_type, cast.reza, "Sara Ahmadi")


@pytest.fixture
def full(record_type: RecordType, cast: Cast) -> Any:
    """A record of Reza's with a value in every field."""
    return specimens.make_full(record_type, cast.reza, "Full Of Values")
