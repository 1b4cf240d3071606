"""Opportunities from the first talk until they are won or lost."""

from datetime import date, timedelta

import pytest

from kariz.accounts import locale
from kariz.accounts.locale import Locale
from kariz.core import choices, picklists, registry
from kariz.core.models import Change
from kariz.jobs import worker


@pytest.fixture
def today(db):
    return Locale.of(None).today()


@pytest.fixture
def deal(save):
    return save("opportunity", name="40 pumps", amount="1000", probability="20")


@pytest.mark.covers("R182", "R184", "R154")
def test_the_forecast_is_amount_times_probability(save, deal):
    assert deal.forecast_amount == 200
    assert save("opportunity", deal, probability="50").forecast_amount == 500
    assert save("opportunity", deal, amount="").forecast_amount is None


@pytest.mark.covers("R182", "R386", "R387")
def test_the_forecast_of_rials_typed_in_persian_has_no_decimals(save, in_country):
    in_country(
        "IR", language="fa", calendar="jalali", digits="persian", currency="IRR", time_zone="Asia/Tehran"
    )
    with locale.use(Locale.of(None)):
        typed = {"amount": "۱۰۰۱", "probability": "۲۵٪", "expected_close_on": "۱۴۰۵/۰۹/۱۵"}
        saved = save("opportunity", name="چهل پمپ", **typed)
    assert (saved.currency, saved.forecast_amount, saved.expected_close_on) == ("IRR", 250, date(2026, 12, 6))


@pytest.mark.covers("R154")
@pytest.mark.parametrize(
    ("name", "typed"),
    [("probability", "101"), ("probability", "-1"), ("amount", "much"), ("expected_close_on", "soon")],
)
def test_what_cannot_be_is_refused_where_it_stands(errors, name, typed):
    assert list(errors("opportunity", name="40 pumps", **{name: typed})) == [name]


@pytest.mark.covers("R196", "R155", "R156")
def test_the_shipped_pipeline_has_six_stages_and_ends_won_lost_or_on_hold():
    stages = choices.of("opportunity", "stage", choices.default("opportunity", "pipeline"))
    assert [(stage.label, stage.outcome) for stage in stages] == [
        ("Prospecting", ""), ("Qualification", ""), ("First contact", ""), ("Relationship building", ""),
        ("Negotiation", ""), ("Closing", ""), ("Won", "won"), ("Lost", "lost"), ("On hold", "held"),
    ]  # fmt: skip
    assert all(stage.guide and stage.expected_days for stage in stages if not stage.outcome)


@pytest.mark.covers("R151", "R152", "R161")
def test_an_opportunity_may_begin_at_any_stage_and_gets_the_stages_probability(save):
    saved = save("opportunity", name="40 pumps", stage="negotiation", amount="100")
    assert (saved.probability, saved.forecast_amount) == (70, 70)
    moved = save("opportunity", saved, stage="contact")
    assert (moved.probability, moved.stage_entered_at > saved.stage_entered_at) == (30, True)
    stages = [c.values["stage"] for c in Change.objects.filter(record_type="opportunity").order_by("id")]
    assert stages == [[None, "negotiation"], ["negotiation", "contact"]]


@pytest.mark.covers("R155")
def test_winning_closes_today_with_full_probability(save, deal, today):
    won = save("opportunity", deal, stage="won")
    assert (won.outcome, won.is_open, won.closed_on, won.probability) == ("won", False, today, 100)
    assert (won.forecast_amount, won.cycle_days, won.stale_on) == (1000, 0, None)


@pytest.mark.covers("R179")
def test_losing_asks_for_the_reason(save, errors, deal):
    assert list(errors("opportunity", deal, stage="lost")) == ["loss_reason"]
    lost = save("opportunity", deal, stage="lost", loss_reason="price", loss_note="Ten percent dearer")
    assert (lost.outcome, lost.probability, lost.forecast_amount) == ("lost", 0, 0)


@pytest.mark.covers("R156", "R157")
def test_holding_asks_for_the_next_contact(save, errors, deal):
    assert list(errors("opportunity", deal, stage="on_hold")) == ["next_contact_on"]
    held = save("opportunity", deal, stage="on_hold", next_contact_on="2027-03-01")
    assert (held.outcome, held.is_open, held.closed_on, held.probability) == ("held", False, None, 20)


@pytest.mark.covers("R155", "R179")
def test_a_reopened_opportunity_has_no_closing_date_and_needs_a_new_reason_to_be_lost(save, errors, deal):
    lost = save("opportunity", deal, stage="lost", loss_reason="price")
    again = save("opportunity", lost, stage="negotiation")
    assert (again.closed_on, again.cycle_days, again.is_open, again.probability) == (None, None, True, 70)
    assert list(errors("opportunity", again, stage="lost")) == ["loss_reason"]


def test_a_closed_deal_of_the_past_keeps_its_dates(save, errors):
    given = {"stage": "won", "amount": "1054", "engaged_on": "2016-10-20", "closed_on": "2017-03-01"}
    saved = save("opportunity", name="GTX Plus Basic", **given)
    assert (saved.opened_on, saved.closed_on, saved.cycle_days) == (date(2016, 10, 20), date(2017, 3, 1), 132)
    assert list(errors("opportunity", name="x", **given | {"closed_on": "2016-01-01"})) == ["closed_on"]
    assert list(errors("opportunity", name="x", closed_on="2016-01-01")) == ["closed_on"]


@pytest.mark.covers("R202", "R203")
def test_a_deal_is_stale_when_its_stage_or_its_cycle_has_taken_too_long(
    save, names, cast, deal, today, monkeypatch
):
    assert deal.stale_on == today + timedelta(days=7)
    old = save("opportunity", name="Old", engaged_on=str(today - timedelta(days=59)), stage="contact")
    assert old.stale_on == today + timedelta(days=1)
    assert names("opportunity", cast.admin, view="stale") == []
    late = save("opportunity", old, engaged_on=str(today - timedelta(days=61)))
    assert names("opportunity", cast.admin, view="stale") == ["Old"]
    assert save("opportunity", late, stage="lost", loss_reason="stale").stale_on is None
    assert names("opportunity", cast.admin, view="stale") == []


@pytest.mark.covers("R153", "R122", "R004")
def test_the_origin_is_a_lead_an_existing_customer_or_a_new_one(save):
    firm = save("organization", name="Pars Sanat")
    lead = save("lead", name="Ali", email="ali@pars.ir", source="email")
    assert save("opportunity", name="a", lead=lead.pk).origin == "lead"
    assert save("opportunity", name="b", organization=firm.pk).origin == "existing_customer"
    assert save("opportunity", name="c").origin == "new_customer"
    assert save("opportunity", name="d", organization=firm.pk, origin="new_customer").origin == "new_customer"
    assert registry.get("opportunity").origin == ("lead",)


@pytest.mark.covers("R118", "R166", "R170", "R171", "R172")
def test_a_request_for_a_quotation_is_kept_with_what_is_wanted_and_under_what_conditions(save):
    ali, pump = save("contact", name="Ali"), save("product", name="Pump A")
    start = save("service", name="Installation")
    saved = save(
        "opportunity", name="RFP 7", product=pump.pk, requested="40 pumps of 5 bar", conditions="Paid in 30 days",
        contacts=[ali.pk], products=[pump.pk], services=[start.pk], competitors="Grundfos", objections="Delivery",
    )  # fmt: skip
    assert (saved.contacts_ids, saved.products_ids, saved.services_ids) == ([ali.pk], [pump.pk], [start.pk])


@pytest.mark.covers("R200")
def test_the_deals_of_a_removed_stage_move_to_the_chosen_one(save, cast):
    saved = save("opportunity", name="40 pumps", stage="contact")
    picklists.remove_choice(choices.find("opportunity", "stage", "contact"), cast.admin, move_to="nurturing")
    saved.refresh_from_db()
    assert (saved.stage, saved.probability) == ("nurturing", 50)


@pytest.mark.covers("R196", "R281")
def test_another_pipeline_has_its_own_stages(save):
    record_type = registry.get("opportunity")
    tenders = picklists.add_group(record_type, "pipeline", label="Tenders", like="sales", expected_days=90)
    saved = save("opportunity", name="Tender 1", pipeline=tenders.key)
    first = choices.default("opportunity", "stage", tenders.key)
    assert (saved.pipeline, saved.stage, saved.is_open) == (tenders.key, first, True)


@pytest.mark.covers("R379", "R377", "R180")
def test_salespeople_have_their_own_opportunities_and_see_the_team_s_the_likeliest_first(save, names, cast):
    for name, owner, probability in (
        ("A", cast.maryam, "20"),
        ("B", cast.can, "50"),
        ("C", cast.maryam, "70"),
    ):
        save("opportunity", name=name, owner=owner.pk, probability=probability)
    assert set(names("opportunity", cast.maryam, view="mine")) == {"A", "C"}
    assert names("opportunity", cast.maryam, view="likely") == ["C", "B", "A"]
    assert names("opportunity", cast.elif_) == []
    assert names("opportunity", cast.nadir, view="likely") == ["C", "B", "A"]
    assert names("opportunity", cast.deniz) == []


@pytest.mark.covers("R202")
def test_other_expected_days_move_the_day_from_which_open_deals_are_stale(deal, today):
    picklists.change_choice(choices.find("opportunity", "stage", "prospecting"), expected_days=3)
    worker.drain()
    deal.refresh_from_db()
    assert deal.stale_on == today + timedelta(days=3)
