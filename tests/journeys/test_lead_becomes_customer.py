"""Story S4, steps 1 to 5 and 7: Elif makes customers of her leads, in Turkish, and hands them over to Can."""

from typing import Any

import pytest
from playwright.sync_api import expect

from kariz.core import registry
from tests import specimens
from tests.accessibility import faults
from tests.journeys.desk import PHONE, Desk, fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LEAD, OPPORTUNITY = registry.get("lead"), registry.get("opportunity")
CONTACT, ORGANIZATION = registry.get("contact"), registry.get("organization")


@pytest.fixture
def elif_(desk, cast) -> Desk:
    return desk(cast.elif_)


@pytest.fixture
def ali(cast) -> Any:
    """A lead of Elif's with a company, and with what she learnt of it."""
    known = {
        "company": "Pars Sanat",
        "needs": "İki pompa",
        "phone": "+90 212 555 12 34",
        "job_title": "Mühendis",
    }
    return specimens.make(LEAD, cast.elif_, "Ali Şahin", **known)


def convert(elif_: Desk, lead: Any) -> None:
    """From the list over the lead's page to the screen of the conversion."""
    elif_.open_list("lead")
    elif_.row(lead.title).get_by_role("link", name=lead.title).click()
    elif_.press("Convert", elif_.page.locator(".record__tools"))
    expect(elif_.heading).to_have_text(elif_.say("Convert %(lead)s", lead=lead.title))


def agree(elif_: Desk) -> None:
    elif_.press("Convert", elif_.page.locator(".form__foot"))


@pytest.mark.covers("R105", "R106", "R107", "R109", "R110", "R121")
def test_a_lead_with_a_company_becomes_three_records_in_one_action(elif_, ali):
    expect(elif_.page.locator("html")).to_have_attribute("lang", "tr")
    convert(elif_, ali)
    agree(elif_)
    expect(elif_.toast).to_contain_text("Ali Şahin")
    deal = OPPORTUNITY.model.objects.get()
    assert (deal.organization.name, deal.primary_contact.name) == ("Pars Sanat", "Ali Şahin")
    assert deal.primary_contact.organization == deal.organization
    expect(elif_.page).to_have_url(elif_.page.url.partition("/opportunity")[0] + f"/opportunity/{deal.pk}/")


@pytest.mark.covers("R107")
def test_a_company_without_a_person_is_not_converted(elif_, cast):
    firm = specimens.make(LEAD, cast.elif_, "", company="Acme A.Ş.", company_phone="+90 212 555 12 34")
    elif_.go(f"/lead/{firm.pk}/convert/")
    expect(elif_.page.get_by_role("alert")).to_contain_text(
        elif_.say("Name the person first: a customer needs somebody to talk to.")
    )
    expect(elif_.page.locator("#main form button.button--primary")).to_have_count(0)


@pytest.mark.covers("R108")
def test_a_person_without_a_company_becomes_contact_and_opportunity_only(elif_, cast):
    sara = specimens.make(LEAD, cast.elif_, "Sara Yılmaz", company="")
    convert(elif_, sara)
    agree(elif_)
    expect(elif_.toast).to_contain_text("Sara Yılmaz")
    assert (CONTACT.model.objects.count(), ORGANIZATION.model.objects.count()) == (1, 0)


@pytest.mark.covers("R099", "R100", "R111", "R116", "R117", "R124", "R390")
def test_the_customer_gets_another_responsible_person_the_lead_s_data_and_legal_numbers(
    elif_, ali, cast, desk
):
    convert(elif_, ali)
    for name in ("tax_number", "registry_code", "certificate_number"):
        expect(elif_.page.locator(f"#organization-{name}")).to_be_visible()
    elif_.fill("tax_number", "1234567890", part="organization")
    elif_.look_up("owner", "Can", part="convert")
    agree(elif_)
    expect(elif_.toast).to_contain_text("Ali Şahin")
    expect(elif_.heading).to_contain_text("Ali Şahin")  # the contact, since the deal is Can's alone now
    firm, person = ORGANIZATION.model.objects.get(), CONTACT.model.objects.get()
    assert (firm.tax_number, firm.owner, person.owner) == ("1234567890", cast.can, cast.can)
    assert (person.job_title, person.phone) == ("Mühendis", "+902125551234")
    assert specimens.current(ali).owner == cast.elif_
    can = desk(cast.can)
    can.go(f"/organization/{firm.pk}/")
    expect(can.fact(can.label("organization", "tax_number"))).to_contain_text("1234567890")
    assert "tax_number" not in LEAD.fields


@pytest.mark.covers("R004", "R112", "R113", "R119", "R027", "R029", "R104")
def test_customer_and_lead_lead_to_each_other_and_the_lead_is_locked_and_kept(elif_, ali):
    convert(elif_, ali)
    agree(elif_)
    expect(elif_.toast).to_contain_text("Ali Şahin")

    # One click from the customer to the lead, which is the origin of the opportunity too.
    elif_.page.locator(".record__aside .origin").get_by_role("link", name="Ali Şahin").first.click()
    expect(elif_.heading).to_contain_text("Ali Şahin")
    expect(elif_.fact(elif_.label("lead", "converted_at"))).not_to_have_text("–")
    expect(elif_.page.locator(".record__tools").get_by_role("link", name=elif_.say("Edit"))).to_have_count(0)
    elif_.tab(elif_.say("Updates"))
    expect(elif_.page.locator("#tab")).to_contain_text("Elif Kaya")

    # Out of the open leads, and in the list of the converted ones.
    elif_.open_list("lead")
    expect(elif_.row("Ali Şahin")).to_have_count(0)
    elif_.open_view("Converted")
    expect(elif_.row("Ali Şahin")).to_have_count(1)

    # The customer has a history of its own.
    person = CONTACT.model.objects.get()
    elif_.go(f"/contact/{person.pk}/?tab=updates")
    expect(elif_.page.locator("#tab")).not_to_contain_text(elif_.label("lead", "status"))


@pytest.mark.covers("R118", "R166")
def test_a_request_for_proposal_is_an_opportunity_at_once(elif_, cast):
    specimens.make(registry.get("product"), None, "GTX Pro")
    elif_.page.set_viewport_size(PHONE)
    elif_.go("/opportunity/new/")
    assert fits(elif_.page)
    elif_.fill("name", "Teklif talebi: GTX Pro")
    elif_.look_up("product", "GTX")
    elif_.fill("requested", "Yirmi adet GTX Pro")
    elif_.fill("conditions", "Altmış gün vade")
    elif_.save()
    expect(elif_.heading).to_contain_text("Teklif talebi: GTX Pro")
    expect(elif_.fact(elif_.label("opportunity", "conditions"))).to_have_text("Altmış gün vade")
    made = OPPORTUNITY.model.objects.get()
    assert (made.product.name, made.requested) == ("GTX Pro", "Yirmi adet GTX Pro")
    assert fits(elif_.page)
    assert faults(elif_.page) == []
