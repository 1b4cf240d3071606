"""A code is exchanged once, within a minute, by the program that it was made for and that proves to be it."""

import base64
from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection
from django.urls import reverse

from kariz.audit.models import Entry
from kariz.core import registry
from kariz.features.programs.models import Connection, IssuedToken
from kariz.features.programs.oauth import registering
from kariz.notices.models import Notice
from tests import specimens
from tests.connecting import Planner, challenge, comes_in, refused
from tests.programs import Program

LEAD = registry.get("lead")


class TestExchanging:
    def test_a_code_gives_tokens_and_their_terms(self, cast, planner):
        answer = planner.exchange(planner.code(cast.reza, scope="lead.read"))
        given = answer.json()
        assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
        assert answer["Content-Type"] == "application/json"
        assert (given["token_type"], given["expires_in"], given["scope"]) == ("Bearer", 3600, "lead.read")
        assert given["access_token"].startswith("kro_")
        assert "Set-Cookie" not in answer
        assert answer.cookies == {}

    def test_the_person_is_the_one_who_said_yes(self, cast, planner):
        sara = specimens.make(LEAD, cast.reza, "Sara")
        hers = Program(planner.connect(cast.reza, scope="lead.read")["access_token"])
        assert hers.get("me").json()["user"]["id"] == cast.reza.pk
        assert hers.get(f"lead/{sara.pk}").status_code == 200
        assert hers.patch(f"lead/{sara.pk}", {"company": "X"}).json()["error"]["code"] == "out_of_scope"
        assert hers.get("contact").json()["error"]["code"] == "out_of_scope"
        bobs = Program(planner.connect(cast.bob, scope="*.*")["access_token"])
        assert bobs.get(f"lead/{sara.pk}").status_code == 404

    def test_a_code_serves_once_and_who_uses_it_again_ends_what_it_gave(self, cast, planner):
        code = planner.code(cast.reza)
        given = planner.exchange(code).json()
        other = planner.connect(cast.reza)
        assert refused(planner.exchange(code)) == (400, "invalid_grant")
        assert comes_in(given["access_token"]).status_code == 401
        assert refused(planner.renew(given["refresh_token"])) == (400, "invalid_grant")
        assert comes_in(other["access_token"]).status_code == 200
        assert Entry.objects.filter(kind="programs.shut_out", title="Planner").exists()
        assert "Planner is no longer connected" in str(Notice.objects.get(user=cast.reza))

    def test_a_code_is_over_after_a_minute(self, cast, planner, clock):
        codes = [planner.code(cast.reza) for _time in range(2)]
        clock.forward(timedelta(seconds=59))
        assert planner.exchange(codes[0]).status_code == 200
        clock.forward(timedelta(seconds=2))
        assert refused(planner.exchange(codes[1])) == (400, "invalid_grant")

    @pytest.mark.parametrize(
        "otherwise",
        [
            {"code_verifier": "x" * 43}, {"code_verifier": "short"}, {"code_verifier": "é" * 43},
            {"redirect_uri": "https://planner.example/other"}, {"code": "nonsense"}, {"code": "\x00"},
        ],
        ids=str,
    )  # fmt: skip
    def test_a_code_is_bound_to_what_it_was_asked_for_with(self, otherwise, cast, planner):
        code = planner.code(cast.reza)
        assert refused(planner.exchange(**{"code": code} | otherwise)) == (400, "invalid_grant")
        assert not IssuedToken.objects.exists()
        assert (
            planner.exchange(code).status_code == 200
        )  # whoever only guesses takes nothing from the program

    @pytest.mark.parametrize("name", ["code_verifier", "redirect_uri", "code", "grant_type"])
    def test_nothing_of_it_may_be_left_out_or_said_twice(self, name, cast, planner):
        code = planner.code(cast.reza)
        assert refused(planner.exchange(**{"code": code, name: None})) == (400, "invalid_request")
        assert refused(planner.exchange(**{"code": code, name: ["a", "b"]})) == (400, "invalid_request")

    def test_the_challenge_itself_is_no_verifier(self, cast, planner):
        code = planner.code(cast.reza)
        verifier = challenge(planner.verifier)
        assert refused(planner.exchange(code, code_verifier=verifier)) == (400, "invalid_grant")

    def test_another_program_has_nothing_for_it(self, cast, planner):
        other = Planner(cast.shirin, name="Other")
        other.verifier = planner.verifier
        assert refused(other.exchange(planner.code(cast.reza))) == (400, "invalid_grant")
        given = planner.connect(cast.reza)
        assert refused(other.renew(given["refresh_token"])) == (400, "invalid_grant")
        other.posts("revoke_token", token=given["refresh_token"], **other.proof)
        assert comes_in(given["access_token"]).status_code == 200

    @pytest.mark.parametrize("grant", ["password", "client_credentials", "implicit", "x"])
    def test_there_is_no_other_way_to_tokens(self, grant, cast, planner):
        assert refused(planner.exchange("x", grant_type=grant)) == (400, "unsupported_grant_type")

    def test_only_what_is_posted_counts(self, cast, planner):
        code = planner.code(cast.reza)
        said = {"grant_type": "authorization_code", "code": code, "client_id": planner.row.client_id}
        assert planner.client.get(reverse("programs:token"), said).status_code == 405
        in_address = planner.client.post(reverse("programs:token"), query_params=said)
        as_json = planner.client.post(reverse("programs:token"), said, "application/json")
        assert {refused(one) for one in (in_address, as_json)} == {(401, "invalid_client")}


class TestTheSecret:
    def test_it_is_sent_in_the_form_or_by_basic(self, cast, server):
        assert server.exchange(server.code(cast.reza)).status_code == 200
        header = base64.b64encode(f"{server.row.client_id}:{server.secret}".encode()).decode()
        answer = server.exchange(
            server.code(cast.reza),
            headers={"Authorization": f"Basic {header}"},
            client_id=None,
            client_secret=None,
        )
        assert answer.status_code == 200

    @pytest.mark.parametrize("secret", [None, "", "krs_nonsense", "\x00"])
    def test_without_the_right_one_there_is_nothing(self, secret, cast, server):
        answer = server.exchange(server.code(cast.reza), client_secret=secret)
        assert refused(answer) == (401, "invalid_client")
        assert answer["WWW-Authenticate"].startswith("Basic")

    @pytest.mark.parametrize(
        "header", ["Basic !", "Basic /w==", "Basic eA==", "Basic", "Bearer krs_x", "Basic Og=="]
    )
    def test_a_header_that_says_nothing_is_none(self, header, cast, server):
        code = server.code(cast.reza)
        answer = server.exchange(code, headers={"Authorization": header}, client_id=None, client_secret=None)
        assert refused(answer) == (401, "invalid_client")

    def test_it_is_sent_in_one_way(self, cast, server, planner):
        code = server.code(cast.reza)
        header = base64.b64encode(f"{server.row.client_id}:{server.secret}".encode()).decode()
        both = server.exchange(code, headers={"Authorization": f"Basic {header}"})
        assert refused(both) == (400, "invalid_request")
        mixed = server.exchange(
            code,
            headers={"Authorization": f"Basic {header}"},
            client_id=planner.row.client_id,
            client_secret=None,
        )
        assert refused(mixed) == (400, "invalid_request")

    def test_a_program_without_one_sends_none(self, cast, planner):
        assert refused(planner.exchange(planner.code(cast.reza), client_secret="x")) == (
            401,
            "invalid_client",
        )

    def test_a_new_one_takes_the_place_of_the_one_before(self, cast, server):
        before, server.secret = server.secret, registering.renew_secret(server.row)
        assert server.exchange(server.code(cast.reza)).status_code == 200
        assert refused(server.exchange(server.code(cast.reza), client_secret=before)) == (
            401,
            "invalid_client",
        )

    @pytest.mark.parametrize("client_id", [None, "", "nobody", "x\x00", "ي"])
    def test_a_program_that_is_not_registered_has_nothing(self, client_id, cast, planner):
        assert refused(planner.exchange("x", client_id=client_id)) == (401, "invalid_client")


@pytest.mark.django_db(transaction=True)
def test_of_several_at_the_same_moment_one_is_the_second(cast, planner):
    code, answers = planner.code(cast.reza), []

    def exchange():
        answers.append(planner.exchange(code))
        connection.close()

    threads = [Thread(target=exchange) for _time in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]
    given = next(answer.json() for answer in answers if answer.status_code == 200)
    assert comes_in(given["access_token"]).status_code == 401
    assert not Connection.objects.exists()
