"""Names, conditions, places and numbers that are forged: none becomes SQL, and no page breaks."""

import json
import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from kariz.core import metadata, registry, sql
from kariz.core.models import ChangeBatch
from tests import cast as people
from tests import specimens
from tests.forms import send
from tests.reading import EVERYTHING, FRAGMENT, INSIDE, at, html, links, rows, text

LEAD = registry.get("lead")
OPPORTUNITY = registry.get("opportunity")
SQL = (
    "name; DROP TABLE leads_lead",
    "name) --",
    "1 UNION SELECT password FROM accounts_user",
    "(SELECT 1)",
    "' OR '1'='1",
    "owner__password",
    "custom__x",
    "pk",
    "id",
    "name\x00",
)
# What is asked of a list in place of a condition.
SENSELESS = (
    "",
    "null",
    "[]",
    "[[]]",
    "7",
    '"text"',
    "{",
    '{"all": 7}',
    '{"all": [7]}',
    '{"some": []}',
    '{"all": [["owner"]]}',
    '{"all": [["name", "contains", {"a": 1}]]}',
    '{"all": [["owner", "one_of", ["x"]]]}',
    '{"all": [["owner", "is", "9999999999999999999999"]]}',
    '{"all": [["created_at", "between", 1]]}',
    '{"all": [["created_at", "last_n_days", 1e400]]}',
    '{"all": [["budget", "greater", "1e999"]]}',
    '{"all": [["name", "is", "\\ud800"]]}',
    json.dumps({"all": [["owner", "is", "1" * 5000]]}),
    json.dumps({"all": [["name", "contains", "x" * 100_000]]}),
    json.dumps({"any": [["name", "is", "x"]] * 5000}),
    "[" * 900 + "]" * 900,
    "[" * 5000 + "]" * 5000,
    '{"all":[' * 190 + "]}" * 190,
    '{"all":[' * 480 + "]}" * 480,
)


class TestForgedAddresses:
    @pytest.mark.parametrize("name", SQL)
    def test_names_of_fields_are_never_sql(self, name, cast, shirin):
        record = specimens.make(LEAD, cast.reza)
        asked = [{"sort": name}, {"sort": f"-{name}"}, {"columns": name}, {"by": name, "group": name}]
        asked += [
            {"where": json.dumps({"all": [[name, "is", "x"]]})},
            {"where": json.dumps([name, name, name])},
        ]
        for page in ("list", "board", "count"):
            answers = [shirin.get(at(page, LEAD), EVERYTHING | one) for one in asked]
            assert {answer.status_code for answer in answers} <= {200, 302}
        assert rows(shirin.get(at("list", LEAD), EVERYTHING)) == [record.pk]

    @pytest.mark.parametrize("where", SENSELESS, ids=lambda where: f"{where[:20]}-{len(where)}")
    def test_a_condition_that_makes_no_sense_is_said_so_on_a_page_that_works(self, where, shirin):
        for page in ("list", "board", "count", "condition", "columns", "view_save"):
            assert shirin.get(at(page, LEAD), {"where": where}).status_code == 200
        assert shirin.post(at("condition", LEAD), {"filter": where}).status_code in (302, 422)

    @pytest.mark.parametrize(
        "cursor",
        ["x", "", "bnVsbA", "W10", "WyJhZnRlciIsIDEsIDFd", "A" * 10_000, "\x00", "%00", "eyJhIjogMX0"],
    )
    def test_a_place_that_is_none_is_the_first_page(self, cursor, cast, shirin):
        record = specimens.make(LEAD, cast.reza)
        answer = shirin.get(at("list", LEAD), EVERYTHING | {"cursor": cursor}, headers=INSIDE)
        assert (answer.status_code, rows(answer)) == (200, [record.pk])
        column = shirin.get(at("board_column", LEAD), EVERYTHING | {"column": "new", "cursor": cursor})
        assert column.status_code in (200, 404)

    def test_a_place_in_one_order_is_none_in_another(self, cast, shirin):
        for number in range(60):
            specimens.make(LEAD, cast.reza, f"Sara {number}")
        following = links(shirin.get(at("list", LEAD), EVERYTHING | {"sort": "title"}))["Next"]
        cursor = re.search("cursor=([^&]*)", following)[1]
        other = shirin.get(at("list", LEAD), EVERYTHING | {"sort": "created_at", "cursor": cursor})
        assert (other.status_code, len(rows(other))) == (200, 50)

    @pytest.mark.parametrize(
        "number", ["0", "9223372036854775807", "9223372036854775808", "99999999999999999999999"]
    )
    def test_a_record_that_cannot_be_is_not_found(self, number, record_type, cast, shirin):
        pages = ["", "panel/", "edit/", "tabs/details/", f"cells/{specimens.naming(record_type)}/"]
        answers = [shirin.get(f"/{record_type.name}/{number}/{page}") for page in pages]
        assert {answer.status_code for answer in answers} == {404}

    def test_ids_that_cannot_be_are_left_out_of_bulk_changes(self, cast, shirin):
        record = specimens.make(LEAD, cast.reza)
        ids = f"{record.pk},0,-1,x,99999999999999999999999,1e5,{record.pk}"
        answer = shirin.post(at("bulk", LEAD), {"do": "assign", "ids": ids, "owner": cast.can.pk, "run": "1"})
        assert answer.status_code in (200, 302)
        assert specimens.current(record).owner == cast.can

    def test_a_bulk_change_of_records_that_one_may_not_see_changes_nothing(self, cast):
        hidden = specimens.make(LEAD, cast.bob)
        batches = ChangeBatch.objects.count()
        sent = {"do": "assign", "ids": str(hidden.pk), "owner": cast.reza.pk, "run": "1"}
        answer = people.signed_in(cast.reza).post(at("bulk", LEAD), sent, follow=True)
        assert "0 records changed" in text(answer)
        assert (specimens.current(hidden).owner, ChangeBatch.objects.count()) == (cast.bob, batches)

    @pytest.mark.parametrize("number", ["0", "9" * 19, "9" * 5000], ids=len)
    def test_numbers_that_cannot_be_ids_break_no_form(self, number, cast, shirin):
        lead, deal = specimens.make(LEAD, cast.shirin), specimens.make(OPPORTUNITY, cast.shirin)
        stage = {"value": deal.stage, "before": number, "after": number, "version": number}
        least = specimens.least(OPPORTUNITY, owner=number, lead=number)
        answers = [
            shirin.post(at("move", OPPORTUNITY, deal.pk), stage, headers=FRAGMENT),
            shirin.post(at("cell", LEAD, lead.pk, "owner"), {"owner": number, "version": number}),
            shirin.post(at("edit", LEAD, lead.pk), {"version": number}),
            shirin.post(at("new", OPPORTUNITY), least),
            shirin.get(at("new", OPPORTUNITY), {"owner": number, "lead": number}),
            shirin.post(at("bulk", LEAD), {"do": "assign", "ids": number, "owner": number, "run": "1"}),
            shirin.get(at("bulk", LEAD), {"job": number}),
            shirin.post(reverse("web:notices_read"), {"id": number}),
            shirin.get(at("tab", LEAD, lead.pk, "updates"), {"before": number}, headers=FRAGMENT),
            shirin.get(reverse("insights:results"), {"owner": number, "product": number}),
        ]
        assert [answer.status_code for answer in answers if answer.status_code >= 500] == []
        assert specimens.current(lead).owner == cast.shirin

    def test_a_text_that_no_database_takes_finds_what_the_rest_of_it_finds(self, cast, shirin):
        record = specimens.make(LEAD, cast.reza, "Rosewood Mills")
        assert rows(shirin.get(at("list", LEAD), EVERYTHING | {"q": "rose\x00mills"})) == [record.pk]
        for page in (at("lookup", LEAD), at("count", LEAD), at("board", OPPORTUNITY), reverse("web:search")):
            assert shirin.get(page, {"q": "rose\x00mills"}).status_code == 200

    def test_files_of_the_server_are_not_served(self, shirin):
        paths = [
            "/static/../settings.py",
            "/static/..%2f..%2fkariz.sqlite3",
            "/files/imports/",
            "/.git/config",
        ]
        assert {shirin.get(path).status_code for path in paths} == {404}

    def test_a_page_that_is_not_there_says_so_without_telling_of_the_inside(self, shirin):
        answer = shirin.get("/lead/12345/")
        assert answer.status_code == 404
        assert not {"Traceback", "Django", "urlpatterns", "DEBUG"} & set(re.findall(r"\w+", html(answer)))

    def test_a_batch_of_somebody_else_is_neither_seen_nor_undone(self, cast, shirin):
        send(shirin, shirin.get(at("new", LEAD)), "token", **specimens.least(LEAD))
        reza = people.signed_in(cast.reza)
        batch = ChangeBatch.objects.get()
        assert reza.get(reverse("web:batch", args=[batch.pk])).status_code == 404
        reza.post(reverse("web:undo", args=[batch.pk]))
        assert LEAD.model.objects.count() == 1

    def test_a_private_view_of_somebody_else_is_neither_seen_nor_changed(self, cast, shirin):
        dialog = shirin.get(at("view_save", LEAD), headers=FRAGMENT)
        send(shirin, dialog, "is_pinned", name="Mine", is_pinned="1")
        address = links(shirin.get(at("list", LEAD)))["Mine"]
        pk = re.search(r"view=(\d+)", address)[1]
        reza = people.signed_in(cast.reza)
        assert reza.get(at("view_change", LEAD, pk)).status_code == 404
        assert reza.post(at("view_change", LEAD, pk), {"do": "delete"}).status_code == 404
        assert "Mine" in links(shirin.get(at("list", LEAD)))


class TestOtherWaysIn:
    """The same names, sent by programs and typed on the server."""

    @pytest.fixture(autouse=True)
    def tables_stay(self, db):
        before = set(connection.introspection.table_names())
        yield
        assert set(connection.introspection.table_names()) == before

    @pytest.mark.parametrize("name", SQL)
    def test_by_the_api(self, name, cast, shirins):
        record = specimens.make(LEAD, cast.reza)
        where = json.dumps([name, "is", "x"])
        asked = [{"sort": name}, {"fields": name}, {"expand": name}, {"where": where}, {name: "x"}]
        answers = [shirins.get("lead", query) for query in asked]
        assert {answer.status_code for answer in answers} <= {200, 400, 422}
        sent = [
            shirins.put("lead/upsert", {"key": name, "items": [{name: "x"}]}),
            shirins.post("lead", {name: "x"}),
            shirins.post("exports", {"type": "lead", "format": "csv", "sort": name}),
            shirins.post("exports", {"type": "lead", "format": "csv", "fields": [name]}),
            shirins.post("exports", {"type": "lead", "format": "csv", "where": [name, "is", "x"]}),
            shirins.post("lead/views", {"name": "x", "sort": name}),
            shirins.post("lead/views", {"name": "x", "where": [name, "is", "x"]}),
        ]
        assert {answer.status_code for answer in sent} <= {202, 400, 422}
        assert list(LEAD.model.objects.values_list("pk", flat=True)) == [record.pk]

    @pytest.mark.parametrize("name", [one for one in SQL if "\x00" not in one])
    def test_by_the_command_line(self, name, cast):
        specimens.make(LEAD, cast.reza)
        for option in ({"sort": name}, {"columns": name}, {"group_by": name}, {"sum": name}):
            with pytest.raises(CommandError):
                call_command("query", "lead", **option)
        with pytest.raises(CommandError):
            call_command("query", "lead", where=json.dumps([name, "is", "x"]))

    @pytest.mark.parametrize(
        "name", [*SQL, "ب", "1", "-", "Robert'); DROP TABLE leads_lead;--", "x" * 90, "select"]
    )
    def test_a_custom_field_has_a_name_that_is_one_word_whatever_it_is_called(self, name, cast, shirin):
        label = name.replace("\x00", "")
        field = metadata.add_field(LEAD, label=label, type="text").name
        assert sql.KEY.match(field)
        record = specimens.make(LEAD, cast.reza, **{field: "' OR 1=1 --"})
        found = {
            "where": json.dumps([field, "is", "' OR 1=1 --"]),
            "sort": field,
            "columns": f"{field},title",
        }
        assert rows(shirin.get(at("list", LEAD), found)) == [record.pk]
        missed = {"where": json.dumps([field, "is", "' OR 2=2 --"])}
        assert rows(shirin.get(at("list", LEAD), missed)) == []

    def test_values_are_never_sql(self, cast, shirin):
        record = specimens.make(LEAD, cast.reza, "Sara")
        for value in ("' OR '1'='1", "%", "_", "\\", "'; DROP TABLE leads_lead; --", "x' UNION SELECT 1 --"):
            for leaf in (["name", "is", value], ["name", "contains", value], ["name", "starts_with", value]):
                assert rows(shirin.get(at("list", LEAD), {"where": json.dumps(leaf)})) == []
            assert shirin.get(reverse("web:search"), {"q": value}).status_code == 200
        assert list(LEAD.model.objects.values_list("pk", flat=True)) == [record.pk]
