"""What somebody writes is text wherever it is shown, never markup; and no page would run it if it were."""

import json
import re
from itertools import product
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from kariz.accounts import company
from kariz.core import metadata, picklists, records, registry
from kariz.core.models import Record
from kariz.jobs import enqueue, worker
from tests import specimens, wizard
from tests import world as worlds
from tests.cast import hire, signed_in
from tests.forms import send
from tests.reading import EVERYTHING, FRAGMENT, at, html

SCRIPT = "<script>alert(1)</script>"
QUOTED = "\"><img src=x onerror='alert(1)'>"
# Each in the ways in which it may stand on a page.
ESCAPED = {
    SCRIPT: ("&lt;script&gt;alert(1)&lt;/script&gt;",),
    QUOTED: (
        "&quot;&gt;&lt;img src=x onerror=&#x27;alert(1)&#x27;&gt;",
        "\"&gt;&lt;img src=x onerror='alert(1)'&gt;",
    ),
}
PALETTE = FRAGMENT | {"HX-Target": "palette-results"}


@pytest.fixture(params=[SCRIPT, QUOTED], ids=["script", "quoted"])
def evil(request) -> str:
    return request.param


@pytest.fixture
def record(record_type, evil, cast) -> Any:
    """A record whose name and texts are markup."""
    texts = [n for n, one in specimens.fields(record_type).items() if one.type.name in ("text", "long_text")]
    fitting = {n: evil for n in texts if record_type.fields[n].max_length > len(evil)}
    return specimens.make_full(record_type, cast.reza, evil, **fitting)


def wrong(answer: Any, evil: str, *, shows: bool = True) -> list[str]:
    """Why the page is not harmless; `shows` says that what was written has to be on it."""
    page = re.sub("</?mark>", "", html(answer))
    found = [] if evil not in page and "<img src=x" not in page else ["as markup"]
    if shows and not any(escaped in page for escaped in ESCAPED[evil]):
        found.append("nowhere")
    if "default-src 'self'" not in answer.headers["Content-Security-Policy"]:
        found.append("scripts may run")
    return found


def test_the_pages_of_a_record_show_it_as_text(record_type, record, evil, shirin):
    pages = [at("record", record_type, record.pk), at("edit", record_type, record.pk)]
    fragments = [at("panel", record_type, record.pk), at("tab", record_type, record.pk, "details")]
    fragments.append(at("cell", record_type, record.pk, specimens.naming(record_type)))
    found = {page: wrong(shirin.get(page), evil) for page in pages}
    found |= {page: wrong(shirin.get(page, headers=FRAGMENT), evil) for page in fragments}
    assert {page: why for page, why in found.items() if why} == {}


def test_lists_boards_and_suggestions_show_it_as_text(record_type, record, evil, shirin):
    shirin.get(at("record", record_type, record.pk))
    columns = ",".join(record_type.fields)
    answers = {
        "list": shirin.get(at("list", record_type), EVERYTHING | {"columns": columns}),
        "board": shirin.get(at("board", record_type), EVERYTHING),
        "lookup": shirin.get(at("lookup", record_type), headers=FRAGMENT),
        "search": shirin.get(reverse("web:search"), {"q": evil}),
        "palette": shirin.get(reverse("web:search"), {"q": evil}, headers=PALETTE),
        "recents": shirin.get(reverse("web:home")),
        "finding": shirin.get(at("list", record_type), EVERYTHING | {"q": evil}),
        "bulk": shirin.post(at("bulk", record_type), {"do": "delete", "ids": [record.pk]}),
    }
    found = {name: wrong(answer, evil, shows=name != "bulk") for name, answer in answers.items()}
    assert {name: why for name, why in found.items() if why} == {}


def test_history_comments_and_toasts_show_it_as_text(record_type, record, evil, shirin):
    naming = specimens.naming(record_type)
    changed = shirin.post(at("cell", record_type, record.pk, naming), {naming: "Sara"}, headers=FRAGMENT)
    shirin.post(at("cell", record_type, record.pk, naming), {naming: evil}, headers=FRAGMENT)
    shirin.post(reverse("comments:add", args=[record_type.name, record.pk]), {"text": evil})
    tab = {name: at("tab", record_type, record.pk, name) for name in ("updates", "comments")}
    made = shirin.post(at("quick", record_type), specimens.least(record_type, evil), headers=FRAGMENT)
    deleted = shirin.post(at("delete", record_type, record.pk + 1), follow=True)
    answers = {name: shirin.get(address, headers=FRAGMENT) for name, address in tab.items()}
    found = {
        name: wrong(answer, evil) for name, answer in (answers | {"toast": made, "deleted": deleted}).items()
    }
    found["changed"] = wrong(changed, evil, shows=False)
    assert {name: why for name, why in found.items() if why} == {}


def test_a_form_that_comes_back_shows_it_as_text(record_type, evil, shirin):
    field = next(one for one in specimens.fields(record_type).values() if one.type.name in ("phone", "money"))
    answer = shirin.post(at("new", record_type), specimens.least(record_type, **{field.name: evil}))
    assert answer.status_code == 422
    assert wrong(answer, evil) == []


def test_what_administrators_name_is_text_too(evil, shirin):
    organization = registry.get("organization")
    industry = picklists.add_choice(organization, "industry", label=evil).key
    metadata.add_field(organization, label=evil, type="text", help=evil)
    record = specimens.make(organization, hire("evil", evil, "salesperson"), industry=industry)
    filtered = {"where": json.dumps({"all": [["name", "is", evil]]})}
    pages = [at("new", organization), at("record", organization, record.pk), at("columns", organization)]
    pages += [at("condition", organization), at("board", organization) + "?by=industry&where={}"]
    answers = {page: shirin.get(page) for page in pages} | {
        "chip": shirin.get(at("list", organization), filtered)
    }
    assert {page: why for page, answer in answers.items() if (why := wrong(answer, evil))} == {}


def test_what_reads_like_a_place_for_a_value_is_text_too(shirin):
    organization = registry.get("organization")
    strange = "{0} {pk.__class__} {} %s %(name)s {{ x }} {% now %}"
    field = metadata.add_field(organization, label=strange, type="text", help=strange).name
    record = specimens.make(organization, None, strange, **{field: strange})
    columns = {"columns": f"name,{field}"}
    answers = [
        shirin.get(at("list", organization), EVERYTHING | columns),
        shirin.get(at("board", organization), EVERYTHING),
        shirin.get(at("record", organization, record.pk)),
        shirin.get(at("edit", organization, record.pk)),
        shirin.get(reverse("web:search"), {"q": "pk class"}),
    ]
    assert [strange in html(answer) for answer in answers] == [True] * len(answers)


def test_the_name_of_a_view_is_text(evil, shirin):
    dialog = shirin.get(at("view_save", registry.get("lead")), headers=FRAGMENT)
    send(shirin, dialog, "is_pinned", name=evil, is_pinned="1")
    assert wrong(shirin.get(at("list", registry.get("lead"))), evil) == []


def test_the_wizard_shows_files_as_text(evil, shirin):
    quoted = evil.replace('"', '""')
    content = f'Name,"{quoted}"\n"{quoted}","{quoted}"\n'
    first = wizard.upload(shirin, "organization", content.encode(), name="rows.csv")
    step = shirin.get(first["Location"])
    values = send(shirin, step, "columns", column_0="name", column_1="industry")
    asked = shirin.get(values["Location"])
    known = shirin.get(send(shirin, asked, "csrfmiddlewaretoken")["Location"])
    assert wrong(known, evil, shows=False) == []
    check = shirin.get(send(shirin, known, "csrfmiddlewaretoken")["Location"])
    assert [wrong(page, evil) for page in (step, asked, check)] == [[], [], []]


def test_the_name_of_a_person_is_text(evil, cast):
    somebody = hire("somebody", evil, "administrator")
    assert wrong(signed_in(somebody).get(reverse("web:home")), evil) == []


def test_an_address_that_holds_a_script_is_refused(shirin):
    organization = registry.get("organization")
    answer = shirin.post(
        at("new", organization), specimens.least(organization, website="javascript:alert(1)")
    )
    assert answer.status_code == 422


# What people call things, and say of them, in whatever table.
SAID = {
    "name",
    "label",
    "text",
    "title",
    "note",
    "help",
    "reason",
    "needs",
    "pain_points",
    "findings",
    "reference",
}


def rename_everything(evil: str) -> None:
    """Write markup into every column of every table in which people write words, the record types' own aside."""
    for model in apps.get_models():
        columns = {one.name: one for one in model._meta.concrete_fields if one.name in SAID}
        fitting = [
            n for n, one in columns.items() if not one.choices and (one.max_length or 999) > len(evil) + 9
        ]
        if (
            model._meta.managed
            and fitting
            and model._meta.app_label != "audit"
            and not issubclass(model, Record)
        ):
            for row in model._base_manager.all():
                said = {name: f"{evil} {row.pk}" for name in fitting if getattr(row, name)}
                model._base_manager.filter(pk=row.pk).update(**said)
    company.touch()


def test_whatever_people_write_is_text_on_every_page(cast, evil):
    world = worlds.made(cast, evil)
    rename_everything(evil)
    Client().post(
        reverse("web:sign_in"), {"username": evil, "password": "guess"}
    )  # which the audit log tells
    shirin, shown = signed_in(cast.shirin), set()
    found: dict[str, list[str]] = {}
    for address, headers in product(worlds.addresses(world), ({}, FRAGMENT)):
        answer = shirin.get(address, headers=headers)
        if "text/html" not in answer.get("Content-Type", "") or answer.status_code >= 400:
            continue
        if why := wrong(answer, evil, shows=False):
            found[address] = why
        if not wrong(answer, evil):
            shown.add(address)
    assert found == {}
    assert len(shown) > 80, "Most pages should have had something to escape."


def test_the_question_about_a_merge_and_the_queue_of_duplicates_show_it_as_text(evil, cast, shirin):
    lead = registry.get("lead")
    pair = [specimens.make(lead, cast.reza, f"{evil} {n}", email="same@example.com") for n in (1, 2)]
    enqueue("scan_duplicates")
    worker.drain()
    ids = ",".join(str(one.pk) for one in pair)
    answers = {
        "merge": shirin.get(reverse("duplicates:merge", args=["lead"]), {"ids": ids}),
        "with": shirin.get(reverse("duplicates:merge_with", args=["lead", pair[0].pk])),
        "queue": shirin.get(reverse("duplicates:queue", args=["lead"])),
        "warning": shirin.post(reverse("duplicates:check", args=["lead"]), {"email": "same@example.com"}),
    }
    assert {name: why for name, answer in answers.items() if (why := wrong(answer, evil))} == {}


def test_notices_show_it_as_text(evil, cast):
    lead = registry.get("lead")
    record = specimens.make(lead, None, evil)
    records.save(lead, record, {"owner": cast.reza.pk}, user=cast.shirin)
    worker.drain()
    reza = signed_in(cast.reza)
    answers = [
        reza.get(reverse("web:notices")),
        reza.get(reverse("web:notices"), headers=FRAGMENT | {"HX-Target": "panel"}),
    ]
    assert [wrong(answer, evil) for answer in answers] == [[], []]


def test_a_saved_mail_is_shown_as_text(evil, shirin):
    mail = f'From: "Sara {evil.replace(chr(34), "")}" <sara@example.com>\nSubject: {evil}\n\n{evil}\n'
    first = wizard.upload(shirin, "contact", mail.encode(), name="message.eml")
    step = shirin.get(first["Location"])
    assert wrong(step, evil) == []
    report = wizard.finish(shirin, first)
    assert wrong(report, evil) == []  # the firm of the sender is not there: the row has failed, and is shown


def test_what_is_typed_at_the_doors_is_text(evil, cast):
    told = Client().post(reverse("web:sign_in"), {"username": evil, "password": "guess"})
    assert wrong(told, evil) == []
    asked = Client().post(reverse("web:forgotten"), {"name": evil})
    assert wrong(asked, evil, shows=False) == []
