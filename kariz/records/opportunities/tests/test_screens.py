"""Opportunities on the screens, by the click paths that people know."""

import re

import pytest
from django.test import Client

from kariz.core import events, records, registry
from kariz.records.opportunities.models import Opportunity
from kariz.records.organizations.models import Organization

IN_PANE = {"HX-Request": "true"}


@pytest.fixture
def browse():
    """A browser in which somebody is signed in."""

    def signed_in(user):
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def maryam(browse, cast):
    return browse(cast.maryam)


def told(answer):
    """What one reads on the page, in one line."""
    text = re.sub(r"<[^>]*>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", text)


@pytest.mark.covers("R158", "R154", "R182")
def test_one_is_made_by_add_opportunity_and_save(maryam):
    assert "Add new Opportunity" in told(maryam.get("/opportunity/new/"))
    made = maryam.post(
        "/opportunity/new/",
        {
            "name": "40 pumps",
            "amount": "1000",
            "currency": "IRR",
            "probability": "20",
            "expected_close_on": "2027-01-31",
        },
    )
    deal = Opportunity.objects.get()
    assert made.url == f"/opportunity/{deal.pk}/"
    assert (deal.forecast_amount, deal.currency, deal.stage) == (200, "IRR", "prospecting")
    assert "Forecast amount IRR 200" in told(maryam.get(made.url)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.covers("R159", "R160")
def test_the_plus_of_every_page_makes_one_from_basic_details_and_stays(maryam):
    for page in ("/", "/lead/", "/me/preferences/", "/search/"):
        assert 'hx-get="/opportunity/quick/"' in maryam.get(page).content.decode()
    full, basic = (
        maryam.get(f"/opportunity/{form}/", headers=IN_PANE).content.decode() for form in ("new", "quick")
    )
    assert "Add Opportunity" in basic
    assert basic.count("form__label") < full.count("form__label") / 2
    answer = maryam.post("/opportunity/quick/", {"name": "40 pumps"}, headers=IN_PANE)
    assert answer.status_code == 200
    assert "Opportunity “40 pumps” was created." in told(answer)
    assert Opportunity.objects.get().owner.username == "maryam"


@pytest.mark.covers("R152")
def test_one_may_begin_at_any_stage_which_sets_its_probability(maryam):
    maryam.post("/opportunity/new/", {"name": "40 pumps", "stage": "negotiation", "amount": "1000"})
    deal = Opportunity.objects.get()
    assert (deal.stage, deal.probability) == ("negotiation", 70)


@pytest.mark.covers("R152")
def test_what_the_stage_asks_for_is_asked_in_the_form(maryam):
    answer = maryam.post("/opportunity/new/", {"name": "40 pumps", "stage": "negotiation"})
    assert answer.status_code == 422
    assert "“Amount” is needed for “Negotiation”." in told(answer)


@pytest.mark.covers("R153")
def test_a_new_customer_is_made_inside_the_form(maryam):
    made = maryam.post(
        "/organization/quick/", {"name": "Ege Teknik", "for": "form-organization"}, headers=IN_PANE
    )
    ege = Organization.objects.get()
    assert (
        f'"recordCreated": {{"for": "form-organization", "id": {ege.pk}, "title": "Ege Teknik"}}'
        in made["HX-Trigger"]
    )
    maryam.post("/opportunity/new/", {"name": "CNC line", "organization": ege.pk, "origin": "new_customer"})
    assert "Ege Teknik" in told(maryam.get(f"/opportunity/{Opportunity.objects.get().pk}/"))


@pytest.mark.covers("R168", "R170", "R171", "R172")
@pytest.mark.parametrize(
    ("tab", "target", "values"),
    [
        ("contacts", "contact", {"name": "Ali Rezaei"}),
        ("products", "product", {"name": "Pump"}),
        ("services", "service", {"name": "Installation"}),
    ],
)
def test_contacts_products_and_services_are_linked_from_their_tabs(maryam, cast, save, tab, target, values):
    deal = save("opportunity", user=cast.maryam, name="40 pumps")
    other = save(target, owner=cast.maryam.pk, **values)
    maryam.post(f"/opportunity/{deal.pk}/tabs/{tab}/", {"link": other.pk})
    assert values["name"] in told(maryam.get(f"/opportunity/{deal.pk}/?tab={tab}"))
    assert re.search(rf"{tab.title()} 1 ", told(maryam.get(f"/opportunity/{deal.pk}/")))


@pytest.mark.covers("R161", "R169")
def test_updates_keep_who_moved_it_when_from_where_to_where(maryam, cast, save):
    deal = save("opportunity", user=cast.maryam, name="40 pumps", amount="1000")
    maryam.post(f"/opportunity/{deal.pk}/stage/", {"value": "negotiation"})
    shown = told(maryam.get(f"/opportunity/{deal.pk}/?tab=updates"))
    assert re.search(r"maryam changed this record Stage: Prospecting Negotiation Probability: 10% 70%", shown)


@pytest.mark.covers("R004", "R153")
def test_an_opportunity_leads_back_to_its_lead_and_the_lead_to_it(maryam, cast, save):
    lead = save("lead", user=cast.maryam, name="Ali Rezaei", email="ali@example.com", source="website")
    deal = save("opportunity", user=cast.maryam, name="40 pumps", lead=lead.pk)
    assert f'href="/lead/{lead.pk}/" title="Lead"' in maryam.get(f"/opportunity/{deal.pk}/").content.decode()
    assert (
        f'href="/opportunity/{deal.pk}/" title="Opportunity"'
        in maryam.get(f"/lead/{lead.pk}/").content.decode()
    )


@pytest.mark.covers("R178", "R375")
def test_two_people_who_change_the_same_value_are_asked(browse, cast, save):
    deal = save("opportunity", name="40 pumps", owner=cast.maryam.pk)
    page, form = f"/opportunity/{deal.pk}/edit/", {"name": "40 pumps", "version": deal.version}
    browse(cast.nadir).post(page, form | {"next_step": "Send the offer"})
    answer = browse(cast.maryam).post(page, form | {"next_step": "Call Ali"})
    assert answer.status_code == 409
    assert "nadir saved other values" in told(answer)
    assert "Yours: Call Ali" in told(answer)
    assert "Theirs: Send the offer" in told(answer)


@pytest.mark.covers("R178", "R375", "R379")
def test_a_colleague_of_the_team_works_on_the_deal_and_its_owner_sees_what_he_did(browse, maryam, cast, save):
    deal = save("opportunity", name="40 pumps", amount="1000", owner=cast.maryam.pk)
    page = f"/opportunity/{deal.pk}/"
    answer = browse(cast.can).post(f"{page}stage/", {"value": "negotiation"})
    assert answer.status_code == 302
    shown = told(maryam.get(f"{page}?tab=updates"))
    assert "can changed this record" in shown
    assert "Prospecting Negotiation" in shown
    assert browse(cast.can).post(f"{page}delete/").status_code == 403
    assert browse(cast.deniz).get(page).status_code == 404


@pytest.mark.covers("R178")
def test_whoever_is_made_responsible_is_told(browse, cast, save):
    deal = save("opportunity", user=cast.nadir, name="40 pumps")
    records.save(registry.get("opportunity"), deal, {"owner": cast.maryam.pk}, user=cast.nadir)
    events.deliver(None)
    assert "nadir made you responsible for “40 pumps”." in told(browse(cast.maryam).get("/me/notices/"))


@pytest.mark.covers("R168")
def test_the_page_asks_the_database_as_often_for_one_related_record_as_for_fifty(
    maryam, cast, save, django_assert_num_queries, django_assert_max_num_queries
):
    deal = save("opportunity", user=cast.maryam, name="40 pumps")
    people = [save("contact", user=cast.maryam, name=f"Person {number}").pk for number in range(50)]
    deal = save("opportunity", deal, user=cast.maryam, contacts=people[:1])
    page = f"/opportunity/{deal.pk}/?tab=contacts"
    maryam.get(page)
    with django_assert_max_num_queries(17) as few:
        maryam.get(page)
    save("opportunity", deal, user=cast.maryam, contacts=people)
    with django_assert_num_queries(len(few)):
        maryam.get(page)
