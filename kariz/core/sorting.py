"""How lists are put in order: by a value, empty ones lowest, then by id, so that one index serves both directions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.models import F, Index, Model
from django.utils.translation import gettext as _

from kariz.core.conditions import BadCondition

if TYPE_CHECKING:
    from kariz.core.registry import RecordType


@dataclass(frozen=True)
class Sort:
    expression: Any
    is_descending: bool
    is_nullable: bool

    def order_by(self, expression: Any = None, *, is_descending: bool | None = None) -> list[Any]:
        """The ORDER BY. PostgreSQL takes an index only where the words on empty values are those of the index."""
        key = self.expression if expression is None else expression
        if self.is_descending if is_descending is None else is_descending:
            return [key.desc(nulls_last=self.is_nullable or None), "-pk"]
        return [key.asc(nulls_first=self.is_nullable or None), "pk"]


def of(record_type: RecordType, wanted: str) -> Sort:
    """The sort that a field's name means, `-` before it for descending. Raises `BadCondition`."""
    name, is_descending = wanted.removeprefix("-"), wanted.startswith("-")
    if name == record_type.title:
        return Sort(F("sort_name"), is_descending, is_nullable=False)
    field = record_type.all_fields.get(name)
    if field is None or not field.type.is_sortable:
        raise BadCondition(_("Lists cannot be sorted by “%(name)s”.") % {"name": name})
    return Sort(field.expression, is_descending, is_nullable=field.is_nullable or field.is_custom)


def is_indexed(record_type: RecordType, asked: Sort, *, by_owner: bool = False) -> bool:
    """Whether all records stand in this order in an index, or those of each owner do."""
    wanted = ["owner"] * by_owner + [getattr(asked.expression, "name", "")]
    indexes = (one for one in record_type.model._meta.indexes if one.condition is None)
    return any(one.fields[: len(wanted)] == wanted for one in indexes)


class SortIndex(Index):
    """An index that serves a sort by a column that may be empty, in both directions and on both databases."""

    def create_sql(
        self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor, using: str = "", **kwargs: Any
    ) -> Statement:
        # SQLite has empty values lowest by itself, and refuses the words in an index.
        index = Index.clone(self)
        if schema_editor.connection.vendor == "postgresql":
            index.fields_orders = [
                (name, order or ("NULLS FIRST" if model._meta.get_field(name).null else ""))
                for name, order in self.fields_orders
            ]
        return Index.create_sql(index, model, schema_editor, using, **kwargs)
