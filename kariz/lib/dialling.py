"""The numbers that leave nothing to guess, which are nearly all, read from the tables of `phonenumbers` directly.

That library tries every way in which a number might be meant; a file of a million numbers has no time for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

_LONGEST_CODE = 3
_NOTHING = re.compile(r"(?!)")
_GROUP = re.compile(r"\\\d")
# A way to write numbers whose groups hold every digit.
_GROUPS_ONLY = re.compile(r"(?:\((?!\?)(?:[^()]|\(\?:[^()]*\))*\))+")


@dataclass(frozen=True)
class Form:
    """A way to write the numbers that begin like `start`: their digits after `lead`; None where it changes them."""

    start: re.Pattern[str]
    whole: re.Pattern[str]
    lead: str | None


@dataclass(frozen=True)
class Desc:
    """Numbers of one kind."""

    lengths: frozenset[int]
    whole: re.Pattern[str]

    def fits(self, number: str) -> bool:
        return (not self.lengths or len(number) in self.lengths) and bool(self.whole.fullmatch(number))


@dataclass(frozen=True)
class Country:
    """How numbers are dialled in the country that a calling code is first of all for."""

    code: str
    trunk: re.Pattern[str]
    abroad: re.Pattern[str]
    every: Desc
    local_lengths: frozenset[int]
    kinds: tuple[Desc, ...]
    forms: tuple[Form, ...]

    def knows(self, number: str) -> bool:
        """Whether it is a landline or a mobile, wherever it is dialled."""
        return (
            not number.startswith("0")
            and len(number) not in self.local_lengths
            and self.every.fits(number)
            and any(kind.fits(number) for kind in self.kinds)
        )


@dataclass(frozen=True)
class Plain:
    """A number without its trunk prefix, in its country."""

    country: Country
    number: str

    @property
    def e164(self) -> str:
        return f"+{self.country.code}{self.number}"

    @property
    def dialled_at_home(self) -> str | None:
        """Its digits with the trunk prefix, None where they are not simply put before it."""
        for form in self.country.forms:
            if form.start.match(self.number) and form.whole.fullmatch(self.number):
                return None if form.lead is None else form.lead + self.number
        return self.number


def read(digits: str, region: str, *, is_international: bool) -> Plain | None:
    """The number that these ASCII digits are for certain, None where `phonenumbers` has to be asked.

    International ones begin with the calling code; others are dialled in `region`.
    """
    if is_international:
        country, digits = _abroad(digits)
    else:
        country = _of_region(region)
        if country is None or country.abroad.match(digits) or digits.startswith(country.code):
            return None
    trunk = country.trunk.match(digits) if country else None
    if country is None or (trunk and (is_international or trunk.re.groups)):
        return None
    number = digits[trunk.end() :] if trunk else digits
    return Plain(country, number) if country.knows(number) else None


def _abroad(digits: str) -> tuple[Country | None, str]:
    for length in range(1, _LONGEST_CODE + 1):
        regions = COUNTRY_CODE_TO_REGION_CODE.get(int(digits[:length] or 0))
        if regions:
            return _of_region(regions[0]), digits[length:]
    return None, digits


@cache
def _of_region(region: str) -> Country | None:
    """None for the smaller countries of a shared calling code."""
    found: Any = PhoneMetadata.metadata_for_region(region, None)
    if found is None or found.leading_digits or COUNTRY_CODE_TO_REGION_CODE[found.country_code][0] != region:
        return None
    return Country(
        code=str(found.country_code),
        trunk=_pattern(found.national_prefix_for_parsing),
        abroad=_pattern(found.international_prefix),
        every=_desc(found.general_desc),
        local_lengths=frozenset(found.general_desc.possible_length_local_only),
        kinds=tuple(
            _desc(kind) for kind in (found.mobile, found.fixed_line) if kind and kind.national_number_pattern
        ),
        forms=tuple(_forms(found)),
    )


def _pattern(text: str | None) -> re.Pattern[str]:
    return re.compile(text) if text else _NOTHING


def _desc(desc: Any) -> Desc:
    return Desc(frozenset(desc.possible_length), _pattern(desc.national_number_pattern))


def _forms(metadata: Any) -> Iterator[Form]:
    for form in metadata.number_format:
        starts = form.leading_digits_pattern
        yield Form(re.compile(starts[-1] if starts else ""), re.compile(form.pattern), _lead(form))


def _lead(form: Any) -> str | None:
    groups = [int(group[1:]) for group in _GROUP.findall(form.format)]
    count = re.compile(form.pattern).groups
    written, before = _GROUP.sub("", form.format), form.national_prefix_formatting_rule or r"\1"
    is_plain = groups == list(range(1, count + 1)) and not re.search(r"\d", written)
    lead, found, after = before.partition(r"\1")
    if not is_plain or not found or re.search(r"\d", after) or not _GROUPS_ONLY.fullmatch(form.pattern):
        return None
    return "".join(re.findall(r"\d", lead))
