"""A reader without a database, and files made on the spot."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kariz.accounts import locale
from kariz.features.transfer import sources
from kariz.features.transfer.sources import Source

ENGLISH = locale.Locale(
    language="en", calendar="gregorian", digits="latin", time_zone="UTC",
    currency="USD", region="US", toman=False, fiscal_start_month=1,
)  # fmt: skip

Read = Callable[..., Source]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with locale.use(ENGLISH):
        yield


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Recognise what a file would be that holds this."""

    def recognised(content: str | bytes, name: str = "people.csv", **said: Any) -> Source:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return sources.recognise(path, **said)

    return recognised
