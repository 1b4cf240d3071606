"""The API asks the database as often for one record as for fifty."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kariz.api.models import Token
from kariz.core import metadata
from tests import specimens


@pytest.fixture
def asked(cast, program, settings):
    settings.API_RATE = 0  # nor is the last use of the token noted, whatever minute it is
    asks = program(cast.demir)
    Token.objects.update(last_used_at=timezone.now() + timedelta(hours=1))

    def count(method, path, *sent):
        getattr(asks, method)(path, *sent)
        with CaptureQueriesContext(connection) as captured:
            answer = getattr(asks, method)(path, *sent)
        assert answer.status_code == 200, answer.content
        return len(captured)

    return count


def links(record_type):
    return ",".join(name for name, field in record_type.fields.items() if field.target)


def questions(record_type, record):
    name = record_type.name
    ids = {"ids": list(record_type.model.objects.values_list("pk", flat=True)[:50])}
    return {
        "list": ("get", name),
        "expanded": ("get", name, {"expand": links(record_type)}),
        "found": ("get", name, {"q": "sara", "count": "true"}),
        "record": ("get", f"{name}/{record.pk}"),
        "history": ("get", f"{name}/{record.pk}/history"),
        "related": ("get", f"{name}/{record.pk}/related"),
        "search": ("get", "search", {"q": "sara"}),
        "summary": ("get", f"{name}/summary", {"group_by": "owner"}),
        "bulk": ("post", f"{name}/bulk-update", ids | {"values": {}}),
        "document": ("get", "openapi.json"),
    }


def test_one_record_takes_as_many_as_fifty(record_type, cast, asked):
    record = specimens.make_full(record_type, cast.reza, "Sara")
    alone = {name: asked(*question) for name, question in questions(record_type, record).items()}
    while record_type.model.objects.count() < 50:
        specimens.make_full(record_type, cast.reza, f"Sara {record_type.model.objects.count()}")
    among = {name: asked(*question) for name, question in questions(record_type, record).items()}
    assert among == alone


def test_custom_fields_take_no_more(record_type, cast, asked):
    record = specimens.make_full(record_type, cast.reza, "Sara")
    without = {name: asked(*question) for name, question in questions(record_type, record).items()}
    for kind in ("text", "number", "date", "choice", "user"):
        metadata.add_field(record_type, label=f"My {kind}", type=kind)
    among = {name: asked(*question) for name, question in questions(record_type, record).items()}
    assert among == without
