"""Several columns that are one field of text: a first name and a last name are the full name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kariz.lib.text import fold

JOINED = ("text", "long_text")
"""The types of field that may be chosen for several columns; their texts stand one after the other."""

_PARTS = (
    ("firstname", "givenname", "forename", "ad", "isim", "adi", "نام", "ناماول"),
    ("middlename", "ikinciad", "ناممیانی"),
    ("lastname", "familyname", "surname", "soyad", "soyadi", "soyisim", "نامخانوادگی", "فامیلی"),
)
_PLACES = {title: place for place, titles in enumerate(_PARTS) for title in titles}
FAMILY = 2


def bare(text: str) -> str:
    """Letters and digits only: "First Name" and "first_name" are one."""
    return "".join(letter for letter in fold(text) if letter.isalnum())


def in_order(header: Sequence[str], indexes: Iterable[int]) -> list[int]:
    """The columns of one field as they are to be read: the given name first, whatever the file has first."""
    return sorted(indexes, key=lambda index: (_PLACES.get(bare(header[index]), FAMILY), index))


def parts_of_name(header: Iterable[str]) -> list[str]:
    """The columns that together are a name; none where a family name is missing."""
    found = {title: _PLACES[bare(title)] for title in header if bare(title) in _PLACES}
    return list(found) if FAMILY in found.values() else []
