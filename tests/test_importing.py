"""Files as they come: in old encodings, half broken, refused, stopped in the middle, taken back."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from kariz.core import registry
from kariz.features.transfer.models import Import, ImportFile
from kariz.jobs import worker
from tests import specimens, wizard
from tests.reading import links, text, undo_address

ROOT = Path(__file__).resolve().parent.parent
PLAN = ROOT / "examples/crm_sales.toml"
ORGANIZATION = registry.get("organization")


def names() -> set[str]:
    return set(ORGANIZATION.model.objects.values_list("name", flat=True))


@pytest.mark.parametrize(
    ("file", "encoding", "delimiter", "some"),
    [
        ("tr_terms_windows-1254_semicolon.csv", "windows-1254", ";", "Müşteri Adı"),
        ("tr_terms_iso-8859-9_tab.csv", "windows-1254", "\t", "Müşteri Adı"),
        ("tr_terms_utf-16le_bom_tab.csv", "utf-16", "\t", "Müşteri Adı"),
        ("tr_terms_utf-8_bom_semicolon.csv", "utf-8-sig", ";", "Müşteri Adı"),
        ("fa_terms_windows-1256_semicolon_arabic_yeh_kaf.csv", "windows-1256", ";", "نام حساب"),
        ("fa_terms_utf-16le_bom_tab.csv", "utf-16", "\t", "نام حساب"),
        ("fa_terms_utf-8_bom_semicolon.csv", "utf-8-sig", ";", "نام حساب"),
    ],
)
def test_turkish_and_persian_files_are_read_in_their_encoding(
    shirin, shared_data, file, encoding, delimiter, some
):
    content = (shared_data / "csv/tr_fa_encodings_derived" / file).read_bytes()
    first = wizard.upload(shirin, "organization", content, name=file)
    step = shirin.get(first["Location"])
    mapped = wizard.send(shirin, step, "columns", column_0="", column_1="", column_2="name")
    wizard.finish(shirin, mapped)
    run = Import.objects.get().files.get()
    assert (run.encoding, run.delimiter) == (encoding, delimiter)
    assert some in names()
    assert not any("�" in name for name in names())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty."),
        (b"<!doctype html><p>Sign in", "This is a web page, not a table."),
        (b"%PDF-1.7", "This is a PDF, not a table."),
        (b"\x1f\x8b\x08\x00", "This is a compressed file."),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence_that_says_what_to_do(shirin, content, reason):
    answer = wizard.upload(shirin, "organization", content)
    assert answer.status_code == 422
    assert reason in text(answer)
    assert not Import.objects.exists()


def test_rows_that_fail_can_be_downloaded_with_their_reasons(shirin):
    rows = (
        "Name,E-mail,Phone",
        "Pars Sanat,info@pars.example,+98 21 8888 1234",
        ",a@pars.example,",
        "Arvand,no mail,12",
    )
    report = wizard.bring(shirin, "organization", "\n".join(rows))
    assert "rows.csv 1 created, 0 changed, 0 left, 2 failed" in text(report)
    [_head, unnamed, wrong] = csv.reader(io.StringIO(downloaded(shirin, report)))
    assert unnamed[:3] == ["", "a@pars.example", ""]
    assert "“Name” is required." in unnamed[3]
    assert "“no mail” is not an e-mail address." in wrong[3]
    assert "“12” is not a phone number." in wrong[3]


def downloaded(client: Any, report: Any) -> str:
    return client.get(links(report)["Failed rows"]).getvalue().decode("utf-8-sig")


def test_a_formula_in_a_failed_row_is_not_one_in_the_spreadsheet_that_opens_it(shirin):
    report = wizard.bring(shirin, "organization", "Name,E-mail\n=HYPERLINK(1),no mail\n")
    assert "'=HYPERLINK(1)" in downloaded(shirin, report)


def test_a_name_that_is_nearly_known_is_offered(shirin, cast):
    specimens.make(ORGANIZATION, cast.reza, "Pars Sanat")
    first = wizard.upload(shirin, "contact", b"Full name,Organization\nSara,ParsSanat\n")
    values = wizard.send(shirin, shirin.get(first["Location"]), "columns")
    page = shirin.get(values["Location"])
    assert "ParsSanat" in text(page)
    wizard.finish(shirin, wizard.send(shirin, page, "csrfmiddlewaretoken"))
    assert str(registry.get("contact").model.objects.get().organization) == "Pars Sanat"


def test_the_whole_import_is_undone_from_its_report(shirin):
    report = wizard.bring(shirin, "organization", "Name\nPars Sanat\nArvand\n")
    assert names() == {"Pars Sanat", "Arvand"}
    shirin.post(undo_address(report))
    assert names() == set()


@pytest.mark.covers("R054", "R265")
def test_ten_thousand_bought_addresses_are_loaded_with_those_that_are_known_left_out(shirin):
    mails = [f"person{n}@pars.example" for n in range(9_480)]
    lines = [*mails, *mails[:500], *("no mail" for _n in range(20))]
    first = wizard.upload(shirin, "lead", "\n".join(["E-mail", *lines]).encode())
    said = {"default_source": "purchased_list", "more_0": "list_name", "more_value_0": "Izmir 2026"}
    said |= {"more_1": "list_cost", "more_value_1": "4,500"}
    known = wizard.send(shirin, shirin.get(first["Location"]), "columns", **said)
    known = shirin.get(known["Location"])
    pk = ImportFile.objects.get().pk
    way = f"on_match_{pk}"
    answer = wizard.send(shirin, shirin.get(known["Location"]), way, **{f"match_{pk}": "email", way: "skip"})
    assert "The rows are being tried out" in text(shirin.get(answer["Location"]))
    worker.drain()
    told = "New records 9,480 Changed records 0 Left as they are 500 Failing rows 20"
    assert told in text(shirin.get(answer["Location"]))
    report = wizard.finish(shirin, answer)
    assert "9,480 created, 0 changed, 500 left, 20 failed" in text(report)
    leads = registry.get("lead").model.objects
    assert leads.filter(is_incomplete=True, list_name="Izmir 2026", list_cost=4500).count() == 9_480


@pytest.mark.covers("R264")
def test_a_vcard_file_becomes_contacts(shirin):
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{0}\r\nN:{2};{1};;;\r\nEMAIL:{1}@pars.example\r\nTEL:{3}\r\nEND:VCARD\r\n"
    cards = card.format("Sara Rad", "sara", "Rad", "+98 21 8888 1234") + card.format(
        "Ali Kaya", "ali", "Kaya", "+90 232 444 00 00"
    )
    wizard.bring(shirin, "", cards, name="people.vcf")
    contacts = registry.get("contact").model.objects.order_by("name").values_list("name", "email", "phone")
    assert list(contacts) == [
        ("Ali Kaya", "ali@pars.example", "+902324440000"),
        ("Sara Rad", "sara@pars.example", "+982188881234"),
    ]


def test_an_import_that_nothing_carries_on_any_more_can_be_stopped_gone_on_with_and_undone(shirin, db):
    bring = wizard.bring(shirin, "organization", "Name\nPars Sanat\nArvand\n")
    Import.objects.update(state="running", job=None, finished_at=None)
    address = bring.request["PATH_INFO"]
    stopped = wizard.send(shirin, shirin.get(address), "csrfmiddlewaretoken")
    assert "The import was stopped" in text(shirin.get(stopped["Location"]))
    shirin.post(f"{address}stop/", {"resume": "1"})
    worker.drain()
    assert "The import is done" in text(shirin.get(address))
    assert ORGANIZATION.model.objects.count() == 2


def test_nobody_opens_the_import_of_somebody_else(shirin, cast, browser_of):
    wizard.bring(shirin, "organization", "Name\nPars Sanat\n")
    run = Import.objects.get()
    addresses = [
        f"/import/{run.pk}/",
        f"/import/{run.pk}/check/",
        f"/import/{run.pk}/failures/{run.files.get().pk}.csv",
    ]
    assert [browser_of(cast.reza).get(address).status_code for address in addresses] == [404, 404, 404]


def said(*command: Any) -> dict[str, Any]:
    """What a command with `--json` reports of its one file."""
    output = io.StringIO()
    call_command(*map(str, command), "--json", stdout=output)
    [file] = json.loads(output.getvalue())["files"]
    return file


def counted(report: dict[str, Any]) -> tuple[int, ...]:
    return tuple(report[name] for name in ("created", "updated", "skipped", "failed"))


class TestCommand:
    """`kariz import`."""

    def test_a_dry_run_reports_and_leaves_nothing(self, db, shared_data):
        output = io.StringIO()
        options = ("--plan", str(PLAN), "--dry-run", "--json")
        call_command("import", str(shared_data / "crm_sales"), *options, stdout=output)
        report = json.loads(output.getvalue())
        assert sum(file["created"] for file in report["files"]) == 8927
        assert not Import.objects.exists()
        assert not registry.get("opportunity").model.objects.exists()

    @pytest.mark.covers("R265", "R266")
    def test_one_file_is_imported_as_the_options_say(self, db, tmp_path):
        lead = registry.get("lead").model.objects
        file = tmp_path / "leads.csv"
        file.write_text("Who,E-mail,Notes\nSara,sara@pars.example,x\nAli,ali@pars.example,y\n")
        options = ("--type", "lead", "--map", "Who=name", "--map", "Notes=", "--default", "source=website")
        tried = said("import", file, *options, "--match", "email", "--dry-run")
        assert (counted(tried), lead.count()) == ((2, 0, 0, 0), 0)
        assert counted(said("import", file, *options, "--match", "email")) == (2, 0, 0, 0)
        file.write_text(
            "Who,E-mail,Notes\nSara Rad,SARA@pars.example,x\nEve,eve@pars.example,y\nNo,no mail,\n"
        )
        skipped = said("import", file, *options, "--match", "email", "--on-match", "skip", "--dry-run")
        assert counted(skipped) == (1, 0, 1, 1)
        assert skipped["problems"][0]["problem"].startswith("E-mail: “…” is not an e-mail address.")
        assert counted(said("import", file, *options, "--match", "email")) == (1, 1, 0, 1)
        assert sorted(lead.values_list("name", flat=True)) == ["Ali", "Eve", "Sara Rad"]

    @pytest.mark.parametrize(
        ("options", "reason"),
        [
            (("--type", "ship"), "There is no record type “ship”."),
            (("--type", "lead", "--map", "Nothing=name"), "has no column 'Nothing'"),
            (("--type", "lead", "--map", "Who"), "--map takes NAME=VALUE"),
            (("--type", "lead", "--map", "Who=nam"), "has no field “nam”"),
            (("--type", "lead", "--match", "status"), "cannot be recognised by “status”"),
            (("--type", "lead", "--dry-run", "--background"), "not with --background"),
            (("--type", "lead", "--user", "eve"), "There is no user “eve”."),
        ],
    )
    def test_a_wrong_option_is_refused_with_a_sentence(self, db, tmp_path, options, reason):
        file = tmp_path / "leads.csv"
        file.write_text("Who\nSara\n")
        with pytest.raises(CommandError, match=reason):
            call_command("import", str(file), *options)
        assert not Import.objects.exists()

    @pytest.mark.parametrize(
        ("plan", "reason"),
        [
            ("[[step]]", "lacks its type"),
            ('[[step]]\ntype = "ship"\nfile = "a.csv"', "There is no record type “ship”."),
            ('[[step]]\ntype = "lead"\nfile = "a.csv"\ncolums = 1', "“colums”, which is not known"),
            ('[[step]]\ntype = "lead"\nfile = "gone.csv"', "gone.csv is not there."),
            ('[[step]]\ntype = "lead"\nfile = "a.csv"\n[step.columns]\nx = "name"', "has no column 'x'"),
            ('[[step]]\ntype = "lead"\nfile = "a.csv"\n[step.columns]\nname = "nam"', "has no field “nam”"),
            ('[[step]]\ntype = "lead"\nfile = "a.csv"\non_match = "guess"', "“guess” is not a way"),
            ("not toml", "cannot be read"),
        ],
    )
    def test_a_wrong_plan_is_refused_with_a_sentence(self, db, tmp_path, plan, reason):
        (tmp_path / "plan.toml").write_text(plan)
        (tmp_path / "a.csv").write_text("name\nSara\n")
        with pytest.raises(CommandError, match=reason):
            call_command("import", str(tmp_path), "--plan", str(tmp_path / "plan.toml"))
        assert not Import.objects.exists()
