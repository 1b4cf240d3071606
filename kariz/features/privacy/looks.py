"""What `kariz doctor` looks at: columns that disagree with what people said, erased people who are back."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db import transaction

from kariz.core import doctor, records
from kariz.core.doctor import Finding, Unrepairable
from kariz.core.registry import RecordType
from kariz.features.privacy import consent, erased_list, people, restoring
from kariz.features.privacy.agreeing import COLUMNS


@doctor.look
def disagreeing_consents() -> Iterator[Finding]:
    """Records whose columns say otherwise than the newest word about them: the word counts."""
    for record_type in people.types():
        if COLUMNS.isdisjoint(record_type.all_fields):
            continue
        count = sum(len(found) for found in _disagreeing(record_type))
        if count:
            message = (
                f"{count} {record_type.name} records say otherwise of their consent than what was recorded."
            )
            yield Finding("disagreeing_consents", message, count, partial(_agree, record_type))


def _disagreeing(record_type: RecordType) -> Iterator[list[Any]]:
    for chunk in doctor.chunks(record_type):
        said = consent.newest(record_type, [one.pk for one in chunk])
        yield [one for one in chunk if consent.columns(record_type, one, said.get(one.pk, {}))]


def _agree(record_type: RecordType) -> None:
    batch = records.batch_of("repair", None)
    for found in _disagreeing(record_type):
        with transaction.atomic():
            consent.agree(record_type, found, None, batch)


@doctor.look
def returned_people() -> Iterator[Finding]:
    """Erasures of which this database knows nothing: a backup that is older has been put back."""
    if count := len(erased_list.undone()):
        message = f"{count} erasures were made after what is here was: who was erased may be back."
        yield Finding("returned_people", message, count, _erase_again)


def _erase_again() -> None:
    restoring.erase_again()
    if erased_list.undone():
        raise Unrepairable("An import that holds an erased person is under way. Stop it, then repair again.")


@doctor.look
def unlisted_erasures() -> Iterator[Finding]:
    """Erasures that a restored backup could not be told of."""
    if count := len(erased_list.missing()):
        message = f"{count} erasures are missing in the list of the data folder."
        yield Finding("unlisted_erasures", message, count, erased_list.write_missing)
