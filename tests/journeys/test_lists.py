"""Story S7, steps 3 and 4: records are found however they are spelt, and many are changed at once."""

import re

import pytest
from playwright.sync_api import expect

from kariz.core import registry
from kariz.features.comments.models import Comment
from tests import specimens
from tests.journeys.desk import DESKTOP, PHONE, Desk, fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CONTACT = registry.get("contact")


def expect_found(person: Desk, text: str, names: list[str]) -> None:
    """What the list holds after typing into its search box."""
    person.page.locator("#find").fill(text)
    expect(person.page.locator("#rows .table__name bdi")).to_have_text(names)


@pytest.mark.covers("R273", "R274", "R275", "R279", "R384", "R385")
def test_people_are_found_by_any_part_of_name_phone_and_address_however_they_are_spelt(desk, cast):
    specimens.make(CONTACT, cast.reza, "علي كريمي", phone="+98 21 8888 1234", email="ali@pars.example")
    specimens.make(CONTACT, cast.reza, "İrem Işık", phone="+90 212 555 12 34", email="irem@acme.example")
    reza = desk(cast.reza)
    reza.open_list("contact")
    reza.narrow("email", "contains", "@")
    expect(reza.page.locator("tr[data-record]")).to_have_count(2)
    expect_found(reza, "کریم", ["علي كريمي"])  # a Persian kaf and ye find Arabic ones
    expect_found(reza, "irem isik", ["İrem Işık"])
    expect_found(reza, "IŞIK", ["İrem Işık"])
    expect_found(reza, "8881234", ["علي كريمي"])
    expect_found(reza, "۰۲۱-۸۸۸۸", ["علي كريمي"])
    expect_found(reza, "acme", ["İrem Işık"])
    expect_found(reza, "nobody", [])
    reza.press("Show all")
    expect(reza.page.locator("tr[data-record]")).to_have_count(2)
    expect(reza.page.locator(".chip")).to_have_count(0)


@pytest.mark.covers("R276", "R277", "R278")
def test_ticked_rows_are_edited_commented_and_deleted_at_once_and_come_back(desk, cast):
    people = [specimens.make(CONTACT, cast.demir, f"Sara {number}") for number in range(1, 6)]
    demir = desk(cast.demir)
    demir.open_list("contact")
    for person in people[:3]:
        tick(demir, person.pk)
    expect(bar(demir)).to_contain_text("3 selected")

    demir.press("Edit", bar(demir))
    expect(demir.dialog).to_contain_text("Edit 3 records")
    demir.dialog.get_by_label("Field").select_option("job_title")
    demir.fill("job_title", "Engineer", part="bulk")
    demir.press("Save", demir.dialog)
    expect(demir.toast).to_contain_text("3 records changed.")
    expect(demir.page.locator("#rows").get_by_text("Engineer")).to_have_count(3)

    for person in people[:3]:
        tick(demir, person.pk)
    demir.press("Add comment", bar(demir))
    demir.dialog.get_by_label("Comment").fill("Invite to the fair")
    demir.press("Add comment", demir.dialog)
    expect(demir.toast).to_contain_text("added to 3 records")
    assert Comment.objects.count() == 3

    for person in people[:3]:
        tick(demir, person.pk)
    demir.press("Delete", bar(demir))
    expect(demir.dialog).to_contain_text("Delete 3 records?")
    demir.press("Cancel", demir.dialog)
    assert CONTACT.model.objects.count() == 5
    demir.press("Delete", bar(demir))
    demir.press("Delete", demir.dialog)
    expect(demir.page.locator("tr[data-record]")).to_have_count(2)
    demir.press("Undo", demir.toast)
    expect(demir.page.locator("tr[data-record]")).to_have_count(5)


def bar(person: Desk):
    return person.page.locator("#bulk")


def tick(person: Desk, pk: int) -> None:
    person.page.locator(f"tr[data-record='{pk}'] [data-tick]").check()


@pytest.mark.covers("R273")
def test_a_value_is_edited_in_its_row_and_the_panel_opens_beside_it(desk, cast):
    sara = specimens.make(CONTACT, cast.reza, "Sara Ahmadi", job_title="Engineer")
    reza = desk(cast.reza)
    reza.open_list("contact")
    reza.page.locator("td", has_text="Engineer").dblclick()
    reza.page.locator("#cell-job_title").fill("Head of buying")
    reza.page.keyboard.press("Enter")
    expect(reza.page.locator("td", has_text="Head of buying")).to_be_visible()
    assert specimens.current(sara).job_title == "Head of buying"
    reza.row("Sara Ahmadi").hover()
    reza.row("Sara Ahmadi").locator("[data-peek]").click()
    expect(reza.page.locator("#panel")).to_contain_text("Head of buying")
    reza.page.keyboard.press("Escape")
    expect(reza.page.locator("#panel")).to_be_hidden()


def test_going_back_to_what_was_fetched_in_part_shows_the_whole_page(desk, cast):
    sara = specimens.make(CONTACT, cast.reza, "Sara Ahmadi")
    reza = desk(cast.reza)
    reza.open_list("contact")
    reza.open_view("My contacts")
    reza.go(f"/contact/{sara.pk}/")
    reza.tab("Updates")
    expect(reza.page).to_have_url(re.compile("tab=updates"))
    reza.go("/")
    for address, heading in (("tab=updates", "Sara"), (rf"/{sara.pk}/$", "Sara"), ("view=", "Contacts")):
        reza.page.go_back()
        expect(reza.page).to_have_url(re.compile(address))
        expect(reza.heading).to_contain_text(heading)
        expect(reza.page.locator(".topbar")).to_be_visible()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_lists_and_pages_are_no_wider_than_the_window(desk, cast, size):
    sara = specimens.make_full(CONTACT, cast.reza, "Sara Ahmadi " * 6)
    reza = desk(cast.reza, is_phone=size == PHONE)
    pages = (
        "/",
        "/contact/",
        "/contact/board/",
        f"/contact/{sara.pk}/",
        f"/contact/{sara.pk}/edit/",
        "/search/?q=sara",
    )
    wide = []
    for address in (*pages, "/me/preferences/", "/me/notices/"):
        reza.go(address)
        if not fits(reza.page):
            wide.append(address)
    assert wide == []


def test_everything_that_can_be_done_with_ticked_rows_is_in_sight_on_a_phone(desk, cast):
    sara = specimens.make(CONTACT, cast.maryam, "Sara Ahmadi")
    maryam = desk(cast.maryam, is_phone=True)
    maryam.go("/contact/")
    tick(maryam, sara.pk)
    expect(bar(maryam)).to_be_visible()
    assert is_whole(bar(maryam))
    for button in bar(maryam).get_by_role("button").all():
        expect(button).to_be_in_viewport(ratio=1)


def is_whole(element) -> bool:
    """Whether nothing of it is cut or scrolled out of sight."""
    return element.evaluate("one => one.scrollWidth <= one.clientWidth")
