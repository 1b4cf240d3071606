"""What people do through the screens stands in the log: who, from where, about what, before and after."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from kariz.accounts.credentials import CodeApp
from kariz.accounts.models import Profile, Team, User
from kariz.audit.models import Entry
from kariz.core import choices, records, registry
from kariz.core.models import FieldSetting
from kariz.features.audit.models import ViewSetting
from kariz.features.backups import making
from kariz.web import letters, throttle
from tests import cast as people
from tests import specimens
from tests.cast import signed_in
from tests.forms import send
from tests.reading import FRAGMENT, at

NEW_PASSWORD = "another long phrase of mine"
LEAD, OPPORTUNITY = registry.get("lead"), registry.get("opportunity")


def noted(kind: str) -> list[Entry]:
    return list(Entry.objects.filter(kind__startswith=kind).order_by("id"))


def only(kind: str) -> Entry:
    [entry] = noted(kind)
    return entry


def sign_in(name: str, password: str = people.PASSWORD, **headers: str) -> Client:
    client = Client()
    client.post(reverse("web:sign_in"), {"username": name, "password": password}, headers=headers)
    return client


class TestSigningIn:
    def test_in_and_out_with_the_address_and_the_browser(self, cast):
        browser = sign_in("reza", **{"User-Agent": "Mozilla/5.0 (X11)", "X-Forwarded-For": "203.0.113.7"})
        entry = only("sign_in.done")
        assert (entry.user_id, entry.who) == (cast.reza.pk, "Reza Moradi")
        assert (entry.address, entry.agent) == ("127.0.0.1", "Mozilla/5.0 (X11)")
        browser.post(reverse("web:sign_out"))
        assert only("sign_in.ended").user_id == cast.reza.pk

    def test_behind_a_proxy_only_the_address_that_it_has_added_counts(self, cast, settings):
        settings.PROXIES = 1
        sign_in("reza", **{"X-Forwarded-For": "198.51.100.1, 203.0.113.7"})
        assert only("sign_in.done").address == "203.0.113.7"

    def test_a_failure_has_the_name_that_was_typed_and_never_the_password(self, cast):
        sign_in("Reza", "hunter2-secret")
        sign_in("reza", "hunter2-secret")
        first, second = noted("sign_in.failed")
        assert (first.told["typed"], first.about_id, first.user_id) == ("Reza", None, None)
        assert (second.about_type, second.about_id) == ("user", cast.reza.pk)
        assert "hunter2" not in f"{first.details}{first.words}{second.details}{second.words}"

    def test_who_is_locked_out_is_noted_beside_the_failures(self, cast):
        for number in range(throttle.NAME.free + 3):
            sign_in("reza", str(number))
        assert [entry.told["typed"] for entry in noted("sign_in.locked")] == ["reza"] * 3
        assert len(noted("sign_in.failed")) == throttle.NAME.free + 3

    def test_a_password_that_somebody_changes_himself(self, cast):
        people.signed_in(cast.reza).post(reverse("web:password"), {"new_password": NEW_PASSWORD})
        entry = only("sign_in.password")
        assert (entry.user_id, entry.about_id, entry.told) == (cast.reza.pk, cast.reza.pk, {})
        assert "phrase" not in entry.words

    def test_a_password_that_is_refused_is_not_noted(self, cast):
        people.signed_in(cast.reza).post(reverse("web:password"), {"new_password": "short"})
        assert noted("sign_in.password") == []

    def test_a_password_that_is_chosen_by_a_link(self, cast):
        stranger = Client()
        page = stranger.get(letters.reset_path(cast.reza), follow=True)
        stranger.post(page.request["PATH_INFO"], {"new_password": NEW_PASSWORD})
        entry = only("sign_in.password")
        assert (entry.user_id, entry.about_id, entry.address) == (cast.reza.pk, cast.reza.pk, "127.0.0.1")

    def test_another_address_and_other_factors(self, cast):
        told = {"user": cast.reza.pk, "from": cast.reza.email, "to": "new@example.com"}
        reza = people.signed_in(cast.reza)
        reza.get(reverse("web:email_check", args=[signing.dumps(told, salt=letters.EMAIL_SALT)]))
        assert only("sign_in.email").told["changes"] == {"email": ["", "new@example.com"]}
        CodeApp.objects.create(user=cast.reza, secret="sealed")
        reza.post(reverse("web:code_app_remove"))
        assert only("sign_in.factors").told == {"did": "removed", "which": "Authenticator app"}


class TestRights:
    def test_a_new_user_and_what_is_changed_of_him(self, cast, shirin):
        page = shirin.get(reverse("customize:user_add"))
        send(shirin, page, "username", name="Nazanin", username="nazanin", role="salesperson")
        made = noted("rights.user")[-1]
        user = User.objects.get(username="nazanin")
        assert (made.about_id, made.who, made.told["did"]) == (user.pk, "Shirin Rad", "added")
        assert made.told["changes"]["role"] == [None, "Salesperson"]
        assert "password" not in made.details
        page = shirin.get(reverse("customize:user", args=[user.pk]))
        send(shirin, page, "username", role="administrator", team=cast.reza.team_id)
        changed = noted("rights.user")[-1].told
        assert changed["changes"] == {"role": ["Salesperson", "Administrator"], "team": [None, "Tehran"]}

    def test_nothing_is_noted_where_nothing_was_changed(self, cast, shirin):
        before = len(noted("rights."))
        page = shirin.get(reverse("customize:user", args=[cast.reza.pk]))
        send(shirin, page, "username")
        assert len(noted("rights.")) == before

    def test_ending_and_giving_access_and_a_password(self, cast, shirin):
        shirin.post(reverse("customize:user_password", args=[cast.reza.pk]))
        password = only("rights.password")
        assert (password.about_id, password.told) == (cast.reza.pk, {})
        assert noted("sign_in.password") == []
        shirin.post(reverse("customize:access_reset", args=[cast.reza.pk]))
        shirin.post(reverse("customize:access_link", args=[cast.reza.pk]))
        for kind in ("rights.factors", "rights.link"):
            assert (only(kind).user_id, only(kind).about_id) == (cast.shirin.pk, cast.reza.pk)
        shirin.post(reverse("customize:user_deactivate", args=[cast.reza.pk]), {"hand_over_to": ""})
        assert noted("rights.user")[-1].told["changes"] == {"is_active": [True, False]}
        shirin.post(reverse("customize:user_activate", args=[cast.reza.pk]))
        assert noted("rights.user")[-1].told["changes"] == {"is_active": [False, True]}

    def test_teams(self, cast, shirin):
        send(shirin, shirin.get(reverse("customize:team_add")), "name", name="North")
        north = Team.objects.get(name="North")
        assert noted("rights.team")[-1].told["did"] == "added"
        shirin.post(reverse("customize:team_remove", args=[north.pk]))
        gone = noted("rights.team")[-1]
        assert (gone.about_id, gone.title, gone.told["did"]) == (north.pk, "North", "removed")

    def test_profiles_and_their_fields(self, cast, shirin):
        profile = Profile.objects.get(key="salesperson")
        page = shirin.get(reverse("rights:profile", args=[profile.pk]))
        send(shirin, page, "lead-read", **{"lead-read": "all"})
        granted = noted("rights.profile")[-1]
        assert (granted.about_id, granted.told["type"], granted.told["did"]) == (profile.pk, "lead", "added")
        assert granted.told["changes"]["read"][1] == "all"
        page = shirin.get(reverse("rights:profile_fields", args=[profile.pk, "lead"]))
        send(shirin, page, "field-phone", **{"field-phone": "hidden"})
        assert noted("rights.profile")[-1].told["changes"]["field"] == [None, "phone"]

    def test_how_far_a_type_is_open_and_who_looks_with_whose_eyes(self, cast, shirin):
        shirin.post(reverse("rights:sharing", args=["lead"]), {"level": "read"})
        assert only("rights.sharing").told["did"] == "added"
        shirin.post(f"/preview/{cast.reza.pk}/")
        entry = only("rights.preview")
        assert (entry.user_id, entry.about_id, entry.told["did"]) == (cast.shirin.pk, cast.reza.pk, "started")

    def test_users_that_are_made_on_the_server(self, cast):
        call_command("createuser", "karim", "--role", "administrator", "--password", people.PASSWORD)
        entry = noted("rights.user")[-1]
        assert (entry.user_id, entry.who, entry.address) == (None, "", "")
        assert entry.agent.startswith("kariz")


class TestSettings:
    def test_fields_with_what_they_were(self, shirin):
        address = reverse("customize:field_add", args=["lead"])
        send(shirin, shirin.get(f"{address}?type=text"), "label", label="Tier", type="text")
        added = only("settings.field")
        assert (added.title, added.told["did"], added.who) == ("lead.tier", "added", "Shirin Rad")
        page = shirin.get(reverse("customize:field", args=["lead", "tier"]))
        send(shirin, page, "label", label="Level")
        assert noted("settings.field")[-1].told["changes"] == {"label": ["Tier", "Level"]}
        shirin.post(reverse("customize:field_hide", args=["lead", "tier"]), {"is_hidden": "1"})
        assert noted("settings.field")[-1].told["changes"] == {"is_hidden": [False, True]}
        assert FieldSetting.objects.count() == 1

    def test_choices_and_their_order(self, shirin):
        keys = [one.key for one in choices.of("lead", "source")]
        shirin.post(reverse("customize:order", args=["lead", "source"]), {"choice": keys[::-1]})
        assert only("settings.order").told["changes"] == {"order": [keys, keys[::-1]]}
        address = reverse("customize:choice_add", args=["lead", "source"])
        send(shirin, shirin.get(address), "label", label="Fair")
        added = only("settings.choice")
        assert (added.title, added.told["field"]) == ("Fair", "lead.source")
        shirin.post(reverse("customize:choice_remove", args=["lead", "source", added.about_id]))
        assert noted("settings.choice")[-1].told["changes"] == {"is_removed": [False, True]}

    def test_pipelines(self, shirin):
        address = reverse("customize:pipeline_add", args=["opportunity"])
        send(shirin, shirin.get(address), "label", label="Export")
        assert noted("settings.choice")[0].told["field"] == "opportunity.pipeline"
        assert {entry.told["field"] for entry in noted("settings.choice")[1:]} == {"opportunity.stage"}

    def test_the_company(self, shirin):
        send(shirin, shirin.get(reverse("customize:company")), "currency", name="Arvand Ltd")
        entry = only("settings.changed")
        assert (entry.about_type, entry.told["changes"]) == ("company", {"name": ["Arvand", "Arvand Ltd"]})

    def test_the_layout_and_the_norm(self, shirin):
        shirin.post(reverse("customize:completeness", args=["lead"]), {"expected": ["email"]})
        assert only("settings.completeness").told["changes"]["expected"][1] == ["email"]

    def test_matching_rules(self, shirin):
        address = reverse("duplicates:rule", args=["lead"])
        send(shirin, shirin.get(address), "threshold", threshold="61")
        assert only("settings.matching").told["changes"]["threshold"] == [None, 61]
        shirin.post(address, {"reset": "1"})
        assert noted("settings.matching")[-1].told["did"] == "removed"

    def test_what_is_refused_is_not_noted(self, cast, shirin):
        send(shirin, shirin.get(reverse("customize:company")), "currency", name="")
        signed_in(cast.reza).post(reverse("customize:user_password", args=[cast.bob.pk]))
        assert noted("settings.") == []
        assert noted("rights.password") == []


class TestUndo:
    def test_of_somebody_elses_changes(self, cast, shirin):
        lead = specimens.make(LEAD, cast.reza)
        batch = records.batch_of("edit", cast.reza, "Some")
        records.save(LEAD, lead, {"description": "x"}, user=cast.reza, batch=batch)
        shirin.post(reverse("web:undo", args=[batch.pk]))
        entry = only("undo.others")
        assert (entry.user_id, entry.about_id) == (cast.shirin.pk, batch.pk)
        assert (entry.told["whose"], entry.told["count"]) == ("Reza Moradi", 1)

    def test_of_ones_own_is_nobodys_business(self, cast):
        lead = specimens.make(LEAD, cast.reza)
        batch = records.batch_of("edit", cast.reza)
        records.save(LEAD, lead, {"description": "x"}, user=cast.reza, batch=batch)
        signed_in(cast.reza).post(reverse("web:undo", args=[batch.pk]))
        assert noted("undo.") == []


class TestViews:
    def views(self, shirin: Client, **rates: Any) -> None:
        page = shirin.get(reverse("audit:settings"))
        send(shirin, page, "kept_months", **{f"views-{name}": rate for name, rate in rates.items()})

    def test_are_off_until_somebody_wants_them(self, cast):
        lead = specimens.make(LEAD, cast.reza)
        signed_in(cast.reza).get(at("record", LEAD, lead.pk))
        assert noted("record.viewed") == []

    def test_pages_and_panels_of_the_types_that_are_on(self, cast, shirin):
        lead = specimens.make(LEAD, cast.reza, "Sara")
        deal = specimens.make(OPPORTUNITY, cast.reza)
        self.views(shirin, lead="1")
        reza = signed_in(cast.reza)
        reza.get(at("record", LEAD, lead.pk))
        reza.get(at("panel", LEAD, lead.pk), headers=FRAGMENT)
        reza.get(at("record", OPPORTUNITY, deal.pk))
        signed_in(cast.bob).get(at("record", LEAD, lead.pk))
        first, second = noted("record.viewed")
        assert (first.user_id, first.about_type, first.about_id) == (cast.reza.pk, "lead", lead.pk)
        assert second.title == LEAD.fields[LEAD.title].get(lead)
        changed = only("settings.audit")
        assert (changed.about_type, changed.told["changes"]) == ("lead", {"every": [None, 1]})

    def test_what_a_program_reads_whole(self, cast, shirin):
        first = specimens.make(LEAD, cast.reza, "Sara")
        self.views(shirin, lead="1")
        reza = signed_in(cast.reza)
        reza.get(f"/api/v1/lead/{first.pk}")
        reza.get("/api/v1/lead?fields=name")
        reza.get("/api/v1/lead")
        one, several = noted("record.viewed")
        assert (one.user_id, one.about_id) == (cast.reza.pk, first.pk)
        assert (several.about_type, several.about_id) == ("lead", first.pk)

    def test_a_sample_of_them(self, cast, shirin, monkeypatch):
        lead = specimens.make(LEAD, cast.reza)
        self.views(shirin, lead="10")
        drawn = iter([3, 0, 9])
        monkeypatch.setattr("secrets.randbelow", lambda most: next(drawn))
        for _number in range(3):
            shirin.get(at("record", LEAD, lead.pk))
        assert only("record.viewed").told == {"one_in": 10}

    def test_turning_them_off_is_noted_too(self, cast, shirin):
        self.views(shirin, lead="1")
        self.views(shirin, lead="0")
        assert noted("settings.audit")[-1].told["changes"] == {"every": [1, 0]}
        assert not ViewSetting.objects.filter(every__gt=0).exists()


class TestBackups:
    def test_made_downloaded_and_deleted(self, shirin, monkeypatch, tmp_path):
        monkeypatch.setattr(making, "folder", lambda: tmp_path)
        (tmp_path / "kariz-20260101-000000.zip").write_bytes(b"x")
        name = "kariz-20260101-000000.zip"
        b"".join(shirin.get(reverse("backups:download", args=[name])).streaming_content)
        shirin.post(reverse("backups:delete", args=[name]))
        fetched, deleted = noted("backup.")
        assert (fetched.kind, deleted.kind) == ("backup.downloaded", "backup.deleted")
        assert fetched.told == deleted.told == {"file": name}

    def test_their_settings(self, shirin):
        page = shirin.get(reverse("backups:backups"))
        send(shirin, page, "hour", is_daily="on", hour="5")
        assert only("settings.backups").told["changes"]["hour"] == [None, 5]
