"""axe-core finds nothing wrong with the main pages, light and dark, from left to right and from right to left."""

from typing import Any

import pytest

from kariz.core import registry
from tests import specimens
from tests.accessibility import faults
from tests.journeys.desk import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LEAD, OPPORTUNITY = registry.get("lead"), registry.get("opportunity")


@pytest.fixture
def lead(cast) -> Any:
    """A lead with everything, among others."""
    for name in ("Sara Ahmadi", "Bob Stone"):
        specimens.make(LEAD, cast.shirin, name)
        specimens.make(OPPORTUNITY, cast.shirin, name)
    return specimens.make_full(LEAD, cast.shirin, "Full Of Values")


def pages(lead: Any) -> list[str]:
    at = f"/lead/{lead.pk}/"
    lists = [
        "/",
        "/lead/",
        "/opportunity/board/",
        "/results/",
        "/search/?q=sara",
        "/settings/",
        "/me/preferences/",
    ]
    return [
        *lists,
        at,
        f"{at}?tab=updates",
        f"{at}?tab=comments",
        f"{at}edit/",
        f"{at}convert/",
        "/import/",
        "/me/notices/",
    ]


@pytest.mark.parametrize(("language", "scheme"), [("en", "dark"), ("fa", "light")])
def test_no_page_has_faults(desk, cast, lead, scheme, language):
    cast.shirin.language = language
    cast.shirin.save()
    shirin = desk(cast.shirin, color_scheme=scheme)
    found = {}
    for address in pages(lead):
        shirin.go(address)
        found[address] = faults(shirin.page)
    assert {address: wrong for address, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sign_in_has_no_faults(opened, cast, scheme):
    page = opened(color_scheme=scheme, viewport=PHONE)
    page.goto("/sign-in/")
    assert faults(page) == []
    page.locator("[name=username]").fill("nobody")
    page.locator("[name=password]").fill("wrong")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert faults(page) == []


def test_menus_dialogs_and_panels_have_no_faults(desk, cast, lead):
    shirin = desk(cast.shirin)
    shirin.go("/lead/")
    found = {}
    for menu in ("filter", "columns", "views", "actions", "gear", "create-menu", "user-menu"):
        shirin.page.locator(f"[popovertarget={menu}]").first.click()
        shirin.page.wait_for_timeout(200)
        found[menu] = faults(shirin.page, f"#{menu}")
        shirin.page.keyboard.press("Escape")
    shirin.page.locator("[popovertarget=create-menu]").first.click()
    shirin.page.locator("#create-menu a").first.click()
    shirin.dialog.locator("form").wait_for()
    found["dialog"] = faults(shirin.page, "#dialog")
    shirin.page.keyboard.press("Escape")
    shirin.page.keyboard.press("Control+k")
    shirin.page.locator("#palette-results a").first.wait_for()
    found["palette"] = faults(shirin.page, "#palette")
    shirin.page.keyboard.press("Escape")
    shirin.row("Sara Ahmadi").hover()
    shirin.row("Sara Ahmadi").locator("[data-peek]").click()
    shirin.page.locator("#panel .panel__title").wait_for()
    found["panel"] = faults(shirin.page, "#panel")
    assert {part: wrong for part, wrong in found.items() if wrong} == {}


def test_a_form_that_comes_back_with_errors_has_no_faults(desk, cast, lead):
    shirin = desk(cast.shirin)
    shirin.go("/lead/new/")
    shirin.save()
    shirin.page.locator("[aria-invalid=true]").first.wait_for()
    assert faults(shirin.page) == []
