"""What the document says is what the API does: asked with values that fit and with values that do not."""

from collections.abc import Iterator

import hypothesis
import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from kariz.config.wsgi import application
from kariz.core import metadata, registry
from tests import specimens

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


@pytest.fixture
def connected() -> Iterator[None]:
    """The requests of a test share its connection, and with it its transaction."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


def ask(operation, mode, headers, count):
    """Send `count` requests that are made from the document, and check each answer by it."""

    @hypothesis.settings(
        max_examples=count, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    def send(case):
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=CHECKS)

    send()


@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize(
    ("username", "mode", "count"),
    [("shirin", GenerationMode.POSITIVE, 2), ("reza", GenerationMode.NEGATIVE, 1)],
    ids=["what fits", "what does not"],
)
def test_the_api_does_what_its_document_says(username, mode, count, cast, program, settings):
    settings.API_RATE = 0
    for one in registry.every():
        metadata.add_field(one, label="My number", type="number")
        specimens.make_full(one, cast.reza, "Sara")
    headers = {"Authorization": f"Bearer {program(getattr(cast, username)).secret}"}
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, headers=headers)
    asked = 0
    for operation in document.get_all_operations():
        ask(operation.ok(), mode, headers, count)
        asked += 1
    assert asked > 100


def test_the_document_knows_custom_fields_and_the_rights_of_whoever_reads_it(cast, program):
    lead = registry.get("lead")
    metadata.add_field(lead, label="Tier", type="choice")
    everything = program(cast.shirin).get("openapi.json").json()
    assert "tier" in everything["components"]["schemas"]["LeadValues"]["properties"]
    assert "created_at" not in everything["components"]["schemas"]["LeadValues"]["properties"]
    kavehs = program(cast.kaveh).get("openapi.json").json()
    assert "post" not in kavehs["paths"]["/lead"]
    assert set(kavehs["paths"]) < set(everything["paths"])
