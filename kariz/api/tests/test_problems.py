"""Whatever is wrong with a request is said in one shape, in the reader's language, and never breaks anything."""

import json

import pytest
from django.test import Client

from kariz.core import registry
from tests import specimens

LEAD = registry.get("lead")
DEEP = "[" * 40 + "]" * 40


def code(answer):
    error = answer.json()["error"]
    assert set(error) <= {"code", "message", "fields", "items"}
    assert error["message"]
    assert answer["Content-Type"] == "application/json"
    return answer.status_code, error["code"]


class TestBodies:
    @pytest.mark.parametrize(
        "body", ["{", "nonsense", '{"name": NaN}', '{"name": Infinity}', '{"name": "\\ud800"}', '{"name": "\\u0000"}',
                 DEEP, "[" * 100_000, '{"a":' * 5000 + "1" + "}" * 5000, '{"budget": ' + "9" * 5000 + "}", b"\xff\xfe"],
        ids=range(11),
    )  # fmt: skip
    def test_what_is_no_json_is_refused(self, body, cast, shirins):
        assert code(shirins.post("lead", body)) == (400, "bad_json")

    @pytest.mark.parametrize("body", ["[]", "7", "null", '"text"', "true"])
    def test_what_is_no_object_is_refused(self, body, cast, shirins):
        assert code(shirins.post("lead", body)) == (422, "invalid")

    def test_what_is_too_large_is_refused(self, cast, shirins):
        assert code(shirins.post("lead", json.dumps({"name": "x" * 6_000_000}))) == (413, "too_large")
        assert code(shirins.post("lead/bulk-update", {"ids": list(range(1, 1002)), "values": {}})) == (
            422,
            "invalid",
        )

    def test_another_kind_of_content_is_refused(self, cast, shirins):
        answer = shirins.client.post(
            "/api/v1/lead", "name=Sara", content_type="application/x-www-form-urlencoded"
        )
        assert code(answer) == (415, "unsupported_media_type")
        assert code(shirins.post("imports", {})) == (415, "unsupported_media_type")

    def test_what_is_wrong_is_named_by_its_place(self, cast, shirins):
        answer = shirins.put("lead/upsert", {"key": 7, "items": [{}, 5], "more": 1})
        assert set(answer.json()["error"]["fields"]) == {"key", "more"}
        answer = shirins.post("lead/bulk-update", {"ids": [1, "x", 0], "values": {}})
        assert set(answer.json()["error"]["fields"]) == {"ids.1", "ids.2"}


class TestAddresses:
    @pytest.mark.parametrize(
        "path",
        [
            "nothing",
            "lead/0",
            "lead/99999999999999999999999",
            "lead/x",
            "lead/1/nothing",
            "",
            "batches/1",
            "user",
        ],
    )
    def test_what_is_not_there_is_not_found(self, path, cast, shirins):
        assert code(shirins.get(path)) == (404, "not_found")

    def test_a_method_that_an_address_does_not_take(self, cast, shirins):
        answer = shirins.put("lead", {})
        assert code(answer) == (405, "method_not_allowed")
        assert answer["Allow"] == "GET, POST"

    @pytest.mark.parametrize(
        "query",
        [
            {"limit": "0"}, {"limit": "201"}, {"limit": "x"}, {"limit": "9" * 30}, {"sort": "nothing"},
            {"sort": "phone"}, {"fields": "name,nothing"}, {"expand": "name"}, {"nothing": "1"}, {"where": "nonsense"},
            {"where": DEEP},
            {"where": '["nothing","is","x"]'}, {"where": '["name","nothing","x"]'}, {"where": "7"}, {"count": "many"},
            {"where": '{"all":7}'}, {"where": '{"some":[]}'}, {"owner": "x"}, {"budget": "x"}, {"q": "a\x00b"},
            {"is_do_not_call": "x"}, {"owner": "9" * 40}, {"created_at": "x"},
        ],
        ids=str,
    )  # fmt: skip
    def test_a_parameter_that_makes_no_sense_is_refused(self, query, cast, shirins):
        status, said = code(shirins.get("lead", query))
        assert (status, said in {"bad_parameter", "bad_condition", "bad_json"}) == (400, True)

    def test_no_address_breaks_on_nonsense(self, cast, shirins):
        sara = specimens.make(LEAD, cast.reza, "Sara")
        paths = shirins.get("openapi.json").json()["paths"]
        sent = [{}, {"ids": "x", "values": 7, "items": {}, "key": [], "version": [], "where": 5, "name": {}}]
        for path, methods in paths.items():
            address = path.lstrip("/").replace("{id}", str(sara.pk)).replace("{name}", "x")
            for method in methods:
                for body in sent:
                    answer = shirins.ask(method, address, None if method == "get" else body)
                    assert answer.status_code < 500, (method, address)


class TestWords:
    @pytest.mark.parametrize(
        ("header", "language"),
        [("fa", "fa"), ("tr-TR,tr;q=0.9", "tr"), ("de", "en"), ("", "en"), ("x" * 9000, "en")],
    )
    def test_the_request_says_in_which_language(self, header, language, cast, shirins):
        answer = shirins.get("nothing", Accept_Language=header)
        assert answer["Content-Language"] == language
        assert ("There is nothing" in answer.json()["error"]["message"]) == (language == "en")

    def test_otherwise_it_is_the_owner_s(self, cast, program):
        assert program(cast.maryam).get("nothing")["Content-Language"] == "fa"
        assert Client(headers={"Accept-Language": "tr"}).get("/api/v1/me")["Content-Language"] == "tr"


class TestOrigins:
    def test_scripts_of_other_sites_read_nothing(self, cast, shirins):
        answer = shirins.get("me", Origin="https://evil.example")
        assert "Access-Control-Allow-Origin" not in answer

    def test_those_that_are_named_may(self, cast, shirins, settings):
        settings.API_ORIGINS = ["https://ours.example"]
        asked = Client().options("/api/v1/lead", headers={"Origin": "https://ours.example"})
        assert (asked.status_code, asked["Access-Control-Allow-Methods"]) == (204, "OPTIONS, GET, POST")
        answer = shirins.get("me", Origin="https://ours.example")
        assert answer["Access-Control-Allow-Origin"] == "https://ours.example"
        assert "Access-Control-Allow-Credentials" not in answer
        assert "Access-Control-Allow-Origin" not in shirins.get("me", Origin="https://evil.example")
