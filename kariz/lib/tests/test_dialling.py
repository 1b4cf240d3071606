"""What is read from the tables directly is what `phonenumbers` itself makes of it, in every country."""

from random import Random

import phonenumbers
import pytest
from phonenumbers import PhoneMetadata, PhoneNumberFormat

from kariz.lib import dialling
from kariz.lib.text import digits

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)


def numbers(region: str, draw: Random) -> list[str]:
    """Landlines, mobiles and others of a region, many of them slightly wrong."""
    metadata = PhoneMetadata.metadata_for_region(region)
    kinds = (metadata.fixed_line, metadata.mobile, metadata.toll_free, metadata.uan)
    found = []
    for example in (kind.example_number for kind in kinds if kind and kind.example_number):
        for _ in range(8):
            written = list(example)
            for _ in range(draw.randrange(5)):
                written[draw.randrange(len(written))] = draw.choice("0123456789")
            found.append(
                "".join(written[: draw.choice((None, None, None, -1))]) + draw.choice(("", "", "", "7"))
            )
    return found


def ways(region: str, number: str) -> list[tuple[str, str]]:
    """What is dialled, and where: from abroad, at home with the trunk prefix and without, elsewhere."""
    metadata = PhoneMetadata.metadata_for_region(region)
    whole = f"{metadata.country_code}{number}"
    local = [number, f"{metadata.national_prefix or 0}{number}", f"00{whole}", whole]
    return [(f"+{whole}", "IR"), *((text, home) for text in local for home in (region, "TR"))]


def by_library(text: str, region: str) -> phonenumbers.PhoneNumber:
    found = phonenumbers.parse(text, region)
    assert phonenumbers.is_valid_number(found)
    return found


@pytest.mark.parametrize("region", REGIONS)
def test_every_number_that_is_read_is_read_alike(region):
    for number in numbers(region, Random(region)):
        for text, home in ways(region, number):
            plain = dialling.read(text.lstrip("+"), home, is_international=text.startswith("+"))
            if plain:
                known = by_library(text, home)
                assert plain.e164 == phonenumbers.format_number(known, PhoneNumberFormat.E164)
                national = digits(phonenumbers.format_number(known, PhoneNumberFormat.NATIONAL))
                assert plain.dialled_at_home in (None, national)


@pytest.mark.parametrize("text", ["09121234567", "02188881234", "9121234567"])
def test_the_usual_ones_are_among_them(text):
    plain = dialling.read(text, "IR", is_international=False)
    assert plain
    assert (plain.e164, plain.dialled_at_home) == (f"+98{text.lstrip('0')}", f"0{text.lstrip('0')}")


@pytest.mark.parametrize("text", ["", "0", "98", "982188881234", "00982188881234", "88881234"])
def test_what_could_mean_several_numbers_is_left_to_the_library(text):
    assert dialling.read(text, "IR", is_international=False) is None
