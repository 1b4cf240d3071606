"""People, companies, phones and days out of nothing: the same for the same words and seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product
from random import Random

from kariz.features.demo.words import Words


@dataclass(frozen=True)
class Person:
    first_name: str
    last_name: str
    latin: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def email(self, domain: str) -> str:
        # The ending .example belongs to nobody (RFC 2606).
        return f"{self.latin}@{domain}.example"


@dataclass(frozen=True)
class Firm:
    name: str
    domain: str
    city: str


class Inventor:
    """Draws from the words of one language. Organizations differ; people may share a name, as they do."""

    def __init__(self, words: Words, seed: int, now: datetime) -> None:
        self.words, self.now = words, now
        self.random = Random(seed)  # noqa: S311 # nosec B311 # a sample, not a secret
        self._first = list(words.first_names.items())
        self._last = list(words.last_names.items())
        self._firms = list(product(words.company_names.items(), words.trades))
        self.random.shuffle(self._firms)

    def person(self) -> Person:
        first, first_latin = self.random.choice(self._first)
        last, last_latin = self.random.choice(self._last)
        return Person(first, last, f"{first_latin}.{last_latin}")

    def firm(self, number: int) -> Firm:
        """The company of this number: when the names are used up, again with a city behind each."""
        (name, latin), trade = self._firms[number % len(self._firms)]
        full = self.words.organization.format(name=name, trade=trade)
        turn = number // len(self._firms)
        city = self.words.cities[(turn - 1) % len(self.words.cities)]
        if turn:
            full = f"{full} {city}"
        if turn > len(self.words.cities):
            full = f"{full} {turn // len(self.words.cities) + 1}"
        return Firm(full, f"{latin}{number or ''}", city if turn else self.random.choice(self.words.cities))

    def mobile(self) -> str:
        return self._phone(self.words.mobile)

    def landline(self, *, with_extension: bool = False) -> str:
        phone = self._phone(self.words.landline)
        return f"{phone};ext={self.random.randrange(10, 500)}" if with_extension else phone

    def _phone(self, pattern: str) -> str:
        digits = f"{self.random.randrange(10**7):07}"
        return pattern.format(
            area=self.random.choice(self.words.areas),
            mobile=self.random.choice(self.words.mobiles),
            two=digits[:2],
            six=digits[:6],
            seven=digits,
        )

    def address(self) -> str:
        number = self.random.randrange(1, 200)
        return self.words.address.format(street=self.random.choice(self.words.streets), number=number)

    def chance(self, percent: int) -> bool:
        return self.random.random() * 100 < percent

    def moment(self, days: int, *, since: int = 0) -> datetime:
        """A moment between `days` and `since` days ago, more often lately than long ago."""
        ago = since + (days - since) * self.random.random() ** 1.5
        return self.now - timedelta(days=ago)

    def day(self, first: int, last: int) -> date:
        """A day from `first` to `last` days after today."""
        return (self.now + timedelta(days=self.random.randint(first, last))).date()
