from kariz.records.organizations.tests.conftest import cast, fresh_company, save  # noqa: F401  fixtures
