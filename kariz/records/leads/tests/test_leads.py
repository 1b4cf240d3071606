"""Leads: who they are, where they come from, and how far one has got with them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kariz.accounts import people
from kariz.accounts.locale import Locale
from kariz.accounts.models import User
from kariz.core import actions, changes, choices, picklists, records, registry
from kariz.core.models import Change, ChangeBatch
from kariz.core.records import Forbidden


@pytest.fixture
def sara(save):
    return save("lead", name="Sara Yılmaz", phone="+90 532 000 00 01", source="website")


@pytest.fixture
def caught():
    """What a channel makes: nobody has typed it."""

    def save(**values):
        lead = registry.get("lead")
        return records.save(lead, lead.model(), values, user=None)

    return save


@pytest.mark.covers("R001", "R062")
def test_a_lead_is_a_name_and_a_way_to_be_reached(save, errors):
    assert save("lead", name="Sara", phone="+90 532 000 00 01", source="website").title == "Sara"
    assert save("lead", name="Sara", email="sara@ege.tr", source="website").email == "sara@ege.tr"
    assert save("lead", name="Ali", company_phone="+98 21 8888 1234 ext. 12", source="phone").company_phone
    assert set(errors("lead", name="Sara", source="website")) == {"phone", "email"}
    assert set(errors("lead", email="sara@ege.tr", source="website")) == {"name"}
    assert set(errors("lead", name="Sara", email="sara@", source="website")) == {"email"}


@pytest.mark.covers("R055", "R045")
def test_no_lead_is_saved_without_its_source(errors):
    assert list(errors("lead", name="Sara", email="sara@ege.tr")) == ["source"]
    wanted = {
        "email", "social_media", "phone", "existing_network", "trade_fair", "website", "sms", "campaign", "third_party",
        "word_of_mouth", "business_card", "purchased_list",
    }  # fmt: skip
    assert wanted <= {choice.key for choice in choices.of("lead", "source")}


@pytest.mark.covers("R009", "R010", "R005")
def test_a_company_with_its_phone_is_an_incomplete_lead_until_somebody_is_named(save, errors, names, cast):
    assert list(errors("lead", company="Acme A.Ş.", source="trade_fair")) == ["company_phone"]
    acme = save("lead", company="Acme A.Ş.", company_phone="+90 212 000 00 01", source="trade_fair")
    assert (acme.is_incomplete, acme.title) == (True, "Acme A.Ş.")
    assert names("lead", cast.admin, view="incomplete") == ["Acme A.Ş."]
    named = save(
        "lead",
        acme,
        name="Mehmet Kaya",
        company_phone="+90 212 000 00 01 dahili 7",
        exhibition="Tahran Fuarı",
    )
    assert (named.is_incomplete, named.title, named.company_phone) == (
        False,
        "Mehmet Kaya",
        "+902120000001;ext=7",
    )
    assert names("lead", cast.admin, view="incomplete") == []


@pytest.mark.covers("R026", "R009")
def test_a_channel_and_a_bought_list_may_know_nothing_but_an_address(save, caught):
    assert save("lead", email="x@ege.tr", source="purchased_list").is_incomplete is True
    assert caught(email="guide@ege.tr", source="website", request_type="ebook").title == "guide@ege.tr"


@pytest.mark.covers("R025")
def test_a_lead_knows_whether_somebody_typed_it(sara, caught):
    assert sara.creation_mode == "manual"
    assert caught(name="Ali", email="ali@pars.ir", source="website").creation_mode == "automatic"


@pytest.mark.covers("R017", "R018", "R019", "R020")
@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("referral", "seed"),
        ("word_of_mouth", "seed"),
        ("website", "net"),
        ("social_media", "net"),
        ("cold_call", "spear"),
    ],
)
def test_the_type_follows_the_source(save, cast, source, kind):
    lead = save("lead", name="Ali", email="ali@pars.ir", source=source, user=cast.maryam)
    assert lead.type == kind
    assert lead.credited_to == (cast.maryam if kind == "spear" else None)


@pytest.mark.covers("R017", "R083")
def test_what_a_person_says_stands_before_what_follows(save):
    lead = save("lead", name="Ali", email="ali@pars.ir", source="referral", type="net", request_type="order")
    assert (lead.type, lead.temperature) == ("net", "hot")
    lead = save("lead", lead, temperature="warm")
    assert save("lead", lead, request_type="event", source="website").temperature == "warm"


@pytest.mark.covers("R079", "R080", "R081", "R082")
@pytest.mark.parametrize(
    ("request_type", "temperature"),
    [("event", "cold"), ("consultation", "cold"), ("purchase", "warm"), ("payment", "hot"), ("other", "")],
)
def test_the_temperature_follows_the_request(save, request_type, temperature):
    lead = save("lead", name="Ali", email="ali@pars.ir", source="website", request_type=request_type)
    assert lead.temperature == temperature


@pytest.mark.covers("R083")
def test_administrators_change_the_temperature_that_a_request_brings(save):
    picklists.change_choice(choices.find("lead", "request_type", "event"), sets={"temperature": "warm"})
    assert (
        save("lead", name="Ali", email="a@b.ir", source="website", request_type="event").temperature == "warm"
    )


@pytest.mark.covers("R015", "R280")
def test_the_status_goes_from_new_to_acquired_and_each_step_is_kept(save, sara, cast):
    for status in ("contacted", "qualified", "acquired"):
        sara = save("lead", sara, status=status, user=cast.admin)
    kept = Change.objects.filter(record_type="lead", record_id=sara.pk).order_by("id")
    assert [change.values["status"][1] for change in kept] == ["new", "contacted", "qualified", "acquired"]
    assert all(change.batch.user == cast.admin and change.at for change in kept)
    assert sara.is_open is False


@pytest.mark.covers("R067")
def test_qualification_keeps_who_decided_and_when(save, sara, cast):
    qualified = save("lead", sara, status="qualified", user=cast.demir)
    assert (qualified.qualification, qualified.qualified_by) == ("qualified", cast.demir)
    assert timezone.now() - qualified.qualified_at < timedelta(minutes=1)
    undecided = save("lead", qualified, qualification="")
    assert (undecided.qualified_by, undecided.qualified_at) == (None, None)


@pytest.mark.covers("R136", "R137")
def test_a_refusal_asks_for_the_reason_and_the_lead_stays_searchable(save, errors, names, sara, cast):
    assert list(errors("lead", sara, status="refused")) == ["refusal_reason"]
    save("lead", sara, status="refused", refusal_reason="no_budget", refusal_note="Next year perhaps")
    assert names("lead", cast.admin, view="refused") == ["Sara Yılmaz"]
    assert names("lead", cast.admin, view="open") == []
    found = records.visible(registry.get("lead"), cast.admin, find="yilmaz")
    assert [str(one) for one in found] == ["Sara Yılmaz"]


@pytest.mark.covers("R142", "R141")
def test_a_postponement_asks_for_the_day_and_the_reason_and_keeps_everything(save, errors, names, sara, cast):
    assert set(errors("lead", sara, status="postponed")) == {"next_contact_on", "postponement_reason"}
    later = save(
        "lead", sara, status="postponed", next_contact_on="2027-02-01", postponement_reason="no_funds"
    )
    assert names("lead", cast.admin, view="postponed") == ["Sara Yılmaz"]
    assert save("lead", later, status="contacted").is_open is True


@pytest.mark.covers("R202")
def test_a_lead_that_stands_too_long_in_its_status_is_stale(save, names, sara, cast, monkeypatch):
    today = Locale.of(None).today()
    assert sara.stale_on == today + timedelta(days=2)
    monkeypatch.setattr(Locale, "today", lambda self: today + timedelta(days=3))
    assert names("lead", cast.admin, view="stale") == ["Sara Yılmaz"]


@pytest.mark.covers("R130", "R131", "R135", "R012")
def test_completeness_counts_the_five_expected_fields(save, names, sara, cast):
    assert sara.completeness == 40
    assert names("lead", cast.admin, view="under_filled") == ["Sara Yılmaz"]
    fuller = save("lead", sara, email="sara@ege.tr", company="Ege Teknik")
    assert fuller.completeness == 80
    assert names("lead", cast.admin, view="under_filled") == []


@pytest.mark.covers("R063")
def test_a_verified_phone_keeps_who_and_when_until_it_changes(save, names, sara, cast):
    assert names("lead", cast.admin, view="unverified") == ["Sara Yılmaz"]
    verified = actions.run("verify_phone", registry.get("lead"), sara, user=cast.demir)
    assert (verified.is_phone_verified, verified.phone_verified_by) == (True, cast.demir)
    assert names("lead", cast.admin, view="unverified") == []
    changed = save("lead", verified, phone="+90 532 000 00 02")
    assert (changed.is_phone_verified, changed.phone_verified_at, changed.phone_verified_by) == (
        False,
        None,
        None,
    )


def test_only_those_who_may_change_a_lead_verify_its_phone(sara, cast):
    with pytest.raises(Forbidden):
        actions.run("verify_phone", registry.get("lead"), sara, user=cast.maryam)


@pytest.mark.covers("R002")
def test_leads_are_linked_to_products_and_services_and_filtered_by_them(save, names, cast):
    pump, start = save("product", name="Pump A"), save("service", name="Installation")
    save("lead", name="Ali", email="a@b.ir", source="email", products=[pump.pk], services=[start.pk])
    save("lead", name="Sara", email="s@b.ir", source="email")
    assert names("lead", cast.admin, where=["products", "links_any", [pump.pk]]) == ["Ali"]
    assert names("lead", cast.admin, where=["services", "links_any", [start.pk]]) == ["Ali"]


@pytest.mark.covers(
    "R003",
    "R011",
    "R013",
    "R014",
    "R016",
    "R021",
    "R022",
    "R031",
    "R032",
    "R033",
    "R034",
    "R048",
    "R053",
    "R089",
)
def test_all_that_is_learnt_of_a_lead_is_kept(save):
    given = {
        "interest_kind": "buy", "is_authorised": True, "acts_for": "company", "areas_of_interest": "Pumps",
        "needs": "40 pumps of 5 bar", "classification": "target", "capture_event": "questionnaire",
        "exhibition": "Tahran Fuarı", "exhibition_contact": "Reza", "readiness": "quarter", "rating": "high",
        "campaign": "Autumn", "reacted_to": "Newsletter 12", "request_type": "call_back", "competitors": "Grundfos",
        "expected_cycle_days": 45, "job_title": "Buyer", "utm_source": "instagram",
    }  # fmt: skip
    saved = save(
        "lead", name="Ali", company="Pars Sanat", phone="+98 912 000 0001", source="business_card",
        budget="20000", expected_profit="4000", exhibition_phone="+98 21 8888 1234", **given,
    )  # fmt: skip
    assert {name: getattr(saved, name) for name in given} == given
    assert (saved.budget, saved.expected_profit, saved.exhibition_phone) == (20_000, 4_000, "+982188881234")


@pytest.mark.covers("R052", "R065")
def test_a_lead_is_handed_over_with_consent_only_and_the_day_is_kept(save, errors, sara):
    dealer = save("organization", name="Shiraz Pumps", type="dealer")
    assert list(errors("lead", sara, handed_to=dealer.pk)) == ["handed_to"]
    asked = save("lead", sara, consent_text="You may pass my data on to your dealers.")
    assert timezone.now() - asked.consented_at < timedelta(minutes=1)
    handed = save("lead", asked, handed_to=dealer.pk)
    assert (handed.handed_to, handed.handed_on) == (dealer, Locale.of(None).today())
    withdrawn = save("lead", handed, consent_withdrawn_at="2026-11-01 10:00", handed_to="")
    assert list(errors("lead", withdrawn, handed_to=dealer.pk)) == ["handed_to"]


@pytest.mark.covers("R065", "R101", "R382")
def test_a_lead_that_is_handed_over_is_open_to_the_dealers_people_and_closed_when_it_goes_elsewhere(
    save, names, cast
):
    User.objects.filter(pk=cast.dealer.pk).update(email="Kaveh@pumps.ir")
    firm = save("organization", name="Shiraz Pumps", type="dealer")
    save("contact", name="Kaveh", email="kaveh@pumps.ir", organization=firm.pk)
    other = save("organization", name="Tabriz Valves", type="dealer")
    how = {"email": "a@b.ir", "source": "website", "consent_text": "Pass it on.", "owner": cast.maryam.pk}
    lead = save("lead", name="A", **how)
    assert names("lead", cast.dealer) == []
    save("lead", lead, handed_to=firm.pk)
    assert names("lead", cast.dealer) == ["A"]
    records.save(registry.get("lead"), lead, {"name": "B"}, user=cast.dealer)
    handed = ChangeBatch.objects.filter(changes__record_type="lead", changes__values__has_key="shares").get()
    save("lead", lead, handed_to=other.pk)
    assert names("lead", cast.dealer) == []
    save("lead", lead, handed_to=firm.pk)
    newest = ChangeBatch.objects.filter(changes__record_type="lead").order_by("-pk")[0]
    assert newest.changes.count() == 2  # the lead and its shares
    changes.undo(newest, people.create("boss", role="administrator")[0])
    assert names("lead", cast.dealer) == []
    assert handed.kind == "edit"


@pytest.mark.covers("R023", "R379", "R377", "R380", "R381", "R382", "R024")
def test_everybody_sees_the_leads_that_are_theirs_newest_first(save, names, cast):
    for name, owner in (("A", cast.maryam), ("B", cast.elif_), ("C", cast.maryam), ("D", cast.dealer)):
        save("lead", name=name, email=f"{name}@b.ir", source="website", owner=owner.pk)
    save("lead", name="E", email="e@b.ir", source="website", owner="")
    assert names("lead", cast.maryam, view="new") == ["C", "A"]
    assert names("lead", cast.elif_) == ["B"]
    assert names("lead", cast.nadir) == ["C", "B", "A"]
    assert names("lead", cast.leyla) == ["E", "D", "C", "B", "A"]
    assert names("lead", cast.dealer) == ["D"]
    assert names("lead", cast.demir, view="unassigned") == ["E"]
