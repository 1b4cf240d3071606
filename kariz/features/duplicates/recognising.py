"""The recogniser that Kariz has (see `kariz.core.duplicates`): one record, many rows of a file, a request."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from kariz import notices
from kariz.accounts.models import User
from kariz.core import records, registry, sql
from kariz.core.duplicates import Met
from kariz.core.registry import RecordType
from kariz.features.duplicates import keys, rules
from kariz.features.duplicates.finding import alike, find, holders, typed
from kariz.features.duplicates.kinds import KINDS
from kariz.features.duplicates.models import MatchKey, Request
from kariz.features.duplicates.reading import Named, Read, read
from kariz.features.duplicates.rules import Recognition
from kariz.features.duplicates.sides import Side, match

if TYPE_CHECKING:
    from kariz.core.models import ChangeBatch

__all__ = ["find", "match_or_create", "repeated"]

IDENTIFYING = frozenset({"email", "phone", "exact"})
# Their keys come before those of all other kinds.
_LAST = 1 + max(keys.stretch(KINDS[kind])[1] for kind in IDENTIFYING)
ASKED_AGAIN = gettext_noop("“%(title)s” has sent a new request.")


def repeated(record_type: RecordType, ids: Sequence[int], user: User | None) -> set[int]:
    """See `kariz.core.duplicates.repeated`."""
    if rules.of(record_type) is None:
        return set()
    asked = set(ids)
    rows = MatchKey.objects.filter(record_type=record_type.name, record_id__in=asked, key__lt=_LAST)
    having = holders(list(rows.values_list("key", flat=True).distinct()))
    shared = [having_one for having_one in having.values() if len(having_one) > 1]
    wanted: dict[str, set[int]] = defaultdict(set)
    for named in shared:
        for name, pk in named:
            wanted[name].add(pk)
    there = read(wanted, user)
    return {
        one.pk
        for named in shared
        for one in (there[each] for each in named if each in there)
        if one.recognition.record_type == record_type and one.pk in asked and _has_twin(one, named, there)
    }


def _has_twin(one: Read, named: Sequence[Named], there: Mapping[Named, Read]) -> bool:
    least = one.recognition.threshold
    others = (there[each] for each in named if each in there and each != one.named)
    return any(
        not one.is_kin_of(other) and match(one.side, other.side, least).score >= least for other in others
    )


def _enough(recognition: Recognition, mine: Side) -> dict[str, Any]:
    """Of what somebody says, what alone reaches the threshold."""
    told = {
        slot: [(value, weight) for value, weight in said if weight >= recognition.threshold]
        for slot, said in mine.items()
    }
    return {slot: said for slot, said in told.items() if said}


@transaction.atomic
def match_or_create(
    record_type: RecordType, values: Mapping[str, Any], *, source: str, text: str, user: User | None
) -> Met:
    """See `kariz.core.duplicates.match_or_create`."""
    known_by = rules.of(record_type)
    card = _card_of(known_by, values) if known_by else None
    batch: ChangeBatch | None = None
    if card is None:
        batch = records.batch_of("request", user)
        given = {"source": source} if source and "source" in record_type.fields else {}
        made = records.save(record_type, record_type.model(), given | dict(values), user=user, batch=batch)
        met = Met(record_type, made, batch)
    else:
        its_type = registry.get(card[0])
        met = Met(its_type, its_type.model.objects.get(pk=card[1]), None)
    request = Request.objects.create(
        record_type=met.record_type.name,
        record_id=met.record.pk,
        source=source,
        text=text,
        values={name: str(value) for name, value in values.items() if value not in (None, "")},
        is_of_known=not met.is_new,
    )
    if not met.is_new:
        _tell(met, request)
    return met


def _card_of(recognition: Recognition, values: Mapping[str, Any]) -> Named | None:
    """The likeliest card of somebody with this e-mail or phone, whoever sees it and whatever else it says.

    Until the transaction ends nobody else looks for the same e-mail or phone: of two requests at once, the second one
    finds the card of the first.
    """
    mine = {
        slot: said
        for slot, said in _enough(recognition, typed(recognition, values)).items()
        if slot.partition(":")[0] in IDENTIFYING
    }
    for key in sorted(keys.of_side(recognition.family, mine)):
        sql.hold(f"request {key}")
    found = alike(recognition, mine, None)
    return found[0][0].named if found and found[0][1].score >= recognition.threshold else None


def _tell(met: Met, request: Request) -> None:
    """Who is responsible for the card hears of the request."""
    owner = met.record.owner
    if owner is None or not owner.is_active:
        return
    title = str(met.record_type.all_fields[met.record_type.title].get(met.record))
    url = f"{reverse('web:record', args=[met.record_type.name, met.record.pk])}?tab=requests"
    notices.tell(
        [owner], ASKED_AGAIN, params={"title": title}, url=url, kind="request", key=f"request {request.pk}"
    )
