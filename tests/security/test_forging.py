"""Forged forms and forged values: what other sites make a browser send, and what no form asks for."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kariz.accounts import invitations
from kariz.accounts.credentials import Invitation
from kariz.accounts.models import User
from kariz.api.models import Token
from kariz.core import registry
from kariz.core.models import Choice
from kariz.core.registry import RecordType
from kariz.features.transfer.models import Import, SavedPlan
from kariz.web.models import SavedView
from tests import cast as people
from tests import specimens, wizard
from tests.forms import send
from tests.reading import at, text
from tests.security import addresses, expected

LEAD = registry.get("lead")
OPPORTUNITY = registry.get("opportunity")
# Of the fields that the program keeps, those that tell who wrote the record and when.
MADE_BY_WHOM = {"created_by", "created_at", "updated_at", "creation_mode", "stage_entered_at"}


class TestForgedForms:
    @pytest.mark.parametrize("address", addresses.every(), ids=lambda address: address.name)
    def test_every_write_needs_the_token_of_our_pages(self, cast, address):
        if expected.line_of(address) and expected.door_of(address).also == "programs":
            return
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(cast.shirin)
        methods = ("post", "put", "patch", "delete")
        assert {getattr(browser, method)(address.at()).status_code for method in methods} == {403}

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


class TestForgedPeople:
    """Nobody makes more of himself than administrators have made of him."""

    MORE = {
        "role": "administrator", "other_roles": "administrator", "is_superuser": "1", "is_staff": "on", "team": "1",
        "username": "boss", "password": "x", "is_active": "", "user_permissions": "1", "email": "boss@example.com",
    }  # fmt: skip

    def test_by_the_preferences(self, cast):
        reza = people.signed_in(cast.reza)
        before = vars(User.objects.get(pk=cast.reza.pk))
        told = {
            "language": "tr",
            "calendar": "",
            "digits": "",
            "time_zone": "",
            "theme": "dark",
            "density": "compact",
        }
        answer = reza.post(reverse("web:preferences"), {"name": "Reza", **told, **self.MORE})
        after = vars(User.objects.get(pk=cast.reza.pk))
        changed = {name for name in before if name != "_state" and before[name] != after[name]}
        assert answer.status_code == 302
        assert changed <= {"name", "phone", *told}

    def test_by_an_invitation(self, cast):
        secret = invitations.renew(Invitation(email="new@example.com", role_id="telemarketer"))
        sent = {"name": "New One", "username": "newone", "new_password": "four words that nobody guesses"}
        Client().post(reverse("web:join", args=[secret]), self.MORE | sent)
        made = User.objects.get(username="newone")
        assert (made.role_id, made.is_superuser, made.is_staff) == ("telemarketer", False, False)
        assert (made.email, made.team) == ("new@example.com", None)

    def test_by_a_token_for_somebody_else(self, cast):
        sent = {
            "name": "Mine",
            "expires": "30",
            "reach": "everything",
            "owner": cast.shirin.pk,
            "made_by": cast.shirin.pk,
        }
        people.signed_in(cast.reza).post(reverse("programs:new"), sent)
        token = Token.objects.get()
        assert (token.owner, token.made_by, token.is_service) == (cast.reza, cast.reza, False)

    def test_by_a_view_that_would_be_everybodys_or_the_programs(self, cast):
        sent = {"name": "Mine", "owner": "", "key": "all", "position": "0", "record_type": "opportunity"}
        people.signed_in(cast.reza).post(at("view_save", LEAD), sent)
        view = SavedView.objects.get(name="Mine")
        assert (view.owner, view.key, view.record_type, view.is_shared) == (cast.reza, "", "lead", False)


class TestForgedImports:
    KEPT = (
        "id",
        "version",
        "created_by",
        "created_at",
        "is_converted",
        "converted_at",
        "completeness",
        "rank",
        "custom",
    )

    def test_no_column_becomes_what_the_program_keeps(self, cast, shirins):
        for name in self.KEPT:
            plan = {"type": "lead", "columns": {"Name": "name", "Kept": name}}
            told = ordered(shirins, plan, "Name,Kept\nSara,999\n")
            assert told.status_code == 422, name
        assert not LEAD.model.objects.exists()

    def test_titles_that_are_called_so_are_mapped_to_nothing(self, shirin):
        header = ",".join(["Name", "Source", *self.KEPT])
        row = ",".join(["Sara Ahmadi", "website", *["999"] * len(self.KEPT)])
        wizard.bring(shirin, "lead", f"{header},Phone\n{row},+98 21 8888 1234\n")
        made = LEAD.model.objects.get()
        assert (made.version, made.is_converted, made.custom) == (1, False, {})
        assert made.pk != 999

    def test_only_administrators_say_that_a_file_is_to_be_taken_exactly(self, cast, program):
        plan = {"type": "lead", "columns": {"Name": "name"}, "exact": True}
        assert ordered(program(cast.reza), plan, "Name\nSara\n").status_code == 403

    def test_only_administrators_bring_users_or_new_choices(self, cast, program):
        reza = program(cast.reza)
        assert (
            ordered(reza, {"type": "user", "columns": {"Name": "name"}}, "Name\nMallory\n").status_code == 403
        )
        plan = {
            "type": "organization",
            "columns": {"Name": "name", "Kind": "industry"},
            "create": ["industry"],
        }
        told = ordered(reza, plan, "Name,Kind\nPars,Smuggling\n")
        assert (told.status_code, list(told.json()["error"]["fields"])) == (422, ["plan"])
        assert not User.objects.filter(name="Mallory").exists()

    def test_a_token_makes_on_the_way_only_what_it_covers(self, cast, program):
        plan = {
            "type": "contact",
            "columns": {"Name": "name", "Firm": "organization"},
            "create": ["organization"],
        }
        narrow = program(cast.shirin, {"contact": ["read", "import", "create"]})
        told = ordered(narrow, plan, "Name,Firm\nSara,Pars\n")
        assert (told.status_code, told.json()["error"]["code"]) == (403, "out_of_scope")

    def test_a_plan_that_an_administrator_saved_gives_nobody_his_rights(self, cast, shirin):
        wizard.bring(shirin, "organization", "Name,Kind\nPars,Technology\n")
        run = Import.objects.get()
        shirin.post(reverse("transfer:save_plan", args=[run.pk]), {"name": "Firms"})
        saved = SavedPlan.objects.get()
        saved.steps[0] |= {"columns": {"Name": "name", "Kind": "industry"}, "create": ["industry"]}
        saved.save()
        reza = people.signed_in(cast.reza)
        file = SimpleUploadedFile("rows.csv", b"Name,Kind\nArvand,Smuggling\n")
        first = reza.post(
            reverse("transfer:upload"), {"type": "organization", "plan": saved.pk, "files": file}
        )
        wizard.finish(reza, first)
        assert not Choice.objects.filter(label="Smuggling").exists()

    def test_a_plan_that_does_not_fit_whoever_takes_it_is_said_so(self, cast):
        plan = SavedPlan.objects.create(
            name="Old",
            user=cast.shirin,
            steps=[{"type": "lead", "file": "rows.csv", "columns": {"Name": "no_more"}}],
        )
        reza = people.signed_in(cast.reza)
        file = SimpleUploadedFile("rows.csv", b"Name\nSara\n")
        first = reza.post(reverse("transfer:upload"), {"type": "lead", "plan": plan.pk, "files": file})
        page = reza.get(first["Location"])
        assert page.status_code == 200
        assert "has no field" in text(page)


def ordered(program, plan, content):
    file = SimpleUploadedFile("rows.csv", content.encode())
    return program.client.post("/api/v1/imports", {"file": file, "plan": json.dumps(plan)})
