"""Organizations and their people."""

from __future__ import annotations

from decimal import Decimal

from kariz.features.demo.inventing import Firm
from kariz.features.demo.past import Invented
from kariz.features.demo.sample import Customer, Sample


def make_organizations(sample: Sample, count: int, water_field: str) -> None:
    """`water_field` is the custom field that says how much water an organization uses."""
    firms = [sample.inventor.firm(number) for number in range(count)]
    written = sample.write(
        "organization", (_organization(sample, firm, water_field) for firm in firms), count
    )
    for record, firm in zip(written, firms, strict=True):
        sample.firms[record.pk], sample.keepers[record.pk] = firm, record.owner_id


def _organization(sample: Sample, firm: Firm, water_field: str) -> Invented:
    inventor = sample.inventor
    employees = int(5 * 10 ** (inventor.random.random() * 2))
    revenue = inventor.words.products[0]["price"] * employees * inventor.random.randrange(20, 60)
    values = {
        "name": firm.name,
        "owner_id": sample.seller(),
        "type": "customer" if inventor.chance(40) else "prospect",
        "industry": sample.pick("organization", "industry"),
        "rating": sample.pick("organization", "rating"),
        "phone": inventor.landline(),
        "email": f"info@{firm.domain}.example",
        "website": f"https://{firm.domain}.example" if inventor.chance(70) else "",
        "employees": employees,
        "annual_revenue": Decimal(revenue) if inventor.chance(50) else None,
        "currency": sample.currency,
        "year_established": inventor.random.randrange(1950, 2022),
        "tax_number": f"{inventor.random.randrange(10**10):010}" if inventor.chance(60) else "",
        "street": inventor.address(),
        "city": firm.city,
        "country": inventor.words.country,
        "custom": {water_field: str(employees * 3)} if inventor.chance(60) else {},
    }
    return Invented(values, inventor.moment(700))


def make_contacts(sample: Sample, count: int) -> None:
    homes = list(sample.firms)
    people = [
        Customer(sample.inventor.person(), homes[number % len(homes)], sample.inventor.moment(360))
        for number in range(count)
    ]
    written = sample.write("contact", (_contact(sample, one) for one in people), count)
    sample.people.update(zip((record.pk for record in written), people, strict=True))


def _contact(sample: Sample, customer: Customer) -> Invented:
    inventor, firm = sample.inventor, sample.firms[customer.organization]
    values = {
        "name": customer.person.name,
        "organization_id": customer.organization,
        "owner_id": sample.keepers[customer.organization],
        "job_title": inventor.random.choice(inventor.words.positions),
        "is_authorised": inventor.chance(35),
        "mobile": inventor.mobile(),
        "phone": inventor.landline(with_extension=True) if inventor.chance(60) else "",
        "email": customer.person.email(firm.domain),
        "source": sample.pick("contact", "source"),
        "city": firm.city,
        "country": inventor.words.country,
    }
    return Invented(values, customer.made_at)
