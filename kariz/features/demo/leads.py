"""Leads in every status, some of them customers by now, and the interests that came before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from kariz.core import choices
from kariz.features.demo.inventing import Firm, Person
from kariz.features.demo.past import Invented, Path
from kariz.features.demo.sample import Customer, Sample

# How many of a hundred leads stand where, on the way there, and for how many days at most.
STATUSES = {
    "new": (24, (), 9),
    "attempted": (15, ("new",), 8),
    "contacted": (17, ("new", "attempted"), 15),
    "qualified": (13, ("new", "contacted"), 22),
    "nurturing": (11, ("new", "attempted", "contacted"), 45),
    "acquired": (3, ("new", "contacted", "qualified"), 30),
    "refused": (11, ("new", "contacted"), 200),
    "postponed": (6, ("new", "contacted"), 90),
}
QUALIFIED = ("qualified", "acquired")
TEMPERATURES = {"cold": 45, "warm": 38, "hot": 17}


def make_interests(sample: Sample, count: int) -> None:
    for _record in sample.write("interest", (_interest(sample) for _ in range(count)), count):
        pass


def _interest(sample: Sample) -> Invented:
    inventor = sample.inventor
    made_at = inventor.moment(120)
    person = inventor.person()
    values = {
        "name": inventor.random.choice(inventor.words.interests),
        "source": inventor.random.choice(("social_media", "trade_fair", "website", "phone")),
        "network": sample.pick("interest", "network") if inventor.chance(60) else "",
        "interest_kind": sample.pick("interest", "interest_kind"),
        "person": person.first_name if inventor.chance(50) else "",
        "shown_at": made_at,
        "owner_id": sample.seller(),
    }
    return Invented(values, made_at)


def make_leads(sample: Sample, count: int, converted: int) -> None:
    """`count` leads, of which `converted` wait to become the contacts that they are by now."""
    known = list(sample.people.items())[:converted]
    made = sample.write("lead", (_customer_to_be(sample, customer) for _pk, customer in known), len(known))
    sample.acquired.update((pk, record) for (pk, _customer), record in zip(known, list(made), strict=True))
    rest = count - len(known)
    for _record in sample.write("lead", (_lead(sample, number) for number in range(rest)), rest):
        pass


def _customer_to_be(sample: Sample, customer: Customer) -> Invented:
    made_at = customer.made_at - timedelta(days=sample.inventor.random.uniform(4, 50))
    firm = sample.firms[customer.organization]
    path = _path(sample, "qualified", made_at, customer.made_at)
    values = {"name": customer.person.name, "company": firm.name, "phone": sample.inventor.mobile()}
    values["email"] = customer.person.email(firm.domain)
    return _told(sample, values, path, sample.keepers[customer.organization])


def _lead(sample: Sample, number: int) -> Invented:
    inventor = sample.inventor
    status = sample.weighted({key: weight for key, (weight, _before, _days) in STATUSES.items()})
    made_at = inventor.moment(STATUSES[status][2] + 10 * len(STATUSES[status][1]))
    firm = inventor.firm(len(sample.firms) + number)
    owner = None if status == "new" and inventor.chance(8) else sample.seller()
    path = _path(sample, status, made_at, inventor.now)
    return _told(sample, _who(sample, inventor.person(), firm), path, owner)


def _told(sample: Sample, who: dict[str, Any], path: Path, owner: int | None) -> Invented:
    """A lead of this person that has gone this way."""
    made_at = path[0][0]
    entered, status = path[-1][0], path[-1][1]["status"]
    given = {"stage_entered_at": entered.isoformat(), **_products(sample)}
    values = who | _wants(sample) | _standing(sample, status) | {"owner_id": owner, "status": status}
    if "qualification" in values:
        values["qualified_by_id"] = owner
        given["qualified_at"] = entered.isoformat()
    return Invented(values, made_at, given, path)


def _standing(sample: Sample, status: str) -> dict[str, Any]:
    """What goes with the status."""
    values: dict[str, Any] = {}
    if status in QUALIFIED:
        values["qualification"] = "qualified"
    if status == "refused":
        values["refusal_reason"] = sample.pick("lead", "refusal_reason")
    if status in ("postponed", "nurturing"):
        values["next_contact_on"] = sample.inventor.day(-3, 40)
    if status == "postponed":
        values["postponement_reason"] = sample.pick("lead", "postponement_reason")
    return values


def _path(sample: Sample, status: str, made_at: datetime, until: datetime) -> Path:
    """The statuses that it went through on its way to this one."""
    before = STATUSES[status][1]
    span = (until - made_at) * sample.inventor.random.uniform(0.3, 0.95)
    steps = [*before, status]
    return [
        (made_at + span * (number / max(1, len(before))), {"status": step})
        for number, step in enumerate(steps)
    ]


def _who(sample: Sample, person: Person, firm: Firm) -> dict[str, Any]:
    """A person, with or without a firm; now and then a firm whose person nobody knows yet."""
    inventor = sample.inventor
    if inventor.chance(6):
        return {"company": firm.name, "company_phone": inventor.landline(), "city": firm.city}
    is_private = inventor.chance(12)
    values = {"name": person.name, "acts_for": "self" if is_private else "company"}
    values["phone"] = inventor.mobile() if inventor.chance(85) else ""
    values["email"] = person.email(firm.domain) if not values["phone"] or inventor.chance(75) else ""
    if is_private:
        return values
    return values | {
        "company": firm.name,
        "job_title": inventor.random.choice(inventor.words.positions),
        "company_phone": inventor.landline(with_extension=True) if inventor.chance(30) else "",
        "industry": sample.pick("lead", "industry") if inventor.chance(50) else "",
        "city": firm.city,
    }


def _wants(sample: Sample) -> dict[str, Any]:
    inventor = sample.inventor
    source = sample.pick("lead", "source")
    seed = choices.find("lead", "source", source)
    return {
        "source": source,
        "type": (seed.sets.get("type", "") if seed else "") or "",
        "temperature": sample.weighted(TEMPERATURES),
        "rating": sample.pick("lead", "rating") if inventor.chance(60) else "",
        "readiness": sample.pick("lead", "readiness") if inventor.chance(40) else "",
        "interest_kind": sample.pick("lead", "interest_kind"),
        "capture_event": sample.pick("lead", "capture_event"),
        "request_type": sample.pick("lead", "request_type"),
        "creation_mode": "manual" if inventor.chance(35) else "automatic",
        "needs": inventor.random.choice(inventor.words.needs) if inventor.chance(55) else "",
        "areas_of_interest": inventor.random.choice(inventor.words.products)["name"]
        if inventor.chance(50)
        else "",
        "currency": sample.currency,
    }


def _products(sample: Sample) -> dict[str, list[int]]:
    return (
        {"products": [sample.inventor.random.choice(list(sample.products))]}
        if sample.inventor.chance(40)
        else {}
    )
