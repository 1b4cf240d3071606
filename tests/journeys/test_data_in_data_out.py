"""A sales assistant with files from several sources (story S7), a purchased list (AT31) and requests (AT17)."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from kariz.core import records, registry
from kariz.core.duplicates import match_or_create
from kariz.jobs import worker
from tests.journeys.desk import Desk
from tests.journeys.test_export import ask, export, names

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ORGANIZATIONS = "Name,Website,City\nPars Sanat,pars.example,تهران\nIşık Makina,isik.example,İzmir\n"
CONTACTS = (
    "Full name,Organization,E-mail,Mobile\nعلی کریمی,Pars Sanat,ali@pars.example,09121234567\n"
    "İrem Işık,Işık Makina,irem@isik.example,0532 111 22 33\n"
)
MESSAGE = "From: Reza Tavakoli <reza@arvand.example>\nSubject: Price of pumps\n\nPlease call me.\n"


def model(name: str):
    return registry.get(name).model.objects


def upload(person: Desk, name: str, *files: Path) -> None:
    person.go(f"/import/?type={name}")
    person.page.locator("#files").set_input_files(list(files))
    person.press("Upload")


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def arrive(person: Desk, heading: str, *, through: str) -> None:
    """A large file is a worker's, a small one is dealt with at once."""
    expect(person.heading).to_have_text(re.compile(f"{through}|{re.escape(heading)}"))
    worker.drain()
    expect(person.heading).to_have_text(heading)


def finish(person: Desk) -> None:
    """From the question about known records to the report."""
    person.press("Check the rows")
    arrive(person, "This is what will happen", through="The rows are being tried out")
    person.page.get_by_role("button", name="Import").click()
    worker.drain()
    expect(person.page.get_by_text("The import is done")).to_be_visible()


@pytest.mark.covers("R261", "R262", "R263", "R264", "R062", "R266")
def test_files_of_every_kind_become_records_and_a_second_source_fills_them_up(
    desk, cast, tmp_path, shared_data
):
    shirin = desk(cast.shirin)
    for name, text in (("organization", ORGANIZATIONS), ("contact", CONTACTS)):
        upload(shirin, name, written(tmp_path, f"{name}.csv", text))
        shirin.press("Next")
        finish(shirin)
    deals = "Name,Organization,Amount\n" + "".join(f"Pump {n:02},Pars Sanat,{n}00\n" for n in range(45))
    upload(shirin, "opportunity", written(tmp_path, "deals.csv", deals))
    shirin.press("Next")
    finish(shirin)
    assert [model(name).count() for name in ("organization", "contact", "opportunity")] == [2, 2, 45]
    ali = model("contact").get(email="ali@pars.example")
    assert (ali.organization.name, ali.mobile) == ("Pars Sanat", "+989121234567")

    upload(
        shirin,
        "contact",
        shared_data / "vcard/turkish_persian/android_export_tr_v21_qp.vcf",
        written(tmp_path, "request.eml", MESSAGE),
    )
    shirin.press("Next")
    shirin.press("Next")
    arrive(shirin, "What do these values stand for?", through="The files are being read")
    for box in shirin.page.locator("#main .map select").all():
        box.select_option("Leave the field empty")
    shirin.press("Next")
    finish(shirin)
    assert model("contact").filter(email="reza@arvand.example").exists()
    known = model("contact").count()

    second = "Full name,E-mail,Job title\nA. Karimi,ALI@pars.example,Engineer\nEve,no mail,Buyer\n"
    upload(shirin, "contact", written(tmp_path, "second.csv", second))
    shirin.press("Next")
    expect(shirin.page.get_by_label("E-mail")).to_be_checked()
    shirin.page.locator("[value=merge-empty]").check()
    finish(shirin)
    expect(shirin.page.locator("#main")).to_contain_text("“no mail”")
    ali.refresh_from_db()
    assert (ali.name, ali.job_title, model("contact").count()) == ("علی کریمی", "Engineer", known)

    shirin.open_list("opportunity")
    for box in shirin.page.locator("[data-tick]").all()[:3]:
        box.click()
    ask(shirin)
    assert len(names(export(shirin, "Export selected records"))) == 3
    ask(shirin)
    assert len(names(export(shirin, "Export all data"))) == 45


@pytest.mark.covers("R054", "R055", "R265")
def test_at31_a_purchased_list_of_ten_thousand_is_checked_against_what_is_there(desk, cast, tmp_path):
    lead = registry.get("lead")
    known = [(lead.model(), {"email": f"buyer{n}@list.example", "source": "website"}) for n in range(100)]
    records.save_many(lead, known, user=cast.shirin, batch=records.batch_of("import", cast.shirin))
    bought = "E-mail\n" + "".join(f"buyer{n}@list.example\n" for n in range(9_990)) + "no mail\n" * 10
    shirin = desk(cast.shirin)
    upload(shirin, "lead", written(tmp_path, "bought.csv", bought))
    shirin.page.locator("#default_source").select_option(shirin.choice("lead", "source", "purchased_list"))
    shirin.page.locator("[name=more_0]").select_option("list_name")
    shirin.page.locator("[name=more_value_0]").fill("Fair 2026")
    shirin.page.locator("[name=more_1]").select_option("list_cost")
    shirin.page.locator("[name=more_value_1]").fill("500")
    shirin.press("Next")
    arrive(shirin, "What about records that are there already?", through="The files are being read")
    expect(shirin.page.get_by_label("E-mail")).to_be_checked()
    finish(shirin)
    expect(shirin.page.locator("#main")).to_contain_text("10,000 of 10,000 rows are through.")
    assert lead.model.objects.count() == 9_990
    [listed] = lead.model.objects.filter(email="buyer500@list.example")
    assert (listed.list_name, listed.is_incomplete) == ("Fair 2026", True)


@pytest.mark.covers("R057", "R058", "R059", "R060")
def test_at17_a_request_of_a_known_person_comes_to_the_card_and_its_owner_is_told(desk, cast):
    lead = registry.get("lead")
    first = match_or_create(
        lead, {"name": "Hasan Kaya", "phone": "+90 532 000 00 01"}, source="website", text="Price?"
    )
    records.save(lead, first.record, {"owner": cast.reza.pk}, user=None)
    again = match_or_create(lead, {"name": "Hasan", "phone": "05320000001"}, source="email", text="I wait.")
    assert again.record == first.record
    reza = desk(cast.reza)
    reza.page.get_by_role("link", name="Notifications").click()
    reza.page.get_by_text("has sent a new request").click()
    expect(reza.heading).to_contain_text("Hasan Kaya")
    reza.page.get_by_role("link", name="Requests").click()
    expect(reza.page.locator("#requests .timeline__item")).to_have_count(2)
    reza.open_list("lead")
    expect(reza.page.locator("tr[data-record]")).to_have_count(1)
