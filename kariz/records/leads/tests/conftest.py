from kariz.records.organizations.tests.conftest import (  # noqa: F401  fixtures
    cast,
    errors,
    fresh_company,
    in_country,
    names,
    save,
)
