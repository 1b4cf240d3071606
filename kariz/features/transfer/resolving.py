"""Names in a file and what they stand for: linked records, users and choices, looked up a set at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import product
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from kariz.accounts import locale
from kariz.accounts.models import User
from kariz.core import choices, naming, records, registry
from kariz.core.fieldtypes import FieldError
from kariz.features.transfer.creating import Unmade, unmade
from kariz.features.transfer.joining import bare
from kariz.lib import lists
from kariz.lib.text import fold, sort_key

if TYPE_CHECKING:
    from kariz.core.fields import Field
    from kariz.core.registry import RecordType

RESOLVED = ("lookup", "user", "links", "choice", "choices")
NEAR = 78
MOST_CANDIDATES = 5_000
MOST_KEPT = 50_000
SORTED_LENGTH = 80
MOST_DOTLESS = 4


class Resolver:
    """Finds the values that texts stand for, for one record type and one reader; keeps what it has found.

    `is_exact` finds people who have left as well, who may be named by what was written in their days. Names in the
    fields `creating` that nobody has stand for records that are yet to be made.
    """

    def __init__(
        self,
        record_type: RecordType,
        user: User | None,
        *,
        is_exact: bool = False,
        creating: Collection[str] = (),
    ) -> None:
        self.record_type = record_type
        self.user = user
        self.is_exact = is_exact
        self.creating = creating
        self.found: dict[tuple[str, str], list[int]] = {}

    def prime(self, texts: Mapping[str, Iterable[str]]) -> None:
        """Look up the texts of each link field at once: one query per target."""
        if len(self.found) > MOST_KEPT:
            self.found.clear()
        wanted: dict[str, set[str]] = defaultdict(set)
        for name, values in texts.items():
            target = self.record_type.all_fields[name].target
            wanted[target].update(text for value in values for text in split(self._field(name), value))
        for target, names in wanted.items():
            new = {text for text in names if (target, fold(text)) not in self.found}
            if target and new:
                self.look_again(target, new)

    def look_again(self, target: str, texts: Collection[str]) -> None:
        for text in texts:
            self.found[target, fold(text)] = []
        people = User.objects.all() if self.is_exact else User.objects.filter(is_active=True)
        wanted = set(texts)
        pairs = (
            _users(people, wanted) if target == "user" else _records(registry.get(target), self.user, wanted)
        )
        for pk, name in pairs:
            ids = self.found.setdefault((target, fold(name)), [])
            if pk not in ids:
                ids.append(pk)

    def value(self, field: Field, text: str) -> Any:
        """The value that `text` stands for. Raises `FieldError` where there is none, or more than one."""
        if not field.target:
            return text
        ids = [self._one(field, part) for part in split(field, text)]
        return ids if field.type.name == "links" else ids[0] if ids else None

    def _one(self, field: Field, text: str) -> int | Unmade:
        is_new = field.name in self.creating and not self.found.get((field.target, fold(text)))
        # A name with a key tells one of several that are there: it is nobody's title.
        return (
            unmade(field.target, text)
            if is_new and not naming.plain([text])
            else self.one(field.target, text)
        )

    def one(self, target: str, text: str) -> int:
        """The id of the record of this name. Raises `FieldError`."""
        ids = self.found.get((target, fold(text)), ())
        if len(ids) == 1:
            return ids[0]
        if ids:
            raise FieldError(
                _("“%(text)s” is the name of %(count)s records.")
                % {"text": text, "count": locale.active().number(len(ids))}
            )
        raise FieldError(_("There is no “%(text)s”.") % {"text": text})

    def _field(self, name: str) -> Field:
        return self.record_type.all_fields[name]

    def is_known(self, field: Field, text: str) -> bool:
        if field.target:
            return all(self.found.get((field.target, fold(part))) for part in split(field, text))
        return all(choices.named(field.record_type, field.name, part) for part in split(field, text))


def nearest_of(names: Iterable[str]) -> Callable[[str], str]:
    """A function that gives the name that a text most probably means; empty where none comes near."""
    candidates = {bare(name): name for name in names}
    keys = list(candidates)

    def nearest(text: str) -> str:
        found = process.extractOne(bare(text), keys, scorer=fuzz.ratio, score_cutoff=NEAR)
        return candidates[found[0]] if found else ""

    return nearest


def candidate_names(field: Field, user: User | None) -> list[str]:
    """The names that a text of this field may be meant as."""
    if field.target == "user":
        return [str(person) for person in User.objects.filter(is_active=True)[:MOST_CANDIDATES]]
    if field.target:
        target = registry.get(field.target)
        visible = records.visible(target, user, sort=target.title)
        return list(visible.values_list(target.title, flat=True)[:MOST_CANDIDATES])
    return [_(choice.label) for choice in choices.of(field.record_type, field.name)]


def split(field: Field, text: str) -> list[str]:
    """The names in a cell: several only where the field holds several."""
    if field.type.name not in ("links", "choices"):
        return [text.strip()] if text.strip() else []
    return lists.split(text)


def sort_names(text: str) -> set[str]:
    """The places in a list where a record of this name may stand: an I of any case may be Turkish or not."""
    parts = [("ı", "i") if letter in "ıI" else (letter,) for letter in text]
    if sum(len(part) > 1 for part in parts) > MOST_DOTLESS:
        return {sort_key(text)[:SORTED_LENGTH], sort_key(text.replace("I", "ı"))[:SORTED_LENGTH]}
    return {sort_key("".join(letters))[:SORTED_LENGTH] for letters in product(*parts)}


def _users(people: Iterable[User], texts: set[str]) -> Iterable[tuple[int, str]]:
    wanted = {fold(text) for text in texts}
    for person in people:
        for name in (person.name, person.username, person.email):
            if name and fold(name) in wanted:
                yield person.pk, name


def _records(target: RecordType, user: User | None, texts: set[str]) -> Iterable[tuple[int, str]]:
    """By name, with a key where several have it, or by the text that no two share, such as a product's code."""
    visible = records.visible(target, user).order_by()
    names = texts | naming.plain(texts)
    named = visible.filter(sort_name__in={key for text in names for key in sort_names(text)})
    yield from named.values_list("pk", target.title)
    yield from naming.keyed(target, named, texts)
    for column in target.model._meta.concrete_fields:
        if column.unique and isinstance(column, models.CharField):
            yield from visible.filter(**{f"{column.name}__in": texts}).values_list("pk", column.name)
