"""Record types declare themselves here; every capability reads them from here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Q
from django.utils.translation import gettext_lazy

from kariz.accounts.revision import by_revision
from kariz.core import fields as field_module
from kariz.core.fields import Field
from kariz.core.models import FieldSetting, Record, TypeSetting
from kariz.lib import formulas
from kariz.lib.formulas import Formula

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.choices import Seed
    from kariz.core.drafts import Draft


@dataclass(frozen=True)
class Block:
    """A titled group of fields on forms and record pages."""

    key: str
    label: Any
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Grant:
    """What a profile may do with one record type. `read`, `write` and `delete` say whose records: `none`, `own`,
    `team` (with the tree below), `below` (people whose role is below) or `all`.

    `delete` is as far as `write` where it is not said. What is None follows from the rest (`core.profiles`).
    """

    read: str = "none"
    write: str = "none"
    may_create: bool = False
    may_delete: bool = False
    delete: str = ""
    may_export: bool | None = None
    may_import: bool | None = None
    may_bulk: bool | None = None
    may_convert: bool | None = None
    may_merge: bool | None = None
    may_undo_others: bool = False


@dataclass(frozen=True)
class View:
    """A saved view as a record type ships it."""

    key: str
    label: Any
    where: Mapping[str, Any] | None = None
    sort: str = ""
    columns: tuple[str, ...] = ()
    layout: str = "list"


NAMING = ("columns", "quick", "highlights", "search", "card", "totals", "expected", "origin")
NAMING_ONE = ("title", "subtitle", "board", "path")
"""The attributes of a record type that name its fields."""


class RecordType:
    """What the program knows of one kind of record. Subclass it and `@register` it; data only, three hooks.

    `locked` and `retired` name yes/no columns: a locked record changes no more, a retired one is not newly linked to.
    `together` names fields that say something only as a whole, such as an address: a merge takes all from one record.
    `trees` names links to the type itself by which no record may stand below itself.
    """

    model: ClassVar[type[Record]]
    label: ClassVar[Any]
    plural: ClassVar[Any]
    icon: ClassVar[str] = "file"
    position: ClassVar[int] = 100
    title: ClassVar[str] = "name"
    subtitle: ClassVar[str] = ""
    columns: ClassVar[tuple[str, ...]] = ()
    layout: ClassVar[tuple[Block, ...]] = ()
    quick: ClassVar[tuple[str, ...]] = ()
    highlights: ClassVar[tuple[str, ...]] = ()
    search: ClassVar[tuple[str, ...]] = ()
    sort: ClassVar[str] = "-created_at"
    views: ClassVar[tuple[View, ...]] = ()
    board: ClassVar[str] = ""
    card: ClassVar[tuple[str, ...]] = ()
    totals: ClassVar[tuple[str, ...]] = ()
    path: ClassVar[str] = ""
    links: ClassVar[Mapping[str, tuple[Any, str]]] = {}
    choices: ClassVar[Mapping[str, Sequence[Seed]]] = {}
    expected: ClassVar[tuple[str, ...]] = ()
    locked: ClassVar[str] = ""
    retired: ClassVar[str] = ""
    origin: ClassVar[tuple[str, ...]] = ()
    together: ClassVar[tuple[tuple[str, ...], ...]] = ()
    trees: ClassVar[tuple[str, ...]] = ()
    rights: ClassVar[Mapping[str, Grant]] = {}
    narrowed: Shape | None = None
    """What one person sees of it, where that is less than all: see `core.seen`, which alone sets it."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RecordType) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def prepare(self, draft: Draft) -> None:
        """Complete or refuse a draft before it is written. No queries: it runs for every row of an import."""

    def after_save(self, drafts: Sequence[Draft]) -> None:
        """Do what follows from what was just written, in the same transaction, for the whole set at once."""

    def restrict(self, user: User) -> Q | None:
        """What else limits the records this user may see, beside `rights`."""
        return None

    @property
    def name(self) -> str:
        return self.model._meta.model_name or ""

    @cached_property
    def shipped_fields(self) -> dict[str, Field]:
        """The fields that the model and `links` declare, in the order of the declaration."""
        columns = (field_module.from_column(self.name, column) for column in self.model._meta.concrete_fields)
        found = {field.name: field for field in columns if field}
        kept = [found.pop(name) for name in ("owner", *field_module.KEPT) if name in found]
        linked = (
            field_module.from_links(self.name, name, label, target)
            for name, (label, target) in self.links.items()
        )
        return found | {field.name: field for field in (*linked, *kept)}

    @property
    def shape(self) -> Shape:
        return self.narrowed or _shaped()[self.name]

    @property
    def fields(self) -> dict[str, Field]:
        """Every field of this type that is not hidden: shipped, then custom, as administrators have changed them."""
        return self.shape.fields

    @property
    def all_fields(self) -> dict[str, Field]:
        """`fields` and the hidden ones, whose values are kept and written on."""
        return self.shape.all_fields

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The layout in force: every visible, writable field stands in exactly one block."""
        return self.shape.blocks

    @property
    def expected_fields(self) -> tuple[str, ...]:
        """The fields by which the completeness of a record is measured."""
        return self.shape.expected

    @property
    def computed(self) -> tuple[tuple[Field, Formula], ...]:
        """The fields with a formula, each after those that its formula reads."""
        return self.shape.computed

    @property
    def currency_column(self) -> bool:
        return "currency" in self.shipped_fields


@dataclass(frozen=True)
class Shape:
    """A record type as administrators have shaped it."""

    fields: dict[str, Field]
    all_fields: dict[str, Field]
    blocks: tuple[Block, ...]
    expected: tuple[str, ...]
    computed: tuple[tuple[Field, Formula], ...]


_types: dict[str, RecordType] = {}


def register(record_type: type[RecordType]) -> type[RecordType]:
    instance = record_type()
    _types[instance.name] = instance
    return record_type


def get(name: str) -> RecordType:
    """The record type of this name. Raises `KeyError`."""
    return _types[name]


def of(record: Record) -> RecordType:
    return _types[record._meta.model_name or ""]


def every() -> list[RecordType]:
    """All record types in the order in which people see them."""
    return sorted(_types.values(), key=lambda record_type: record_type.position)


@by_revision
def _shaped() -> dict[str, Shape]:
    settings: dict[str, list[FieldSetting]] = {}
    for setting in FieldSetting.objects.order_by("id"):
        settings.setdefault(setting.record_type, []).append(setting)
    arranged = {row.record_type: row for row in TypeSetting.objects.all()}
    return {
        record_type.name: _shape(
            record_type, settings.get(record_type.name, []), arranged.get(record_type.name)
        )
        for record_type in every()
    }


def _shape(record_type: RecordType, settings: Iterable[FieldSetting], arranged: TypeSetting | None) -> Shape:
    """The declaration, then the customer's additions, then the customer's overrides."""
    found = dict(record_type.shipped_fields)
    for setting in settings:
        if setting.type:
            found[setting.name] = field_module.from_setting(setting)
        elif setting.name in found:
            found[setting.name] = found[setting.name].overridden(setting)
    visible = {name: field for name, field in found.items() if not field.is_hidden}
    layout = (
        [Block(b["key"], gettext_lazy(b["label"]), tuple(b["fields"])) for b in arranged.layout]
        if arranged
        else []
    )
    expected = (
        record_type.expected if arranged is None or arranged.expected is None else tuple(arranged.expected)
    )
    blocks = _placed(layout or list(record_type.layout), visible)
    return Shape(_in_order(visible, blocks), found, blocks, expected, _computed(found))


def _computed(fields: Mapping[str, Field]) -> tuple[tuple[Field, Formula], ...]:
    """The fields with a formula in the order in which they are to be computed."""
    ordered: dict[str, tuple[Field, Formula]] = {}

    def add(field: Field) -> None:
        if field.formula and field.name not in ordered:
            formula = formulas.compile(field.formula, fields.keys())
            for name in sorted(formula.names):
                add(fields[name])
            ordered[field.name] = (field, formula)

    for field in fields.values():
        add(field)
    return tuple(ordered.values())


def _in_order(visible: Mapping[str, Field], blocks: Sequence[Block]) -> dict[str, Field]:
    """The fields as forms show them, so that every choice of a field has the same order."""
    names = dict.fromkeys((*(name for block in blocks for name in block.fields), *visible))
    return {name: visible[name] for name in names}


def _placed(blocks: list[Block], visible: Mapping[str, Field]) -> tuple[Block, ...]:
    """Each visible field once; those that no block names stand at the end of the last one."""
    named = {name for block in blocks for name in block.fields}
    rest = tuple(
        name for name, field in visible.items() if name not in named and name not in field_module.KEPT
    )
    placed = [Block(b.key, b.label, tuple(n for n in b.fields if n in visible)) for b in blocks]
    if rest and placed:
        last = placed[-1]
        placed[-1] = Block(last.key, last.label, last.fields + rest)
    return tuple(placed)
