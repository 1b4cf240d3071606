"""The cast, and the programs that work for them."""

from tests.conftest import (  # noqa: F401  fixtures
    cast,
    fresh_company,
    full,
    no_permits_held,
    program,
    record_type,
    sara,
    shirin,
    shirins,
)
