"""Real files that tests read where they are, and properties that a busy machine does not fail by the clock."""

from pathlib import Path

import pytest
from hypothesis import settings

SHARED = Path(__file__).parents[4] / "shared" / "data"

settings.register_profile("kariz", deadline=None, derandomize=True)
settings.load_profile("kariz")


@pytest.fixture
def shared_data() -> Path:
    if not SHARED.is_dir():
        pytest.skip(f"the real data is not at {SHARED}")
    return SHARED
