"""Opportunities on their way, won, lost and on hold; those that came from leads make customers of these."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from kariz.core import choices, registry
from kariz.core.models import Choice
from kariz.features.demo import past
from kariz.features.demo.past import Invented, Path
from kariz.features.demo.sample import Customer, Sample
from kariz.lib import money

OUTCOMES = {"won": 50, "lost": 37, "held": 13}
ENDED_PER_DAY = 0.75  # so many of a hundred deals have ended for each day of their age
LONGEST_CYCLE = 110


def make_opportunities(sample: Sample, count: int) -> None:
    """The first ones are those of the leads that have become customers."""
    people = list(sample.people.items())
    owners = [people[number % len(people)] for number in range(count)]
    made = sample.write("opportunity", (_opportunity(sample, *one) for one in owners), count)
    converted = ((sample.acquired.pop(deal.primary_contact_id, None), deal) for deal in made)
    _convert(sample, ((lead, deal) for lead, deal in converted if lead and deal.lead_id == lead.pk))


def _convert(sample: Sample, pairs: Iterator[tuple[Any, Any]]) -> None:
    """Make customers of the leads, at the moment at which their opportunities were made."""
    while some := list(islice(pairs, past.AT_ONCE)):
        leads = [(lead, _as_converted(deal), deal.created_at) for lead, deal in some]
        past.amend(registry.get("lead"), leads, "conversion")
        contacts = registry.get("contact").model.objects.in_bulk(
            [deal.primary_contact_id for _lead, deal in some]
        )
        known = [
            (contacts[deal.primary_contact_id], {"lead": lead.pk}, deal.created_at) for lead, deal in some
        ]
        past.amend(registry.get("contact"), known, "conversion")


def _as_converted(deal: Any) -> dict[str, Any]:
    return {
        "status": "converted",
        "stage_entered_at": deal.created_at.isoformat(),
        "is_converted": True,
        "converted_at": deal.created_at.isoformat(),
        "organization": deal.organization_id,
        "contact": deal.primary_contact_id,
        "opportunity": deal.pk,
    }


def _opportunity(sample: Sample, contact: int, customer: Customer) -> Invented:
    inventor, lead = sample.inventor, sample.acquired.get(contact)
    made_at = customer.made_at if lead else inventor.moment(400)
    product, item = inventor.random.choice(list(sample.products.items()))
    amount = _amount(sample, item["price"])
    path = _path(sample, made_at, amount)
    entered, now = path[-1]
    firm = sample.firms[customer.organization]
    values = {
        "name": inventor.words.deal.format(product=item["name"], organization=firm.name),
        "owner_id": sample.keepers[customer.organization],
        "organization_id": customer.organization,
        "primary_contact_id": contact,
        "lead_id": lead.pk if lead else None,
        "origin": "lead" if lead else "existing_customer",
        "type": "new" if lead else "existing",
        "source": sample.pick("opportunity", "source"),
        "pipeline": choices.default("opportunity", "pipeline"),
        "product_id": product,
        "amount": amount,
        "currency": sample.currency,
        "engaged_on": made_at.date(),
        "expected_close_on": now.get("closed_on") or (entered + _days(sample, -4, 55)).date(),
        "next_step": "" if now.get("outcome") else _next_step(sample),
        **{name: value for name, value in now.items() if name != "forecast_amount"},
    }
    given = {"stage_entered_at": entered.isoformat(), "products": [product], "contacts": [contact]}
    return Invented(values, made_at, given, path)


def _next_step(sample: Sample) -> str:
    return sample.inventor.random.choice(sample.inventor.words.steps) if sample.inventor.chance(60) else ""


def _amount(sample: Sample, price: int) -> Decimal:
    """Some of the product at some discount, in three digits."""
    amount = int(price * sample.inventor.random.randint(1, 8) * sample.inventor.random.uniform(0.82, 1))
    return Decimal(round(amount, 3 - len(str(amount))))


def _days(sample: Sample, least: float, most: float) -> timedelta:
    return timedelta(days=sample.inventor.random.uniform(least, most))


def _path(sample: Sample, made_at: datetime, amount: Decimal) -> Path:
    """The stages that it went through, from its making to the last."""
    age = (sample.inventor.now - made_at) / timedelta(days=1)
    stages = _stages(sample, age)
    last = stages[-1]
    if last.outcome:
        span = min(_days(sample, 6, LONGEST_CYCLE), timedelta(days=age))
    else:
        span = max(timedelta(0), timedelta(days=age) - _days(sample, 0, 1.5 * (last.expected_days or 10)))
    span = span if len(stages) > 1 else timedelta(0)
    path = [
        (made_at + span * (number / max(1, len(stages) - 1)), _at_stage(sample, stage, amount))
        for number, stage in enumerate(stages)
    ]
    path[-1][1].update(_ending(sample, last, path[-1][0]))
    return path


def _stages(sample: Sample, age: float) -> list[Choice]:
    """The open stages up to where it stands, then its end if it has come to one."""
    offered = choices.of("opportunity", "stage", choices.default("opportunity", "pipeline"))
    ends = {stage.outcome: stage for stage in offered if stage.outcome}
    ways = [stage for stage in offered if not stage.outcome]
    if not sample.inventor.chance(int(min(92, age * ENDED_PER_DAY))):
        reached = int(len(ways) * min(1, age / 45) * sample.inventor.random.random() ** 0.6)
        return ways[: reached + 1]
    outcome = sample.weighted({name: weight for name, weight in OUTCOMES.items() if name in ends})
    reached = len(ways) if outcome == "won" else sample.inventor.random.randint(1, len(ways))
    return [*ways[:reached], ends[outcome]]


def _at_stage(sample: Sample, stage: Choice, amount: Decimal) -> dict[str, Any]:
    probability = Decimal(stage.sets.get("probability") or 20)
    forecast = money.quantize(amount * probability / 100, sample.currency)
    return {"stage": stage.key, "probability": probability, "forecast_amount": forecast}


def _ending(sample: Sample, stage: Choice, at: datetime) -> dict[str, Any]:
    """What is kept of how a deal ended."""
    if stage.outcome == "lost":
        return {
            "outcome": "lost",
            "closed_on": at.date(),
            "loss_reason": sample.pick("opportunity", "loss_reason"),
        }
    if stage.outcome == "won":
        return {"outcome": "won", "closed_on": at.date()}
    if stage.outcome == "held":
        return {"outcome": "held", "next_contact_on": sample.inventor.day(-5, 60)}
    return {}
