"""A page asks the database as often for one row as for fifty, with custom fields as without."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kariz.core import metadata, records, registry
from kariz.core.registry import RecordType
from tests import specimens
from tests.cast import signed_in
from tests.reading import EVERYTHING, FRAGMENT, INSIDE, at

PALETTE = FRAGMENT | {"HX-Target": "palette-results"}


@pytest.fixture
def asked(cast) -> Callable[..., int]:
    """How many statements a page takes for a manager with a team, once the caches of this process are warm."""
    browser = signed_in(cast.demir)

    def count(address: str, query: Any = None, headers: Any = None) -> int:
        browser.get(address, query, headers=headers)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert browser.get(address, query, headers=headers).status_code == 200
        return len(captured)

    return count


def every_custom_field(record_type: RecordType) -> None:
    for kind in ("text", "number", "date", "choice", "user"):
        metadata.add_field(record_type, label=f"My {kind}", type=kind)


def pages(record_type: RecordType, record: Any) -> dict[str, tuple[Any, ...]]:
    all_columns = EVERYTHING | {"columns": ",".join(record_type.fields)}
    return {
        "list": (at("list", record_type), EVERYTHING),
        "list with every column": (at("list", record_type), all_columns),
        "rows": (at("list", record_type), EVERYTHING, INSIDE),
        "found": (at("list", record_type), EVERYTHING | {"q": "sara"}),
        "board": (at("board", record_type), EVERYTHING),
        "record": (at("record", record_type, record.pk),),
        "panel": (at("panel", record_type, record.pk), None, FRAGMENT),
        "history": (at("tab", record_type, record.pk, "updates"), None, FRAGMENT),
        "form": (at("edit", record_type, record.pk),),
        "search": (reverse("web:search"), {"q": "sara"}),
        "palette": (reverse("web:search"), {"q": "sara"}, PALETTE),
        "lookup": (at("lookup", record_type), {"q": "sara"}, FRAGMENT),
    }


def test_pages_ask_as_often_for_one_record_as_for_fifty(record_type, cast, asked):
    record = specimens.make_full(record_type, cast.reza, "Sara")
    alone = {name: asked(*page) for name, page in pages(record_type, record).items()}
    while record_type.model.objects.count() < 50:  # one more, and the list would say how many there are
        specimens.make_full(record_type, cast.reza, f"Sara {record_type.model.objects.count()}")
    among_fifty = {name: asked(*page) for name, page in pages(record_type, record).items()}
    assert among_fifty == alone


def test_pages_ask_as_often_with_custom_fields_as_without(record_type, cast, asked):
    record = specimens.make_full(record_type, cast.reza, "Sara")
    records.save(record_type, record, {"owner": cast.maryam.pk}, user=None)
    without = {name: asked(*page) for name, page in pages(record_type, record).items()}
    every_custom_field(record_type)
    filled = specimens.every(record_type, cast.reza, "Sara")
    records.save(record_type, record, filled, user=None)
    assert {name: asked(*page) for name, page in pages(record_type, record).items()} == without


def test_a_record_page_asks_as_often_with_many_related_records_as_with_one(cast, asked):
    organization, contact = registry.get("organization"), registry.get("contact")
    firm = specimens.make(organization, cast.reza)
    page = at("record", organization, firm.pk), {"tab": "contact-organization"}
    specimens.make(contact, cast.reza, organization=firm.pk)
    alone = asked(*page)
    for number in range(15):
        specimens.make(contact, cast.reza, f"Sara {number}", organization=firm.pk)
    assert asked(*page) == alone


def test_the_home_page_asks_as_often_for_an_old_company_as_for_a_new_one(cast, asked):
    new = asked(reverse("web:home"))
    for name in ("lead", "opportunity"):
        for number in range(12):
            specimens.make_full(registry.get(name), cast.reza, f"Sara {number}")
    assert asked(reverse("web:home")) <= new + 4  # a list that is not empty asks for the names in it
