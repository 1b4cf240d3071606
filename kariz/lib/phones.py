"""Phone numbers: kept as E.164 with an extension, however they are typed; shown as their country writes them."""

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

from kariz.lib import dialling
from kariz.lib.text import digits, fold

LONGEST = 100
# New ranges are dialled before the numbering plan's tables know them. Shorter numbers must be known, as Iran's 9601 is.
LEAST_DIGITS = 8

# What separates one number from another in the same cell.
_NEXT = re.compile(r"[/\\|,،\n]|;(?!\s*ext)")
_EXTENSION = re.compile(r"(?:;?\s*\bext(?:ension)?|داخلی|\bdahili|\bdah|\bx|#)[\s.:=]*([0-9]{1,7})\s*\)?\s*$")
_QUERY = re.compile(r"[0-9+()\s.\-]+")
_E164 = re.compile(r"\+[0-9]{4,15}")
_TRUNK = re.compile(r"\(0\)")


class NotAPhone(ValueError):
    """The text holds no phone number that the region could dial."""


@dataclass(frozen=True)
class Phone:
    typed: str
    e164: str
    extension: str


@lru_cache(maxsize=20_000)
def parse(text: str, region: str = "IR") -> Phone:
    """The first number in `text`, as dialled in `region`."""
    if len(text) > LONGEST:
        raise NotAPhone(text)
    first = _NEXT.split(fold(text), maxsplit=1)[0]
    extension = _EXTENSION.search(first)
    number = first[: extension.start()] if extension else first
    return Phone(text, _e164(number, region, text), extension[1] if extension else "")


def _e164(number: str, region: str, text: str) -> str:
    is_international = number.lstrip(" (").startswith("+")
    dialled = digits(_TRUNK.sub("", number))
    plain = dialling.read(dialled, region, is_international=is_international)
    if plain:
        return plain.e164
    found = _guessed("+" + dialled if is_international else dialled, region)
    if found is None:
        raise NotAPhone(text)
    return phonenumbers.format_number(found, PhoneNumberFormat.E164)


def _guessed(dialled: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        found = phonenumbers.parse(dialled, region)
    except NumberParseException:
        return None
    is_whole = phonenumbers.is_possible_number_with_reason(found) == ValidationResult.IS_POSSIBLE
    is_long = len(str(found.national_number)) >= LEAST_DIGITS
    return found if phonenumbers.is_valid_number(found) or (is_long and is_whole) else None


@lru_cache(maxsize=20_000)
def show(phone_text: str, region: str) -> str:
    """A number of one's own region as dialled there, any other one with its country code; as it is if it is none."""
    try:
        phone = parse(phone_text, region)
    except NotAPhone:
        return phone_text
    found = phonenumbers.parse(phone.e164)
    is_ours = phonenumbers.region_code_for_number(found) == region
    style = PhoneNumberFormat.NATIONAL if is_ours else PhoneNumberFormat.INTERNATIONAL
    shown = phonenumbers.format_number(found, style)
    return f"{shown} x{phone.extension}" if phone.extension else shown


@lru_cache(maxsize=20_000)
def search_digits(text: str, region: str) -> str:
    """What a search row holds for a number, so that it is found however it is asked for."""
    if _E164.fullmatch(text):  # as it is kept
        plain = dialling.read(text[1:], region, is_international=True)
        at_home = plain and plain.dialled_at_home
        if at_home:
            return f"{text[1:]} {at_home}"
    try:
        phone = parse(text, region)
    except NotAPhone:
        return digits(text)
    national = phonenumbers.format_number(phonenumbers.parse(phone.e164), PhoneNumberFormat.NATIONAL)
    return " ".join(filter(None, (digits(phone.e164), digits(national), phone.extension)))


def query_digits(text: str) -> str | None:
    """The digits to look for when `text` is (part of) a phone number, None when it is something else."""
    plain = fold(text)
    if not _QUERY.fullmatch(plain):
        return None
    found = digits(_TRUNK.sub("", plain))
    meaning = found.lstrip("0")
    return (meaning if len(meaning) > 2 else found) or None
