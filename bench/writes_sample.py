"""The files that the import jobs read: leads as a bought or exported list has them, written however people write."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from random import Random

HEADER = (
    "Full name", "Company", "Job title", "Phone", "E-mail", "Lead source", "Temperature", "City", "Responsible",
    "Needs",
)  # fmt: skip
FIRST = (
    "Sara", "Mehmet", "Ayşe", "John", "Elif", "Zeynep", "Mary", "Peter", "Murat", "Laura", "Deniz",
    "سارا", "علی", "رضا", "مینا", "حسین", "فاطمه",
)  # fmt: skip
LAST = (
    "Yılmaz", "Kaya", "Şahin", "Öztürk", "Smith", "Jones", "Miller", "Karimi", "Ahmadi", "Hosseini",
    "احمدی", "رضایی", "کریمی", "موسوی",
)  # fmt: skip
TITLES = ("Buyer", "Managing director", "Head of procurement", "Satın alma", "مدیر خرید")
CITIES = ("Tehran", "Istanbul", "Ankara", "Shiraz", "London", "تبریز")
SOURCES = ("Website", "Cold call", "Referral")
TEMPERATURES = ("Hot", "Warm", "Cold")


def write(path: Path, count: int, people: Sequence[str], known: Iterable[str] = ()) -> None:
    """A file of `count` leads of these people; those with a `known` e-mail come first and are there already."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(_rows(count, people, list(known)))


def _rows(count: int, people: Sequence[str], known: list[str]) -> Iterator[tuple[str, ...]]:
    draw = Random(count)  # noqa: S311  a sample, not a secret
    for number in range(count):
        last = draw.choice(LAST)
        email = known[number] if number < len(known) else f"person{number}@list{number % 9973}.example"
        yield (
            f"{draw.choice(FIRST)} {last} {number % 997}",
            f"{last} Trading {number % 20011}",
            draw.choice(TITLES),
            _phone(number, draw.randrange(10**7)),
            email,
            draw.choice(SOURCES),
            draw.choice(TEMPERATURES),
            draw.choice(CITIES),
            people[number % len(people)],
            f"Wants {number % 300} pieces by the end of month {number % 12 + 1}.",
        )


def _phone(number: int, digits: int) -> str:
    """A number of Iran, Turkey or the United States, as people there write it."""
    three, four = f"{digits:07}"[:3], f"{digits:07}"[3:]
    ways = (f"+98 912 {three} {four}", f"+90 (532) {three} {four}", f"+1 212-{200 + digits % 800}-{four}")
    return ways[number % len(ways)]
