"""Exports stand in the audit log; large ones are told to administrators, and may have to wait for one of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from kariz import notices
from kariz.accounts.models import User
from kariz.accounts.roles import ShippedRole
from kariz.audit.models import Entry, EntryRecords
from kariz.core import registry
from kariz.features.export import running
from kariz.features.export.models import ExportRun, ExportSetting
from kariz.features.export.orders import Order
from kariz.jobs import worker
from kariz.lib import idsets
from tests import specimens
from tests.cast import Cast, hire, signed_in
from tests.forms import send
from tests.reading import html, text

OPPORTUNITY = registry.get("opportunity")
PLAIN = {"format": "csv", "form": "iso", "fields": "all", "delimiter": "comma", "bom": "", "vcard": "3.0"}
SETTINGS = "/settings/exports/"
LARGE = 3


def order(client: Client, **chosen: Any) -> Any:
    return client.post("/export/opportunity/", {**PLAIN, "scope": "all", "run": "1", **chosen})


def fetched(answer: Any) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def noted(kind: str) -> list[Entry]:
    return list(Entry.objects.filter(kind__startswith=kind).order_by("id"))


def told(user: User) -> list[str]:
    return [str(one) for one in notices.recent(user, 10)]


def decide(user: User, run: ExportRun, **what: str) -> Any:
    return signed_in(user).post(reverse("export:decide", args=[run.pk]), what, follow=True)


@pytest.fixture
def second(cast: Cast) -> User:
    """Another administrator than Shirin."""
    return hire("dara", "Dara Amini", ShippedRole.ADMINISTRATOR)


@pytest.fixture
def deals(cast: Cast) -> list[Any]:
    return [specimens.make(OPPORTUNITY, cast.reza, f"Deal {n}") for n in range(LARGE)]


@pytest.fixture
def with_approval(second: User) -> None:
    ExportSetting.objects.create(pk=1, large_from=LARGE, needs_approval=True)


@pytest.fixture
def waiting(cast: Cast, deals: list[Any], with_approval: None) -> ExportRun:
    order(signed_in(cast.reza))
    return ExportRun.objects.get()


class TestWhatIsNoted:
    def test_what_went_out_how_many_and_which_records(self, cast, deals):
        fetched(order(signed_in(cast.reza), scope="selected", ids=[deals[0].pk, deals[2].pk]))
        started, ended = noted("export.")
        assert (started.kind, ended.kind) == ("export.started", "export.ended")
        assert (started.user_id, started.about_type, started.address) == (
            cast.reza.pk,
            "opportunity",
            "127.0.0.1",
        )
        assert started.told["which"] == "selected records"
        assert (ended.told["rows"], ended.told["is_kept"], ended.told["is_whole"]) == (2, False, True)
        assert ended.address == "127.0.0.1"
        bits = EntryRecords.objects.get(entry=ended).bits
        assert [idsets.holds(bytes(bits), deal.pk) for deal in deals] == [True, False, True]

    def test_the_filter_in_words(self, cast, deals):
        where = '{"all": [["name", "contains", "Deal 1"]]}'
        address = f"/export/opportunity/?where={where}"
        fetched(signed_in(cast.reza).post(address, {**PLAIN, "scope": "view", "run": "1"}))
        assert noted("export.started")[0].told["which"] == "Name contains Deal 1"

    def test_an_export_that_is_let_go_of_half_way(self, cast, deals, monkeypatch):
        monkeypatch.setattr("kariz.features.export.rows.AT_ONCE", 1)
        parts = running.content(running.begin(Order("opportunity"), cast.reza))
        next(parts), next(parts)
        parts.close()
        assert noted("export.ended")[0].told["is_whole"] is False

    def test_a_file_that_is_kept_and_fetched(self, cast, deals, monkeypatch):
        monkeypatch.setattr("kariz.features.export.running.DIRECTLY", 1)
        reza = signed_in(cast.reza)
        order(reza)
        worker.drain()
        assert noted("export.ended")[0].told["is_kept"] is True
        assert noted("export.ended")[0].who == "Reza Moradi"
        fetched(reza.get(reverse("export:file", args=[ExportRun.objects.get().pk])))
        assert noted("export.fetched")[0].user_id == cast.reza.pk

    def test_exports_on_the_server_even_where_approval_is_needed(self, with_approval, deals, tmp_path):
        call_command("export", "opportunity", "--output", str(tmp_path / "deals.csv"))
        started, ended = noted("export.")
        assert (started.who, ended.told["rows"]) == ("", LARGE)


class TestSettings:
    def test_what_is_large_is_for_administrators_to_say(self, cast, second):
        shirin = signed_in(cast.shirin)
        send(shirin, shirin.get(SETTINGS), "large_from", large_from="10,000", needs_approval="on")
        setting = ExportSetting.current()
        assert (setting.large_from, setting.needs_approval) == (10_000, True)
        assert noted("settings.exports")[0].told["changes"]["large_from"] == [None, 10_000]
        assert 'value="10,000"' in html(shirin.get(SETTINGS))
        assert signed_in(cast.reza).post(SETTINGS, {"large_from": ""}).status_code == 403

    @pytest.mark.parametrize("typed", ["many", "0", "-5", "1.5"])
    def test_a_number_that_is_none_is_refused(self, cast, typed):
        answer = signed_in(cast.shirin).post(SETTINGS, {"large_from": typed})
        assert (answer.status_code, "Enter how many records" in text(answer)) == (422, True)

    def test_approval_needs_a_number_and_a_second_administrator(self, cast):
        shirin = signed_in(cast.shirin)
        assert "from how many records on" in text(shirin.post(SETTINGS, {"needs_approval": "on"}))
        answer = shirin.post(SETTINGS, {"large_from": "5", "needs_approval": "on"})
        assert "There is only one administrator." in text(answer)
        assert not ExportSetting.objects.exists()


class TestNotices:
    def test_administrators_hear_of_a_large_export_that_needs_no_approval(self, cast, second, deals):
        ExportSetting.objects.create(pk=1, large_from=LARGE)
        assert fetched(order(signed_in(cast.reza)))
        assert told(cast.shirin) == ["Reza Moradi exports 3 records of “Opportunities”."]
        fetched(order(signed_in(cast.shirin)))
        assert len(told(cast.shirin)) == 1
        assert len(told(second)) == 2

    def test_nobody_hears_of_a_small_one(self, cast, deals):
        ExportSetting.objects.create(pk=1, large_from=LARGE + 1)
        fetched(order(signed_in(cast.reza)))
        assert told(cast.shirin) == []


class TestApproval:
    def test_a_large_export_waits_and_gives_nothing_before_it_is_approved(self, cast, waiting):
        assert waiting.state == ExportRun.State.WAITING
        assert [entry.kind for entry in noted("export.")] == ["export.asked"]
        reza = signed_in(cast.reza)
        assert "The export waits for approval" in text(reza.get(reverse("export:run", args=[waiting.pk])))
        assert reza.get(reverse("export:file", args=[waiting.pk])).status_code == 404
        worker.drain()
        assert ExportRun.objects.get().count == 0
        assert told(cast.shirin) == [
            "Reza Moradi wants to export 3 records of “Opportunities” and waits for your approval."
        ]

    def test_a_small_one_does_not_wait(self, cast, deals, with_approval):
        assert fetched(order(signed_in(cast.reza), scope="selected", ids=[deals[0].pk]))

    def test_approved_it_is_made_and_the_asker_fetches_it(self, cast, waiting):
        page = signed_in(cast.shirin).get(reverse("export:decide", args=[waiting.pk]))
        assert "Reza Moradi wants to export 3 records of “Opportunities”" in text(page)
        send(signed_in(cast.shirin), page, "reason", do="approve")
        worker.drain()
        reza = signed_in(cast.reza)
        assert fetched(reza.get(reverse("export:file", args=[waiting.pk]))).count(b"Deal") >= LARGE
        assert "Shirin Rad has approved your export of 3 records of “Opportunities”." in told(cast.reza)
        kinds = [entry.kind for entry in noted("export.")]
        assert kinds == ["export.asked", "export.approved", "export.ended", "export.fetched"]
        assert noted("export.approved")[0].told["whose"] == "Reza Moradi"

    def test_refused_the_asker_reads_why(self, cast, waiting):
        why = "<b>Ask Demir</b> first"
        decide(cast.shirin, waiting, do="refuse", reason=why)
        assert ExportRun.objects.get().state == ExportRun.State.REFUSED
        page = signed_in(cast.reza).get(reverse("export:run", args=[waiting.pk]))
        assert why in text(page)
        assert "<b>Ask" not in html(page)
        assert why in told(cast.reza)[0]
        assert noted("export.refused")[0].told["reason"] == why
        worker.drain()
        assert ExportRun.objects.get().count == 0

    def test_a_refusal_needs_its_reason(self, cast, waiting):
        answer = decide(cast.shirin, waiting, do="refuse", reason=" ")
        assert (answer.status_code, "Say why" in text(answer)) == (422, True)
        assert ExportRun.objects.get().state == ExportRun.State.WAITING

    def test_nobody_approves_for_oneself(self, cast, deals, with_approval):
        order(signed_in(cast.shirin))
        run = ExportRun.objects.get()
        assert run.state == ExportRun.State.WAITING
        answer = decide(cast.shirin, run, do="approve")
        assert "Another administrator" in text(answer)
        assert ExportRun.objects.get().state == ExportRun.State.WAITING

    def test_nobody_but_administrators_decides(self, cast, waiting):
        address = reverse("export:decide", args=[waiting.pk])
        for person in (cast.reza, cast.demir):
            assert signed_in(person).get(address).status_code == 403
            assert signed_in(person).post(address, {"do": "approve"}).status_code == 403

    def test_the_first_who_decides_has_decided(self, cast, second, waiting):
        decide(second, waiting, do="refuse", reason="No")
        assert "decided on this export already" in text(decide(cast.shirin, waiting, do="approve"))
        assert ExportRun.objects.get().state == ExportRun.State.REFUSED

    def test_the_asker_can_withdraw_it(self, cast, waiting):
        signed_in(cast.reza).post(reverse("export:stop", args=[waiting.pk]))
        assert ExportRun.objects.get().state == ExportRun.State.STOPPED
        assert noted("export.withdrawn")[0].user_id == cast.reza.pk
        assert "decided on this export already" in text(decide(cast.shirin, waiting, do="approve"))

    def test_who_has_left_meanwhile_gets_nothing(self, cast, waiting):
        User.objects.filter(pk=cast.reza.pk).update(is_active=False)
        decide(cast.shirin, waiting, do="approve")
        worker.drain()
        run = ExportRun.objects.get()
        assert (run.count, bool(run.file)) == (0, False)

    def test_administrators_find_what_waits_in_the_list(self, cast, waiting):
        page = html(signed_in(cast.shirin).get(SETTINGS))
        assert f'href="/exports/{waiting.pk}/decide/"' in page
