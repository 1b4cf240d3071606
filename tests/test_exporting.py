"""Records go out as files: which ones, how they are written, by whom, and what is left behind."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from kariz import notices
from kariz.accounts import company
from kariz.accounts.models import User
from kariz.accounts.roles import ShippedRole
from kariz.core import metadata, records, registry
from kariz.core.registry import Grant
from kariz.features.export import keeping, rows, running
from kariz.features.export.models import ExportRun
from kariz.jobs import worker
from kariz.jobs.models import Job
from tests import specimens
from tests.cast import signed_in
from tests.forms import send
from tests.reading import html, text

OPPORTUNITY, LEAD, CONTACT = (registry.get(name) for name in ("opportunity", "lead", "contact"))
PLAIN = {"format": "csv", "form": "iso", "fields": "all", "delimiter": "comma", "bom": "", "vcard": "3.0"}


def order(client: Client, record_type: Any, query: str = "", **chosen: Any) -> Any:
    address = reverse("export:export", args=[record_type])
    return client.post(f"{address}{query}", {**PLAIN, "scope": "all", "run": "1", **chosen})


def content(answer: Any) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def table(answer: Any, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content(answer).decode("utf-8-sig")), delimiter=delimiter))


def deals(owner: User, count: int) -> list[Any]:
    return [specimens.make(OPPORTUNITY, owner, f"Deal {n:02}") for n in range(count)]


@pytest.mark.covers("R267", "R269", "R270", "R271", "R272")
class TestWhich:
    def test_the_ticked_records_go_out(self, shirin, cast):
        made = deals(cast.reza, 5)
        found = table(order(shirin, OPPORTUNITY, scope="selected", ids=[made[1].pk, made[3].pk]))
        assert {row["name"] for row in found} == {"Deal 01", "Deal 03"}

    def test_the_page_that_is_open_goes_out(self, shirin, cast):
        deals(cast.reza, 55)
        page = shirin.get("/opportunity/", {"sort": "name"})
        later = page.context["next_url"].partition("?")[2]
        found = table(order(shirin, OPPORTUNITY, f"?{later}", scope="page"))
        assert [row["name"] for row in found] == [f"Deal {n:02}" for n in range(50, 55)]

    def test_the_view_goes_out_with_its_filter_search_and_sort(self, shirin, cast):
        deals(cast.reza, 12)
        where = json.dumps({"all": [["name", "contains", "Deal 1"]]})
        found = table(order(shirin, OPPORTUNITY, f"?where={where}&sort=-name&q=deal", scope="view"))
        assert [row["name"] for row in found] == ["Deal 11", "Deal 10"]

    def test_all_data_goes_out_whatever_the_view_shows(self, shirin, cast):
        deals(cast.reza, 3)
        where = json.dumps({"all": [["name", "is", "Deal 1"]]})
        assert len(table(order(shirin, OPPORTUNITY, f"?where={where}", scope="all"))) == 3

    def test_with_nothing_ticked_the_selected_ones_cannot_be_chosen(self, shirin, cast):
        deals(cast.reza, 1)
        assert 'value="selected" disabled' in html(shirin.get("/export/opportunity/"))
        assert order(shirin, OPPORTUNITY, scope="selected").status_code == 422

    @pytest.mark.covers("R268")
    def test_the_page_asks_and_its_button_makes_the_file(self, shirin, cast):
        deals(cast.reza, 2)
        page = shirin.get("/export/opportunity/")
        assert "Export data" in text(page)
        assert "Export Opportunities" in text(page)
        found = CalamineWorkbook.from_filelike(io.BytesIO(content(send(shirin, page, "scope", run="1"))))
        assert len(found.get_sheet_by_index(0).to_python()) == 3


class TestHow:
    def test_every_type_goes_out_in_every_format_that_it_can_take(self, record_type, full, shirin):
        page = shirin.get(f"/export/{record_type.name}/")
        for name in page.context["formats"]:
            assert content(order(shirin, record_type, format=name))

    def test_csv_has_its_delimiter_and_where_wished_a_mark_of_unicode(self, shirin, cast):
        deals(cast.reza, 1)
        plain = content(order(shirin, OPPORTUNITY, delimiter="semicolon"))
        assert plain.startswith(b'"name";')
        assert content(order(shirin, OPPORTUNITY, bom="1")).startswith(b'\xef\xbb\xbf"name",')

    @pytest.mark.covers("R282")
    def test_all_fields_go_out_custom_ones_too_or_those_of_the_list(self, shirin, cast):
        metadata.add_field(OPPORTUNITY, label="Tier", type="text")
        deal = specimens.make(OPPORTUNITY, cast.reza)
        records.save(OPPORTUNITY, deal, {"tier": "Gold"}, user=None)
        [row] = table(order(shirin, OPPORTUNITY))
        assert row["tier"] == "Gold"
        assert row.keys() == set(OPPORTUNITY.fields)
        [row] = table(order(shirin, OPPORTUNITY, "?columns=stage,tier", fields="view"))
        assert list(row) == ["name", "stage", "tier"]

    def test_an_amount_is_never_without_its_currency(self, shirin, cast):
        specimens.make(OPPORTUNITY, cast.reza, amount="1200.5", currency="EUR")
        [row] = table(order(shirin, OPPORTUNITY, "?columns=amount", fields="view"))
        assert row == {"name": "Sara", "amount": "1200.5", "currency": "EUR"}

    def test_the_reader_gets_his_own_words_calendar_and_digits(self, cast):
        specimens.make(
            OPPORTUNITY, cast.maryam, "فروش", amount="1200000", currency="IRR", expected_close_on="2026-05-14"
        )
        found = table(
            order(signed_in(cast.maryam), OPPORTUNITY, "?columns=amount,expected_close_on,stage",
                  fields="view", form="reader")
        )  # fmt: skip
        [row] = [list(one.values()) for one in found]
        assert row[0] == "فروش"
        assert row[1].replace("\u00a0", " ") == "۱٬۲۰۰٬۰۰۰ ریال"
        assert row[2] == "۱۴۰۵/۰۲/۲۴"
        assert "نام" in next(iter(found[0]))

    def test_cells_that_a_spreadsheet_would_compute_are_made_harmless(self, shirin, cast):
        evil = ["=1+1", "+cmd", "-2+3", "@SUM(A1)"]
        for name in evil:
            specimens.make(OPPORTUNITY, cast.reza, name)
        metadata.add_field(OPPORTUNITY, label="Balance", type="number")
        records.save(OPPORTUNITY, OPPORTUNITY.model.objects.first(), {"balance": "-5"}, user=None)
        found = table(order(shirin, OPPORTUNITY))
        assert {row["name"] for row in found} == {f"'{name}" for name in evil}
        assert {row["balance"] for row in found} == {"-5", ""}
        book = CalamineWorkbook.from_filelike(io.BytesIO(content(order(shirin, OPPORTUNITY, format="xlsx"))))
        assert {row[0] for row in book.get_sheet_by_index(0).to_python()[1:]} == {f"'{name}" for name in evil}

    def test_a_spreadsheet_holds_numbers_and_days_as_such(self, shirin, cast):
        specimens.make(OPPORTUNITY, cast.reza, amount="1200.5", expected_close_on="2026-05-14")
        answer = order(
            shirin,
            OPPORTUNITY,
            "?columns=amount,expected_close_on",
            format="xlsx",
            form="reader",
            fields="view",
        )
        [head, row] = (
            CalamineWorkbook.from_filelike(io.BytesIO(content(answer))).get_sheet_by_index(0).to_python()
        )
        assert row[1] == 1200.5
        assert row[2].isoformat() == "2026-05-14"
        assert head[0] == str(OPPORTUNITY.fields["name"].label)

    def test_json_lines_keep_every_digit_and_name_what_is_linked(self, shirin, cast):
        specimens.make(OPPORTUNITY, cast.reza, amount="12345678901.2345")
        line = content(order(shirin, OPPORTUNITY, format="jsonl")).decode()
        assert '"amount": 12345678901.2345,' in line
        assert json.loads(line)["owner"] == "reza"

    def test_people_go_out_as_cards(self, shirin, cast):
        reached = {"phone": "+98 21 8888 1234 ext. 12", "email": "s@example.com"}
        specimens.make(CONTACT, cast.reza, "سارا احمدی", job_title="A; B, C", **reached)
        card = content(order(shirin, CONTACT, format="vcard", vcard="4.0")).decode()
        lines = card.replace("\r\n ", "").split("\r\n")
        assert lines[:4] == ["BEGIN:VCARD", "VERSION:4.0", "FN:سارا احمدی", "N:احمدی;سارا;;;"]
        assert "TITLE:A\\; B\\, C" in lines
        assert "TEL;VALUE=uri;TYPE=work:tel:+982188881234;ext=12" in lines
        assert order(shirin, OPPORTUNITY, format="vcard").status_code == 422


class TestWho:
    def test_nobody_exports_what_he_cannot_see(self, cast):
        deals(cast.bob, 2)
        specimens.make(OPPORTUNITY, cast.reza, "Mine")
        everything = [one.pk for one in OPPORTUNITY.model.objects.all()]
        reza = signed_in(cast.reza)
        for chosen in ({"scope": "all"}, {"scope": "selected", "ids": everything}):
            assert [row["name"] for row in table(order(reza, OPPORTUNITY, **chosen))] == ["Mine"]

    @pytest.mark.covers("R382")
    def test_dealers_export_only_where_they_are_allowed_to(self, cast, monkeypatch):
        specimens.make(LEAD, cast.kaveh)
        dealer = signed_in(cast.kaveh)
        assert "/export/lead/" not in html(dealer.get("/lead/"))
        assert order(dealer, LEAD).status_code == 403
        assert order(dealer, OPPORTUNITY).status_code == 404
        monkeypatch.setitem(LEAD.rights, ShippedRole.DEALER, Grant("own", "own", may_export=True))
        company.touch()
        assert len(table(order(dealer, LEAD))) == 1

    def test_names_of_records_out_of_reach_stay_out_of_the_file(self, cast):
        stranger = specimens.make(registry.get("organization"), cast.bob, "Secret Ltd.")
        deal = specimens.make(OPPORTUNITY, cast.reza)
        records.save(OPPORTUNITY, deal, {"organization": stranger.pk}, user=None)
        for form in ("iso", "reader"):
            assert b"Secret" not in content(order(signed_in(cast.reza), OPPORTUNITY, form=form))

    def test_a_right_that_is_withdrawn_while_the_file_is_written_ends_it(self, cast, monkeypatch):
        monkeypatch.setattr(rows, "AT_ONCE", 2)
        deals(cast.reza, 6)
        parts = order(signed_in(cast.reza), OPPORTUNITY).streaming_content
        next(parts), next(parts)
        OPPORTUNITY.model.objects.update(owner=cast.bob)
        assert b"Deal" not in b"".join(parts)
        assert ExportRun.objects.get().count == 2

    def test_every_export_is_written_down_for_administrators(self, shirin, cast):
        deals(cast.reza, 2)
        content(order(signed_in(cast.reza), OPPORTUNITY))
        page = text(shirin.get("/settings/exports/"))
        assert "Reza Moradi" in page
        assert "Opportunities 2 all records CSV Done" in page
        assert signed_in(cast.reza).get("/settings/exports/").status_code == 403


class TestLarge:
    @pytest.fixture(autouse=True)
    def small(self, monkeypatch):
        monkeypatch.setattr(running, "DIRECTLY", 3)

    def test_a_worker_writes_what_is_large_and_tells_its_person(self, cast):
        deals(cast.reza, 5)
        reza = signed_in(cast.reza)
        progress = reza.get(order(reza, OPPORTUNITY)["Location"])
        assert "The export is under way" in text(progress)
        worker.drain()
        run = ExportRun.objects.get()
        assert (run.state, run.count) == ("done", 5)
        [notice] = [one for one in notices.recent(cast.reza, 50) if "export" in one.url]
        assert str(notice) == "The export is ready: 5 records of “Opportunities”."
        assert "Download the file" in text(reza.get(notice.url))
        assert len(table(reza.get(f"{notice.url}file/"))) == 5

    def test_only_its_owner_fetches_the_file_and_only_while_he_may(self, cast, shirin, monkeypatch):
        deals(cast.reza, 5)
        reza = signed_in(cast.reza)
        order(reza, OPPORTUNITY)
        worker.drain()
        address = reverse("export:file", args=[ExportRun.objects.get().pk])
        assert shirin.get(address).status_code == 404
        monkeypatch.setitem(OPPORTUNITY.rights, ShippedRole.SALESPERSON, Grant())
        company.touch()
        assert reza.get(address).status_code == 403

    def test_a_stopped_export_leaves_no_file(self, cast):
        deals(cast.reza, 5)
        reza = signed_in(cast.reza)
        address = order(reza, OPPORTUNITY)["Location"]
        stopped = reza.post(f"{address}stop/", follow=True)
        worker.drain()
        assert "The export was stopped" in text(stopped)
        assert reza.get(f"{address}file/").status_code == 404

    def test_files_are_removed_after_a_few_days_what_was_exported_stays_known(self, cast, settings):
        deals(cast.reza, 5)
        reza = signed_in(cast.reza)
        address = order(reza, OPPORTUNITY)["Location"]
        worker.drain()
        path = ExportRun.objects.get().file.path
        ExportRun.objects.update(started_at=timezone.now() - keeping.KEPT - timedelta(hours=1))
        keeping.remove_old_exports(Job(name="remove_old_exports"))
        assert not ExportRun.objects.get().file.storage.exists(path)
        assert "The file is not kept any more." in text(reza.get(address))


def test_a_chunk_takes_as_many_statements_for_one_record_as_for_fifty(record_type, cast, shirin):
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            content(order(shirin, record_type))
        return len(captured)

    specimens.make_full(record_type, cast.reza, "Sara")
    statements()
    alone = statements()
    while record_type.model.objects.count() < 50:
        specimens.make_full(record_type, cast.reza, f"Sara {record_type.model.objects.count()}")
    assert statements() == alone


class TestCommand:
    def test_it_writes_what_a_user_may_see(self, cast, tmp_path, capsys):
        deals(cast.bob, 2)
        specimens.make(OPPORTUNITY, cast.reza, "Mine")
        file = tmp_path / "deals.csv"
        call_command("export", "opportunity", user="reza", columns="name,stage", output=file)
        assert file.read_text().splitlines()[0] == '"name","stage"'
        assert len(file.read_text().splitlines()) == 2
        assert "1 opportunity records written." in capsys.readouterr().err
        assert ExportRun.objects.get().user == cast.reza

    def test_a_condition_narrows_it(self, cast, tmp_path):
        deals(cast.bob, 12)
        file = tmp_path / "deals.jsonl"
        where = '{"all": [["name", "contains", "Deal 1"]]}'
        call_command("export", "opportunity", where=where, format="jsonl", output=file)
        assert [json.loads(line)["name"] for line in file.read_text().splitlines()] == ["Deal 11", "Deal 10"]

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            ({"columns": "nonsense"}, "There is no field “nonsense”"),
            ({"where": "{"}, "--where is not JSON"),
            ({"user": "nobody"}, "There is no user “nobody”"),
            ({"format": "vcard"}, "opportunity records are no people"),
        ],
    )
    def test_what_it_cannot_do_it_says(self, db, given, why):
        with pytest.raises(CommandError, match=why):
            call_command("export", "opportunity", **given)
