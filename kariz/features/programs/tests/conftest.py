"""The cast, at their browsers and with their programs."""

from tests.conftest import (  # noqa: F401  fixtures
    cast,
    fresh_company,
    no_permits_held,
    program,
    record_type,
    shirin,
    shirins,
)
