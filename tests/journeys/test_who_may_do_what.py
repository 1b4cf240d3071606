"""Stories S2, steps 8 and 9, and S6, step 7: leads change hands inside and outside, and rights hold on screen."""

from typing import Any

import pytest
from playwright.sync_api import expect

from kariz.accounts.models import User
from kariz.core import records, registry
from tests import specimens
from tests.journeys.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LEAD, OPPORTUNITY = registry.get("lead"), registry.get("opportunity")
ORGANIZATION = registry.get("organization")


def tick(person: Desk, *ticked: Any) -> None:
    for record in ticked:
        person.page.locator(f"tr[data-record='{record.pk}'] [data-tick]").check()


def rows(person: Desk) -> Any:
    return person.page.locator("tr[data-record]")


@pytest.mark.covers("R098", "R217")
def test_s2_the_manager_sees_where_each_lead_stands_and_moves_five_to_somebody_else(desk, cast):
    leads = [specimens.make(LEAD, cast.elif_, f"Lead {number}") for number in range(1, 7)]
    demir = desk(cast.demir)
    demir.open_list("lead")
    expect(demir.row("Lead 1")).not_to_contain_text(demir.choice("lead", "status", "contacted"))
    records.save(LEAD, specimens.current(leads[0]), {"status": "contacted"}, user=cast.elif_)
    demir.page.reload()
    expect(demir.row("Lead 1")).to_contain_text(demir.choice("lead", "status", "contacted"))

    tick(demir, *leads[:5])
    demir.press("Assign", demir.page.locator("#bulk"))
    demir.look_up("owner", "Can", part="bulk")
    demir.press("Assign", demir.dialog)
    expect(demir.toast).to_contain_text("5 records changed.")
    can, elif_ = desk(cast.can), desk(cast.elif_)
    can.open_list("lead")
    expect(rows(can)).to_have_count(5)
    elif_.open_list("lead")
    expect(rows(elif_)).to_have_count(1)


@pytest.mark.covers("R052", "R065", "R101", "R382")
def test_s2_leads_with_consent_go_to_the_dealer_of_the_region_and_the_others_stay(desk, cast):
    User.objects.filter(pk=cast.kaveh.pk).update(email="kaveh@pumps.example")
    dealer = specimens.make(
        ORGANIZATION, cast.demir, "Shiraz Pumps", type="dealer", email="kaveh@pumps.example"
    )
    agreed = [
        specimens.make(LEAD, cast.demir, name, city="Shiraz", consent_text="Pass it on.")
        for name in ("Ali Rezayi", "Sara Ahmadi")
    ]
    silent = specimens.make(LEAD, cast.demir, "Nima Karimi", city="Shiraz")
    specimens.make(LEAD, cast.demir, "Mert Kaya", city="Izmir", consent_text="Pass it on.")
    demir = desk(cast.demir)
    demir.open_list("lead")
    demir.narrow("city", "is", "Shiraz")
    expect(rows(demir)).to_have_count(3)
    tick(demir, *agreed, silent)
    demir.press("Edit", demir.page.locator("#bulk"))
    demir.dialog.get_by_label("Field").select_option("handed_to")
    demir.look_up("handed_to", "Shiraz Pumps", part="bulk")
    demir.press("Save", demir.dialog)
    expect(demir.dialog).to_contain_text("1 record left as before")
    expect(demir.dialog).to_contain_text("Nima Karimi")
    assert {specimens.current(one).handed_to for one in agreed} == {dealer}
    assert specimens.current(silent).handed_to is None

    kaveh = desk(cast.kaveh)
    kaveh.open_list("lead")
    expect(rows(kaveh)).to_have_count(2)
    kaveh.row("Sara Ahmadi").get_by_role("link", name="Sara Ahmadi").click()
    expect(kaveh.heading).to_contain_text("Sara Ahmadi")


@pytest.mark.covers("R376", "R377", "R379")
def test_s6_a_salesperson_finds_no_settings_and_a_manager_sees_what_the_team_has(desk, cast):
    specimens.make(OPPORTUNITY, cast.maryam, "Pumps for Arvand")
    specimens.make(OPPORTUNITY, cast.bob, "Valves for Delta")
    maryam, demir = desk(cast.maryam), desk(cast.demir)
    assert maryam.page.get_by_role("link", name=maryam.say("Settings"), exact=True).count() == 0
    answer = maryam.page.goto("/settings/")
    assert answer
    assert answer.status == 403
    for person in (maryam, demir):
        person.go("/opportunity/?view=all")
        expect(person.row("Pumps for Arvand")).to_have_count(1)
        expect(person.row("Valves for Delta")).to_have_count(0)
