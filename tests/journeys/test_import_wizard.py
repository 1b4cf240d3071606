"""The files of a real company through the wizard, with a say about every column and every unknown value."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from kariz.accounts.models import Team
from kariz.core import registry
from kariz.jobs import worker
from tests import specimens
from tests.accessibility import faults
from tests.journeys.desk import PHONE, Desk, fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FILES = ("sales_teams", "accounts", "products", "sales_pipeline")
COLUMNS = {
    "accounts": {
        "account": "name",
        "sector": "industry",
        "office_location": "country",
        "subsidiary_of": "parent",
    },
    "products": {"product": "name", "sales_price": "unit_price"},
    "sales_pipeline": {"opportunity_id": "name", "account": "organization", "close_value": "amount"},
    "sales_teams": {"sales_agent": "name", "regional_office": "parent_team"},
}


def test_four_files_become_a_working_company_and_go_again(desk, cast, shared_data: Path, tmp_path: Path):
    shirin = desk(cast.shirin)
    shirin.open_list("opportunity")
    shirin.page.get_by_role("button", name="Actions").click()
    shirin.press("Import", shirin.page.locator("#actions"))
    shirin.page.locator("#type").select_option("")  # each file tells by its columns what it holds
    shirin.page.locator("#files").set_input_files([shared_data / f"crm_sales/{name}.csv" for name in FILES])
    shirin.press("Upload")

    for name in FILES:
        expect(shirin.heading).to_contain_text(f"{name}.csv")
        for column, field in COLUMNS[name].items():
            box = shirin.page.get_by_label(column, exact=True)
            expect(box).to_have_value(field)
        if name == "sales_pipeline":
            shirin.page.locator("#default_loss_reason").select_option("unknown")
        shirin.press("Next")

    expect(shirin.heading).to_have_text("The files are being read")
    worker.drain()
    expect(shirin.page.locator("#main")).to_contain_text("GTXPro")
    expect(choice(shirin, "GTXPro")).to_have_value("GTX Pro")
    expect(choice(shirin, "technolgy")).to_have_value("Technology")
    choice(shirin, "medical").select_option("Healthcare")
    choice(shirin, "Engaging").select_option(shirin.choice("opportunity", "stage", "contact"))
    shirin.press("Next")
    expect(shirin.heading).to_have_text("What about records that are there already?")
    shirin.press("Check the rows")
    expect(shirin.heading).to_have_text("The rows are being tried out")
    worker.drain()
    expect(shirin.heading).to_have_text("This is what will happen")
    expect(shirin.page.locator("#main [data-tone=bad]")).to_have_count(0)
    assert not registry.get("opportunity").model.objects.exists()

    shirin.page.get_by_role("button", name="Import").click()
    worker.drain()
    expect(shirin.page.get_by_text("The import is done")).to_be_visible()
    expect(shirin.page.locator("#main")).to_contain_text("8,927 of 8,927 rows are through.")
    shirin.go("/opportunity/?where=%7B%22all%22%3A%5B%5B%22outcome%22%2C%22is%22%2C%22won%22%5D%5D%7D")
    shirin.press("exact number")
    expect(shirin.page.locator(".paging__count")).to_contain_text("4,238 records")
    shirin.page.go_back()
    shirin.page.set_viewport_size(PHONE)
    assert fits(shirin.page)
    assert faults(shirin.page) == []
    shirin.press("Undo the import")
    worker.drain()
    expect(shirin.page.locator("#main, .toast").get_by_text("Undone").first).to_be_visible(timeout=60_000)
    left = [registry.get(name).model.objects.count() for name in ("opportunity", "organization", "product")]
    assert (left, Team.objects.count()) == ([0, 0, 0], 4)


@pytest.mark.covers("R055", "R266")
def test_a_second_list_fills_up_what_is_there_and_its_bad_rows_come_again(desk, cast, tmp_path: Path):
    lead = registry.get("lead")
    specimens.make(lead, cast.shirin, "Sara Ahmadi", email="sara@pars.example", company="", source="website")
    rows = "Sara,SARA@pars.example,Pars Sanat\nAli Rad,ali@pars.example,Arvand\nEve,no mail,Dena\n"
    (tmp_path / "fair.csv").write_text(f"Full name,E-mail,Company\n{rows}")
    shirin = desk(cast.shirin, is_phone=True)
    shirin.go("/import/?type=lead")
    shirin.page.locator("#files").set_input_files(tmp_path / "fair.csv")
    shirin.press("Upload")
    assert faults(shirin.page) == []
    shirin.page.locator("#default_source").select_option(shirin.choice("lead", "source", "trade_fair"))
    shirin.press("Next")
    expect(shirin.page.get_by_label("E-mail")).to_be_checked()
    assert faults(shirin.page) == []
    shirin.press("Check the rows")
    expect(shirin.page.locator(".tile")).to_have_text(
        ["New records1", "Changed records1", "Left as they are0", "Failing rows1"]
    )
    expect(shirin.page.locator(".sample").first).to_contain_text("Pars Sanat")
    failing = shirin.page.locator(".table--titled tbody tr")
    expect(failing.locator("td[data-label='Company']")).to_contain_text("Dena")
    assert fits(shirin.page)
    assert faults(shirin.page) == []

    shirin.press("Import 2 rows")
    worker.drain()
    expect(shirin.page.get_by_text("The import is done")).to_be_visible()
    with shirin.page.expect_download() as download:
        shirin.page.get_by_role("link", name="Failed rows").click()
    again = tmp_path / "again.csv"
    again.write_text(download.value.path().read_text().replace("no mail", "eve@pars.example"))
    shirin.go("/import/?type=lead")
    shirin.page.locator("#files").set_input_files(again)
    for step in ("Upload", "Next", "Check the rows"):
        shirin.press(step)
    shirin.press("Import 1 row")
    worker.drain()
    expect(shirin.page.get_by_text("The import is done")).to_be_visible()
    held = dict(lead.model.objects.values_list("name", "company"))
    assert held == {"Sara Ahmadi": "Pars Sanat", "Ali Rad": "Arvand", "Eve": "Dena"}
    shirin.press("Undo the import")
    assert sorted(lead.model.objects.values_list("name", flat=True)) == ["Ali Rad", "Sara Ahmadi"]


def choice(shirin: Desk, unknown: str):
    """What an unknown value of a file is to stand for."""
    row = shirin.page.locator(".map__row").filter(has=shirin.page.get_by_text(unknown, exact=True))
    return row.locator("select")
