"""Duplicates in a browser: told of while one types, found by a scan, decided in the queue."""

import pytest
from playwright.sync_api import Page, expect

from kariz.accounts import people
from kariz.accounts.roles import ShippedRole
from kariz.core import records, registry
from kariz.jobs import worker
from kariz.records.leads.models import Lead
from tests.accessibility import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "pars-sanat-40"


@pytest.fixture(autouse=True)
def in_iran():
    """Not the other tests' one: the rows of this module are made once the server runs."""


@pytest.fixture
def leyla(live_server):
    return people.create("leyla", PASSWORD, name="Leyla", role=ShippedRole.ADMINISTRATOR)[0]


def test_a_duplicate_is_told_of_found_and_merged(page: Page, leyla):
    lead = registry.get("lead")
    said = {"name": "Hossein Karimi", "email": "h@ege.tr", "source": "website"}
    records.save(lead, lead.model(), said, user=leyla)

    page.goto("/sign-in/")
    page.locator("[name=username]").fill("leyla")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_visible()

    page.goto("/lead/new/")
    page.locator("#form-email").press_sequentially("H+1@ege.tr", delay=10)
    warning = page.locator(".form__watch")
    expect(warning).to_contain_text("Recorded already?")
    expect(warning.get_by_role("link", name="Hossein Karimi")).to_be_visible()
    assert faults(page, ".form__watch") == []
    page.locator("#form-name").fill("حسین کریمی")
    page.locator("#form-source").select_option("website")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="حسین کریمی")).to_be_visible()

    page.goto("/duplicates/lead/")
    expect(page.get_by_text("No possible duplicates")).to_be_visible()
    page.get_by_role("button", name="Look through everything").click()
    expect(page.get_by_text("Looking through everything…")).to_be_visible()
    worker.drain()
    expect(page.get_by_role("heading", name="Hossein Karimi")).to_be_visible()
    assert faults(page) == []

    page.get_by_role("link", name="Merge").click()
    page.get_by_role("button", name="Merge").last.click()
    expect(page.get_by_text("No possible duplicates")).to_be_visible()
    assert Lead.objects.count() == 1

    page.goto("/settings/types/lead/duplicates/")
    assert faults(page) == []
