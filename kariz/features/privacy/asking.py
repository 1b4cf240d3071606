"""The form in which a consent is recorded: what it asks, and reading what comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kariz.core.fields import Field
from kariz.core.fieldtypes import TYPES, FieldError
from kariz.core.records import Invalid
from kariz.features.privacy import channels
from kariz.features.privacy.consent import State, Word
from kariz.features.privacy.models import Channel, Consent

AT = Field("", "at", pgettext_lazy("when it was said", "When"), TYPES["moment"], is_required=True)
VALID_UNTIL = Field("", "valid_until", gettext_lazy("Valid until"), TYPES["date"])
DATES = (AT, VALID_UNTIL)
TEXTS = ("text", "note", "url")
BY_PEOPLE = (
    Consent.Source.HAND,
    Consent.Source.CALL,
    Consent.Source.FORM,
    Consent.Source.LETTER,
    Consent.Source.IMPORT,
)


@dataclass
class Asked:
    """What the form shows: what was typed so far, and what is wrong with it."""

    typed: Mapping[str, str]
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)

    at, valid_until = AT, VALID_UNTIL

    @property
    def channels(self) -> list[Channel]:
        return channels.offered()

    @property
    def states(self) -> list[tuple[str, Any]]:
        return [(str(one), one.label) for one in (State.GIVEN, State.WITHDRAWN, State.REFUSED)]

    @property
    def sources(self) -> list[tuple[str, Any]]:
        return [(str(one), one.label) for one in BY_PEOPLE]


def blank(channel: str = "") -> Asked:
    return Asked({"at": AT.typed(timezone.now()), "state": State.GIVEN, "channel": channel})


def typed(sent: QueryDict) -> dict[str, str]:
    names = ("channel", "state", "source", *(one.name for one in DATES), *TEXTS)
    return {name: sent.get(name, "").replace("\x00", "").strip() for name in names}


def read(said: Mapping[str, str]) -> Word:
    """Raises `Invalid` with every problem there is."""
    errors: dict[str, list[str]] = {}
    found: dict[str, Any] = {name: said[name] for name in ("channel", *TEXTS)}
    for one in DATES:
        try:
            found[one.name] = one.parse(said[one.name])
        except FieldError as error:
            errors[one.name] = [str(error)]
    found["at"] = found.get("at") or timezone.now()
    found["state"] = _chosen(said["state"], Asked({}).states, "state", errors)
    found["source"] = _chosen(said["source"] or Consent.Source.HAND, Asked({}).sources, "source", errors)
    errors |= _problems(found)
    if errors:
        raise Invalid(errors)
    return Word(**found)


def _chosen(key: str, known: list[tuple[str, Any]], name: str, errors: dict[str, list[str]]) -> str:
    if key not in dict(known):
        errors[name] = [_("Choose one of the list.")]
    return key


def _problems(found: Mapping[str, Any]) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if not found["channel"]:
        errors["channel"] = [_("Choose a channel.")]
    for name in TEXTS:
        longest = Consent._meta.get_field(name).max_length or 0  # type: ignore[union-attr]
        if len(found[name]) > longest:
            errors[name] = [_("This is too long: %(most)s characters at most.") % {"most": longest}]
    if found["url"] and "url" not in errors:
        try:
            URLValidator(schemes=["http", "https"])(found["url"])
        except ValidationError:
            errors["url"] = [_("Write the whole address, beginning with https://.")]
    return errors
