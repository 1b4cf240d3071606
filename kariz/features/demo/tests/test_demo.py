"""The sample company, as `kariz demo` makes it."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from kariz.accounts import company
from kariz.accounts.models import Company, Team, User
from kariz.accounts.roles import ShippedRole
from kariz.core import changes, records, registry
from kariz.core.models import Change, SearchRow
from kariz.features.demo import people, words

SMALL = {"leads": 60, "opportunities": 60}


@pytest.fixture(autouse=True)
def empty(db):
    company.forget()
    yield
    company.forget()


def make(**options):
    printed = StringIO()
    call_command("demo", stdout=printed, **{**SMALL, **options})
    return printed.getvalue()


def found(name, where=None):
    return records.visible(registry.get(name), None, where=where)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_language_has_its_sample_company(language):
    told = json.loads(make(language=language, json=True))
    assert told["records"]["lead"] == told["records"]["opportunity"] == 60
    assert Company.objects.get().language == language
    assert Client().login(username=told["sign_ins"][0]["username"], password=told["sign_ins"][0]["password"])


def test_the_persian_company_counts_in_rials_and_jalali_days():
    make(language="fa")
    ours = Company.objects.get()
    assert (ours.currency, ours.calendar, ours.digits, ours.region) == ("IRR", "jalali", "persian", "IR")
    assert set(found("opportunity").values_list("currency", flat=True)) == {"IRR"}


def test_the_same_seed_makes_the_same_company():
    def names(**options):
        with transaction.atomic():
            make(**options)
            made = list(found("lead").order_by("pk").values_list("title", "status", "phone"))
            transaction.set_rollback(True)
        company.forget()
        return made

    assert names() == names() != names(seed=8)


def test_a_database_with_records_is_left_alone():
    make()
    with pytest.raises(CommandError, match="has records"):
        make()
    assert found("lead").count() == 60


def test_more_can_be_added_to_what_is_there():
    make()
    password = User.objects.get(username="admin").password
    make(force_add=True)
    assert found("lead").count() == 120
    assert found("product").count() == 9
    assert User.objects.get(username="admin").password == password


def test_the_sign_in_is_told_while_it_works():
    make()
    assert [user.username for user in people.sign_ins()] == ["admin", "robert", "maria"]
    admin = User.objects.get(username="admin")
    admin.set_password("a better one")
    admin.save()
    assert [user.username for user in people.sign_ins()] == ["robert", "maria"]


def test_everybody_needed_works_there():
    make()
    assert set(User.objects.values_list("role", flat=True)) == set(ShippedRole.values)
    assert Team.objects.filter(parent=None).count() == 1
    maria = User.objects.get(username="maria")
    assert found("lead", ["owner", "is", maria.pk]).exists()
    assert records.visible(registry.get("lead"), User.objects.get(username="robert")).count() < 60


def test_every_shipped_view_that_a_salesperson_starts_with_has_something_to_show():
    make(leads=200, opportunities=200)
    for name, key in (
        ("lead", "new"),
        ("lead", "stale"),
        ("opportunity", "stale"),
        ("opportunity", "closing"),
    ):
        view = next(view for view in registry.get(name).views if view.key == key)
        assert found(name, view.where).exists(), (name, key)


def test_deals_were_won_and_lost_over_the_last_year():
    make(opportunities=200)
    won = found("opportunity", ["outcome", "is", "won"])
    assert len({deal.closed_on.strftime("%Y-%m") for deal in won}) > 6
    assert not found("opportunity", {"all": [["outcome", "is", "lost"], ["loss_reason", "empty"]]}).exists()


def test_whoever_sells_sees_the_customer_and_the_people_there():
    make()
    for deal in found("opportunity").select_related("owner"):
        assert (
            records.visible(registry.get("organization"), deal.owner).filter(pk=deal.organization_id).exists()
        )
        assert (
            records.visible(registry.get("contact"), deal.owner).filter(pk=deal.primary_contact_id).exists()
        )


def test_a_deal_has_the_history_of_its_stages():
    make()
    deal = found("opportunity", ["outcome", "is", "won"]).first()
    log = list(changes.history(registry.get("opportunity"), deal.pk).order_by("version"))
    stages = [change.values["stage"][1] for change in log]
    assert stages == ["prospecting", "qualification", "contact", "nurturing", "negotiation", "closing", "won"]
    assert deal.version == len(log)
    assert [change.at for change in log] == sorted(change.at for change in log)
    assert log[0].at == deal.created_at
    assert log[-1].at == deal.stage_entered_at == deal.updated_at
    assert {change.batch.user_id for change in log} == {deal.owner_id}


def test_converted_leads_are_locked_and_linked_to_what_they_became():
    make()
    lead = found("lead", ["is_converted", "yes"]).first()
    assert lead.status == "converted"
    assert lead.opportunity.lead_id == lead.contact.lead_id == lead.pk
    assert lead.opportunity.primary_contact_id == lead.contact_id
    assert lead.converted_at == lead.opportunity.created_at


def test_everything_is_found_by_search_and_no_consumer_hears_of_it():
    make()
    counts = {record_type.name: record_type.model.objects.count() for record_type in registry.every()}
    for name in ("lead", "contact", "organization", "opportunity"):
        assert SearchRow.objects.filter(record_type=name).count() == counts[name]
    assert not Change.objects.filter(is_delivered=False).exists()


def test_what_people_would_type_again_is_what_is_kept():
    """Every phone, e-mail and choice of the sample passes the checks that forms make."""
    make()
    lead_type = registry.get("lead")
    for lead in found("lead", ["is_converted", "no"])[:20]:
        typed = {
            name: lead_type.fields[name].typed(lead_type.fields[name].get(lead)) for name in lead_type.quick
        }
        saved = records.save(lead_type, lead, typed, user=None)
        assert saved.version == lead.version
