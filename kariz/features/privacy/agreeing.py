"""The columns of a record and the words about it agree: whichever is written, the other follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from kariz.core import following, merging, records, registry
from kariz.features.privacy import consent, people
from kariz.features.privacy.consent import CLOSED_BY, NO, State, Word
from kariz.features.privacy.models import Channel, Consent

if TYPE_CHECKING:
    from kariz.core.drafts import Draft
    from kariz.core.models import ChangeBatch
    from kariz.core.registry import RecordType

DATA = ("consent_text", "consented_at", "consent_withdrawn_at")
COLUMNS = frozenset({*CLOSED_BY.values(), *DATA})
Source = Consent.Source


@following.on_written
def follow(record_type: RecordType, drafts: Sequence[Draft]) -> None:
    """Add what the fields say now; a record that was made of another takes the words about that along."""
    _inherit(record_type, [draft for draft in drafts if draft.is_new])
    touched = [draft for draft in drafts if not COLUMNS.isdisjoint(draft.changes)]
    if not touched:
        return
    said = consent.newest(record_type, [draft.record.pk for draft in touched])
    rows = [
        word.row(record_type, draft.record.pk, draft.user)
        for draft in touched
        for word in _news(draft, said.get(draft.record.pk, {}))
    ]
    Consent.objects.bulk_create(rows, batch_size=consent.AT_ONCE)


def _news(draft: Draft, said: Mapping[str, Consent]) -> list[Word]:
    """What the fields say that nobody has said yet."""
    found = []
    for channel, name in CLOSED_BY.items():
        if name in draft.changes:
            was_no = channel in said and said[channel].state in NO
            is_no = bool(getattr(draft.record, name))
            if is_no != was_no:
                found.append(Word(channel, State.WITHDRAWN if is_no else State.UNKNOWN, source=Source.FIELDS))
    if not set(DATA).isdisjoint(draft.changes):
        found += _news_of_data(draft.record, said.get(Channel.DATA))
    return found


def _news_of_data(record: Any, row: Consent | None) -> list[Word]:
    was = row.state if row else State.UNKNOWN
    if record.consent_withdrawn_at:
        is_news = was not in NO
        return [_of_data(State.WITHDRAWN, record.consent_withdrawn_at)] if is_news else []
    if record.consented_at:
        is_news = was != State.GIVEN or (row is not None and row.text != record.consent_text)
        return [_of_data(State.GIVEN, record.consented_at, record.consent_text)] if is_news else []
    return [] if was in (State.UNKNOWN, *NO) else [_of_data(State.UNKNOWN, timezone.now())]


def _of_data(state: str, at: Any, text: str = "") -> Word:
    return Word(Channel.DATA, state, at=at, text=text, source=Source.FIELDS)


def _inherit(record_type: RecordType, drafts: Sequence[Draft]) -> None:
    """Copy the newest words about the people that these were made of: a deal or a company has said nothing."""
    wanted: dict[str, dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for name in record_type.origin:
        field = record_type.all_fields[name]
        for draft in drafts if people.may_be_one(record_type.name, field.target) else ():
            if pk := field.get(draft.record):
                wanted[field.target][pk].append(draft.record)
    rows, heirs = [], []
    for target, ids in wanted.items():
        for pk, said in consent.newest(registry.get(target), ids).items():
            rows += [_copied(row, record_type, heir) for heir in ids[pk] for row in said.values()]
            heirs += ids[pk]
    if not rows:
        return
    Consent.objects.bulk_create(rows, batch_size=consent.AT_ONCE)
    user = drafts[0].user
    consent.agree(record_type, heirs, user, records.batch_of("consent", user))


def _copied(row: Consent, record_type: RecordType, heir: Any) -> Consent:
    kept = ("channel", "state", "at", "text", "note", "url", "valid_until")
    return Consent(
        record_type=record_type.name,
        record_id=heir.pk,
        source=Source.ORIGIN,
        user_id=row.user_id,
        **{name: getattr(row, name) for name in kept},
    )


@merging.on_merge
def reconcile(record_type: RecordType, into: Mapping[int, int], batch: ChangeBatch) -> None:
    """The words about what was merged came along; the primary's columns say what the newest of them says."""
    primaries = list(record_type.model.objects.filter(pk__in=set(into.values())))
    consent.agree(record_type, primaries, batch.user, batch)
