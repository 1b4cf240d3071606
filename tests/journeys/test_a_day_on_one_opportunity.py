"""Story S5, steps 1, 2, 7 and 8: Maryam works on her deals in Persian, in Jalali days, Persian digits and Rials."""

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kariz.core import registry
from tests import specimens
from tests.accessibility import faults
from tests.journeys.desk import PHONE, Desk, fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OPPORTUNITY = registry.get("opportunity")


@pytest.fixture
def maryam(desk, cast) -> Desk:
    return desk(cast.maryam)


def deal(name: str) -> Any:
    return OPPORTUNITY.model.objects.get(name=name)


def forecast(maryam: Desk) -> Any:
    return maryam.fact(maryam.label("opportunity", "forecast_amount"))


@pytest.mark.covers("R152", "R153", "R122", "R123", "R154", "R182", "R184", "R387")
def test_deals_begin_in_three_ways_and_their_forecast_follows_amount_and_probability(maryam, cast):
    firm = specimens.make(registry.get("organization"), cast.maryam, "پارس صنعت")
    lead = specimens.make(registry.get("lead"), cast.maryam, "علی کریمی")
    expect(maryam.page.locator("html")).to_have_attribute("dir", "rtl")
    expect(maryam.page.locator("html")).to_have_attribute("lang", "fa")

    # For an existing customer, at once at a later stage.
    maryam.open_list("opportunity")
    maryam.press("Add %(type)s", type=maryam.singular("opportunity"))
    maryam.fill("name", "پمپ برای پارس")
    maryam.look_up("organization", "پارس")
    maryam.choose("stage", "negotiation")
    maryam.fill("amount", "۱۰۰۰")
    maryam.fill("probability", "۲۰")
    maryam.fill("expected_close_on", "۱۵ فروردین ۱۴۰۶")
    maryam.save()
    expect(maryam.heading).to_contain_text("پمپ برای پارس")
    expect(forecast(maryam)).to_contain_text("۲۰۰")
    expect(forecast(maryam)).not_to_contain_text("٫")
    expect(maryam.fact(maryam.label("opportunity", "expected_close_on"))).to_contain_text("۱۵ فروردین ۱۴۰۶")
    made = deal("پمپ برای پارس")
    assert (made.stage, made.origin, made.organization_id) == ("negotiation", "existing_customer", firm.pk)
    assert (made.amount, made.currency, made.expected_close_on) == (1000, "IRR", date(2027, 4, 4))

    # Another probability, where it stands.
    maryam.fact(maryam.label("opportunity", "probability")).click()
    maryam.page.locator("#cell-probability").fill("۵۰")
    maryam.page.keyboard.press("Enter")
    expect(forecast(maryam)).to_contain_text("۵۰۰")

    # For a new customer, who is made inside the form.
    maryam.go("/opportunity/new/")
    maryam.fill("name", "کمپرسور")
    box = maryam.page.locator("#form-organization")
    box.press_sequentially("آروند تازه")
    maryam.page.locator("#form-organization-list .lookup__add").click()
    maryam.press("Save", maryam.page.locator("#create"))
    expect(box).to_have_value("آروند تازه")
    maryam.save()
    expect(maryam.heading).to_contain_text("کمپرسور")
    assert deal("کمپرسور").organization.name == "آروند تازه"

    # From a lead.
    maryam.go(f"/opportunity/new/?lead={lead.pk}&name=از سرنخ")
    maryam.save()
    expect(maryam.heading).to_contain_text("از سرنخ")
    assert deal("از سرنخ").origin == "lead"


@pytest.mark.covers("R155", "R156", "R179", "R150")
def test_a_deal_is_put_on_hold_reopened_and_won_and_another_is_lost_with_its_reason(maryam, cast):
    won, lost = (specimens.make(OPPORTUNITY, cast.maryam, name, amount="") for name in ("پمپ", "کمپرسور"))
    maryam.go(f"/opportunity/{won.pk}/")
    ending(maryam, "on_hold")
    expect(maryam.dialog).to_contain_text(maryam.label("opportunity", "next_contact_on"))
    maryam.fill("next_contact_on", "۱۴۰۶/۱/۱۵", part="move")
    answer(maryam, "on_hold")
    expect(maryam.fact(maryam.label("opportunity", "next_contact_on"))).to_contain_text("۱۵ فروردین ۱۴۰۶")

    step(maryam, "negotiation")
    maryam.fill("amount", "۲۵۰۰۰۰۰", part="move")
    answer(maryam, "negotiation")
    expect(maryam.page.locator(".path__step[aria-current=step]")).to_contain_text(
        stage(maryam, "negotiation")
    )
    ending(maryam, "won")
    expect(maryam.fact(maryam.label("opportunity", "probability"))).to_contain_text("۱۰۰")
    assert (specimens.current(won).outcome, specimens.current(won).probability) == ("won", 100)

    maryam.go(f"/opportunity/{lost.pk}/")
    ending(maryam, "lost")
    maryam.choose("loss_reason", "price", part="move")
    answer(maryam, "lost")
    reason = maryam.fact(maryam.label("opportunity", "loss_reason"))
    expect(reason).to_contain_text(maryam.choice("opportunity", "loss_reason", "price"))
    assert specimens.current(lost).outcome == "lost"

    maryam.tab(maryam.say("Updates"))
    updates = maryam.page.locator("#tab")
    expect(updates).to_contain_text("مریم کاظمی")
    expect(updates).to_contain_text(stage(maryam, "lost"))


def stage(maryam: Desk, key: str) -> str:
    return maryam.choice("opportunity", "stage", key)


def ending(maryam: Desk, key: str) -> None:
    """The button that closes the deal, or puts it on hold."""
    maryam.page.locator(f".record__tools button[name=value][value={key}]").click()


def step(maryam: Desk, key: str) -> None:
    maryam.page.locator(f".path button[value={key}]").click()


def answer(maryam: Desk, key: str) -> None:
    """Answer the question that the stage asks."""
    maryam.dialog.get_by_role("button", name=stage(maryam, key)).click()
    expect(maryam.dialog).to_be_hidden()


@pytest.mark.covers("R167", "R169", "R151", "R180")
def test_her_deals_stand_in_one_place_and_follow_the_hand_on_the_board(maryam, cast):
    firm = specimens.make(registry.get("organization"), cast.maryam, "پارس صنعت")
    sara = specimens.make(registry.get("contact"), cast.maryam, "سارا", phone="021 8888 1234")
    known = {"organization": firm.pk, "primary_contact": sara.pk}
    likely = specimens.make(OPPORTUNITY, cast.maryam, "پمپ", probability="80", **known)
    specimens.make(OPPORTUNITY, cast.maryam, "کمپرسور", probability="10")
    specimens.make(OPPORTUNITY, cast.can, "بیگانه")

    maryam.open_list("opportunity")
    maryam.open_view("My opportunities")
    expect(maryam.page.locator("tr[data-record]")).to_have_count(2)
    expect(maryam.row("پمپ")).to_contain_text("پارس صنعت")
    expect(maryam.row("پمپ")).to_contain_text(stage(maryam, "prospecting"))
    for direction in ("ascending", "descending"):
        maryam.page.locator("th").get_by_role("link", name=maryam.label("opportunity", "probability")).click()
        expect(maryam.page.locator(f"th[aria-sort={direction}]")).to_be_visible()
    expect(maryam.page.locator("tr[data-record]").first).to_contain_text("پمپ")

    maryam.page.locator(".segments__choice").nth(1).click()
    carry(maryam.page, likely.pk, "prospecting", "qualification")
    expect(maryam.toast).to_contain_text(stage(maryam, "qualification"))
    assert specimens.current(likely).stage == "qualification"

    maryam.page.set_viewport_size(PHONE)
    for address in (
        f"/opportunity/{likely.pk}/",
        "/opportunity/",
        "/opportunity/board/",
        "/opportunity/new/",
        "/",
    ):
        maryam.go(address)
        assert fits(maryam.page), address
    assert faults(maryam.page) == []


def carry(page: Page, pk: int, start: str, end: str) -> None:
    """Take a card with the keyboard and put it down in the next column."""
    card = page.locator(f"[data-column={start}] [data-card='{pk}']")
    card.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    expect(page.locator(f"[data-column={end}] [data-card='{pk}']")).to_be_visible()
