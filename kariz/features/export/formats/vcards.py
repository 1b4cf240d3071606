"""vCard 3.0 (RFC 2426) and 4.0 (RFC 6350): a card for each person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from kariz.features.export import forms
from kariz.features.export.formats import people

if TYPE_CHECKING:
    from kariz.core.fields import Field
    from kariz.features.export.formats.table import Table
    from kariz.features.export.rows import Chunk

OCTETS = 75  # the longest line; what is longer goes on in the next, after a space
_SPECIAL = re.compile(r"([\\;,])")
_BREAK = re.compile(r"\r\n|\r|\n")


class VCards:
    def __init__(self, table: Table) -> None:
        self.version = table.order.vcard
        self.record_type, self.title = table.order.record_type, table.order.type.title
        self.fields = {field.name: field for field in table.order.type.fields.values()}

    def head(self) -> bytes:
        return b""

    def rows(self, chunk: Chunk) -> bytes:
        fields = {name: one for name, one in self.fields.items() if name not in chunk.withheld}
        return "".join(
            _folded(line) + "\r\n"
            for record in chunk.records
            for line in self._card(Person(record, fields, chunk))
        ).encode()

    def end(self) -> Iterator[bytes]:
        return iter(())

    def _card(self, person: Person) -> Iterator[str]:
        yield "BEGIN:VCARD"
        yield f"VERSION:{self.version}"
        yield f"FN:{_escaped(person.name or person.company or person.text(self.title))}"
        yield f"N:{_structured([*_parts(person.name), '', person.text('salutation'), ''])}"
        yield from _line("ORG", *filter(None, (person.company, person.text("department"))))
        yield from _line("TITLE", person.text("job_title"))
        yield from _line("NICKNAME", person.text("handle"))
        yield from self._reached(person)
        yield from _line("ADR", *(person.text(name) for name in people.ADDRESS))
        yield from _line("BDAY", self._day(person.text("birthday")))
        yield from _line("NOTE", "\n".join(filter(None, (person.text(name) for name in people.NOTES))))
        yield f"UID{';VALUE=text' if self.version == '4.0' else ''}:{self.record_type}-{person.record.pk}"
        yield f"REV:{person.record.updated_at:%Y%m%dT%H%M%SZ}"
        yield "END:VCARD"

    def _reached(self, person: Person) -> Iterator[str]:
        for field, text in person.every("email"):
            yield f"EMAIL;TYPE={self._type(field, 'INTERNET')}:{_escaped(text)}"
        for field, text in person.every("phone"):
            number = text.replace(";ext=", " ext. ") if self.version == "3.0" else f"tel:{text}"
            marks = "" if self.version == "3.0" else ";VALUE=uri"
            yield f"TEL{marks};TYPE={self._type(field, 'VOICE')}:{number}"
        for _field, text in person.every("url"):
            yield f"URL:{text}"

    def _type(self, field: Field, other: str) -> str:
        kind = people.kind(field)
        if self.version == "4.0":
            return kind if kind != "other" else "voice" if other == "VOICE" else "work"
        return kind.upper() if kind != "other" else other

    def _day(self, text: str) -> str:
        return text.replace("-", "") if self.version == "4.0" else text


class Person:
    """The texts of one record, by what they mean."""

    def __init__(self, record: Any, fields: dict[str, Field], chunk: Chunk) -> None:
        self.record, self.fields, self.names = record, fields, chunk.names

    @property
    def name(self) -> str:
        return next(filter(None, (self.text(name) for name in people.NAMES)), "")

    @property
    def company(self) -> str:
        return next(filter(None, (self.text(name) for name in people.COMPANIES)), "")

    def text(self, name: str) -> str:
        field = self.fields.get(name)
        if field is None:
            return ""
        if field.target:
            return ", ".join(forms.linked(field, self.record, self.names))
        if field.type.name == "choice":
            return field.show(field.get(self.record))
        return field.type.export(field.get(self.record), field)

    def every(self, kind: str) -> Iterator[tuple[Field, str]]:
        """The fields of this type that are filled."""
        for field in self.fields.values():
            if field.type.name == kind and (text := self.text(field.name)):
                yield field, text


def _parts(name: str) -> list[str]:
    """Family name and given names: the last word is the family's, as in all languages of Kariz."""
    given, _space, family = name.rpartition(" ")
    return [family, given] if given else ["", family]


def _line(name: str, *parts: str) -> Iterator[str]:
    """A property of one or several parts, where there is something to say."""
    if any(parts):
        yield f"{name}:{_structured(parts)}"


def _structured(parts: Iterable[str]) -> str:
    return ";".join(map(_escaped, parts))


def _escaped(text: str) -> str:
    return _BREAK.sub(r"\\n", _SPECIAL.sub(r"\\\1", text))


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, none of which ends in the middle of a letter."""
    if len(line.encode()) <= OCTETS:
        return line
    pieces, piece, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > OCTETS:
            pieces.append(piece)
            piece, size = " ", 1
        piece += letter
        size += octets
    return "\r\n".join([*pieces, piece])
