"""A person is asked what a program may do, by a page that nobody can forge, and the program alone hears the answer."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kariz.api.scopes import Scope
from kariz.core import registry
from kariz.features.programs.models import Connection
from tests.cast import PASSWORD, signed_in
from tests.connecting import BACK, Planner, challenge, comes_in, told
from tests.forms import send
from tests.reading import html, text

PAGE = "programs:authorize"


def ticks(answer):
    return set(re.findall(r'name="scope" value="([^"]+)" checked', html(answer)))


class TestAsking:
    def test_it_says_which_program_asks_who_is_signed_in_and_what_it_may_do(self, cast, planner):
        page = planner.question(signed_in(cast.reza), scope="lead.read lead.create contact.read")
        words = text(page)
        assert "Connect Planner?" in words
        assert "signed in as Reza Moradi (reza)" in words
        assert "Leads Read Create Contacts Read" in words
        assert "you go to planner.example" in words
        assert ticks(page) == {"lead.read", "lead.create", "contact.read"}

    def test_it_says_so_in_the_language_of_the_person(self, cast, planner):
        page = planner.question(signed_in(cast.maryam), scope="lead.read")
        assert 'dir="rtl"' in html(page)
        assert "سرنخ‌ها" in text(page)
        assert "Allow" not in text(page)

    @pytest.mark.parametrize(
        ("scope", "shown"),
        [
            ("*.*", "All record types Read Create Edit Delete"),
            (None, "All record types Read Create Edit Delete"),
            ("*.read", "All record types Read Allow"),
            ("lead.*", "Leads Read Create Edit Delete"),
        ],
    )
    def test_what_is_asked_for_as_a_whole_is_told_in_parts(self, scope, shown, cast, planner):
        assert shown in text(planner.question(signed_in(cast.reza), scope=scope))

    def test_whoever_is_not_signed_in_signs_in_first_and_is_asked_then(self, cast, planner):
        browser = Client()
        answer = planner.question(browser, state="x y")
        assert answer["Location"].startswith(reverse("web:sign_in"))
        page = browser.get(answer["Location"])
        signed = send(browser, page, "password", username="reza", password=PASSWORD)
        assert "Connect Planner?" in text(browser.get(signed["Location"]))

    def test_it_cannot_be_framed_nor_kept_and_its_form_leads_to_the_program_alone(self, cast, planner):
        answer = planner.question(signed_in(cast.reza))
        policy = answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in policy
        assert "form-action 'self' https://planner.example;" in policy
        assert "no-store" in answer["Cache-Control"]
        elsewhere = signed_in(cast.reza).get(reverse("web:home"))
        assert "form-action 'self';" in elsewhere["Content-Security-Policy"]

    def test_it_asks_the_database_as_often_for_much_as_for_little(self, cast, planner):
        browser = signed_in(cast.reza)
        everything = " ".join(f"{one.name}.read {one.name}.edit" for one in registry.every())
        planner.question(browser)
        with CaptureQueriesContext(connection) as little:
            planner.question(browser, scope="lead.read")
        for _time in range(3):
            planner.connect(cast.reza)
        with CaptureQueriesContext(connection) as much:
            planner.question(browser, scope=everything)
        assert len(much) == len(little)


class TestAnswering:
    def test_a_yes_takes_a_code_the_state_and_the_issuer_back(self, cast, planner):
        answer = planner.decided(signed_in(cast.reza), state="a/b&c=d é")
        assert answer.status_code == 302
        assert answer["Location"].startswith(f"{BACK}?")
        back = told(answer)
        assert set(back) == {"code", "state", "iss"}
        assert (back["state"], back["iss"]) == ("a/b&c=d é", "http://testserver")
        assert comes_in(planner.exchange(back["code"]).json()["access_token"]).status_code == 200

    def test_a_no_takes_that_back_and_gives_nothing(self, cast, planner):
        back = told(planner.decided(signed_in(cast.reza), "refuse"))
        assert (back["error"], back["state"], back["iss"]) == (
            "access_denied",
            "a state",
            "http://testserver",
        )
        assert not Connection.objects.exists()

    def test_what_the_address_says_already_stays_in_it(self, cast, server):
        assert told(server.decided(signed_in(cast.reza)))["from"] == "kariz"

    def test_without_a_state_none_is_made_up(self, cast, planner):
        assert "state" not in told(planner.decided(signed_in(cast.reza), state=None))

    def test_the_person_can_give_less_than_was_asked_for_and_not_more(self, cast, planner):
        ticked = ["lead.read", "contact.read", "lead.delete"]
        answer = planner.decided(
            signed_in(cast.reza), ticked=ticked, scope="lead.read lead.create contact.read contact.edit"
        )
        assert planner.exchange(told(answer)["code"]).json()["scope"] == "contact.read lead.read"

    def test_whoever_leaves_all_ticked_gives_what_was_asked_for(self, cast, planner):
        assert planner.connect(cast.reza, scope="*.*")["scope"] == "*.*"
        assert planner.connect(cast.reza, scope="lead.*")["scope"] == "lead.*"

    @pytest.mark.parametrize("sent", [{}, {"decision": "allow"}, {"decision": "x", "scope": "lead.read"}])
    def test_an_answer_that_says_nothing_is_asked_for_again(self, sent, cast, planner):
        answer = signed_in(cast.reza).post(reverse(PAGE), sent, query_params=planner.asks(scope="lead.read"))
        assert (answer.status_code, "Connect Planner?" in text(answer)) == (422, True)
        assert not Connection.objects.exists()

    def test_a_forged_yes_is_none(self, cast, planner):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(cast.reza)
        sent = {"decision": "allow", "scope": "lead.read"}
        forged = browser.post(reverse(PAGE), sent, query_params=planner.asks(scope="lead.read"))
        assert forged.status_code == 403
        assert not Connection.objects.exists()

    def test_reading_the_page_gives_nothing(self, cast, planner):
        sent = planner.asks() | {"decision": "allow", "scope": "lead.read"}
        assert signed_in(cast.reza).get(reverse(PAGE), sent).status_code == 200
        assert not Connection.objects.exists()

    def test_nobody_says_yes_for_the_person_whom_he_sees_kariz_as(self, cast, planner, shirin):
        shirin.post(reverse("web:preview", args=[cast.reza.pk]))
        sent = planner.asks(scope="lead.read")
        answer = shirin.post(reverse(PAGE), {"decision": "allow", "scope": "lead.read"}, query_params=sent)
        assert answer.status_code == 403
        assert not Connection.objects.exists()


class TestWhoAsks:
    @pytest.mark.parametrize(
        "otherwise",
        [
            {"client_id": "nobody"}, {"client_id": None}, {"client_id": "x\x00"}, {"client_id": ["a", "b"]},
            {"redirect_uri": None}, {"redirect_uri": "https://evil.example/back"}, {"redirect_uri": f"{BACK}/"},
            {"redirect_uri": f"{BACK}?x=1"}, {"redirect_uri": BACK.upper()}, {"redirect_uri": f"{BACK}#x"},
            {"redirect_uri": "https://planner.example@evil.example/back"},
            {"redirect_uri": "//evil.example"}, {"redirect_uri": "javascript:alert(1)"},
            {"redirect_uri": [BACK, "https://evil.example/"]}, {"redirect_uri": f"{BACK}\r\nX: y"},
        ],
        ids=str,
    )  # fmt: skip
    def test_a_browser_is_sent_nowhere_that_is_not_registered(self, otherwise, cast, planner):
        browser = signed_in(cast.reza)
        for answer in (
            browser.get(reverse(PAGE), planner.asks(**otherwise)),
            browser.post(reverse(PAGE), {"decision": "allow"}, query_params=planner.asks(**otherwise)),
        ):
            assert (answer.status_code, "Location" in answer) == (400, False)
            assert "This cannot be connected" in text(answer)
            assert "evil" not in html(answer)

    def test_a_program_that_is_switched_off_is_not_known(self, cast, planner):
        planner.row.is_active = False
        planner.row.save()
        assert "switched it off" in text(planner.question(signed_in(cast.reza)))

    @pytest.mark.parametrize(
        ("otherwise", "error"),
        [
            ({"response_type": "token"}, "unsupported_response_type"),
            ({"response_type": 'co"de'}, "unsupported_response_type"),
            ({"response_type": None}, "unsupported_response_type"),
            ({"code_challenge": None}, "invalid_request"),
            ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
            ({"code_challenge_method": None}, "invalid_request"),
            ({"code_challenge_method": "plain"}, "invalid_request"),
            ({"code_challenge": "short"}, "invalid_request"),
            ({"code_challenge": challenge("x") + "\n"}, "invalid_request"),
            ({"state": ["a", "b"]}, "invalid_request"),
            ({"scope": "lead.fly"}, "invalid_scope"),
            ({"scope": "nothing.read"}, "invalid_scope"),
            ({"scope": "lead"}, "invalid_scope"),
            ({"scope": "lead.read  contact.read"}, "invalid_scope"),
            ({"scope": "x" * 5000}, "invalid_scope"),
        ],
        ids=str,
    )
    def test_what_is_asked_wrongly_is_told_to_the_program(self, otherwise, error, cast, planner):
        answer = planner.question(signed_in(cast.reza), **otherwise)
        back = told(answer)
        assert (answer.status_code, back["error"], back["iss"]) == (302, error, "http://testserver")
        assert answer["Location"].startswith(f"{BACK}?")
        assert "state" in back

    @pytest.mark.parametrize("scope", ["*.*", "lead.create", "*.read", "lead.*", "lead.read contact.read"])
    def test_a_program_asks_for_no_more_than_it_was_registered_for(self, scope, cast):
        reader = Planner(cast.shirin, Scope({"lead": ("read", "edit")}))
        assert told(reader.question(signed_in(cast.reza), scope=scope))["error"] == "invalid_scope"
        assert ticks(reader.question(signed_in(cast.reza))) == {"lead.read", "lead.edit"}

    def test_after_signing_in_a_link_leads_back_where_the_browser_would_not_go_by_itself(self, cast, planner):
        here = {"Referer": f"http://testserver{reverse('web:sign_in')}"}
        page = signed_in(cast.reza).get(reverse(PAGE), planner.asks(scope="lead"), headers=here)
        assert "invalid_scope" in text(page)
        assert f'href="{BACK}?error=invalid_scope' in unescape(html(page))
