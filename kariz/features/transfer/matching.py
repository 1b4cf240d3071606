"""Which rows are records that are there already: by keys, a set of rows at a time, in one query for each key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.core import access, records
from kariz.features.transfer import indexing
from kariz.features.transfer.creating import among
from kariz.features.transfer.outcomes import Mark, Problem, Row, problem
from kariz.features.transfer.plans import BadPlan
from kariz.features.transfer.resolving import sort_names
from kariz.lib.text import fold

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.fields import Field
    from kariz.core.registry import RecordType

TEXTS = ("text", "email", "phone", "url")
PARTNERS = ("company", "organization")


@dataclass(frozen=True)
class Key:
    """The fields in which two records must agree to be one: an e-mail, a phone, an id, a name with its company."""

    record_type: RecordType
    fields: tuple[Field, ...]

    @property
    def name(self) -> str:
        return "+".join(field.name for field in self.fields)

    @property
    def label(self) -> str:
        return " + ".join(str(field.label) for field in self.fields)

    def of(self, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """What rows and records are compared by; None where a part is missing."""
        parts = [values.get(field.name) for field in self.fields]
        return tuple(map(self._comparable, self.fields, parts)) if all(parts) else None

    def _comparable(self, field: Field, value: Any) -> Any:
        if field.type.name == "email":
            return value.lower()
        if field.type.name == "text" and (len(self.fields) > 1 or self._is_naming):
            return fold(value)
        return value

    @property
    def _is_naming(self) -> bool:
        """Whether the first field names the record, so that the key of its place in lists finds it."""
        return self.fields[0].name in ("name", self.record_type.title)

    def find(self, wanted: Mapping[tuple[Any, ...], Mapping[str, Any]]) -> dict[tuple[Any, ...], list[int]]:
        """Compared values → ids of the records that have them. `wanted` has the values of a row for each."""
        if not wanted:
            return {}
        names = {f"key_{field.name}": field.expression for field in self.fields}
        known = self.record_type.model.objects.annotate(**names).filter(self._narrowed(wanted.values()))
        ids: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for pk, *parts in known.values_list("pk", *names):
            if all(parts):
                key = tuple(map(self._comparable, self.fields, parts))
                if key in wanted:
                    ids[key].append(pk)
        return ids

    def _narrowed(self, rows: Iterable[Mapping[str, Any]]) -> Q:
        """By the first field alone, which is indexed."""
        first = {row[self.fields[0].name] for row in rows}
        if self._is_naming:
            return Q(sort_name__in={key for text in first for key in sort_names(text)})
        return Q(**{f"key_{self.fields[0].name}__in": first})


class Match(NamedTuple):
    """The record that a row is, or why the row cannot be brought together with it."""

    record: Any = None
    problem: Problem | None = None


class Matcher:
    """Brings rows together with records, for one reader. Without `with_values` only the owners of these are loaded."""

    def __init__(
        self, record_type: RecordType, keys: Sequence[Key], user: User | None, *, with_values: bool = True
    ) -> None:
        self.record_type = record_type
        self.keys = keys
        self.user = user
        self.records = (
            record_type.model.objects.all() if with_values else record_type.model.objects.only("owner")
        )
        self.sees_all = access.sees_all(record_type, user)

    def marks(self, values: Mapping[str, Any]) -> list[Mark]:
        """What a row is known by, under each key that it fills, the most telling first."""
        found = ((n, key.of(values)) for n, key in enumerate(self.keys))
        return [(n, compared) for n, compared in found if compared is not None]

    def find(self, rows: Sequence[Row]) -> list[Match | None]:
        """The match of each row; None where no record agrees with it in any key."""
        wanted: list[dict[tuple[Any, ...], Mapping[str, Any]]] = [{} for _key in self.keys]
        for row in rows:
            for n, compared in row.marks:
                if not among(compared):  # nobody is there who names what is not
                    wanted[n][compared] = row.values
        by_key = [key.find(asked) for key, asked in zip(self.keys, wanted, strict=True)]
        ids = [next((found for n, mark in row.marks if (found := by_key[n].get(mark))), []) for row in rows]
        single = {found[0] for found in ids if len(found) == 1}
        known = self.records.in_bulk(single) if single else {}
        seen = known.keys() if self.sees_all else self._visible(single)
        allowed = access.writable_among(self.record_type, self.user, known.values())
        return [self._match(found, known, seen, allowed) if found else None for found in ids]

    def _visible(self, ids: set[int]) -> set[int]:
        return set(
            records.visible(self.record_type, self.user).filter(pk__in=ids).values_list("pk", flat=True)
        )

    def _match(
        self, found: list[int], known: Mapping[int, Any], seen: Collection[int], allowed: Collection[int]
    ) -> Match:
        if len(found) > 1:
            count = locale.active().number(len(found))
            why = _("%(count)s records agree with this row. Merge them first.") % {"count": count}
            return Match(problem=problem("", why))
        record = known[found[0]]
        if record.pk not in seen:
            return Match(problem=problem("", _("It is there already, but you may not see it.")))
        if record.pk not in allowed:
            return Match(record, problem("", _("It is there already, but you may not change it.")))
        return Match(record)


def keys_of(record_type: RecordType, names: Iterable[str]) -> list[Key]:
    """The keys of a plan. Raises `BadPlan`."""
    fields = record_type.all_fields
    found = []
    for name in names:
        parts = [part.strip() for part in name.split("+")]
        for part in parts:
            if part not in fields or fields[part].type.name not in (*TEXTS, "lookup", "user"):
                raise BadPlan(
                    _("Rows cannot be recognised by “%(name)s”. Take an e-mail, a phone or a text field.")
                    % {"name": part}
                )
        found.append(Key(record_type, tuple(fields[part] for part in parts)))
    return found


def offered(record_type: RecordType, mapped: Iterable[str]) -> list[Key]:
    """The keys that a person may choose from, of the fields that columns are mapped to, the most telling first."""
    fields = [record_type.all_fields[name] for name in mapped]
    keys = [(field,) for field in fields if field.type.name in TEXTS and field.name not in PARTNERS]
    partner = next((field for field in fields if field.name in PARTNERS), None)
    naming = next((field for field in fields if field.name in ("name", record_type.title)), None)
    pairs = [(naming, partner)] if naming and partner else []
    unique = _unique(record_type)

    def rank(parts: tuple[Field, ...]) -> int:
        if parts[0].name in unique:
            return 0
        return 3 if len(parts) > 1 else {"email": 1, "phone": 2}.get(parts[0].type.name, 4)

    return [Key(record_type, parts) for parts in sorted([*keys, *pairs], key=rank)]


def suggested(keys: Iterable[Key]) -> list[str]:
    """Those of the offered keys that hardly anybody shares: unique texts and e-mails."""
    return [
        key.name for key in keys if key.name in _unique(key.record_type) or key.fields[0].type.name == "email"
    ]


def _unique(record_type: RecordType) -> set[str]:
    return {column.name for column in record_type.model._meta.concrete_fields if column.unique}


def make_quick(keys: Iterable[Key], row_count: int) -> None:
    """See that each key has an index before many rows are looked up by it."""
    for key in keys:
        if key.fields[0].name not in ("name", key.record_type.title):
            indexing.ensure(key.record_type, key.fields[0], row_count)
