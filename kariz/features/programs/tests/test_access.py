"""Access that was given: renewed by tokens that serve once, ended by time, program and person, and kept safe."""

import logging
from datetime import timedelta

import pytest
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from django.apps import apps
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kariz.accounts.models import User
from kariz.api.scopes import Scope
from kariz.core import registry
from kariz.features.programs.models import Connection, IssuedToken
from kariz.features.programs.oauth import registering
from kariz.features.programs.tidying import tidy_programs
from tests import specimens
from tests.connecting import comes_in, refused
from tests.programs import Program

LEAD = registry.get("lead")


class TestRenewing:
    def test_each_token_serves_once_and_gives_the_next(self, cast, planner, clock):
        given = planner.connect(cast.reza, scope="lead.read")
        clock.forward(timedelta(hours=1))
        assert comes_in(given["access_token"]).status_code == 401
        again = planner.renew(given["refresh_token"]).json()
        assert again["scope"] == "lead.read"
        assert again["refresh_token"] != given["refresh_token"]
        assert comes_in(again["access_token"]).status_code == 200

    def test_who_uses_one_again_ends_the_whole_access(self, cast, planner):
        first = planner.connect(cast.reza)
        second = planner.renew(first["refresh_token"]).json()
        third = planner.renew(second["refresh_token"]).json()
        assert refused(planner.renew(first["refresh_token"])) == (400, "invalid_grant")
        assert {comes_in(one["access_token"]).status_code for one in (first, second, third)} == {401}
        assert refused(planner.renew(third["refresh_token"])) == (400, "invalid_grant")

    def test_it_is_over_when_nobody_has_renewed_it_for_sixty_days(self, cast, planner, clock):
        given = planner.connect(cast.reza)
        for _time in range(3):
            clock.forward(timedelta(days=59))
            given = planner.renew(given["refresh_token"]).json()
        clock.forward(timedelta(days=60, seconds=1))
        assert refused(planner.renew(given["refresh_token"])) == (400, "invalid_grant")

    def test_access_can_be_narrowed_for_one_token_and_never_widened(self, cast, planner):
        given = planner.connect(cast.reza, scope="lead.read lead.edit")
        for scope in ("contact.read", "x", "lead.fly"):
            assert refused(planner.renew(given["refresh_token"], scope=scope)) == (400, "invalid_scope")
        narrow = planner.renew(given["refresh_token"], scope="lead.read").json()
        assert comes_in(narrow["access_token"]).json()["scope"] == {"lead": ["read"]}
        wide = planner.renew(narrow["refresh_token"], scope="*.*").json()
        assert wide["scope"] == "lead.edit lead.read"

    def test_an_access_token_renews_nothing_and_one_that_renews_lets_nobody_in(self, cast, planner):
        given = planner.connect(cast.reza)
        assert refused(planner.renew(given["access_token"])) == (400, "invalid_grant")
        assert comes_in(given["refresh_token"]).status_code == 401


class TestEnding:
    @pytest.fixture
    def given(self, cast, planner):
        return planner.connect(cast.reza)

    def end(self, planner, **said):
        answer = planner.posts("revoke_token", **planner.proof | said)
        return answer.status_code

    def test_a_program_ends_its_access(self, planner, given):
        assert self.end(planner, token=given["refresh_token"], token_type_hint="refresh_token") == 200
        assert comes_in(given["access_token"]).status_code == 401
        assert refused(planner.renew(given["refresh_token"])) == (400, "invalid_grant")

    def test_a_program_ends_one_token(self, planner, given):
        assert self.end(planner, token=given["access_token"]) == 200
        assert comes_in(given["access_token"]).status_code == 401
        assert planner.renew(given["refresh_token"]).status_code == 200

    def test_one_that_there_is_not_is_as_good_as_ended(self, planner, given):
        assert self.end(planner, token="nonsense") == 200
        assert self.end(planner) == 400
        assert self.end(planner, token="nonsense", client_id="nobody") == 401

    def test_who_has_left_lets_no_program_in(self, cast, planner, given):
        code = planner.code(cast.reza)
        User.objects.filter(pk=cast.reza.pk).update(is_active=False)
        assert comes_in(given["access_token"]).status_code == 401
        assert refused(planner.renew(given["refresh_token"])) == (400, "invalid_grant")
        assert refused(planner.exchange(code)) == (400, "invalid_grant")

    def test_a_program_that_is_switched_off_is_out_at_once(self, planner, given):
        planner.row.is_active = False
        registering.keep(planner.row)
        assert comes_in(given["access_token"]).status_code == 401
        assert refused(planner.renew(given["refresh_token"])) == (401, "invalid_client")

    def test_a_program_that_may_ask_for_less_has_less_at_once(self, cast, planner):
        given = planner.connect(cast.reza, scope="*.read *.edit")
        planner.row.scope = {"lead": ["read", "create"]}
        registering.keep(planner.row)
        assert comes_in(given["access_token"]).json()["scope"] == {"lead": ["read"]}
        assert planner.renew(given["refresh_token"]).json()["scope"] == "lead.read"

    def test_what_has_expired_is_thrown_away(self, cast, planner, clock, given):
        planner.code(cast.bob)
        clock.forward(timedelta(hours=2))
        tidy_programs(None)
        assert Connection.objects.get().user == cast.reza
        assert [one.kind for one in IssuedToken.objects.all()] == ["refresh"]
        clock.forward(timedelta(days=60))
        tidy_programs(None)
        assert not Connection.objects.exists()


class TestKeeping:
    def test_secrets_are_neither_in_the_database_nor_in_the_log(self, cast, server, caplog):
        caplog.set_level(logging.DEBUG)
        code = server.code(cast.reza)
        given = server.exchange(code).json()
        again = server.renew(given["refresh_token"]).json()
        server.exchange(code)
        server.renew(given["refresh_token"])
        names = ("access_token", "refresh_token")
        issued = {one[name] for one in (given, again) for name in names}
        secrets = {code, server.secret, server.verifier, *issued}
        assert len(secrets) == 7
        kept = " ".join(every_text()) + caplog.text
        assert [one for one in secrets if one in kept] == []

    def test_a_token_in_the_address_is_refused(self, cast, planner):
        access = planner.connect(cast.reza)["access_token"]
        assert Client().get("/api/v1/lead", {"q": access}).status_code == 400

    def test_its_use_is_noted_once_a_minute_and_costs_one_look(self, cast, planner, clock):
        asks = Program(planner.connect(cast.reza)["access_token"])
        clock.forward(timedelta(seconds=1))
        asks.get("me")
        first = Connection.objects.get().last_used_at
        with CaptureQueriesContext(connection) as asked:
            asks.get("me")
        assert len([one for one in asked if "programs_" in one["sql"]]) == 1
        assert Connection.objects.get().last_used_at == first
        clock.forward(timedelta(minutes=2))
        asks.get("me")
        assert Connection.objects.get().last_used_at > first

    def test_a_program_that_asks_too_often_waits(self, cast, planner, settings):
        settings.API_RATE = 3
        answers = [planner.exchange("x") for _time in range(5)]
        assert [answer.status_code for answer in answers] == [400, 400, 400, 429, 429]
        assert answers[-1].json()["error"] == "temporarily_unavailable"
        assert 0 < int(answers[-1]["Retry-After"]) <= 60

    def test_limits_and_keys_outlive_the_token(self, cast, planner):
        given = planner.connect(cast.reza)
        sent = specimens.least(LEAD)
        first = Program(given["access_token"]).post("lead", sent, Idempotency_Key="a")
        again = planner.renew(given["refresh_token"]).json()
        second = Program(again["access_token"]).post("lead", sent, Idempotency_Key="a")
        assert second.json() == first.json()
        assert second["Idempotency-Replayed"] == "true"

    def test_scripts_of_other_sites_read_the_answers_where_the_settings_name_the_site(
        self, planner, settings
    ):
        settings.API_ORIGINS = ["https://planner.example"]
        for origin, may in (("https://planner.example", True), ("https://evil.example", False)):
            answer = planner.posts("token", headers={"Origin": origin})
            about = Client().get(reverse("programs:metadata"), headers={"Origin": origin})
            assert {"Access-Control-Allow-Origin" in one for one in (answer, about)} == {may}


class TestTelling:
    def test_programs_find_out_where_what_is(self, db):
        about = Client().get("/.well-known/oauth-authorization-server").json()
        assert about["issuer"] == "http://testserver"
        assert about["token_endpoint"] == "http://testserver/oauth/token/"
        assert about["code_challenge_methods_supported"] == ["S256"]
        assert about["response_types_supported"] == ["code"]
        assert about["authorization_response_iss_parameter_supported"] is True

    def test_it_says_what_the_standard_wants_said(self, db, settings):
        settings.URL = "https://crm.example.com"
        about = Client().get("/.well-known/oauth-authorization-server").json()
        AuthorizationServerMetadata(about).validate()
        assert about["issuer"] == "https://crm.example.com"

    def test_the_document_of_the_api_knows_the_way(self, cast, shirins, program):
        document = shirins.get("openapi.json").json()
        flow = document["components"]["securitySchemes"]["oauth2"]["flows"]["authorizationCode"]
        assert flow["tokenUrl"] == flow["refreshUrl"] == "http://testserver/oauth/token/"
        assert {"*.*", "*.read", "lead.read", "lead.create"} <= set(flow["scopes"])
        assert {"oauth2": []} in document["security"]
        narrow = program(cast.reza, {"lead": ["read"]}).get("openapi.json").json()
        scopes = narrow["components"]["securitySchemes"]["oauth2"]["flows"]["authorizationCode"]["scopes"]
        assert "contact.read" not in scopes


def every_text():
    for model in apps.get_models(include_auto_created=True):
        for column in model._meta.concrete_fields:
            if isinstance(column, models.CharField | models.TextField | models.JSONField):
                yield from (
                    str(value) for value in model._base_manager.values_list(column.attname, flat=True)
                )


def test_scopes_meet_in_what_both_allow():
    wide, narrow = Scope({"*": ("read", "edit")}), Scope({"lead": ("*",), "contact": ("read", "merge")})
    both = wide.within(narrow)
    assert set(both.pairs) == {("lead", "read"), ("lead", "edit"), ("contact", "read")}
    assert set(narrow.within(wide).pairs) == set(both.pairs)
    assert both.is_within(wide)
    assert both.is_within(narrow)
    assert not wide.is_within(narrow)
