"""Rows become records through the writing door, with every rule, right and history of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from kariz.core import access, choices, compiled, duplicates, records, sql
from kariz.core.fieldtypes import FieldError
from kariz.features.transfer import linking, sampling
from kariz.features.transfer.creating import Maker, Pending, among, make_named
from kariz.features.transfer.mapping import NOTHING, Mapper
from kariz.features.transfer.matching import Key, Match, Matcher, keys_of
from kariz.features.transfer.outcomes import CREATED, FAILED, SKIPPED, UPDATED, Problem, Row, Tally, problem
from kariz.features.transfer.plans import MERGE_EMPTY, SKIP, UPDATE
from kariz.features.transfer.promises import Promises
from kariz.features.transfer.resolving import Resolver, split

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.drafts import Draft
    from kariz.core.fields import Field
    from kariz.core.models import ChangeBatch
    from kariz.core.registry import RecordType
    from kariz.features.transfer.models import Import, ImportFile
    from kariz.features.transfer.plans import Step

MOST_WAVES = 8
# What every write computes, whatever was there before.
FOLLOWING = ("updated_at", "completeness")
MOST_MISSING = 10_000


class RecordTarget:
    """Writes chunks of rows. Rows that are one record go in waves, each wave seeing what those before it wrote."""

    def __init__(
        self,
        record_type: RecordType,
        step: Step,
        user: User | None,
        header: Sequence[str] = (),
        promises: Promises | None = None,
    ) -> None:
        if not access.may(record_type, user, "import"):
            raise access.Forbidden(_("You may not create records of this type."))
        self.record_type = record_type
        self.step = step
        self.user = user
        self.header = header
        self.promises = promises
        self.resolver = Resolver(record_type, user, is_exact=step.exact, creating=frozenset(step.create))
        self.maker = Maker(self.resolver)
        self.keys: list[Key] = keys_of(record_type, step.match) if step.is_matching else []
        with_values = step.on_match == MERGE_EMPTY or bool(step.asked)
        self.matcher = Matcher(record_type, self.keys, user, with_values=with_values) if self.keys else None
        self._mapper: Mapper | None = None
        self._brought: set[int] = set()
        self._own: dict[tuple[str, str], int] = {}

    @property
    def labels(self) -> dict[str, str]:
        fields = self.record_type.fields.values()
        if self.step.exact:
            return {
                one.name: str(one.label) for one in fields if not one.formula and one.name not in FOLLOWING
            }
        return {field.name: str(field.label) for field in fields if not field.is_readonly}

    @property
    def linked(self) -> set[str]:
        fields = self.record_type.all_fields
        return {
            fields[name].target for name in (*self.step.columns.values(), *self.step.defaults) if name
        } - {""}

    @property
    def mapper(self) -> Mapper:
        """Made with the first row, after the plan was found to name only what is there."""
        if self._mapper is None:
            self._mapper = Mapper(self.record_type, self.step, self.header)
        return self._mapper

    def write(self, chunk: Sequence[list[str]], run: Import, file: ImportFile) -> list[Row]:
        rows = [self.mapper.read(cells) for cells in chunk]
        self._look_up(rows)
        waves = self._waves(rows)
        if self.matcher:
            # Until the commit: another import that looks for the same records finds what is written here.
            sql.hold(f"import of {self.record_type.name}")
        for wave in waves:
            self._write_wave([row for row in wave if not row.problems], run.written_in)
        taken = rows[: sum(map(len, waves))]
        self._keep_own(taken, file)
        if self.promises is not None:
            self._remember(taken, file.next_row + 1)
        return taken

    def link(self, run: Import, file: ImportFile) -> int:
        return linking.make(file, self.record_type, self.maker, run.written_in)

    def names(self, cells: list[str]) -> Iterable[tuple[str, str]]:
        naming = {"name", self.record_type.title}
        return [(self.record_type.name, text) for name in naming for text in self.mapper.texts(cells, name)]

    def forget(self) -> None:
        self.mapper.forget()
        self.maker.forget()

    def describe(self, rows: Sequence[Row], first: int, tally: Tally) -> None:
        sampling.describe(self.record_type, self.user, rows, first, tally)
        new = {row.record.pk: number for number, row in enumerate(rows, first) if row.result == CREATED}
        for pk in duplicates.repeated(self.record_type, list(new), self.user):
            tally.note_alike(new[pk])

    def missing(self) -> Iterable[tuple[str, int]]:
        texts: dict[str, set[str]] = {}
        for name, text in self._own:
            texts.setdefault(name, set()).add(text)
        self.resolver.prime(texts)
        for (name, text), number in self._own.items():
            value = self._linked(name, text)
            if type(value) is Problem:
                yield value.kind, number
            self.maker.note(among([value]))
        self._promise_made()

    @property
    def made(self) -> dict[str, list[Any]]:
        return self.maker.counted()

    # Links to records of other types

    def _look_up(self, rows: Sequence[Row]) -> None:
        """Turn the names of linked records into their ids, all rows at once."""
        texts: dict[str, set[str]] = {}
        for row in rows:
            for name, text in row.links.items():
                texts.setdefault(name, set()).add(text)
        self.resolver.prime(texts)
        known = {(name, text): self._linked(name, text) for name, held in texts.items() for text in held}
        for row in rows:
            for name, text in row.links.items():
                self._put(row, name, known[name, text])

    def _linked(self, name: str, text: str) -> Any:
        field = self.record_type.all_fields[name]
        try:
            value = self.resolver.value(field, text)
        except FieldError as error:
            return NOTHING if self._is_promised(field, text) else problem(field.label, str(error), text)
        return NOTHING if among([value]) and self._is_promised(field, text) else value

    def _is_promised(self, field: Field, text: str) -> bool:
        """In a dry run: whether rows or other files would bring what is named."""
        promises = self.promises or Promises()
        return any(
            promises.has(field.target, part) and not self.maker.has_made(field.target, part)
            for part in split(field, text)
        )

    def _promise_made(self) -> None:
        """In a dry run: what this file would make on the way is there for those that come after it."""
        if self.promises is not None:
            self.promises.add(self.maker.news())

    def _put(self, row: Row, name: str, value: Any) -> None:
        if type(value) is Problem:
            row.fail(value)
        elif value is NOTHING:
            row.promised.add(name)
        else:
            row.values[name] = value

    # Rows that are the same record

    def _waves(self, rows: list[Row]) -> list[list[Row]]:
        """Each row stands one wave behind the row before it with which it shares a key.

        The chunk ends where a row would need a wave too many: a file that says the same record again and again is
        written in more, shorter transactions.
        """
        if not self.matcher:
            return [rows]
        waves: list[list[Row]] = [[]]
        behind: dict[Any, int] = {}
        for row in rows:
            row.marks = self.matcher.marks(row.values)
            wave = max((behind.get(mark, 0) for mark in row.marks), default=0)
            if wave >= MOST_WAVES:
                break
            if wave == len(waves):
                waves.append([])
            waves[wave].append(row)
            if not row.problems:
                behind.update(dict.fromkeys(row.marks, wave + 1))
        return waves

    def _write_wave(self, rows: list[Row], batch: ChangeBatch) -> None:
        self._settle(rows)
        matches = self.matcher.find(rows) if self.matcher else [None] * len(rows)
        self._fill(rows, matches)
        pending: list[Pending] = []
        for row, match in zip(rows, matches, strict=True):
            if match and match.problem and self.step.on_match != SKIP:
                row.fail(match.problem)
            elif match and self.step.on_match == SKIP:
                row.result = SKIPPED
            elif match:
                row.record = match.record
                pending.append((row, match.record, self._changing(row, match.record)))
            elif self._is_brought(row):
                row.result = SKIPPED if self.step.on_match == SKIP else UPDATED
                self.maker.note(among(row.values.values()) if self.step.on_match == UPDATE else ())
            elif not row.problems:
                pending.append((row, compiled.blank(self.record_type), self._asked(row.values)))
        pending = make_named(pending, self.maker, batch, is_trusted=self.step.exact)
        drafts = records.save_many(
            self.record_type,
            [(record, values) for _row, record, values in pending],
            user=self.user,
            batch=batch,
            is_trusted=self.step.exact,
            is_parsed=True,
        )
        for (row, _record, _values), draft in zip(pending, drafts, strict=True):
            self._conclude(row, draft)

    def _changing(self, row: Row, record: Any) -> dict[str, Any]:
        """What a row changes in the record that is there: nothing where the file says nothing."""
        fields = self.record_type.all_fields
        values = {name: value for name, value in row.values.items() if not fields[name].type.is_empty(value)}
        if self.step.on_match == MERGE_EMPTY:
            values = {name: value for name, value in values.items() if _is_empty(fields[name], record)}
        return self._asked(values, record)

    def _conclude(self, row: Row, draft: Draft) -> None:
        row.refuse(draft.errors, self.record_type.all_fields)
        if row.problems:
            return
        row.record, row.changes = draft.record, draft.changes
        row.result = CREATED if draft.is_new else UPDATED if draft.changes else SKIPPED

    def _settle(self, rows: Sequence[Row]) -> None:
        """What the waves before this one have made is there by now."""
        if self.matcher is None or not self.step.create:
            return
        for row in rows:
            if among(row.values.values()):
                row.values = self.maker.settled(row.values)
                row.marks = self.matcher.marks(row.values)

    # What the file does not say

    def _fill(self, rows: Sequence[Row], matches: Sequence[Match | None]) -> None:
        """Give new records the defaults of the plan."""
        new = [row for row, match in zip(rows, matches, strict=True) if match is None]
        fields = self.record_type.all_fields
        links: list[Row] = []
        for name, value in self.mapper.defaults.items():
            if value is NOTHING:
                continue
            is_own = fields[name].target == self.record_type.name
            for row in new:
                if name in row.values or name in row.links or name in row.own:
                    continue
                if is_own:
                    row.own[name] = value
                elif fields[name].target:
                    row.links[name] = value
                    links.append(row)
                else:
                    self._put(row, name, value)
        if links:
            self._look_up(list({id(row): row for row in links}.values()))

    def _asked(self, values: Mapping[str, Any], record: Any = None) -> dict[str, Any]:
        """With what the row's stage asks for where neither the file nor the record says it."""
        if not self.step.asked:
            return dict(values)
        path = self.record_type.path
        stage = choices.find(self.record_type.name, path, str(values[path])) if values.get(path) else None
        fields = self.record_type.all_fields
        asked = {
            name: fields[name].parse(self.step.asked[name], self.mapper.reader)
            for name in (stage.asks if stage else ())
            if name in self.step.asked
            and not values.get(name)
            and (record is None or _is_empty(fields[name], record))
        }
        return {**values, **asked}

    # Links to records of the same type, and a dry run's memory

    def _keep_own(self, rows: Sequence[Row], file: ImportFile) -> None:
        linking.keep(
            file,
            [
                (place, row.record.pk, row.own)
                for place, row in enumerate(rows)
                if row.own and row.result in (CREATED, UPDATED)
            ],
        )

    def _is_brought(self, row: Row) -> bool:
        """In a dry run: whether a chunk that was rolled back would have made the record of this row."""
        return bool(self._brought) and any(hash(mark) in self._brought for mark in row.marks)

    def _remember(self, rows: Sequence[Row], first: int) -> None:
        self._promise_made()
        self._brought.update(hash(mark) for row in rows if row.result == CREATED for mark in row.marks)
        for number, row in enumerate(rows, first):
            for name, text in row.own.items() if row.result != FAILED else ():
                if len(self._own) < MOST_MISSING:
                    self._own.setdefault((name, text), number)


def _is_empty(field: Field, record: Any) -> bool:
    return field.type.is_empty(field.get(record))
