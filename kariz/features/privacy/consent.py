"""What people have said about being reached, with its proof: recorded, read, and asked before somebody is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kariz.accounts.locale import Locale
from kariz.core import access, records, registry
from kariz.core.access import Forbidden
from kariz.core.records import Invalid
from kariz.features.privacy import channels
from kariz.features.privacy.models import Channel, Consent

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.models import ChangeBatch
    from kariz.core.registry import RecordType

State = Consent.State
NO = (State.WITHDRAWN, State.REFUSED)
# A channel, and the column by which a record says that it is closed.
CLOSED_BY = {Channel.EMAIL: "is_opted_out", Channel.PHONE: "is_do_not_call"}
AT_ONCE = 1000

Newest = Mapping[int, Mapping[str, Consent]]


@dataclass(frozen=True)
class Word:
    """What somebody said about a channel, when, and by what that can be proved."""

    channel: str
    state: str
    at: datetime = field(default_factory=timezone.now)
    source: str = Consent.Source.HAND
    text: str = ""
    note: str = ""
    url: str = ""
    valid_until: date | None = None

    def row(self, record_type: RecordType, pk: int, user: User | None) -> Consent:
        return Consent(record_type=record_type.name, record_id=pk, user=user, **asdict(self))


def newest(record_type: RecordType, ids: Iterable[int]) -> Newest:
    """Record → channel → the newest row. One query."""
    found: dict[int, dict[str, Consent]] = defaultdict(dict)
    for row in Consent.objects.filter(record_type=record_type.name, record_id__in=list(ids)):
        found[row.record_id].setdefault(row.channel, row)
    return found


def is_lapsed(row: Consent) -> bool:
    return bool(row.state == State.GIVEN and row.valid_until and row.valid_until < Locale.of(None).today())


def state(record: Any, row: Consent | None, channel: str) -> str:
    """What counts now: the newest word, else the record's own columns. A lapsed consent is unknown."""
    if row is None:
        return _of_columns(record, channel)
    return State.UNKNOWN if is_lapsed(row) else row.state


def _of_columns(record: Any, channel: str) -> str:
    if channel == Channel.DATA and getattr(record, "consented_at", None):
        return State.WITHDRAWN if record.consent_withdrawn_at else State.GIVEN
    return State.WITHDRAWN if getattr(record, CLOSED_BY.get(channel, ""), False) else State.UNKNOWN


def may_contact(record: Any, channel: str, *, unless_refused: bool = False) -> bool:
    """Whether the person may be reached through a channel: only with a consent that is valid today.

    With `unless_refused` whoever has said nothing yet may be reached too.
    """
    record_type = registry.of(record)
    row = newest(record_type, [record.pk]).get(record.pk, {}).get(channel)
    said = state(record, row, channel)
    if getattr(record, CLOSED_BY.get(channel, ""), False):
        return False
    return said == State.GIVEN or (unless_refused and said == State.UNKNOWN)


@transaction.atomic
def record(record_type: RecordType, ids: Sequence[int], word: Word, user: User | None) -> ChangeBatch:
    """Add one word to each of these records that the person may change.

    The columns by which a record says the same follow, as one batch. Raises `Invalid` and `Forbidden`.
    """
    check(word)
    mine = access.editable(record_type, user, records.visible(record_type, user))
    listed = list(mine.filter(pk__in=ids).order_by("pk"))
    if not listed:
        raise Forbidden(_("You may not change this record."))
    batch = records.batch_of("consent", user)
    say(record_type, listed, word, batch)
    return batch


def say(record_type: RecordType, listed: Sequence[Any], word: Word, batch: ChangeBatch) -> None:
    """Add the word to each of these records, which its person may change. For use in a transaction."""
    rows = [word.row(record_type, one.pk, batch.user) for one in listed]
    Consent.objects.bulk_create(rows, batch_size=AT_ONCE)
    agree(record_type, listed, batch.user, batch)


def check(word: Word) -> None:
    """Raises `Invalid`."""
    if word.channel not in {one.key for one in channels.offered()}:
        raise Invalid({"channel": [_("Choose a channel.")]})
    if word.at > timezone.now():
        raise Invalid({"at": [_("Nobody can have said it in the future. Enter when it was said.")]})
    if word.valid_until and word.valid_until < word.at.date():
        raise Invalid({"valid_until": [_("It would have ended before it was said.")]})


def agree(record_type: RecordType, listed: Sequence[Any], user: User | None, batch: ChangeBatch) -> int:
    """Let the columns of these records say what the newest words say; gives how many records changed."""
    said = newest(record_type, [one.pk for one in listed])
    wanted = ((one, columns(record_type, one, said.get(one.pk, {}))) for one in listed)
    rows = [(one, values) for one, values in wanted if values]
    if not rows:
        return 0
    how: dict[str, Any] = {"user": user, "batch": batch, "is_trusted": True, "is_parsed": True}
    drafts = records.save_many(record_type, rows, **how)
    for draft in drafts:
        if draft.errors:
            raise Invalid(draft.errors)
    return len(rows)


def columns(record_type: RecordType, held: Any, said: Mapping[str, Consent]) -> dict[str, Any]:
    """The columns of a record that say otherwise than the newest words, with what they are to hold."""
    fields = record_type.all_fields
    wanted: dict[str, Any] = {}
    for channel, name in CLOSED_BY.items():
        if name in fields and channel in said:
            wanted[name] = said[channel].state in NO
    if "consented_at" in fields and Channel.DATA in said:
        wanted |= _of_data(held, said[Channel.DATA])
    return {name: value for name, value in wanted.items() if name in fields and getattr(held, name) != value}


def _of_data(held: Any, row: Consent) -> dict[str, Any]:
    if row.state == State.GIVEN:
        return {
            "consent_text": row.text or held.consent_text,
            "consented_at": row.at,
            "consent_withdrawn_at": None,
        }
    if row.state == State.UNKNOWN:
        return {"consented_at": None, "consent_withdrawn_at": None}
    return {"consent_withdrawn_at": row.at} if held.consented_at else {}
