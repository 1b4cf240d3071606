"""What the home page says: what is new, what rots, what closes, what the month and the quarter bring."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kariz.accounts.locale import Locale
from kariz.records.leads.models import Lead
from kariz.records.opportunities.models import Opportunity


@pytest.fixture
def today(db):
    return Locale.of(None).today()


def home(user):
    client = Client()
    client.force_login(user)
    text = re.sub(r"<[^>]*>", " ", client.get("/").content.decode())
    return re.sub(r"\s+", " ", text)


@pytest.fixture
def lead(cast, save):
    def made(name, **values):
        return save("lead", user=cast.maryam, name=name, email="x@example.com", source="website", **values)

    return made


@pytest.mark.covers("R023")
def test_new_leads_are_counted_since_yesterday_and_listed_newest_first(cast, lead):
    for number in range(6):
        lead(f"Person {number}")
    shown = home(cast.maryam)
    assert "New leads since yesterday 6 none waits longer than a day" in shown
    assert shown.index("Person 5 Website · just now") < shown.index("Person 0")


@pytest.mark.covers("R009")
def test_a_lead_without_a_named_person_is_not_counted(cast, save):
    save("lead", user=cast.maryam, company="Ege Teknik", company_phone="+90 232 555 01 01", source="phone")
    assert "New leads since yesterday 0" in home(cast.maryam)


def test_leads_that_wait_are_told(cast, lead):
    Lead.objects.filter(pk=lead("Ali").pk).update(created_at=timezone.now() - timedelta(days=3))
    assert "New leads since yesterday 0 1 waits longer than a day" in home(cast.maryam)


@pytest.mark.covers("R202", "R203")
def test_stale_deals_come_with_the_days_they_are_late(cast, save, today):
    deal = save("opportunity", user=cast.maryam, name="40 pumps", amount="500")
    Opportunity.objects.filter(pk=deal.pk).update(stale_on=today - timedelta(days=12))
    shown = home(cast.maryam)
    assert "Stale deals 1 the longest for 12 days" in shown
    assert "40 pumps Prospecting · 12 days late $500" in shown


def test_the_month_is_told_by_stage_and_by_salesperson(cast, save, today):
    for owner, amount in ((cast.maryam, "1000"), (cast.can, "3000")):
        save(
            "opportunity", user=owner, name="Pumps", amount=amount, probability="50",
            expected_close_on=today.isoformat(),
        )  # fmt: skip
    save("opportunity", user=cast.can, name="Filters", amount="800", stage="won")
    shown = home(cast.nadir)
    assert "Closing this month 2 $2K weighted" in shown
    assert "Won this quarter $800 win rate 100.0%" in shown
    assert re.search(r"This month by stage Prospecting \$4K weighted whole amount", shown)
    assert re.search(r"This month by salesperson C can \$2.3K M maryam \$500 won weighted forecast", shown)


@pytest.mark.covers("R157")
def test_deals_on_hold_come_back_on_the_day_of_their_next_contact(cast, save, today):
    for name, day in (("Due", today), ("Later", today + timedelta(days=3))):
        save("opportunity", user=cast.maryam, name=name, stage="on_hold", next_contact_on=day.isoformat())
    shown = home(cast.maryam)
    assert "Deals to follow up today Due" in shown
    assert "Later" not in shown


def test_everybody_sees_what_waits_for_himself_only(cast, save, lead):
    lead("Ali")
    save("opportunity", user=cast.maryam, name="40 pumps")
    assert "Ali" not in home(cast.deniz)
    assert "New leads since yesterday 0" in home(cast.deniz)


def test_a_salesperson_is_told_of_his_own_deals_and_the_manager_of_the_team_s(cast, save, today):
    for owner, name in ((cast.maryam, "40 pumps"), (cast.can, "Sand filters")):
        save("opportunity", user=owner, name=name, amount="10", expected_close_on=today.isoformat())
    hers, the_team_s = home(cast.maryam), home(cast.nadir)
    assert "Closing this month 1" in hers
    assert "Sand filters" not in hers
    assert "Closing this month 2" in the_team_s
    assert "Sand filters" in the_team_s


def test_who_may_read_no_deals_is_told_of_none(cast):
    shown = home(cast.dealer)
    assert "New leads" in shown
    assert "Stale deals" not in shown


def test_the_number_of_queries_does_not_grow_with_the_records(
    cast, lead, save, django_assert_num_queries, django_assert_max_num_queries, today
):
    client = Client()
    client.force_login(cast.nadir)
    deal = {"expected_close_on": today.isoformat(), "amount": "10"}
    lead("Person")
    save("opportunity", user=cast.maryam, name="Deal", **deal)
    client.get("/")
    with django_assert_max_num_queries(24) as few:
        client.get("/")
    for number in range(20):
        lead(f"Person {number}")
        save("opportunity", user=cast.maryam, name=f"Deal {number}", **deal)
    with django_assert_num_queries(len(few)):
        client.get("/")
