"""The products and services of the sample company."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from kariz.core import registry
from kariz.features.demo.past import Invented
from kariz.features.demo.sample import Sample


def fill(sample: Sample) -> None:
    offered = sample.inventor.words.products
    for name, kept, wanted in (("product", sample.products, False), ("service", sample.services, True)):
        items = [item for item in offered if item.get("is_service", False) == wanted]
        _fill(sample, name, items, kept)


def _fill(sample: Sample, name: str, items: list[dict[str, Any]], kept: dict[int, dict[str, Any]]) -> None:
    """Write what is not there yet; a code belongs to one item."""
    known = dict(registry.get(name).model.objects.values_list("code", "pk"))
    new = [item for item in items if item["code"] not in known]
    written = sample.write(name, (_item(sample, item) for item in new), len(new))
    kept.update((record.pk, item) for record, item in zip(list(written), new, strict=True))
    kept.update((known[item["code"]], item) for item in items if item["code"] in known)


def _item(sample: Sample, item: dict[str, Any]) -> Invented:
    price = Decimal(item["price"])
    values = {
        "name": item["name"],
        "code": item["code"],
        "unit_price": price,
        "unit_cost": price * Decimal("0.6"),
        "currency": sample.currency,
        "owner_id": sample.sellers[0].pk,
    }
    return Invented(values, sample.inventor.moment(900, since=400))
