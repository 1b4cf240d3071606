"""A condition is a tree kept as JSON that becomes one `Q`, and one sentence that a person can read.

A node is `{"all": [nodes]}`, `{"any": [nodes]}` or a leaf `[field, operator, value…]`; values are as field types
store them, such as `[["amount", "greater", "1000"], ["close_on", "this_month"], ["owner", "is_me"]]`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.core import marks
from kariz.core.fieldtypes import FieldError
from kariz.core.operators import OPERATORS, Operator, Term

if TYPE_CHECKING:
    from kariz.accounts.locale import Locale
    from kariz.accounts.models import User
    from kariz.core.fields import Field
    from kariz.core.registry import RecordType

DEEPEST = 6
MOST_LEAVES = 100
MOST_DAYS = 36_500

Node = Mapping[str, Any] | list[Any] | tuple[Any, ...]


class BadCondition(ValueError):
    """The condition names something that is not there, or compares in a way that the field cannot."""


def matching(
    queryset: QuerySet[Any], record_type: RecordType, where: Node | None, user: User | None
) -> QuerySet[Any]:
    """`queryset` narrowed to the records that satisfy `where`. Raises `BadCondition`."""
    if not where:
        return queryset
    aliases, condition = compiled(record_type, where, user)
    narrowed: QuerySet[Any] = queryset.alias(**aliases).filter(condition)
    return narrowed


def compiled(record_type: RecordType, where: Node, user: User | None) -> tuple[dict[str, Any], Q]:
    """`where` as a `Q`, and the aliases that a query must have for it. Raises `BadCondition`."""
    compiler = _Compiler(record_type, user)
    condition = compiler.q(where)
    return compiler.aliases, condition


def askable(record_type: RecordType) -> dict[str, Field]:
    """What a person may compare in a condition, by name: the fields that are shown, and the marks."""
    return {**record_type.fields, **marks.of(record_type)}


def check(record_type: RecordType, where: Node | None) -> None:
    """Raise `BadCondition` where `where` could not be asked of `record_type`."""
    if where:
        _Compiler(record_type, None).q(where)


def may_ask(record_type: RecordType, where: Node | None) -> bool:
    """Whether `where` can be asked of `record_type`, or of what one person sees of it."""
    try:
        check(record_type, where)
    except BadCondition:
        return False
    return True


def parse_leaf(record_type: RecordType, name: str, operator: str, raw: list[Any]) -> list[Any]:
    """A leaf from what a person typed: `raw` texts become stored values. Raises `FieldError` or `BadCondition`."""
    field, found = _known(record_type, name, operator)
    if found.takes == "none":
        return [name, operator]
    if found.takes == "count":
        return [name, operator, _counted(str(raw[0] if raw else ""))]
    texts = [text for text in raw if text not in (None, "")]
    if not texts or (found.takes == "two" and len(texts) != 2):
        raise FieldError(_("Enter a value to compare with."))
    if found.takes == "two":
        return [name, operator, *(field.type.store(field.parse(text)) for text in texts)]
    stored = [_stored(field, text) for text in texts]
    return [name, operator, stored if found.takes == "many" else stored[0]]


def _counted(text: str) -> int:
    try:
        return _days(locale.active().parse_number(text))
    except ValueError:
        raise FieldError(_("Enter a number of days.")) from None


def _days(value: Any) -> int:
    """A count of days as people mean one. Raises `ValueError`."""
    if not 0 <= value <= MOST_DAYS or value != int(value):
        raise ValueError(value)
    return int(value)


def _stored(field: Field, raw: Any) -> Any:
    if field.type.name in ("choices", "links"):
        return field.type.store(field.parse([raw]))[0]
    if field.type.name in ("email", "phone", "url"):
        return str(raw)  # a part of an address is not an address
    return field.type.store(field.parse(raw))


def leaves(where: Node | None) -> Iterable[tuple[Any, ...]]:
    """Every leaf of the tree, in reading order."""
    if isinstance(where, Mapping):
        for nodes in where.values():
            for node in nodes:
                yield from leaves(node)
    elif where:
        yield tuple(where)


def sentence(
    record_type: RecordType, where: Node | None, labels: Mapping[tuple[str, Any], str] | None = None
) -> str:
    """`where` in the words of the reader. `labels` names linked records by (target, id) where they are known.

    Raises `BadCondition`.
    """
    if not where:
        return _("All records")
    check(record_type, where)
    return _sentence(record_type, where, locale.active(), labels or {}, outermost=True)


class _Compiler:
    """Turns one tree into a `Q`, collecting the aliases under which it names the fields' expressions."""

    def __init__(self, record_type: RecordType, user: User | None) -> None:
        self.record_type = record_type
        self.user = user
        self.locale = locale.active()
        self.aliases: dict[str, Any] = {}
        self.leaf_count = 0

    def q(self, node: Node, depth: int = 0) -> Q:
        if depth > DEEPEST:
            raise BadCondition(_("The condition is nested too deeply."))
        if isinstance(node, Mapping):
            return self._group(node, depth)
        self.leaf_count += 1
        if self.leaf_count > MOST_LEAVES:
            raise BadCondition(_("The condition has too many parts."))
        if not isinstance(node, list | tuple) or len(node) < 2:
            raise BadCondition(_("A condition is a field, an operator and a value."))
        return self._leaf(*node)

    def _group(self, node: Mapping[str, Any], depth: int) -> Q:
        if len(node) != 1 or not {"all", "any"} & node.keys():
            raise BadCondition(_("A group of conditions is either “all” or “any”."))
        [(how, nodes)] = node.items()
        if not isinstance(nodes, list | tuple):
            raise BadCondition(_("A group of conditions is a list of conditions."))
        combined = Q()
        for child in nodes:
            part = self.q(child, depth + 1)
            combined = combined & part if how == "all" else combined | part
        return combined

    def _leaf(self, name: Any, operator: Any, *values: Any) -> Q:
        field, found = _known(self.record_type, name, operator)
        try:
            value = _loaded(field, found, values)
        except (FieldError, TypeError, ValueError, IndexError) as error:
            raise BadCondition(f"{field.label}: {error}") from error
        return found.build(Term(field, self._alias(field), self.user, self.locale), value)

    def _alias(self, field: Field) -> str:
        expression = field.expression if field.type.name != "links" else None
        if expression is None:
            return ""
        comparable = field.type.comparable(expression)
        if comparable is expression and field.attribute:
            return field.attribute
        alias = f"{field.name}_compared"
        self.aliases[alias] = comparable
        return alias


def _known(record_type: RecordType, name: Any, operator: Any) -> tuple[Field, Operator]:
    field = None
    if isinstance(name, str):
        field = record_type.all_fields.get(name) or marks.of(record_type).get(name)
    if field is None:
        raise BadCondition(_("There is no field “%(name)s”.") % {"name": name})
    if operator not in field.type.operators:
        raise BadCondition(
            _("“%(field)s” cannot be compared with “%(operator)s”.")
            % {"field": field.label, "operator": operator}
        )
    return field, OPERATORS[operator]


def _loaded(field: Field, operator: Operator, values: tuple[Any, ...]) -> Any:
    """The values as the query compares them."""
    if operator.takes == "none":
        return None
    if operator.takes == "count":
        return _days(values[0])
    if operator.takes == "two":
        return [field.type.compared(field.type.load(value)) for value in (values[0], values[1])]
    if operator.takes == "many":
        many = values[0] if len(values) == 1 and isinstance(values[0], list | tuple) else values
        return [_compared(field, value) for value in many]
    return _compared(field, values[0])


def _compared(field: Field, value: Any) -> Any:
    if value is None:
        raise FieldError(_("Enter a value to compare with."))
    if field.type.name in ("choices", "links"):
        return field.type.load([value])[0]
    return field.type.compared(field.type.load(value))


def _sentence(
    record_type: RecordType,
    node: Node,
    reader: Locale,
    labels: Mapping[tuple[str, Any], str],
    *,
    outermost: bool = False,
) -> str:
    if isinstance(node, Mapping):
        [(how, nodes)] = node.items()
        parts = [_sentence(record_type, child, reader, labels) for child in nodes]
        joined = (_(" and ") if how == "all" else _(" or ")).join(parts)
        return joined if outermost or len(parts) == 1 else f"({joined})"
    name, operator, *values = node
    field, found = _known(record_type, name, operator)
    words = {"field": str(field.label)}
    if found.takes == "two":
        words |= {
            "low": _word(field, values[0], reader, labels),
            "high": _word(field, values[1], reader, labels),
        }
    elif found.takes == "count":
        words["value"] = reader.number(int(values[0]))
    elif found.takes != "none":
        many = values[0] if isinstance(values[0], list | tuple) else values
        words["value"] = (_(", ")).join(_word(field, value, reader, labels) for value in many)
    return str(found.sentence) % words


def _word(field: Field, value: Any, reader: Locale, labels: Mapping[tuple[str, Any], str]) -> str:
    if field.target:
        return labels.get((field.target, int(value)), f"#{value}")
    if field.type.name == "choices":
        value = [value]
    if field.type.name in ("email", "phone", "url"):
        return str(value)
    return field.show(field.type.load(value), reader)
