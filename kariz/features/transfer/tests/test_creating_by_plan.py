"""Names that nobody has yet become records by a plan, on the command line, and in several files at once."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from kariz.accounts import people
from kariz.core import registry
from kariz.core.models import Change
from kariz.features.transfer import checking, running
from kariz.features.transfer.models import Import
from kariz.features.transfer.plans import Step
from kariz.features.transfer.tests.walking import names, upload

pytestmark = pytest.mark.django_db

FIRM = registry.get("organization")
PEOPLE = "Full name,E-mail,Organization\n"
SARA, EVE = "Sara,sara@ege.example,Ege Teknik\n", "Eve,eve@pars.example,Pars Sanat\n"


@pytest.mark.parametrize(
    ("kind", "field", "reason"),
    [
        ("opportunity", "product", "“Product”: you may not create records of the type “Product”."),
        ("contact", "owner", "Nothing new can be made for “Responsible”."),
        ("contact", "job_title", "Nothing new can be made for “Job title”."),
    ],
)
def test_a_plan_that_asks_for_what_cannot_be_is_refused(tmp_path, kind, field, reason):
    people.create("reza", role="salesperson")
    file = tmp_path / "rows.csv"
    file.write_text("Name\nx\n")
    with pytest.raises(CommandError, match=reason):
        call_command("import", str(file), "--type", kind, "--create", field, "--user", "reza")
    assert not Import.objects.exists()


def test_a_later_file_of_the_same_import_finds_what_an_earlier_one_makes(browser_of_ada):
    run = upload(browser_of_ada, ("people.csv", PEOPLE + SARA), ("deals.csv", "Name,Firm\nDeal,Ege Teknik\n"))
    plans = [
        Step(
            "contact", columns={"Full name": "name", "Organization": "organization"}, create=["organization"]
        ),
        Step("opportunity", columns={"Name": "name", "Firm": "organization"}),
    ]
    for file, step in zip(run.files.all(), plans, strict=True):
        file.plan = step.as_json()
        file.save()
    checking.check(run, lambda done, total: None)
    assert [file.checked["made"] for file in run.files.all()] == [{"organization": [1, ["Ege Teknik"]]}, {}]
    assert [file.checked["failed"] for file in run.files.all()] == [0, 0]
    running.carry_out(run, lambda done, total: None)
    assert registry.get("opportunity").model.objects.get().organization.name == "Ege Teknik"


def test_what_an_earlier_file_brings_is_not_made_by_a_later_one(browser_of_ada):
    run = upload(browser_of_ada, ("firms.csv", "Name\nEge Teknik\n"), ("people.csv", PEOPLE + SARA + EVE))
    plans = [
        Step("organization", columns={"Name": "name"}),
        Step(
            "contact", columns={"Full name": "name", "Organization": "organization"}, create=["organization"]
        ),
    ]
    for file, step in zip(run.files.all(), plans, strict=True):
        file.plan = step.as_json()
        file.save()
    checking.check(run, lambda done, total: None)
    assert [file.checked["made"] for file in run.files.all()] == [{}, {"organization": [1, ["Pars Sanat"]]}]
    running.carry_out(run, lambda done, total: None)
    assert names("organization") == ["Ege Teknik", "Pars Sanat"]


def test_on_the_command_line_and_in_a_plan(ada, tmp_path):
    (tmp_path / "people.csv").write_text(PEOPLE + SARA + EVE)
    plan = tmp_path / "plan.toml"
    plan.write_text(
        '[[step]]\nfile = "people.csv"\ntype = "contact"\ncreate = ["organization"]\n'
        '[step.columns]\n"Full name" = "name"\nOrganization = "organization"\n'
    )

    def said(*options):
        output = io.StringIO()
        call_command("import", *map(str, options), "--json", stdout=output)
        return json.loads(output.getvalue())

    tried = said(tmp_path, "--plan", plan, "--dry-run")
    assert (tried["made"], tried["files"][0]["created"]) == ({"organization": 2}, 2)
    assert not FIRM.model.objects.exists()
    report = said(tmp_path / "people.csv", "--type", "contact", "--create", "organization")
    assert report["made"] == {"organization": 2}
    output = io.StringIO()
    call_command("import", str(tmp_path), plan=plan, dry_run=True, stdout=output)
    assert "made for names" not in output.getvalue()
    assert Change.objects.filter(record_type="organization", kind="created").count() == 2
