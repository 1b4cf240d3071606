"""What strangers and the curious try from outside: forged forms, forged addresses, forged values."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from kariz.core import registry
from kariz.core.models import ChangeBatch
from kariz.core.registry import RecordType
from tests import cast as people
from tests import specimens
from tests.forms import send
from tests.reading import EVERYTHING, FRAGMENT, INSIDE, at, html, links, rows, text

LEAD = registry.get("lead")
OPPORTUNITY = registry.get("opportunity")
# Pages that those who have not signed in may open.
OPEN = {
    "web:sign_in", "web:language", "web:forgotten", "web:new_password", "web:join", "web:passkey",
    "web:passkey_options", "web:second_step", "web:sso", "web:sso_back",
    "programs:token", "programs:revoke_token", "programs:metadata",
}  # fmt: skip
# Addresses that programs post to, to which a session is nothing.
WITHOUT_SESSION = {"programs:token", "programs:revoke_token"}
API = "/api/v1/"


def addresses(patterns: Any = None, prefix: str = "", namespace: str = "") -> dict[str, str]:
    """Every address of the program, by its name, with something for each part of it."""
    found: dict[str, str] = {}
    for one in patterns or get_resolver().url_patterns:
        path = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            found |= addresses(one.url_patterns, path, one.namespace or namespace)
        elif isinstance(one, URLPattern) and one.name:
            path = re.sub(r"<rt:\w+>|<api_type:\w+>|<slug:record_type>", "lead", path)
            path = re.sub(r"<int:\w+>|<api_id:\w+>", "1", path)
            found[f"{namespace}:{one.name}"] = "/" + re.sub(r"<\w+:?\w*>", "name", path)
    return found


class TestSigningIn:
    def test_no_page_but_the_sign_in_opens_to_those_who_have_not_signed_in(self, cast):
        browser = Client()
        pages = {name: path for name, path in addresses().items() if not path.startswith(API)}
        answers = {name: browser.get(path) for name, path in pages.items() if name not in OPEN}
        assert len(answers) > 40
        strays = {
            name: answer.status_code
            for name, answer in answers.items()
            if not (answer.status_code == 302 and answer["Location"].startswith(reverse("web:sign_in")))
        }
        assert strays == {}

    def test_no_address_of_the_api_answers_those_who_have_not_signed_in(self, cast):
        browser = Client()
        paths = [path for path in addresses().values() if path.startswith(API)]
        assert len(paths) > 20
        assert {browser.get(path).status_code for path in paths} == {401}

    @pytest.mark.parametrize(
        "there",
        [
            "https://evil.example/",
            "//evil.example/",
            "/\\evil.example",
            "javascript:alert(1)",
            "\thttps://evil.example",
        ],
    )
    def test_it_never_leads_to_another_site(self, cast, there):
        browser = Client()
        page = browser.get(reverse("web:sign_in"), {"next": there})
        answer = send(browser, page, "password", username="reza", password=people.PASSWORD, next=there)
        assert answer["Location"] == reverse("web:home")

    def test_it_leads_on_to_the_page_that_was_wanted(self, cast):
        browser = Client()
        asked = browser.get(at("list", LEAD))
        answer = send(
            browser, browser.get(asked["Location"]), "password", username="reza", password=people.PASSWORD
        )
        assert answer["Location"] == at("list", LEAD)

    def test_it_says_the_same_of_a_wrong_name_and_a_wrong_password(self, cast):
        told = [
            text(Client().post(reverse("web:sign_in"), {"username": name, "password": "wrong"}))
            for name in ("reza", "nobody")
        ]
        assert told[0] == told[1].replace("nobody", "reza")
        assert "do not belong together" in told[0]

    def test_guessing_is_slowed_down(self, cast):
        answers = [
            Client().post(reverse("web:sign_in"), {"username": "reza", "password": f"{n}"}) for n in range(25)
        ]
        assert "Too many attempts" in text(answers[-1])
        right = Client().post(reverse("web:sign_in"), {"username": "reza", "password": people.PASSWORD})
        assert "Too many attempts" in text(right)

    def test_somebody_who_left_cannot_go_on(self, cast):
        browser = people.signed_in(cast.reza)
        type(cast.reza).objects.filter(pk=cast.reza.pk).update(is_active=False)
        assert browser.get(reverse("web:home")).status_code == 302

    def test_signing_in_gives_a_new_session(self, cast):
        browser = Client()
        browser.get(reverse("web:sign_in"))
        browser.force_login(cast.bob)
        before = browser.cookies["kariz_session"].value
        browser.post(reverse("web:sign_out"))
        send(
            browser,
            browser.get(reverse("web:sign_in")),
            "password",
            username="reza",
            password=people.PASSWORD,
        )
        assert browser.cookies["kariz_session"].value != before

    def test_a_link_on_another_page_signs_nobody_out(self, shirin):
        assert shirin.get(reverse("web:sign_out")).status_code == 405
        assert shirin.get(reverse("web:home")).status_code == 200


class TestForgedForms:
    def test_every_form_needs_its_token(self, cast):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(cast.shirin)
        asked = {name: path for name, path in addresses().items() if name not in WITHOUT_SESSION}
        answers = {name: browser.post(path) for name, path in asked.items()}
        assert {
            name: answer.status_code for name, answer in answers.items() if answer.status_code != 403
        } == {}

    def test_the_token_of_the_page_is_enough(self, cast):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(cast.shirin)
        answer = send(browser, browser.get(at("new", LEAD)), "token", **specimens.least(LEAD))
        assert answer.status_code == 302

    def test_cookies_are_kept_from_scripts_and_other_sites(self, cast):
        browser = Client()
        send(
            browser,
            browser.get(reverse("web:sign_in")),
            "password",
            username="reza",
            password=people.PASSWORD,
        )
        session = browser.cookies["kariz_session"]
        assert (session["httponly"], session["samesite"]) == (True, "Lax")

    def test_pages_cannot_be_framed(self, shirin):
        headers = shirin.get(reverse("web:home")).headers
        assert headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]

    def test_what_reads_never_writes(self, record_type, sara, shirin):
        before = specimens.held(sara)
        writing = [at(page, record_type, sara.pk) for page in ("delete", "pin", "move")]
        assert {shirin.get(address).status_code for address in writing} == {405}
        assert specimens.held(sara) == before


class TestForgedValues:
    def test_what_the_program_keeps_is_not_set_by_a_form(self, record_type, cast, shirin):
        kept = dict.fromkeys(("created_by", "created_by_id", "owner_id"), str(cast.bob.pk))
        kept |= dict.fromkeys(("id", "pk", "version", "completeness", "rank", "sort_name"), "999")
        kept |= {"created_at": "2001-01-01", "updated_at": "2001-01-01", "custom": '{"a": 1}'}
        readonly = {name: "1" for name, field in record_type.fields.items() if field.is_readonly}
        shirin.post(at("new", record_type), specimens.least(record_type) | readonly | kept)
        made = record_type.model.objects.get()
        honest = specimens.make(record_type, cast.shirin, **unique(record_type))
        assert made.pk != 999
        assert (made.created_by, made.owner, made.version, made.custom) == (cast.shirin, cast.shirin, 1, {})
        assert made.created_at.year > 2001
        same = {
            n: (specimens.held(made)[n], specimens.held(honest)[n]) for n in readonly if n not in MADE_BY_WHOM
        }
        assert {name: pair for name, pair in same.items() if pair[0] != pair[1]} == {}

    def test_what_the_program_keeps_is_not_edited(self, record_type, full, cast, shirin):
        before = specimens.held(full)
        sent = {
            "id": "999",
            "created_by": str(cast.bob.pk),
            "created_at": "2001-01-01",
            "custom": "{}",
            "rank": "1",
        }
        readonly = {name: "1" for name, field in record_type.fields.items() if field.is_readonly}
        shirin.post(at("edit", record_type, full.pk), sent | readonly)
        assert specimens.held(full) == before
        cells = [
            shirin.post(at("cell", record_type, full.pk, name), {name: "1"}).status_code
            for name in readonly | sent
        ]
        assert set(cells) == {404}
        assert specimens.held(full) == before

    def test_a_link_leads_only_to_records_that_one_may_see(self, cast):
        hidden = specimens.make(LEAD, cast.bob, "Hidden")
        browser = people.signed_in(cast.reza)
        answer = browser.post(at("new", OPPORTUNITY), specimens.least(OPPORTUNITY, lead=str(hidden.pk)))
        assert answer.status_code == 422
        assert "does not exist, or you may not see it" in text(answer)
        assert "Hidden" not in text(browser.get(at("lookup", OPPORTUNITY), {"field": "lead", "q": "Hid"}))

    def test_a_name_is_not_told_by_a_filter_of_somebody_who_may_not_see_it(self, cast):
        hidden = specimens.make(LEAD, cast.bob, "Hidden Name")
        where = {"where": json.dumps({"all": [["lead", "is", hidden.pk]]})}
        assert "Hidden Name" not in text(people.signed_in(cast.reza).get(at("list", OPPORTUNITY), where))


def unique(record_type: RecordType) -> dict[str, str]:
    """Empty values for what no two records share."""
    columns = (column for column in record_type.model._meta.concrete_fields if column.unique)
    return {column.name: "" for column in columns if column.name in specimens.fields(record_type)}


# Of the fields that the program keeps, those that tell who wrote the record and when.
MADE_BY_WHOM = {"created_by", "created_at", "updated_at", "creation_mode", "stage_entered_at"}

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
