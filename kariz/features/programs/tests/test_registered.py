"""Administrators register programs, see who has connected them, and shut them out; people see and end their own."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kariz.audit.models import Entry
from kariz.core import erasing
from kariz.core.erasing import Person
from kariz.features.programs.models import Connection, Program
from kariz.lib.mentions import Mentions
from tests.cast import signed_in
from tests.connecting import BACK, Planner, comes_in
from tests.forms import form, send
from tests.reading import html, links, text


def register(browser, **chosen):
    page = browser.get(reverse("programs:add_program"))
    given = {"name": "Planner", "addresses": BACK, "kind": "device", "reach": "everything", "is_active": "on"}
    return send(browser, page, "addresses", **given | chosen)


def secret_on(answer):
    found = re.search(r"krs_\w+", html(answer))
    return found[0] if found else ""


class TestRegistering:
    def test_a_program_is_registered_by_a_form_that_the_settings_lead_to(self, shirin, cast):
        listed = shirin.get(links(shirin.get(reverse("web:settings")))["Registered programs"])
        assert "No programs yet" in text(listed)
        made = register(
            shirin, home_page="https://planner.example/", addresses=f"{BACK}\nhttp://127.0.0.1/back"
        )
        row = Program.objects.get()
        assert made["Location"] == reverse("programs:program", args=[row.pk])
        assert (row.name, row.addresses) == ("Planner", [BACK, "http://127.0.0.1/back"])
        assert (row.is_confidential, row.secret_digest, row.made_by) == (False, "", cast.shirin)
        shown = text(shirin.get(made["Location"]))
        assert all(word in shown for word in ("Planner", row.client_id, BACK, "Everything", "Nobody yet"))
        noted = Entry.objects.get(kind="programs.changed")
        assert (noted.title, noted.told["did"]) == ("Planner", "added")

    def test_the_secret_of_one_on_a_server_is_shown_once_and_renewed(self, shirin):
        secret = secret_on(made := register(shirin, kind="server"))
        row = Program.objects.get()
        assert (made.status_code, len(secret)) == (200, 44)
        assert "no-store" in made["Cache-Control"]
        page = reverse("programs:program", args=[row.pk])
        assert secret_on(shirin.get(page)) == ""
        renewed = secret_on(shirin.post(reverse("programs:program_secret", args=[row.pk])))
        assert len({secret, renewed, ""}) == 3
        assert secret_on(shirin.get(page)) == ""
        told = " ".join(entry.details for entry in Entry.objects.all())
        assert not [one for one in (secret, renewed, row.secret_digest) if one in told]

    @pytest.mark.parametrize(
        ("chosen", "scope"),
        [
            ({"reach": "everything"}, {"*": ["*"]}),
            ({"reach": "read"}, {"*": ["read"]}),
            ({"reach": "chosen", "scope": ["lead.read", "lead.create"]}, {"lead": ["create", "read"]}),
        ],
    )
    def test_it_may_ask_for_what_was_chosen(self, chosen, scope, shirin):
        register(shirin, **chosen)
        row = Program.objects.get()
        assert row.scope == scope
        change = form(shirin.get(reverse("programs:change_program", args=[row.pk])), "addresses")
        assert change.fields["reach"] == [chosen["reach"]]
        assert sorted(change.fields.get("scope", [])) == sorted(chosen.get("scope", ["lead.read"][:0]))

    @pytest.mark.parametrize(
        ("chosen", "told"),
        [
            ({"name": ""}, "required"),
            ({"addresses": ""}, "required"),
            ({"addresses": f"{BACK} http://evil.example/"}, "http://evil.example/ safely"),
            ({"addresses": "javascript:alert(1)"}, "safely"),
            ({"addresses": " ".join(f"{BACK}{n}" for n in range(21))}, "20 addresses are the most"),
            ({"home_page": "javascript:alert(1)"}, "valid URL"),
            ({"home_page": "ftp://planner.example/"}, "web address"),
            ({"reach": "chosen"}, "Tick at least one box"),
            ({"kind": "x"}, "valid choice"),
        ],
    )
    def test_a_form_that_says_what_cannot_be_is_asked_again(self, chosen, told, shirin):
        answer = register(shirin, **chosen)
        assert (answer.status_code, told in text(answer)) == (422, True)
        assert not Program.objects.exists()

    def test_it_is_changed_and_switched_off(self, shirin, cast, planner):
        access = planner.connect(cast.reza)["access_token"]
        page = shirin.get(reverse("programs:change_program", args=[planner.row.pk]))
        assert "It runs" not in text(page)
        send(shirin, page, "addresses", name="Calendar", is_active=[], reach="read")
        row = Program.objects.get()
        assert (row.name, row.is_active, row.addresses) == ("Calendar", False, [BACK])
        assert comes_in(access).status_code == 401
        noted = Entry.objects.filter(kind="programs.changed").latest("pk")
        assert noted.told["changes"]["is_active"] == [True, False]

    def test_one_that_is_deleted_is_out_with_all_that_it_had(self, shirin, cast, planner):
        access = planner.connect(cast.reza)["access_token"]
        shirin.post(reverse("programs:delete_program", args=[planner.row.pk]))
        assert comes_in(access).status_code == 401
        assert not Connection.objects.exists()
        assert Entry.objects.filter(kind="programs.changed").latest("pk").told["did"] == "removed"

    @pytest.mark.parametrize("page", ["registered", "add_program", "program", "change_program"])
    def test_nobody_else_sees_them(self, page, cast, planner):
        args = [planner.row.pk] if page in ("program", "change_program") else []
        assert signed_in(cast.demir).get(reverse(f"programs:{page}", args=args)).status_code == 403

    def test_nobody_else_changes_them(self, cast, server):
        pk, demir = server.row.pk, signed_in(cast.demir)
        server.connect(cast.reza)
        sent = [
            demir.post(reverse("programs:program_secret", args=[pk])),
            demir.post(reverse("programs:delete_program", args=[pk])),
            demir.post(reverse("programs:disconnect_any", args=[pk, cast.reza.pk])),
            demir.post(reverse("programs:change_program", args=[pk]), {"name": "x"}),
        ]
        assert {answer.status_code for answer in sent} == {403}
        assert Connection.objects.count() == 1
        server.row.refresh_from_db()
        assert server.row.name == "Books"


class TestSeeing:
    def test_people_see_what_they_have_connected_and_end_it(self, cast, planner):
        access = planner.connect(cast.reza, scope="lead.read")["access_token"]
        planner.connect(cast.bob)
        comes_in(access)
        reza = signed_in(cast.reza)
        listed = text(reza.get(reverse("programs:tokens")))
        assert "Planner Leads: Read since" in listed
        assert "last used: just now" in listed
        ending = reverse("programs:disconnect", args=[planner.row.pk])
        assert signed_in(cast.can).post(ending).status_code == 404
        reza.post(ending)
        assert comes_in(access).status_code == 401
        assert "No program has been given access" in text(reza.get(reverse("programs:tokens")))
        assert Connection.objects.get().user == cast.bob
        noted = Entry.objects.get(kind="programs.disconnected")
        assert (noted.user_id, noted.title, noted.told["whose"]) == (cast.reza.pk, "Planner", "Reza Moradi")

    def test_one_that_was_connected_from_two_places_is_listed_once_with_all_that_it_may_do(
        self, cast, planner
    ):
        both = [planner.connect(cast.reza, scope=scope) for scope in ("lead.read", "contact.read")]
        reza = signed_in(cast.reza)
        listed = text(reza.get(reverse("programs:tokens")))
        assert "Contacts: Read · Leads: Read" in listed
        assert listed.count("Planner") == 1
        reza.post(reverse("programs:disconnect", args=[planner.row.pk]))
        assert {comes_in(one["access_token"]).status_code for one in both} == {401}

    def test_a_yes_that_the_program_never_took_is_no_connection(self, cast, planner):
        planner.code(cast.reza)
        assert "Planner" not in text(signed_in(cast.reza).get(reverse("programs:tokens")))

    def test_administrators_see_and_end_everybodys(self, cast, planner, shirin):
        access = planner.connect(cast.reza)["access_token"]
        assert "Planner Acts as Reza Moradi" in text(shirin.get(reverse("programs:everybody")))
        assert "1 person has connected it" in text(shirin.get(reverse("programs:registered")))
        page = reverse("programs:program", args=[planner.row.pk])
        assert "Reza Moradi" in text(shirin.get(page))
        shirin.post(reverse("programs:disconnect_any", args=[planner.row.pk, cast.reza.pk]))
        assert comes_in(access).status_code == 401
        assert "Nobody yet" in text(shirin.get(page))
        assert Entry.objects.get(kind="programs.disconnected").user_id == cast.shirin.pk

    def test_what_happens_is_read_in_the_audit_log(self, cast, planner, shirin):
        planner.connect(cast.reza, scope="lead.read")
        listed = text(shirin.get("/settings/audit/"))
        assert "Program connected" in listed
        assert "Registered program changed" in listed

    def test_lists_ask_the_database_as_often_for_many_as_for_one(self, cast, planner, shirin):
        pages = [
            reverse("programs:tokens"), reverse("programs:everybody"), reverse("programs:registered"),
            reverse("programs:program", args=[planner.row.pk]),
        ]  # fmt: skip
        planner.connect(cast.shirin)

        def asked():
            counts = []
            for page in pages:
                shirin.get(page)
                with CaptureQueriesContext(connection) as captured:
                    shirin.get(page)
                counts.append(len(captured))
            return counts

        one = asked()
        for user in (cast.reza, cast.bob, cast.can, cast.shirin):
            planner.connect(user, scope="lead.read")
            Planner(cast.shirin, name=f"Of {user}").connect(user)
        assert asked() == one

    def test_it_is_found_from_the_menu(self, cast):
        menu = links(signed_in(cast.reza).get("/"))
        assert menu["Connected programs"] == f"{reverse('programs:tokens')}#connected"


def test_a_program_that_is_called_by_the_name_of_an_erased_person_is_called_otherwise(cast):
    row = Planner(cast.shirin, name="Diary of Sara Ahmadi").row
    place = next(one.place for one in erasing.places() if one.name == "programs")
    sara = Person({}, Mentions(names=["Sara Ahmadi"]), {})
    assert place.count(sara) == 1
    place.erase(sara)
    row.refresh_from_db()
    assert row.name == "Diary of […]"
