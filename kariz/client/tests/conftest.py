"""The served API, the cast, and programs in Python that work for them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from kariz.accounts.models import User
from kariz.client import Kariz
from tests import programs, relay
from tests.cast import Cast, gather
from tests.conftest import fresh_company, no_permits_held  # noqa: F401  fixtures
from tests.receiver import Receiver, listening
from tests.relay import Relay

SECRET = "krz_" + "s" * 40


@pytest.fixture
def site() -> Iterator[Receiver]:
    """Something that answers as it is told, where a Kariz is expected."""
    with listening() as receiver:
        yield receiver


@pytest.fixture
def cast(live_server: object) -> Cast:
    return gather()


@pytest.fixture
def between(live_server: Any) -> Iterator[Relay]:
    with relay.between(live_server.url) as found:
        yield found


@pytest.fixture
def kariz_of(live_server: Any, cast: Cast) -> Iterator[Callable[..., Kariz]]:
    """A client that acts as a user, within a scope where one is given."""
    with ExitStack() as opened:

        def connected(user: User, scope: Any = None, url: str = "", **options: Any) -> Kariz:
            secret = programs.of(user, scope).secret
            return opened.enter_context(Kariz(url or live_server.url, token=secret, **options))

        yield connected


@pytest.fixture
def shirins(kariz_of: Callable[..., Kariz], cast: Cast) -> Kariz:
    """The administrator's."""
    return kariz_of(cast.shirin)
