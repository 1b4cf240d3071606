"""The import wizard from upload to undo, through the browser's door."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from kariz.accounts.models import User
from kariz.core import changes, records, registry
from kariz.features.transfer import running
from kariz.features.transfer.models import Import, SavedPlan
from kariz.features.transfer.tests.walking import names, upload, walk

pytestmark = pytest.mark.django_db

LEADS = "Full name,Company,E-mail,Phone,Source\nSara Yılmaz,Ege Teknik,sara@ege.example,+90 232 444 0000,Website\n"


@pytest.mark.covers("R261", "R263")
def test_columns_are_guessed_from_their_titles_and_rows_become_records(browser_of_ada):
    run = upload(browser_of_ada, ("leads.csv", LEADS))
    assert run.files.get().plan["type"] == "lead"
    walk(browser_of_ada, run)
    assert run.state == Import.State.DONE
    lead = registry.get("lead").model.objects.get()
    assert (lead.name, lead.company, lead.source) == ("Sara Yılmaz", "Ege Teknik", "website")


@pytest.mark.covers("R055")
def test_leads_without_a_source_fail_unless_a_default_is_given(browser_of_ada):
    text = "Full name,E-mail\nSara,sara@ege.example\n"
    run = upload(browser_of_ada, ("leads.csv", text), kind="lead")
    walk(browser_of_ada, run)
    assert names("lead") == []
    assert "“Lead source” is required" in run.files.get().failures.get().reasons[0]
    again = upload(browser_of_ada, ("leads.csv", text), kind="lead")
    walk(browser_of_ada, again, default_source="website")
    assert names("lead") == ["Sara"]


@pytest.mark.covers("R062")
def test_rows_that_fail_can_be_downloaded_with_their_reason_and_defused(browser_of_ada):
    run = upload(
        browser_of_ada,
        ("leads.csv", LEADS + "=cmd(),Ege,not-an-address,,Website\nAli,Pars,ali@pars.example,12,Website\n"),
    )
    walk(browser_of_ada, run)
    file = run.files.get()
    assert (file.created_count, file.failed_count) == (1, 2)
    answer = browser_of_ada.get(f"/import/{run.pk}/failures/{file.pk}.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "'=cmd()" in text
    assert "“not-an-address” is not an e-mail address" in text
    assert "“12” is not a phone number" in text


def test_failed_rows_come_back_in_the_encoding_and_dialect_of_their_file(browser_of_ada):
    text = "Full name;E-mail;Source\nŞükrü Işık;none;Website\n"
    run = upload(browser_of_ada, ("leads.csv", text.encode("windows-1254")), kind="lead")
    walk(browser_of_ada, run)
    answer = browser_of_ada.get(f"/import/{run.pk}/failures/{run.files.get().pk}.csv")
    [head, row] = answer.getvalue().decode("windows-1254").splitlines()
    assert head == "Full name;E-mail;Source;Reason"
    assert row.startswith("Şükrü Işık;none;Website;")


def test_unknown_names_are_asked_about_before_anything_is_written_with_the_nearest_known(browser_of_ada):
    walk(
        browser_of_ada,
        upload(browser_of_ada, ("products.csv", "product,sales price\nGTX Pro,4821\n"), kind="product"),
    )
    deals = "name,product,stage\nFirst,GTXPro,Won\n"
    run = upload(browser_of_ada, ("deals.csv", deals), kind="opportunity")
    file = run.files.get()
    page = browser_of_ada.get(f"/import/{run.pk}/columns/{file.pk}/")
    chosen = {f"column_{one['number']}": one["field"] for one in page.context["columns"]}
    browser_of_ada.post(f"/import/{run.pk}/columns/{file.pk}/", {"columns": "1", **chosen})
    [question] = browser_of_ada.get(f"/import/{run.pk}/values/").context["questions"]
    assert [(one["text"], one["nearest"]) for one in question["unknown"]] == [("GTXPro", "GTX Pro")]
    assert names("opportunity") == []
    walk(browser_of_ada, run)
    assert registry.get("opportunity").model.objects.get().product.name == "GTX Pro"


@pytest.mark.covers("R179")
def test_what_a_stage_asks_for_is_filled_only_in_rows_of_that_stage(browser_of_ada):
    deals = "name,stage\nGone,Lost\nGained,Won\n"
    walk(
        browser_of_ada,
        upload(browser_of_ada, ("d.csv", deals), kind="opportunity"),
        default_loss_reason="unknown",
    )
    found = dict(registry.get("opportunity").model.objects.values_list("name", "loss_reason"))
    assert found == {"Gone": "unknown", "Gained": ""}


def test_rows_may_link_to_rows_further_down_the_same_file(browser_of_ada):
    text = "name,part of\nDaughter,Mother\nMother,\nOrphan,Nobody\n"
    run = upload(browser_of_ada, ("organizations.csv", text), kind="organization")
    walk(browser_of_ada, run)
    parents = dict(registry.get("organization").model.objects.values_list("name", "parent__name"))
    assert parents == {"Daughter": "Mother", "Mother": None, "Orphan": None}
    assert "Nobody" in run.files.get().failures.get().reasons[0]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("page.csv", b"<!doctype html><html><body>no table</body></html>", "web page"),
        ("empty.csv", b"", "empty"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_one_sentence(browser_of_ada, name, content, sentence):
    answer = browser_of_ada.post("/import/", {"files": [SimpleUploadedFile(name, content or b" ")]})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Import.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "windows-1254", "utf-16"])
def test_turkish_letters_survive_every_encoding(browser_of_ada, encoding):
    text = (
        "Full name;E-mail;Source\nŞükrü Işık Güneş;s@ege.example;Website\nÇağrı Özgür;c@ege.example;Website\n"
    )
    walk(browser_of_ada, upload(browser_of_ada, ("leads.csv", text.encode(encoding)), kind="lead"))
    assert set(names("lead")) == {"Çağrı Özgür", "Şükrü Işık Güneş"}


def test_an_import_is_undone_whole_and_what_was_changed_since_is_kept(browser_of_ada, ada):
    walk(browser_of_ada, upload(browser_of_ada, ("o.csv", "name\nOne\nTwo\nThree\n"), kind="organization"))
    run = Import.objects.latest("pk")
    kind = registry.get("organization")
    records.save(kind, kind.model.objects.get(name="Two"), {"website": "two.example"}, user=ada)
    result = changes.undo(run.written_in, ada)
    assert names("organization") == ["Two"]
    assert [one.fields for one in result.kept] == [["completeness", "website"]]


def test_a_killed_import_goes_on_after_its_last_whole_chunk(browser_of_ada, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 2)
    rows = "".join(f"Firm {n}\n" for n in range(7))
    run = upload(browser_of_ada, ("o.csv", "name\n" + rows), kind="organization")
    file = run.files.get()
    page = browser_of_ada.get(f"/import/{run.pk}/columns/{file.pk}/")
    chosen = {f"column_{one['number']}": one["field"] for one in page.context["columns"]}
    browser_of_ada.post(f"/import/{run.pk}/columns/{file.pk}/", {"columns": "1", **chosen})

    def die(done, total):
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        running.carry_out(run, die)
    assert len(names("organization")) == 4
    running.carry_out(Import.objects.get(pk=run.pk), lambda done, total: None)
    assert names("organization") == [f"Firm {n}" for n in range(7)]


def test_the_answers_are_saved_as_a_plan_and_used_again(browser_of_ada):
    run = upload(browser_of_ada, ("leads.csv", LEADS))
    walk(browser_of_ada, run)
    browser_of_ada.post(f"/import/{run.pk}/plan/", {"name": "Fair"})
    plan = SavedPlan.objects.get()
    files = [SimpleUploadedFile("leads.csv", LEADS.encode())]
    browser_of_ada.post("/import/", {"files": files, "plan": plan.pk})
    assert Import.objects.latest("pk").files.get().plan["columns"]["Full name"] == "name"


def test_a_salesperson_sees_only_own_imports_and_imports_no_users(client, browser_of_ada, ada):
    run = upload(browser_of_ada, ("leads.csv", LEADS))
    reza = User.objects.create_user("reza", password="x", role_id="salesperson")
    client.force_login(reza)
    assert client.get(f"/import/{run.pk}/check/").status_code == 404
    assert "user" not in {one["name"] for one in client.get("/import/").context["kinds"]}
    client.post("/import/", {"files": [SimpleUploadedFile("u.csv", b"name\nEve\n")], "type": "user"})
    assert not User.objects.filter(name="Eve").exists()


def test_a_plan_makes_users_their_teams_and_managers_and_undo_takes_them_back(ada, tmp_path: Path, capsys):
    (tmp_path / "people.csv").write_text("agent,manager,office\nAnna,Dustin,Central\nCecily,Dustin,Central\n")
    plan = tmp_path / "plan.toml"
    plan.write_text(
        '[[step]]\nfile = "people.csv"\ntype = "user"\n'
        '[step.columns]\nagent = "name"\nmanager = "manager"\noffice = "parent_team"\n'
    )
    call_command("import", str(tmp_path), plan=plan, json=True, user="ada")
    report = json.loads(capsys.readouterr().out)
    anna = User.objects.get(name="Anna")
    assert (anna.team.name, anna.team.parent.name, anna.has_usable_password()) == ("Dustin", "Central", False)
    assert User.objects.get(name="Dustin").role_id == "sales_manager"
    changes.undo(Import.objects.get(pk=report["import"]).written_in, ada)
    assert not User.objects.filter(name__in=["Anna", "Cecily", "Dustin"]).exists()


def test_a_plan_that_names_what_is_not_there_writes_nothing(ada, tmp_path: Path):
    (tmp_path / "a.csv").write_text("name\nOne\n")
    plan = tmp_path / "plan.toml"
    plan.write_text(
        '[[step]]\nfile = "a.csv"\ntype = "organization"\n[step.columns]\nname = "name"\n'
        '[[step]]\nfile = "a.csv"\ntype = "organization"\n[step.columns]\nname = "no_such_field"\n'
    )
    with pytest.raises(CommandError, match="no_such_field"):
        call_command("import", str(tmp_path), plan=plan)
    assert names("organization") == []
