"""The served API, the cast, and assistants that act for them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from kariz.accounts.models import User
from tests import assistants, programs
from tests.assistants import Assistant
from tests.cast import Cast, gather
from tests.conftest import fresh_company, no_permits_held  # noqa: F401  fixtures


@pytest.fixture
def cast(live_server: object) -> Cast:
    return gather()


@pytest.fixture
def assistant_of(live_server: Any, cast: Cast, tmp_path: Path) -> Iterator[Callable[..., Assistant]]:
    """An assistant that acts for a user, within a scope where one is given."""
    with ExitStack() as opened:

        def start(user: User, scope: Any = None) -> Assistant:
            secret = programs.of(user, scope).secret
            return opened.enter_context(assistants.started(live_server.url, secret, tmp_path))

        yield start


@pytest.fixture
def shirins(assistant_of: Callable[..., Assistant], cast: Cast) -> Assistant:
    """The administrator's."""
    return assistant_of(cast.shirin)
