"""A hundred records and more at once go another way into the database, and are the same there as one by one."""

from typing import Any

from kariz.core import bulk, compiled, records
from kariz.core.models import Change, Link, SearchRow
from kariz.core.registry import RecordType
from tests import specimens

# What differs from one record to the next.
OWN = {
    "id",
    "record_id",
    "batch_id",
    "rank",
    "at",
    "created_at",
    "updated_at",
    "stage_entered_at",
    "qualified_at",
}


def traces(record_type: RecordType, pk: int) -> list[Any]:
    """All that the database holds of one record."""
    about = {"record_type": record_type.name, "record_id": pk}
    found: list[Any] = [*record_type.model.objects.filter(pk=pk).values()]
    for model in (Change, Link, SearchRow):
        found += model.objects.filter(**about).order_by("pk").values()
    return [{name: _shared(value) for name, value in row.items() if name not in OWN} for row in found]


def _shared(value: Any) -> Any:
    return {name: one for name, one in value.items() if name not in OWN} if isinstance(value, dict) else value


def several(record_type: RecordType, count: int) -> list[Any]:
    return [compiled.blank(record_type) for _ in range(count)]


def values_for_all(record_type: RecordType, values: dict[str, Any]) -> dict[str, Any]:
    unique = {one.name for one in record_type.model._meta.concrete_fields if one.unique}
    return {name: value for name, value in values.items() if name not in unique}


def written(record_type: RecordType, user: Any, some: list[Any], values: dict[str, Any]) -> list[Any]:
    batch = records.batch_of("import", user)
    drafts = records.save_many(record_type, [(one, values) for one in some], user=user, batch=batch)
    assert [draft.errors for draft in drafts] == [{}] * len(some)
    return [draft.record for draft in drafts]


def test_they_are_made_as_one_is(record_type, cast):
    values = values_for_all(record_type, specimens.every(record_type, cast.reza))
    [alone] = written(record_type, cast.shirin, several(record_type, 1), values)
    together = written(record_type, cast.shirin, several(record_type, bulk.MANY), values)
    assert len({one.pk for one in together}) == bulk.MANY
    for one in together[:: bulk.MANY - 1]:
        assert traces(record_type, one.pk) == traces(record_type, alone.pk)
        assert not one._state.adding


def test_they_are_changed_as_one_is(record_type, cast):
    least = specimens.least(record_type)
    values = values_for_all(record_type, specimens.every(record_type, cast.reza, "Mina"))
    made = written(
        record_type, cast.shirin, several(record_type, bulk.MANY + 1), values_for_all(record_type, least)
    )
    [alone] = written(record_type, cast.shirin, made[:1], values)
    together = written(record_type, cast.shirin, made[1:], values)
    for one in together[:: bulk.MANY - 1]:
        assert traces(record_type, one.pk) == traces(record_type, alone.pk)


def test_a_record_made_without_its_constructor_is_like_any_other(record_type, db):
    made, blank = record_type.model(), compiled.blank(record_type)
    columns = [one.attname for one in record_type.model._meta.concrete_fields if one.attname not in OWN]
    assert [getattr(blank, name) for name in columns] == [getattr(made, name) for name in columns]
    assert blank.custom is not compiled.blank(record_type).custom
