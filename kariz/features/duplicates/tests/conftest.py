"""The people of the record types' tests, and what they ask of duplicates."""

import pytest

from kariz.core import duplicates, registry
from kariz.features.duplicates.models import DuplicateGroup
from kariz.jobs import enqueue, worker
from kariz.records.organizations.tests.conftest import cast, fresh_company, in_country, save  # noqa: F401  fixtures


@pytest.fixture(autouse=True)
def in_iran(in_country):  # noqa: F811  the fixture
    in_country("IR")


@pytest.fixture
def alike(cast):  # noqa: F811  the fixture
    """The titles of the records that somebody is told of while typing these values."""

    def found(type_name, user=cast.admin, **values):
        return [one.title for one in duplicates.find(registry.get(type_name), values, user)]

    return found


@pytest.fixture
def scanned():
    """Scan everything; the titles in each open group, the likeliest group first."""

    def groups():
        enqueue("scan_duplicates")
        worker.drain()
        rows = DuplicateGroup.objects.filter(state="open").order_by("-score", "id")
        return [
            sorted(
                str(registry.get(m.record_type).model.objects.get(pk=m.record_id)) for m in row.members.all()
            )
            for row in rows
        ]

    return groups
