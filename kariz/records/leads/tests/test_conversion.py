"""A lead becomes a customer: what is made, what is carried over, and how it is taken back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kariz.core import changes, metadata, records, registry
from kariz.core.models import Change, ChangeBatch
from kariz.core.records import Forbidden, Invalid
from kariz.records.contacts.models import Contact
from kariz.records.leads import conversion, mapping
from kariz.records.leads.models import Lead
from kariz.records.opportunities.models import Opportunity
from kariz.records.organizations.models import Organization


@pytest.fixture
def ali(save, cast):
    """Elif's lead of Pars Sanat."""
    pump = save("product", name="Pump A")
    return save(
        "lead", name="Ali Rezaei", company="Pars Sanat", phone="+98 912 000 0001", company_phone="+98 21 8888 1234",
        email="ali@pars.ir", source="trade_fair", industry="machinery", budget="20000", needs="40 pumps",
        city="Tehran", job_title="Buyer", products=[pump.pk], competitors="Grundfos", user=cast.elif_,
    )  # fmt: skip


def made():
    return {model.__name__: model.objects.count() for model in (Organization, Contact, Opportunity)}


@pytest.mark.covers("R104", "R106", "R107", "R109", "R110", "R111", "R105")
def test_a_lead_with_a_company_becomes_organization_contact_and_opportunity(ali, cast):
    done = conversion.convert(ali, user=cast.elif_)
    assert (done.organization.name, done.contact.name, done.opportunity.name) == (
        "Pars Sanat",
        "Ali Rezaei",
        "Ali Rezaei",
    )
    assert done.contact.organization == done.opportunity.organization == done.organization
    assert done.opportunity.primary_contact == done.contact
    assert (done.opportunity.stage, done.opportunity.origin) == ("nurturing", "lead")


@pytest.mark.covers("R108")
def test_a_lead_without_a_company_becomes_contact_and_opportunity(save, cast):
    sara = save("lead", name="Sara", email="sara@ege.tr", source="website", user=cast.elif_)
    done = conversion.convert(sara, user=cast.elif_)
    assert (done.organization, done.contact.organization) == (None, None)
    assert made() == {"Organization": 0, "Contact": 1, "Opportunity": 1}


@pytest.mark.covers("R108")
def test_no_opportunity_is_made_where_none_is_wanted(ali, cast):
    assert conversion.convert(ali, user=cast.elif_, opportunity=None).opportunity is None
    assert made() == {"Organization": 1, "Contact": 1, "Opportunity": 0}


@pytest.mark.covers("R107")
def test_a_company_without_a_person_is_not_converted(save, cast):
    acme = save("lead", company="Acme", company_phone="+90 212 000 00 01", source="trade_fair")
    with pytest.raises(Invalid) as refused:
        conversion.convert(acme, user=cast.admin)
    assert list(refused.value.errors) == ["contact.name"]
    assert made() == {"Organization": 0, "Contact": 0, "Opportunity": 0}


@pytest.mark.covers("R111", "R002", "R063")
def test_what_is_known_of_the_lead_is_carried_over(ali, cast):
    from kariz.core import actions

    ali = actions.run("verify_phone", registry.get("lead"), ali, user=cast.elif_)
    done = conversion.convert(ali, user=cast.elif_)
    firm, person, deal = done.organization, done.contact, done.opportunity
    assert (firm.phone, firm.industry, firm.city) == ("+982188881234", "machinery", "Tehran")
    assert (person.phone, person.email, person.job_title, person.source) == (
        "+989120000001", "ali@pars.ir", "Buyer", "trade_fair",
    )  # fmt: skip
    assert (person.is_phone_verified, person.phone_verified_by) == (True, cast.elif_)
    assert (deal.amount, deal.requested, deal.competitors) == (20_000, "40 pumps", "Grundfos")
    assert deal.products_ids == ali.products_ids


@pytest.mark.covers("R112", "R113", "R119", "R120", "R004")
def test_lead_and_customer_are_linked_both_ways_and_the_lead_is_locked(save, errors, names, ali, cast):
    done = conversion.convert(ali, user=cast.elif_)
    lead = Lead.objects.get(pk=ali.pk)
    assert (lead.organization, lead.contact, lead.opportunity) == (
        done.organization,
        done.contact,
        done.opportunity,
    )
    assert {done.organization.lead, done.contact.lead, done.opportunity.lead} == {lead}
    assert (lead.status, lead.is_converted, lead.is_open) == ("converted", True, False)
    assert (timezone.now() - lead.converted_at).seconds < 60
    assert list(errors("lead", lead, name="Somebody else")) == ["__all__"]
    with pytest.raises(Invalid):
        records.delete(registry.get("lead"), [lead], user=cast.admin)
    assert names("lead", cast.elif_, view="open") == []
    assert names("lead", cast.elif_, view="converted") == ["Ali Rezaei"]


@pytest.mark.covers("R027", "R029")
def test_the_histories_of_lead_and_customer_are_two(save, ali, cast):
    ali = save("lead", ali, status="contacted", user=cast.elif_)
    done = conversion.convert(ali, user=cast.elif_)
    of_lead = changes.history(registry.get("lead"), ali.pk)
    of_contact = changes.history(registry.get("contact"), done.contact.pk)
    assert [change.batch.kind for change in of_lead] == ["conversion", "edit", "edit"]
    assert [change.batch.kind for change in of_contact] == ["conversion"]


@pytest.mark.covers("R099", "R100", "R116")
def test_somebody_else_may_be_responsible_for_the_customer(ali, cast):
    done = conversion.convert(ali, user=cast.elif_, owner=cast.deniz)
    assert {done.organization.owner, done.contact.owner, done.opportunity.owner} == {cast.deniz}
    assert done.lead.owner == cast.elif_
    lead = registry.get("lead")
    records.save(lead, Lead.objects.get(), {"owner": cast.can.pk}, user=None, is_trusted=True)
    handed = Change.objects.filter(record_type="lead", values__has_key="owner").order_by("id")
    assert [change.values["owner"][1] for change in handed] == [cast.elif_.pk, cast.can.pk]


@pytest.mark.covers("R117")
def test_legal_numbers_are_said_when_converting(ali, cast):
    said = {
        "name": "Pars Sanat Co.",
        "tax_number": "411-111",
        "registry_code": "10100",
        "certificate_number": "77",
    }
    firm = conversion.convert(ali, user=cast.elif_, organization=said).organization
    assert {name: getattr(firm, name) for name in said} == said
    assert firm.phone == "+982188881234"


def test_a_customer_that_is_known_is_used_as_it_is(save, ali, cast):
    firm = save("organization", name="Pars Sanat", city="Karaj", user=cast.can)
    person = save("contact", name="Ali R.", user=cast.can)
    done = conversion.convert(ali, user=cast.elif_, organization=firm, contact=person)
    assert made() == {"Organization": 1, "Contact": 1, "Opportunity": 1}
    assert (done.organization.city, done.lead.contact) == ("Karaj", person)
    assert done.opportunity.primary_contact == person


@pytest.mark.covers("R111")
def test_a_known_customer_takes_from_the_lead_what_it_has_not_where_that_is_wanted(save, ali, cast):
    lead = save("lead", ali, city="Tehran", job_title="Buyer", is_do_not_call=True, user=cast.admin)
    firm = save("organization", name="Pars Sanat", city="Karaj")
    person = save("contact", name="A. Rezaei", email="his.own@example.com")
    done = conversion.convert(lead, user=cast.admin, organization=firm, contact=person, fill=["contact"])
    firm.refresh_from_db()
    person.refresh_from_db()
    assert (firm.city, firm.phone) == ("Karaj", "")
    assert (person.name, person.email) == ("A. Rezaei", "his.own@example.com")
    assert (person.job_title, person.city, person.is_do_not_call) == ("Buyer", "Tehran", True)
    assert person.organization == firm
    changes.undo(done.batch, user=cast.admin)
    person.refresh_from_db()
    assert (person.job_title, person.city, person.is_do_not_call, person.organization) == (
        "",
        "",
        False,
        None,
    )


def test_who_may_not_change_the_known_customer_does_not_fill_it(save, ali, cast):
    firm = save("organization", name="Pars Sanat")
    with pytest.raises(Forbidden):
        conversion.convert(ali, user=cast.elif_, organization=firm, fill=["organization"])
    assert not Lead.objects.get(pk=ali.pk).is_converted


def test_an_error_in_one_part_leaves_nothing_of_the_others(ali, cast):
    with pytest.raises(Invalid) as refused:
        conversion.convert(ali, user=cast.elif_, opportunity={"probability": "300", "stage": "lost"})
    assert set(refused.value.errors) == {"opportunity.probability", "opportunity.loss_reason"}
    assert made() == {"Organization": 0, "Contact": 0, "Opportunity": 0}
    assert not ChangeBatch.objects.filter(kind="conversion").exists()
    assert Lead.objects.get().is_converted is False


def test_one_converts_once_and_only_what_one_may_change(ali, cast):
    for stranger in (cast.can, cast.dealer):
        with pytest.raises(Forbidden):
            conversion.convert(ali, user=stranger)
    conversion.convert(ali, user=cast.elif_)
    with pytest.raises(Invalid, match="already"):
        conversion.convert(ali, user=cast.elif_)


def test_a_conversion_is_undone_as_one(ali, cast):
    done = conversion.convert(ali, user=cast.elif_)
    undone = changes.undo(done.batch, cast.elif_)
    assert (undone.restored, undone.kept) == (4, [])
    assert made() == {"Organization": 0, "Contact": 0, "Opportunity": 0}
    lead = Lead.objects.get()
    assert (lead.is_converted, lead.status, lead.is_open, lead.converted_at) == (False, "new", True, None)
    assert conversion.convert(lead, user=cast.elif_).contact.name == "Ali Rezaei"


@pytest.mark.covers("R282", "R287")
def test_custom_fields_of_the_same_name_are_carried_over(save, cast):
    for name in ("lead", "contact"):
        metadata.add_field(registry.get(name), label="Shoe size", type="number")
    lead = save("lead", name="Sara", email="sara@ege.tr", source="website", shoe_size="38", user=cast.elif_)
    assert conversion.convert(lead, user=cast.elif_).contact.custom == {"shoe_size": "38"}


def test_administrators_change_what_goes_where(ali, cast):
    mapping.change(
        mapping.SHIPPED | {"contact": {"name": "name", "department": "company", "description": "industry"}}
    )
    person = conversion.convert(ali, user=cast.elif_).contact
    assert (person.name, person.department, person.description, person.email) == (
        "Ali Rezaei",
        "Pars Sanat",
        "Machinery",
        "",
    )


def test_a_conversion_costs_the_same_however_much_there_is(save, ali, cast):
    def queries(lead):
        with CaptureQueriesContext(connection) as asked:
            conversion.convert(lead, user=cast.elif_)
        return len(asked)

    others = [
        save("lead", name=f"Lead {n}", email="x@ege.tr", company="Ege", source="email", user=cast.elif_)
        for n in range(5)
    ]
    queries(ali)
    first, *rest = [queries(lead) for lead in others]
    assert {first, *rest} == {first}
    assert first <= 40
