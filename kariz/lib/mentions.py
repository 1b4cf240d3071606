"""Where texts name somebody: by e-mail address, by number however it is written, by the full name in either order."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kariz.lib.text import digits, fold

TELLING = 8  # digits that no two numbers end with by chance
LEAST_DIGITS = 5
_WORD = re.compile(r"\w+")
_EMAIL = re.compile(r"[^\s@<>\"'(),;:\[\]{}|/\\]+@[^\s@<>\"'(),;:\[\]{}|/\\]+")
_NUMBER = re.compile(r"\+?\(?[0-9](?:[\s().\-]{0,3}[0-9])*")

Span = tuple[int, int]


class Mentions:
    """What somebody is known by. Looking for many people takes no longer than looking for one.

    `others` are texts that name somebody only where they are all that is said: a first name, a name in a network.
    """

    def __init__(
        self,
        *,
        emails: Iterable[str] = (),
        numbers: Iterable[str] = (),
        names: Iterable[str] = (),
        others: Iterable[str] = (),
    ) -> None:
        self._emails = {fold(one).strip(".") for one in emails if one}
        self._whole = {fold(one) for one in others if one}
        self._ends: set[str] = set()
        self._short: set[str] = set()
        self._names: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for number in numbers:
            self._add_number(digits(number.partition(";")[0]))
        for name in names:
            self._add_name(tuple(_WORD.findall(fold(name))))

    def _add_number(self, number: str) -> None:
        if len(number) >= TELLING:
            self._ends.add(number[-TELLING:])
        elif len(number) >= LEAST_DIGITS:
            self._short.add(number)

    def _add_name(self, words: tuple[str, ...]) -> None:
        """A name of one word is anybody's within a text."""
        if len(words) == 1:
            self._whole.update(words)
        elif words:
            for order in {words, words[::-1], (words[-1], *words[:-1])}:
                self._names[order[0]].append(order)

    def __bool__(self) -> bool:
        return bool(self._emails or self._whole or self._ends or self._short or self._names)

    def are_in(self, value: Any) -> bool:
        """Whether a text, or any text within a JSON value, names one of them."""
        if isinstance(value, str):
            return bool(self._spans(value))
        if isinstance(value, Mapping):
            return any(self.are_in(key) or self.are_in(inner) for key, inner in value.items())
        return isinstance(value, list | tuple) and any(map(self.are_in, value))

    def masked(self, value: Any, mask: str) -> Any:
        """The text or JSON value with `mask` in the place of each mention."""
        if isinstance(value, str):
            return _replaced(value, self._spans(value), mask)
        if isinstance(value, Mapping):
            return {self.masked(key, mask): self.masked(inner, mask) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.masked(one, mask) for one in value]
        return value

    def _spans(self, text: str) -> list[Span]:
        if not text:
            return []
        if self._whole and fold(text) in self._whole:
            return [(0, len(text))]
        folded, places = _folded(text)
        found = [*self._of_emails(folded), *self._of_numbers(folded), *self._of_names(folded)]
        return _apart([(places[start], places[end - 1] + 1) for start, end in found])

    def _of_emails(self, folded: str) -> Iterator[Span]:
        if self._emails and "@" in folded:
            for found in _EMAIL.finditer(folded):
                if found[0].rstrip(".") in self._emails:
                    yield found.span()

    def _of_numbers(self, folded: str) -> Iterator[Span]:
        if not (self._ends or self._short):
            return
        for found in _NUMBER.finditer(folded):
            number = digits(found[0])
            windows = (number[at : at + TELLING] for at in range(len(number) - TELLING + 1))
            if number in self._short or any(window in self._ends for window in windows):
                yield found.span()

    def _of_names(self, folded: str) -> Iterator[Span]:
        if not self._names:
            return
        words = list(_WORD.finditer(folded))
        for place, first in enumerate(words):
            for name in self._names.get(first[0], ()):
                said = words[place : place + len(name)]
                if tuple(word[0] for word in said) == name:
                    yield first.start(), said[-1].end()


def _folded(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place of that which it comes from."""
    pieces, places = [], []
    for place, character in enumerate(text):
        piece = " " if character.isspace() else fold(character)
        pieces.append(piece)
        places += [place] * len(piece)
    return "".join(pieces), places


def _apart(spans: Iterable[Span]) -> list[Span]:
    """In order, those that overlap joined."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _replaced(text: str, spans: Iterable[Span], mask: str) -> str:
    parts, last = [], 0
    for start, end in spans:
        parts += [text[last:start], mask]
        last = end
    return "".join([*parts, text[last:]])
