"""The click paths that the documents write down (AT04-AT06), step by step as they are written."""

import pytest
from playwright.sync_api import expect

from kariz.core import registry
from tests import specimens
from tests.journeys.desk import Desk, fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OPPORTUNITY = registry.get("opportunity")


@pytest.mark.covers("R158")
def test_at04_an_opportunity_is_made_by_its_full_form(desk, cast):
    reza = desk(cast.reza)
    reza.open_list("opportunity")
    reza.press("Add Opportunity")
    expect(reza.heading).to_have_text("Add new Opportunity")
    reza.fill("name", "Pump for Pars Sanat")
    reza.fill("amount", "1,000")
    reza.save()
    expect(reza.heading).to_contain_text("Pump for Pars Sanat")
    expect(reza.page).to_have_url(f"{reza.page.url.partition('/opportunity')[0]}/opportunity/{made().pk}/")


def made():
    return OPPORTUNITY.model.objects.get()


@pytest.mark.covers("R159", "R160")
@pytest.mark.parametrize("is_phone", [False, True], ids=["desktop", "phone"])
def test_at05_an_opportunity_is_made_quickly_from_any_page(desk, cast, is_phone):
    reza = desk(cast.reza, is_phone=is_phone)
    for address in ("/", "/contact/", "/me/preferences/"):
        reza.go(address)
        expect(reza.page.get_by_role("button", name="Quick create").first).to_be_visible()
    asked = quick_create(reza)
    assert asked < 12
    reza.fill("name", "Pump for Pars Sanat", part="quick")
    reza.press("Save", reza.dialog)
    expect(reza.toast).to_contain_text("Pump for Pars Sanat")
    expect(reza.page).to_have_url(f"{reza.page.url.partition('/me')[0]}/me/preferences/")
    assert made().owner == cast.reza
    reza.press("Open the record", reza.toast)
    expect(reza.heading).to_contain_text("Pump for Pars Sanat")
    assert fits(reza.page)


def quick_create(person: Desk) -> int:
    """Open the dialog by the (+), and count what it asks for."""
    person.page.get_by_role("button", name="Quick create").first.click()
    person.page.locator("#create-menu").get_by_role("link", name="Opportunity", exact=True).click()
    expect(person.dialog.get_by_role("heading")).to_have_text("Add Opportunity")
    return person.dialog.locator("label").count()


@pytest.mark.covers("R273", "R274", "R275", "R276", "R277", "R278", "R279", "R283", "R284", "R285", "R286")
@pytest.mark.parametrize("name", ["lead", "contact", "organization", "opportunity"])
def test_at06_the_home_page_of_a_module_has_its_functions(desk, cast, name):
    record_type = registry.get(name)
    first, second = (specimens.make(record_type, cast.reza, text) for text in ("Sara Ahmadi", "Bob Stone"))
    shirin = desk(cast.shirin)
    shirin.open_list(name)

    # 1. A new filter: criteria and columns.
    shirin.narrow(record_type.title, "contains", "sara")
    expect(shirin.page.locator("tr[data-record]")).to_have_count(1)
    expect(shirin.page.locator(".chip")).to_contain_text("contains sara")
    shirin.press("Columns")
    shirin.page.locator("#columns").get_by_label("Changed", exact=True).check()
    shirin.press("Show now")
    expect(shirin.page.locator("th").filter(has_text="Changed")).to_be_visible()
    shirin.press("Save view")
    shirin.dialog.get_by_label("Name").fill("Saras")
    shirin.press("Save", shirin.dialog)
    expect(shirin.page.locator(".tabs__tab[aria-current=page]")).to_have_text("Saras")

    # 2. Actions: edit, add comment, delete.
    tick(shirin, first)
    shirin.press("Edit", shirin.page.locator("#bulk"))
    shirin.dialog.get_by_label("Field").select_option("owner")
    shirin.look_up("owner", "Can", part="bulk")
    shirin.press("Save", shirin.dialog)
    expect(shirin.toast).to_contain_text("1 record changed.")
    tick(shirin, first)
    shirin.press("Add comment", shirin.page.locator("#bulk"))
    shirin.dialog.get_by_label("Comment").fill("Met at the fair")
    shirin.press("Add comment", shirin.dialog)
    expect(shirin.toast).to_contain_text("added to 1 record")
    tick(shirin, first)
    shirin.press("Delete", shirin.page.locator("#bulk"))
    shirin.press("Delete", shirin.dialog)
    expect(shirin.toast).to_contain_text("1 record changed.")
    assert list(record_type.model.objects.filter(pk__in=[first.pk, second.pk])) == [second]

    # 3 and 5. The gear: edit fields, edit picklist values.
    for entry in ("Edit fields", "Edit picklist values"):
        shirin.go(f"/{name}/")
        shirin.page.get_by_role("button", name="Settings").click()
        shirin.page.locator("#gear").get_by_role("link", name=entry).click()
        expect(shirin.page.locator("#main")).to_contain_text(str(record_type.plural))

    # 6. Search.
    shirin.page.keyboard.press("Control+k")
    shirin.page.locator("#palette input").fill("stone")
    shirin.page.locator("#palette .palette__result").filter(has_text="Bob Stone").click()
    expect(shirin.heading).to_contain_text("Bob Stone")


def tick(person: Desk, record: object) -> None:
    person.page.locator(f"tr[data-record='{record.pk}'] [data-tick]").check()  # type: ignore[attr-defined]
