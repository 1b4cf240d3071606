"""Records that a file names and that are not there yet: made from their title alone, where the plan says so.

Until its row is about to be written such a record is an `Unmade` among the values of the row: for a row that fails, or
is left as it is, nothing is made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from kariz.core import access, compiled, records, registry, sql
from kariz.features.transfer.outcomes import Row
from kariz.lib.text import fold

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.fields import Field
    from kariz.core.models import ChangeBatch
    from kariz.core.registry import RecordType
    from kariz.features.transfer.resolving import Resolver

Pending = tuple[Row, Any, dict[str, Any]]
"""A row, the record that it becomes, and the values that it gives to that."""

CHOICES = ("choice", "choices")
SHOWN = 5
"""So many names are told of those that are made."""
ANY_NAME = "–"


@dataclass(frozen=True)
class Unmade:
    """A record of a type that is not there; names that read alike are one."""

    target: str
    key: str
    name: str = field(compare=False)

    def __str__(self) -> str:
        return self.name


def unmade(target: str, name: str) -> Unmade:
    return Unmade(target, fold(name), name)


def among(values: Iterable[Any]) -> list[Unmade]:
    """The records that are yet to be made, of these values of fields."""
    listed = (value if isinstance(value, list) else [value] for value in values)
    return [one for value in listed for one in value if type(one) is Unmade]


def obstacle(found: Field, user: User | None) -> str:
    """Why a field cannot bring new choices, or a link new records, for this person; empty where it can."""
    if found.type.name in CHOICES:
        may_shape = user is None or user.is_administrator
        return (
            "" if may_shape else _("“%(field)s”: only administrators add choices.") % {"field": found.label}
        )
    if found.target in ("", "user"):
        return _("Nothing new can be made for “%(field)s”.") % {"field": found.label}
    target = registry.get(found.target)
    words = {"field": found.label, "type": target.label}
    if not (access.may(target, user, "create") and access.may(target, user, "read")):
        return _("“%(field)s”: you may not create records of the type “%(type)s”.") % words
    title = target.all_fields[target.title]
    row = (compiled.blank(target), {target.title: ANY_NAME})
    if title.is_readonly or any(records.refused(target, [row], user=user)):
        return _("“%(field)s”: a new “%(type)s” takes more than a name.") % words
    return ""


def allowed(plan: Mapping[str, Any], user: User | None) -> dict[str, Any]:
    """A plan that somebody else may have saved, without making what this person may not make."""
    known = {one.name: one for one in registry.every()}
    fields = known[plan["type"]].all_fields if plan["type"] in known else {}
    kept = [name for name in plan.get("create", ()) if name not in fields or not obstacle(fields[name], user)]
    return {**plan, "create": kept}


class Maker:
    """Makes the records that rows name, each once, and tells the resolver. `made` is type → key → name."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self.made: dict[str, dict[str, str]] = defaultdict(dict)
        self._fresh: set[tuple[str, str]] = set()
        self._news: list[tuple[str, str]] = []

    def make(self, wanted: Iterable[Unmade], batch: ChangeBatch) -> dict[Unmade, str]:
        """Make what is not there by now; gives what could not be made, with the reason. For use in a transaction."""
        named: dict[str, dict[str, Unmade]] = defaultdict(dict)
        for one in wanted:
            named[one.target].setdefault(one.key, one)
        problems: dict[Unmade, str] = {}
        for target, ones in sorted(named.items()):
            # Until the commit: another import that brings the same names finds what is made here.
            sql.hold(f"names of {target}")
            self.resolver.look_again(target, [one.name for one in ones.values()])
            problems |= self._make(registry.get(target), list(ones.values()), batch)
        return problems

    def _make(self, target: RecordType, named: Sequence[Unmade], batch: ChangeBatch) -> dict[Unmade, str]:
        left = [one for one in named if not self.resolver.found[one.target, one.key]]
        if not left:
            return {}
        rows = [(compiled.blank(target), {target.title: one.name}) for one in left]
        drafts = records.save_many(target, rows, user=self.resolver.user, batch=batch)
        problems: dict[Unmade, str] = {}
        for one, draft in zip(left, drafts, strict=True):
            if draft.errors:
                problems[one] = " ".join(text for texts in draft.errors.values() for text in texts)
                continue
            self.resolver.found[one.target, one.key] = [draft.record.pk]
            self._fresh.add((one.target, one.key))
            self.note([one])
        return problems

    def note(self, found: Iterable[Unmade]) -> None:
        """Count these as made."""
        for one in found:
            if one.key not in self.made[one.target]:
                self.made[one.target][one.key] = one.name
                self._news.append((one.target, one.name))

    def news(self) -> list[tuple[str, str]]:
        """(type, name) of what was made since this was asked last."""
        found, self._news = self._news, []
        return found

    def has_made(self, target: str, name: str) -> bool:
        return fold(name) in self.made.get(target, ())

    def settled(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values with the ids of what is there by now."""
        return {name: self._settled(value) for name, value in values.items()}

    def _settled(self, value: Any) -> Any:
        if isinstance(value, list):
            return list(dict.fromkeys(map(self._settled, value)))
        ids = self.resolver.found.get((value.target, value.key), ()) if type(value) is Unmade else ()
        return ids[0] if len(ids) == 1 else value

    def forget(self) -> None:
        """What was made is gone again: the transaction was rolled back."""
        for key in self._fresh:
            self.resolver.found.pop(key, None)
        self._fresh.clear()

    def counted(self) -> dict[str, list[Any]]:
        """Type → [how many, the first names]."""
        return {target: [len(names), list(names.values())[:SHOWN]] for target, names in self.made.items()}


def make_named(
    pending: Sequence[Pending], maker: Maker, batch: ChangeBatch, *, is_trusted: bool
) -> list[Pending]:
    """Make what these rows name, and give those rows that can be written.

    A row that the door refuses anyway fails before anything is made for it.
    """
    naming = [one for one in pending if among(one[2].values())] if maker.resolver.creating else []
    if naming:
        _refuse(naming, maker, is_trusted=is_trusted)
        good = [(row, values) for row, _record, values in naming if not row.problems]
        problems = maker.make(among(value for _row, values in good for value in values.values()), batch)
        for row, values in good:
            values.update(maker.settled(values))
            row.refuse(errors_of(values, problems), maker.resolver.record_type.all_fields)
    return [one for one in pending if not one[0].problems]


def errors_of(values: Mapping[str, Any], problems: Mapping[Unmade, str]) -> dict[str, list[str]]:
    """Field → why what it still names could not be made: several of that name may have come to be meanwhile."""
    many = _("There are several records of this name by now.")
    return {
        name: [problems.get(one, many) for one in left]
        for name, value in values.items()
        if (left := among([value]))
    }


def _refuse(naming: Sequence[Pending], maker: Maker, *, is_trusted: bool) -> None:
    """Let the rows fail that would do so even if all that they name were there."""
    record_type = maker.resolver.record_type
    tried = [
        (
            compiled.blank(record_type) if record.pk is None else record,
            {name: value for name, value in values.items() if not among([value])},
        )
        for _row, record, values in naming
    ]
    refused = records.refused(
        record_type, tried, user=maker.resolver.user, is_trusted=is_trusted, is_parsed=True
    )
    for (row, _record, values), (_tried, said), errors in zip(naming, tried, refused, strict=True):
        known = {name: texts for name, texts in errors.items() if name in said or name not in values}
        row.refuse(known, record_type.all_fields)
