"""The screens of a conversion, as people use them."""

import pytest
from django.test import Client
from django.urls import reverse

from kariz.core.models import ChangeBatch
from kariz.records.contacts.models import Contact
from kariz.records.leads import mapping
from kariz.records.leads.models import Lead
from kariz.records.opportunities.models import Opportunity
from kariz.records.organizations.models import Organization


@pytest.fixture
def browse():
    def signed_in(user):
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def ali(save, cast):
    return save(
        "lead", name="Ali Rezaei", company="Pars Sanat", phone="+98 912 000 0001", company_phone="+98 21 8888 1234",
        email="ali@pars.ir", source="trade_fair", budget="20000", city="Tehran", user=cast.elif_,
    )  # fmt: skip


def page_of(lead):
    return reverse("leads:convert", args=["lead", lead.pk])


def sent(**values):
    """What the form sends where nothing was typed but this; a double underscore is the dot after the part."""
    form = {
        "organization": "new", "organization.name": "Pars Sanat", "contact": "new", "contact.name": "Ali Rezaei",
        "contact.email": "ali@pars.ir", "opportunity": "new", "opportunity.name": "40 pumps",
        "opportunity.pipeline": "sales", "opportunity.stage": "nurturing", "opportunity.amount": "20,000", "owner": "",
    }  # fmt: skip
    return form | {name.replace("__", "."): value for name, value in values.items()}


@pytest.mark.covers("R109", "R111", "R117")
def test_the_screen_shows_what_will_be_made_and_asks_for_the_legal_numbers(browse, ali, cast, in_country):
    in_country("TR")
    page = browse(cast.elif_).get(page_of(ali)).content.decode()
    assert 'value="Pars Sanat"' in page
    assert 'value="Ali Rezaei"' in page
    assert "Tax number (VKN)" in page
    assert "Tehran" in page


@pytest.mark.covers("R109", "R116", "R112")
def test_sending_it_converts_and_opens_what_its_maker_still_sees(browse, ali, cast):
    client = browse(cast.elif_)
    answer = client.post(page_of(ali), sent(organization__tax_number="411", owner=str(cast.can.pk)))
    deal = Opportunity.objects.get()
    assert answer.url == reverse(
        "web:record", args=["contact", deal.primary_contact_id]
    )  # the deal is Can's alone
    assert (deal.name, deal.amount, deal.owner, deal.lead) == ("40 pumps", 20_000, cast.can, ali)
    assert (Organization.objects.get().tax_number, Contact.objects.get().city) == ("411", "Tehran")
    client.post(reverse("web:undo", args=[ChangeBatch.objects.get(kind="conversion").pk]))
    assert (Opportunity.objects.count(), Lead.objects.get().is_converted) == (0, False)


def test_what_was_emptied_in_the_form_is_not_carried_over(browse, ali, cast):
    browse(cast.elif_).post(page_of(ali), sent(contact__email="", contact__phone=""))
    assert (Contact.objects.get().email, Contact.objects.get().phone) == ("", "")


@pytest.mark.covers("R058")
def test_customers_that_may_be_known_are_shown_and_can_be_used(browse, save, ali, cast):
    firm = save(
        "organization", name="Pars Sanat Co.", phone="+98 (21) 8888-1234", city="Karaj", user=cast.can
    )
    person = save("contact", name="A. Rezaei", email="ali@pars.ir", user=cast.can)
    save("contact", name="Ali Rezaei", user=cast.deniz)
    client = browse(cast.elif_)
    page = client.get(page_of(ali)).content.decode()
    assert "Pars Sanat Co." in page
    assert "the same e-mail" in page
    assert page.count("Use this one") == 2
    client.post(page_of(ali), sent(organization=str(firm.pk), contact=str(person.pk), opportunity="none"))
    lead = Lead.objects.get()
    assert (lead.organization, lead.contact, lead.opportunity) == (firm, person, None)
    assert (Organization.objects.count(), Contact.objects.count()) == (1, 2)


def test_empty_fields_of_the_chosen_customer_are_filled_by_whoever_may_and_wants_it(browse, save, ali, cast):
    firm = save("organization", name="Pars Sanat Co.", phone="+98 (21) 8888-1234", user=cast.can)
    assert "Fill its empty fields" not in browse(cast.elif_).get(page_of(ali)).content.decode()
    save("lead", ali, owner=cast.can.pk, city="Tehran")
    client = browse(cast.can)
    assert "Fill its empty fields from the lead" in client.get(page_of(ali)).content.decode()
    client.post(page_of(ali), sent(organization=str(firm.pk), organization__fill="1", opportunity="none"))
    firm.refresh_from_db()
    assert (firm.name, firm.city) == ("Pars Sanat Co.", "Tehran")


def test_numbers_of_the_companys_country_are_recognised(browse, save, cast, in_country):
    in_country("TR")
    save("contact", name="Somebody", mobile="0532 000 00 01", user=cast.elif_)
    lead = save("lead", name="Sara", phone="+90 (532) 000 00 01", source="phone", user=cast.elif_)
    assert "the same phone" in browse(cast.elif_).get(page_of(lead)).content.decode()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"contact__email": "ali@"}, "not an e-mail address"),
        ({"opportunity__amount": "much"}, "not an amount"),
        ({"organization__name": ""}, "is required"),
        ({"owner": "999"}, "Choose one of the users."),
        ({"contact": "999"}, "Choose again."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_made(browse, ali, cast, typed, told):
    answer = browse(cast.elif_).post(page_of(ali), sent(**typed))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Contact.objects.exists()


@pytest.mark.covers("R107")
def test_a_lead_without_a_person_is_not_converted(browse, save, cast):
    acme = save("lead", company="Acme", company_phone="+90 212 000 00 01", source="trade_fair")
    assert "Name the person first" in browse(cast.admin).get(page_of(acme)).content.decode()
    assert browse(cast.admin).post(page_of(acme), sent()).status_code == 422


def test_a_converted_lead_leads_to_its_page_and_strangers_find_nothing(browse, save, ali, cast):
    client = browse(cast.elif_)
    client.post(page_of(ali), sent())
    assert client.get(page_of(ali)).url == reverse("web:record", args=["lead", ali.pk])
    assert browse(cast.can).get(page_of(ali)).status_code == 404
    assert client.get(reverse("leads:convert", args=["contact", Contact.objects.get().pk])).status_code == 404


def test_administrators_choose_what_goes_where(browse, ali, cast):
    address = reverse("leads:mapping", args=["contact"])
    assert browse(cast.maryam).get(address).status_code == 403
    client = browse(cast.admin)
    assert 'name="department"' in client.get(address).content.decode()
    client.post(address, {"name": "name", "department": "company", "birthday": "budget"})
    assert mapping.names()["contact"] == {"name": "name", "department": "company"}
    client.post(address, {"reset": "1"})
    assert mapping.names()["contact"]["email"] == "email"


def test_the_screen_costs_the_same_however_many_customers_there_are(
    browse, save, ali, cast, django_assert_max_num_queries
):
    for n in range(5):
        save("contact", name=f"Ali Rezaei {n}", email="ali@pars.ir", user=cast.elif_)
    client = browse(cast.elif_)
    client.get(page_of(ali))
    with django_assert_max_num_queries(40):
        client.get(page_of(ali))
