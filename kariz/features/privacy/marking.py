"""Consent as a condition of every list: given, withdrawn, refused, lapsed or unknown, for each channel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kariz.accounts.locale import Locale
from kariz.core import choices, marks
from kariz.core.fieldtypes import TYPES
from kariz.core.marks import Mark
from kariz.core.models import Choice
from kariz.features.privacy import channels, people
from kariz.features.privacy.consent import CLOSED_BY, State
from kariz.features.privacy.models import Channel, Consent

if TYPE_CHECKING:
    from kariz.core.registry import RecordType

LAPSED = "lapsed"
STATES = (
    (State.GIVEN, gettext_noop("Given"), "green"),
    (State.WITHDRAWN, gettext_noop("Withdrawn"), "red"),
    (State.REFUSED, gettext_noop("Refused"), "red"),
    (LAPSED, gettext_noop("Lapsed"), "amber"),
    (State.UNKNOWN, gettext_noop("Unknown"), "grey"),
)


def name_of(channel: Channel) -> str:
    return f"consent_{channel.key}"


@marks.register_several
def by_channel(record_type: RecordType) -> Iterator[Mark]:
    if not people.is_person(record_type):
        return
    for channel in channels.offered():
        yield Mark(
            record_type.name,
            name_of(channel),
            _("Consent: %(channel)s") % {"channel": channel},
            TYPES["choice"],
            is_readonly=True,
            exists=_said(record_type, channel.key),
        )


def _said(record_type: RecordType, channel: str) -> Any:
    """The state of the newest row; without any, what the record's own columns say."""
    today = Locale.of(None).today()
    rows = Consent.objects.filter(record_type=record_type.name, record_id=OuterRef("pk"), channel=channel)
    now = Case(When(Q(state=State.GIVEN, valid_until__lt=today), then=Value(LAPSED)), default=F("state"))
    newest = rows.order_by("-at", "-id").annotate(now=now).values("now")[:1]
    return Coalesce(
        Subquery(newest, output_field=CharField()),
        _of_columns(record_type, channel),
        output_field=CharField(),
    )


def _of_columns(record_type: RecordType, channel: str) -> Any:
    fields = record_type.all_fields
    cases = []
    if CLOSED_BY.get(channel) in fields:
        cases.append(When(Q(**{CLOSED_BY[channel]: True}), then=Value(str(State.WITHDRAWN))))
    if channel == Channel.DATA and "consented_at" in fields:
        given = Q(consented_at__isnull=False)
        cases.append(When(given & Q(consent_withdrawn_at__isnull=True), then=Value(str(State.GIVEN))))
        cases.append(When(given, then=Value(str(State.WITHDRAWN))))
    unknown = Value(str(State.UNKNOWN))
    return Case(*cases, default=unknown, output_field=CharField()) if cases else unknown


@choices.provide
def states() -> dict[tuple[str, str], list[Choice]]:
    listed = [Choice(key=str(key), label=label, colour=colour) for key, label, colour in STATES]
    return {(one.name, name_of(channel)): listed for one in people.types() for channel in channels.offered()}
