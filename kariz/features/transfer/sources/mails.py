"""Saved e-mails as rows: each sender a row, from one message (.eml) or a mailbox of many (mbox, RFC 4155)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import ClassVar

from django.utils.translation import gettext as _

from kariz.features.transfer.sources.base import Source, Unread, fitted
from kariz.lib.mailboxes import domain

LONGEST = 1024 * 1024  # bytes of a message that are looked at: what follows is attached to it
LONGEST_TEXT = 2_000

_START = re.compile(r"(From \S+ .*\n)?(?:[A-Za-z][\w-]*:.*\n(?:[ \t].*\n)*)+(?:\r?\n|\Z)")
_SENDER = re.compile(r"^From:", re.IGNORECASE | re.MULTILINE)

# Column → the fields that it stands for, the first of which a record type has.
FIELDS: dict[str, tuple[str, ...]] = {
    "name": ("person", "name"),
    "email": ("email",),
    "company": ("company", "organization"),
    "subject": (),
    "date": (),
    "text": ("description",),
}


def titles() -> dict[str, str]:
    """Column → its name in the reader's language."""
    return {
        "name": _("Full name"),
        "email": _("E-mail"),
        "company": _("Company"),
        "subject": _("Subject"),
        "date": _("Date"),
        "text": _("Description"),
    }


def holds_mails(text: str) -> bool:
    """Whether a file begins with the head of a message that names its sender."""
    head = _START.match(text)
    return head is not None and _SENDER.search(head[0]) is not None


@dataclass(frozen=True, kw_only=True)
class Mails(Source):
    format: ClassVar[str] = "mail"
    suggested: ClassVar[str] = "contact"

    @classmethod
    def of(cls, path: Path) -> Mails:
        return cls(path=path, header=list(titles().values()), preamble=[], warnings=[], sheets=[])

    def _rows(self) -> Iterator[list[str]]:
        return map(_row, _messages(self.path))

    def suggest(self, names: Iterable[str]) -> dict[str, str]:
        known = set(names)
        return {
            title: next((name for name in fields if name in known), "")
            for title, fields in zip(self.header, FIELDS.values(), strict=True)
        }


def _messages(path: Path) -> Iterator[bytes]:
    """Each message of the file; in a mailbox it begins with a line `From `, which no other line does."""
    parts: list[bytes] = []
    size = 0
    with path.open("rb") as lines:
        for line in lines:
            if line.startswith(b"From "):
                if parts:
                    yield b"".join(parts)
                parts, size = [], 0
            elif size < LONGEST:
                parts.append(line)
                size += len(line)
    if parts:
        yield b"".join(parts)


def _row(raw: bytes) -> list[str]:
    try:
        message = message_from_bytes(raw, policy=policy.default)
        sender = message["From"].addresses[0]
        address = sender.addr_spec if sender.domain else ""
        values = [sender.display_name or sender.username, address, _company(message, address)]
        values += [str(message["Subject"] or ""), str(message["Date"] or ""), _text(message)]
    except (AttributeError, IndexError, KeyError, LookupError, TypeError, ValueError):
        # The parser is lenient; what it still trips over is not the sender's mistake to pay for by all the others.
        values = []
    if not values or not values[1]:
        start = raw[:200].decode(errors="replace").strip()
        return Unread(fitted([start], len(FIELDS)), _("This message does not say who sent it."))
    return values


def _company(message: EmailMessage, address: str) -> str:
    """What the sender says of it, else the domain, unless anybody has an address there."""
    return str(message["Organization"] or "") or domain(address)


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    return str(body.get_content()).strip()[:LONGEST_TEXT] if body else ""
