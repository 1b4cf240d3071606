"""Values of records as programs write them: ISO days and moments, numbers as numbers or texts, links as ids.

They mean the same whoever sends them: no calendar, no decimal comma. `rows` gives them back in the same form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from kariz.api import shapes
from kariz.core import access
from kariz.core.fieldtypes import FieldError
from kariz.core.records import Invalid

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.fields import Field
    from kariz.core.registry import RecordType

FIRST_YEAR = 1000
"""Days before it are slips of the pen, and some calendars know none."""


def taken(record_type: RecordType, given: Mapping[str, Any], user: User | None) -> dict[str, Any]:
    """`given` as the writing door takes it. Raises `Invalid`, naming each field that is hidden, kept or wrong."""
    found, errors = read(record_type, given, user)
    if errors:
        raise Invalid(errors | _unfit(record_type, found))
    return found


def _unfit(record_type: RecordType, found: Mapping[str, Any]) -> dict[str, list[str]]:
    """What the writing door would say of the other values, so that everything is said at once."""
    errors: dict[str, list[str]] = {}
    for name, value in found.items():
        try:
            record_type.all_fields[name].parse(value)
        except FieldError as error:
            errors[name] = [str(error)]
    return errors


def read(
    record_type: RecordType, given: Mapping[str, Any], user: User | None
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """The values that can be taken, and why the others cannot."""
    readable, writable = access.readable(record_type, user), access.writable(record_type, user)
    found: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for name, raw in given.items():
        try:
            found[name] = typed(_settable(name, readable, writable), raw)
        except FieldError as error:
            errors[name] = [str(error)]
    return found, errors


def _settable(name: str, readable: Mapping[str, Field], writable: Mapping[str, Field]) -> Field:
    if name in writable:
        return writable[name]
    if name in readable:
        told = _("“%(field)s” is kept by Kariz and cannot be set.")
        if not readable[name].is_readonly:
            told = _("You may not set “%(field)s”.")
        raise FieldError(told % {"field": readable[name].label})
    raise FieldError(_("There is no field “%(name)s”.") % {"name": name})


def typed(field: Field, raw: Any) -> Any:
    """A value as JSON has it, as the field's type has it. Raises `FieldError`."""
    if raw is None:
        return None
    kinds = JSON_KINDS.get(field.type.name, ("string",))
    if field.type.is_number:
        kinds = ("number", "string")
    wrong = shapes.errors(raw, {"type": kinds})
    if wrong:
        raise FieldError(wrong[""][0])
    return _READERS.get(field.type.name, _same)(field, raw)


def _same(field: Field, raw: Any) -> Any:
    return raw


def _loaded(field: Field, raw: Any) -> Any:
    value = field.type.load(raw)
    if value is not None and hasattr(value, "year") and value.year < FIRST_YEAR:
        raise FieldError(_("“%(text)s” is not a date.") % {"text": raw})
    return value


def _moment(field: Field, raw: Any) -> datetime | None:
    value = _loaded(field, raw)
    try:
        return value.astimezone(UTC) if value else None
    except OverflowError:
        raise FieldError(_("“%(text)s” is not a date and time.") % {"text": raw}) from None


def _of_texts(field: Field, raw: list[Any]) -> list[Any]:
    if any(not isinstance(one, str) for one in raw):
        raise FieldError(_("A list of texts is needed."))
    return raw


def _ids(field: Field, raw: Any) -> Any:
    listed = raw if isinstance(raw, list) else [raw]
    if any(isinstance(one, bool) or not isinstance(one, int | str) for one in listed):
        raise FieldError(_("“%(text)s” is not a record.") % {"text": raw})
    return field.type.load(raw)


JSON_KINDS: dict[str, tuple[str, ...]] = {
    "yes_no": ("boolean",),
    "choices": ("array",),
    "links": ("array",),
    "lookup": ("integer", "string"),
    "user": ("integer", "string"),
}
_READERS: dict[str, Callable[[Field, Any], Any]] = {
    "number": _loaded, "money": _loaded, "percent": _loaded, "date": _loaded, "moment": _moment,
    "choices": _of_texts, "links": _ids, "lookup": _ids, "user": _ids,
}  # fmt: skip
