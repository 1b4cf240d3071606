"""The lines of vCards of every version (2.1, 3.0, 4.0), as programs and telephones really write them.

Lenient on purpose: lines folded or broken by quoted-printable, parameters without a name, groups, character sets, cards
without a version. Only a card that does not end, or says nothing, is a mistake. No library reads 2.1 (see
docs/dependencies.md).
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kariz.lib import encodings

LONGEST_CARD = 1_000_000
"""Characters, without pictures and sounds."""

_HEAD = re.compile(
    r'(?:(?P<group>[\w-]+)\.)?(?P<name>[\w-]+)(?P<parameters>(?:;(?:"[^"]*"|[^:;"])*)*):(?P<value>.*)',
    re.DOTALL,
)
_PARAMETER = re.compile(r';((?:"[^"]*"|[^:;"])*)')
_COMPONENT = re.compile(r"((?:\\.|[^;])*)(?:;|\Z)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_LABEL = re.compile(r"_\$!<(.*)>!\$_")
_ENCODINGS = {"QUOTED-PRINTABLE", "BASE64", "B", "7BIT", "8BIT"}
# Large, and nothing that a record keeps.
_SKIPPED = re.compile(r"(?:[\w-]+\.)?(PHOTO|LOGO|SOUND|KEY)[;:]", re.IGNORECASE)
_QUOTED_PRINTABLE = re.compile(r"[^:]*;[^:]*QUOTED-PRINTABLE[^:]*:", re.IGNORECASE)
_BEGIN = re.compile(r"\s*BEGIN\s*:\s*VCARD\s*", re.IGNORECASE)
_END = re.compile(r"\s*END\s*:\s*VCARD\s*", re.IGNORECASE)
_AGENT = re.compile(r"\s*AGENT\b[^:]*:\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Property:
    """One line: `kinds` are its types in small letters (`home`, `cell`, `pref`), `raw` its value, escapes and all."""

    name: str
    raw: str
    kinds: frozenset[str] = frozenset()
    parameters: dict[str, str] = field(default_factory=dict)
    group: str = ""

    @property
    def text(self) -> str:
        return unescaped(self.raw).strip()

    @property
    def parts(self) -> list[str]:
        """The components of a name, address or organization."""
        return [unescaped(found[1]).strip() for found in _COMPONENT.finditer(self.raw)]


@dataclass
class Card:
    """One card, or what is left of it: `is_whole` is false where its end is missing or it is too long."""

    properties: list[Property] = field(default_factory=list)
    is_whole: bool = True
    start: str = ""

    def every(self, *names: str) -> list[Property]:
        """The properties of these names that say anything, the preferred ones first."""
        found = [one for one in self.properties if one.name in names and one.text.strip("; ")]
        return sorted(found, key=lambda one: not ("pref" in one.kinds or one.parameters.get("PREF") == "1"))

    def first(self, *names: str) -> Property | None:
        return next(iter(self.every(*names)), None)


def cards(lines: Iterable[str]) -> Iterator[Card]:
    """The cards of a file, one at a time."""
    draft: _Draft | None = None
    for line in lines:
        if _BEGIN.fullmatch(line) and not (draft and draft.begins_agent()):
            yield from draft.cards(is_whole=False) if draft else ()
            draft = _Draft()
        elif draft and not _END.fullmatch(line):
            draft.add(line)
        elif draft and draft.ends():
            yield from draft.cards(is_whole=draft.size <= LONGEST_CARD)
            draft = None
    yield from draft.cards(is_whole=False) if draft else ()


class _Draft:
    """The lines of a card while it is being read, without the agents in it, which are cards themselves."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.size = 0
        self.depth = 0

    def begins_agent(self) -> bool:
        is_agent = bool(self.lines) and bool(_AGENT.fullmatch(self.lines[-1]))
        self.depth += is_agent
        return is_agent

    def ends(self) -> bool:
        """Whether the end that was read is its own."""
        self.depth -= 1
        return self.depth < 0

    def cards(self, *, is_whole: bool) -> list[Card]:
        return [_card(self.lines, is_whole=is_whole)]

    def add(self, line: str) -> None:
        """Put a line behind the others, or to the one that it goes on with."""
        line = line.rstrip("\r\n")
        if self.depth or self._is_more_picture(line):
            return
        self.size += len(line)
        if not line or self.size > LONGEST_CARD:
            return
        last = self.lines[-1] if self.lines else ""
        if last.endswith("=") and _QUOTED_PRINTABLE.match(last):
            self.lines[-1] = last[:-1] + line
        elif last and line.startswith((" ", "\t")):
            self.lines[-1] += line[1:]
        elif last and not _HEAD.fullmatch(line):
            self.lines[-1] += "\n" + line
        else:
            self.lines.append(line[: line.find(":") + 1] if _SKIPPED.match(line) else line)

    def _is_more_picture(self, line: str) -> bool:
        """Whether a line goes on with a picture, of which nothing is kept."""
        is_picture = bool(self.lines) and bool(_SKIPPED.match(self.lines[-1]))
        return is_picture and (line.startswith((" ", "\t")) or ":" not in line)


def _card(lines: list[str], *, is_whole: bool) -> Card:
    found = [one for one in map(_property, lines) if one is not None]
    labels = {one.group: one.text.lower() for one in found if one.name == "X-ABLABEL" and one.group}
    properties = [_labelled(one, labels.get(one.group, "")) for one in found]
    return Card(properties, is_whole, "\n".join(lines)[:500])


def _labelled(one: Property, label: str) -> Property:
    """With the label that Apple keeps in a line of its own as one more type."""
    if not label:
        return one
    known = _LABEL.fullmatch(label)
    kinds = one.kinds | {known[1] if known else label}
    return Property(one.name, one.raw, kinds, one.parameters, one.group)


def _property(line: str) -> Property | None:
    head = _HEAD.fullmatch(line)
    if head is None:
        return None
    parameters: dict[str, str] = {}
    kinds: set[str] = set()
    for part in _PARAMETER.findall(head["parameters"] or ""):
        name, sign, value = part.partition("=")
        name, value = name.strip().upper(), value.strip().strip('"')
        if not sign:
            name, value = ("ENCODING", name) if name in _ENCODINGS else ("TYPE", name)
        if name == "TYPE":
            kinds.update(value.lower().split(","))
        else:
            parameters[name] = value
    raw = _decoded(head["value"], parameters)
    return Property(head["name"].upper(), raw, frozenset(kinds), parameters, (head["group"] or "").lower())


def _decoded(value: str, parameters: dict[str, str]) -> str:
    encoding = parameters.get("ENCODING", "").upper()
    try:
        if encoding == "QUOTED-PRINTABLE":
            return _text(quopri.decodestring(value.encode()), parameters)
        if encoding in ("B", "BASE64"):
            return _text(binascii.a2b_base64(value), parameters)
    except (binascii.Error, ValueError):
        return value
    return value


def _text(data: bytes, parameters: dict[str, str]) -> str:
    try:
        return data.decode(parameters.get("CHARSET", "utf-8"))
    except (LookupError, UnicodeDecodeError):
        return encodings.decode(data)[0]


def unescaped(text: str) -> str:
    r"""A value without its escapes: `\n` is the end of a line, `\,` a comma."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)
