"""Story S6, steps 1, 2 and 7, in a browser: an administrator shapes the sales process, a salesperson works in it."""

import pytest
from playwright.sync_api import Page, expect

from kariz.accounts import people
from kariz.accounts.roles import ShippedRole
from kariz.core import choices, picklists, records, registry
from tests.accessibility import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "pars-sanat-40"


@pytest.fixture
def everybody(live_server):
    for name, role in (("leyla", ShippedRole.ADMINISTRATOR), ("maryam", ShippedRole.SALESPERSON)):
        people.create(name, PASSWORD, name=name.title(), role=role)


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.goto("/sign-in/")
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill(password)
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_visible()


def gear(page: Page, type_name: str, entry: str) -> None:
    page.goto(f"/{type_name}/")
    page.locator("[popovertarget=gear]").click()
    page.get_by_role("link", name=entry).click()


def row(page: Page, text: str):
    return page.locator(".sorted__row").filter(has=page.get_by_text(text, exact=True))


@pytest.mark.covers("R280", "R281", "R200", "R287")
def test_statuses_and_stages_change_without_a_restart(page: Page, everybody):
    sign_in(page, "leyla")
    deal = registry.get("opportunity")
    saved = records.save(deal, deal.model(), {"name": "40 pumps", "stage": "nurturing"}, user=None)

    gear(page, "lead", "Edit picklist values")
    page.goto("/settings/types/lead/stages/")
    page.get_by_role("link", name="Add stage").click()
    page.get_by_label("Label").fill("Called twice")
    page.locator("#dialog").get_by_role("button", name="Add stage").click()
    expect(row(page, "Called twice")).to_be_visible()

    gear(page, "opportunity", "Edit pipelines")
    row(page, "Qualification").get_by_role("link", name="Edit").click()
    page.get_by_label("Label").fill("Needs")
    page.locator("#dialog").get_by_role("button", name="Save").click()
    expect(row(page, "Needs")).to_be_visible()

    row(page, "Relationship building").get_by_role("link", name="Delete").click()
    expect(page.locator("#dialog")).to_contain_text("1 record")
    page.get_by_label("Move them to").select_option(label="Negotiation")
    page.locator("#dialog").get_by_role("button", name="Delete").click()
    expect(page.locator(".toast")).to_contain_text("1 record was moved.")
    page.goto(f"/opportunity/{saved.pk}/")
    expect(page.locator("form.path [aria-current=step], .path [aria-current=step]").first).to_contain_text(
        "Negotiation"
    )
    expect(page.locator("body")).not_to_contain_text("Relationship building")


def test_a_deleted_stage_comes_back_with_its_deals(page: Page, everybody):
    sign_in(page, "leyla")
    deal = registry.get("opportunity")
    saved = records.save(deal, deal.model(), {"name": "40 pumps", "stage": "nurturing"}, user=None)
    page.goto("/settings/types/opportunity/stages/")
    row(page, "Relationship building").get_by_role("link", name="Delete").click()
    page.get_by_label("Move them to").select_option(label="Closing")
    page.locator("#dialog").get_by_role("button", name="Delete").click()
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(row(page, "Relationship building")).to_be_visible()
    saved.refresh_from_db()
    assert saved.stage == "nurturing"


@pytest.mark.covers("R282", "R283", "R284", "R285", "R286")
def test_a_field_is_added_and_moved_to_another_block_by_keyboard(page: Page, everybody):
    sign_in(page, "leyla")
    gear(page, "opportunity", "Edit fields")
    page.get_by_role("link", name="Add field").click()
    dialog = page.locator("#dialog")
    dialog.get_by_label("Label").fill("Tender number")
    dialog.get_by_label("Block").select_option(label="Loss")
    dialog.get_by_role("button", name="Add field").click()
    expect(row(page, "Tender number")).to_be_visible()

    handle = page.get_by_role("button", name="Move “Tender number”")
    handle.focus()
    page.keyboard.press("Space")
    with page.expect_response("**/arrange/"):
        page.keyboard.press("ArrowUp")
    for _ in range(2):
        with page.expect_response("**/arrange/"):
            page.keyboard.press("ArrowUp")
    expect(page.locator(".toast").first).to_contain_text("The order is saved.")
    page.goto("/opportunity/new/")
    block = page.locator("fieldset").filter(has=page.get_by_label("Tender number"))
    expect(block.locator("legend")).to_have_text("What the customer wants")


@pytest.mark.covers("R285")
def test_values_are_ordered_by_keyboard(page: Page, everybody):
    sign_in(page, "leyla")
    page.goto("/settings/types/opportunity/picklists/loss_reason/")
    page.get_by_role("button", name="Move “No budget”").focus()
    page.keyboard.press("Space")
    with page.expect_response("**/order/"):
        page.keyboard.press("ArrowUp")
    page.reload()
    expect(page.locator(".sorted__row .badge__text").nth(1)).to_have_text("No budget")
    assert choices.of("opportunity", "loss_reason")


@pytest.mark.covers("R376")
def test_a_salesperson_cannot_open_the_settings(page: Page, everybody):
    sign_in(page, "maryam")
    page.goto("/lead/")
    expect(page.locator("[popovertarget=gear]")).to_have_count(0)
    page.goto("/settings/types/lead/fields/")
    expect(page.locator("body")).to_contain_text("Settings are for administrators")


def test_a_new_user_reads_the_password_and_signs_in(page: Page, everybody):
    sign_in(page, "leyla")
    page.goto("/settings/users/")
    page.get_by_role("link", name="Add user").click()
    page.get_by_label("Full name").fill("Elif Kaya")
    page.get_by_label("Username").fill("elif")
    page.locator("#dialog").get_by_role("button", name="Add user").click()
    password = page.locator(".password").inner_text()
    page.get_by_role("link", name="Done").click()
    expect(page.get_by_role("link", name="Elif Kaya")).to_be_visible()
    page.context.clear_cookies()
    sign_in(page, "elif", password)


@pytest.mark.parametrize(
    ("address", "opens"),
    [
        ("types/opportunity/fields/", "Add field"),
        ("types/opportunity/stages/", "Add stage"),
        ("types/lead/picklists/source/", "Add value"),
        ("types/lead/completeness/", ""),
        ("users/", "Add user"),
        ("teams/", "Add team"),
        ("company/", ""),
    ],
)
def test_everybody_can_reach_and_read_it(page: Page, everybody, address, opens):
    sign_in(page, "leyla")
    page.goto(f"/settings/{address}")
    assert faults(page) == []
    if opens:
        page.get_by_role("link", name=opens).first.click()
        expect(page.locator("#dialog")).to_be_visible()
        assert faults(page) == []


def test_a_dragged_field_is_saved_once(page: Page, everybody):
    sign_in(page, "leyla")
    page.goto("/settings/types/opportunity/fields/")
    page.wait_for_load_state("networkidle")
    saved = []
    page.on("request", lambda request: saved.append(request.url) if "arrange" in request.url else None)
    handle = page.get_by_role("button", name="Move “Lead”").bounding_box()
    target = row(page, "Stage").bounding_box()
    assert handle
    assert target
    page.mouse.move(handle["x"] + 10, handle["y"] + 10)
    page.mouse.down()
    page.mouse.move(handle["x"] + 10, handle["y"] + 40, steps=5)
    page.mouse.move(target["x"] + 40, target["y"] + 8, steps=15)
    with page.expect_response("**/arrange/"):
        page.mouse.up()
    page.reload()
    expect(page.locator("input[value=lead][name=fields-forecast]")).to_have_count(1)
    assert len(saved) == 1


def test_what_is_said_of_a_stage_is_read_whole_on_a_phone(page: Page, everybody):
    deal = registry.get("opportunity")
    first = choices.find("opportunity", "stage", "prospecting")
    assert first
    picklists.change_choice(first, label="First talks with whoever buys")
    page.set_viewport_size({"width": 375, "height": 740})
    sign_in(page, "leyla")
    page.goto(f"/settings/types/{deal.name}/stages/")
    note = row(page, "First talks with whoever buys").get_by_text("default")
    expect(note).to_be_in_viewport(ratio=1)
    assert note.evaluate("one => one.scrollWidth <= one.clientWidth")
