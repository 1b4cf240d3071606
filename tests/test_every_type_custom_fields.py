"""Custom fields of every type work wherever the shipped ones do."""

import csv
import io
import json
from typing import Any

import pytest
from django.urls import reverse

from kariz.core import metadata, picklists, registry
from kariz.core.fields import Field
from kariz.core.fieldtypes import TYPES
from kariz.core.registry import RecordType
from tests import specimens, wizard
from tests.comparing import comparisons
from tests.forms import form, send
from tests.reading import EVERYTHING, FRAGMENT, INSIDE, at, columns, heads, html, links, rows, text
from tests.specimens import current

KINDS = [name for name, kind in TYPES.items() if kind.may_be_custom]


@pytest.fixture
def custom(record_type, cast) -> dict[str, Field]:
    """A custom field of each kind on the record type, by the name of the kind."""
    made = {}
    for kind in KINDS:
        attributes = {"target": "organization"} if kind == "lookup" else {}
        made[kind] = metadata.add_field(record_type, label=f"My {kind}", type=kind, **attributes).name
    for kind in ("choice", "choices"):
        for label in ("Gold", "Silver"):
            picklists.add_choice(record_type, made[kind], label=label)
    return {kind: record_type.fields[name] for kind, name in made.items()}


@pytest.fixture
def filled(custom, record_type, cast) -> Any:
    """A record of Reza's with a value in every field, the custom ones included."""
    return specimens.make_full(record_type, cast.reza, "Full Of Values")


def test_the_forms_ask_for_custom_fields_and_keep_their_values(record_type, custom, cast, shirin):
    page = shirin.get(at("new", record_type))
    assert {field.name for field in custom.values()} <= form(page, "token").fields.keys() | text_twins(page)
    typed = specimens.every(record_type, cast.reza, "Sara Ahmadi")
    before = set(record_type.model.objects.values_list("pk", flat=True))
    send(shirin, page, "token", **typed)
    [made] = record_type.model.objects.exclude(pk__in=before)
    assert {kind for kind, field in custom.items() if field.type.is_empty(field.get(made))} == set()


def text_twins(page: Any) -> set[str]:
    """Several choices and links have only hidden controls while nothing is chosen."""
    return {name.removesuffix("_text") for name in form(page, "token").fields}


def test_a_list_shows_and_sorts_custom_fields(record_type, custom, filled, cast, shirin):
    empty = specimens.make(record_type, cast.reza, "Sara Ahmadi")
    names = [field.name for field in custom.values()]
    page = shirin.get(at("list", record_type), EVERYTHING | {"columns": ",".join(names)})
    assert heads(page)[1:] == [str(field.label) for field in custom.values()]
    wrong = {}
    for kind, field in custom.items():
        up, down = (
            rows(shirin.get(at("list", record_type), EVERYTHING | {"sort": sort}, headers=INSIDE))
            for sort in (field.name, f"-{field.name}")
        )
        if field.type.is_sortable and (up != down[::-1] or up.index(empty.pk) > up.index(filled.pk)):
            wrong[kind] = (up, down)
    assert wrong == {}


def test_a_list_filters_by_custom_fields_in_every_way(record_type, custom, filled, shirin):
    wrong = []
    for field in custom.values():
        for leaf, is_passed in comparisons(field, field.type.store(field.get(current(filled)))):
            where = {"where": json.dumps({"all": [leaf]})}
            answer = shirin.get(at("list", record_type), where, headers=INSIDE)
            if "cannot be used" in text(answer) or is_passed not in (filled.pk in rows(answer), None):
                wrong.append(leaf)
    assert wrong == []


def test_a_board_stands_by_a_custom_choice_and_its_cards_move(record_type, custom, filled, shirin):
    field = custom["choice"]
    assert columns(shirin.get(at("board", record_type), EVERYTHING | {"by": field.name}))["gold"] == [
        filled.pk
    ]
    shirin.post(
        f"{at('move', record_type, filled.pk)}?field={field.name}", {"value": "silver"}, headers=FRAGMENT
    )
    assert columns(shirin.get(at("board", record_type), EVERYTHING | {"by": field.name}))["silver"] == [
        filled.pk
    ]


def test_the_page_shows_custom_fields_and_the_history_tells_of_their_changes(
    record_type, custom, filled, shirin
):
    page = text(shirin.get(at("record", record_type, filled.pk)))
    assert [str(field.label) for field in custom.values() if str(field.label) not in page] == []
    name = custom["text"].name
    shirin.post(at("cell", record_type, filled.pk, name), {name: "Otherwise"}, headers=FRAGMENT)
    history = text(shirin.get(at("tab", record_type, filled.pk, "updates"), headers=FRAGMENT))
    assert f"My text: {name} of Full Of Values Otherwise" in history


def test_search_finds_by_a_custom_text(record_type, custom, filled, shirin):
    found = shirin.get(reverse("web:search"), {"q": f"{custom['text'].name} of full"})
    assert at("record", record_type, filled.pk) in links(found).values()


def test_a_file_brings_values_for_custom_fields(record_type, custom, cast, shirin):
    specimens.make(registry.get("organization"), cast.reza, "Pars Sanat")
    values = {field.name: specimens.typed(field, cast.reza) for field in custom.values()}
    values |= {
        custom["lookup"].name: "Pars Sanat",
        custom["user"].name: "Reza Moradi",
        custom["choices"].name: "gold;silver",
    }
    lines = io.StringIO()
    given = specimens.least(record_type, "From A File") | values
    given |= {"email": "file@example.com"} if "email" in given else {}  # of nobody who is there
    csv.writer(lines).writerows([given.keys(), given.values()])
    report = wizard.bring(shirin, record_type.name, lines.getvalue())
    assert "1 created, 0 changed, 0 left, 0 failed" in text(report)
    made = record_type.model.objects.latest("pk")
    assert {kind for kind, field in custom.items() if field.type.is_empty(field.get(made))} == set()


def test_a_hidden_field_is_nowhere_and_comes_back_with_its_values(record_type, custom, filled, shirin):
    field = custom["text"]
    held = field.get(current(filled))
    metadata.change_field(record_type, field.name, is_hidden=True)
    assert ["My text" in text(page) for page in pages(shirin, record_type, filled)] == [False] * 4
    metadata.change_field(record_type, field.name, is_hidden=False)
    assert ["My text" in text(page) for page in pages(shirin, record_type, filled)] == [True] * 4
    assert field.get(current(filled)) == held


def pages(client: Any, record_type: RecordType, record: Any) -> list[Any]:
    """Where a field is shown: the form, the page, the chooser of columns, the builder of filters."""
    addresses = [at("new", record_type), at("record", record_type, record.pk), at("columns", record_type)]
    return [client.get(address, headers=FRAGMENT) for address in (*addresses, at("condition", record_type))]


def test_a_required_custom_field_is_asked_for_beside_its_input(record_type, custom, shirin):
    name = custom["text"].name
    metadata.change_field(record_type, name, is_required=True)
    typed = specimens.least(record_type) | {name: ""}
    answer = send(shirin, shirin.get(at("new", record_type)), "token", **typed)
    assert answer.status_code == 422
    assert f'id="form-{name}-error"' in html(answer)
