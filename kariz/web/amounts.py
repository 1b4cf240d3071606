"""Sums of money as people read them: by currency, the company's own first, never added up across."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from kariz.accounts import locale
from kariz.core.summary import Group

MOST_TOLD = 3


def told(by_currency: Mapping[str, Decimal], *, compact: bool = True) -> str:
    """Such as “$1.2M + €300K”; empty where there is nothing."""
    ours = locale.active()
    present = {code: amount for code, amount in by_currency.items() if amount}
    first = sorted(present, key=lambda code: (code != ours.currency, code))[:MOST_TOLD]
    return " + ".join(ours.money(present[code], code, compact=compact) for code in first)


def added(groups: Iterable[Group], name: str) -> dict[str, Decimal]:
    """The sums of a field over groups, by currency."""
    found: dict[str, Decimal] = {}
    for group in groups:
        for code, amount in group.sums.get(name, {}).items():
            found[code] = found.get(code, Decimal(0)) + amount
    return found


def main_currency(groups: Iterable[Group], name: str) -> str:
    """The currency in which amounts can be compared with each other: the company's, else the one most used."""
    ours = locale.active().currency
    counts: dict[str, int] = {}
    for group in groups:
        for code, amount in group.sums.get(name, {}).items():
            counts[code] = counts.get(code, 0) + bool(amount)
    return (
        ours if counts.get(ours) or not any(counts.values()) else max(counts, key=lambda code: counts[code])
    )
