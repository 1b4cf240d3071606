"""What the files say that nobody knows here: texts of choices and links, each with what it may be meant as."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Any

from kariz import jobs
from kariz.accounts import company, locale
from kariz.features.transfer import running
from kariz.features.transfer.checking import promised_by
from kariz.features.transfer.mapping import NOTHING, Column
from kariz.features.transfer.models import Import
from kariz.features.transfer.resolving import RESOLVED, candidate_names, nearest_of, split
from kariz.features.transfer.targets import RecordTarget, target_of
from kariz.lib.text import fold

if TYPE_CHECKING:
    from kariz.core.fields import Field
    from kariz.features.transfer.promises import Promises
    from kariz.features.transfer.running import Progress
    from kariz.features.transfer.targets import Target
    from kariz.jobs.models import Job

MOST_ASKED = 200
MOST_COUNTED = 5_000
MOST_OFFERED = 500


@jobs.task("survey_import", retries=1)
def survey_import(job: Job, run: int) -> None:
    survey(Import.objects.select_related("user").get(pk=run), job.progress)


def survey(run: Import, progress: Progress) -> None:
    """Read every file to its end and keep in `unknown`: field → {"texts": [[text, count, nearest]], "offered": […]}.

    Names that an earlier file of the same import brings are known. Writes no records.
    """
    company.forget()
    files = list(run.files.all())
    total, done = sum(file.row_count for file in files), 0
    with locale.use(locale.Locale.of(run.user)):
        promises = promised_by(run, files)
        for file in files:
            target = target_of(running.step_of(file), run.user, file.header)
            asked = _Asked(target, promises) if isinstance(target, RecordTarget) else None
            rows = file.source().rows()
            while chunk := list(islice(rows, running.CHUNK)):
                if asked:
                    asked.read(chunk)
                _promise(promises, target, chunk)
                done += len(chunk)
                progress(done, total)
            file.keep(run, unknown=asked.questions() if asked else {})


def is_needed(run: Import) -> bool:
    """Whether any column holds names or choices that may be unknown. Raises `BadPlan`."""
    targets = (target_of(running.step_of(file), run.user, file.header) for file in run.files.all())
    return any(isinstance(target, RecordTarget) and _asked_columns(target) for target in targets)


def _asked_columns(target: RecordTarget) -> list[tuple[int, str, Column]]:
    """The columns whose texts stand for something that must be there, or be made of them.

    Choices that a file is to bring are not asked about: the field was made for it.
    """
    return [
        (n, name, column)
        for n, name, column in (*target.mapper.raw, *target.mapper.named)
        if column.field.type.name in RESOLVED and (column.field.target or name not in target.step.create)
    ]


def _promise(promises: Promises, target: Target, chunk: list[list[str]]) -> None:
    if promises.names:
        promises.add(pair for cells in chunk for pair in target.names(cells))


class _Asked:
    """Counts the unknown texts of one file's columns."""

    def __init__(self, target: RecordTarget, promises: Promises) -> None:
        self.target = target
        self.promises = promises
        self.columns = _asked_columns(target)
        self.known: dict[str, set[str]] = {}
        self.counts: dict[str, Counter[str]] = {}

    def read(self, chunk: list[list[str]]) -> None:
        held = {name: Counter(column[cells[n]] for cells in chunk) for n, name, column in self.columns}
        new = {
            name: [
                text
                for text in texts
                if text is not NOTHING and text not in self.known.setdefault(name, set())
            ]
            for name, texts in held.items()
        }
        fields = self.target.record_type.all_fields
        self.target.resolver.prime(
            {name: filter(None, texts) for name, texts in new.items() if fields[name].target}
        )
        for name, texts in new.items():
            for text in texts:
                if not text or self._is_known(fields[name], text):
                    self._keep(name, text)
                else:
                    self._count(name, text, held[name][text])

    def _is_known(self, field: Field, text: str) -> bool:
        return self.target.resolver.is_known(field, text) or self._is_promised(field, text)

    def _is_promised(self, field: Field, text: str) -> bool:
        return bool(field.target) and all(
            self.promises.has(field.target, part) for part in split(field, text)
        )

    def _keep(self, name: str, text: str) -> None:
        if len(self.known[name]) < MOST_COUNTED:
            self.known[name].add(text)

    def _count(self, name: str, text: str, count: int) -> None:
        counts = self.counts.setdefault(name, Counter())
        if text in counts or len(counts) < MOST_COUNTED:
            counts[text] += count

    def questions(self) -> dict[str, Any]:
        """What no row further down has brought either; what reads alike is asked about once."""
        fields = self.target.record_type.all_fields
        left: dict[str, Counter[str]] = defaultdict(Counter)
        for name, counts in self.counts.items():
            first: dict[str, str] = {}
            for text, count in counts.items():
                if not self._is_promised(fields[name], text):
                    left[name][first.setdefault(fold(text), text)] += count
        return {name: self._question(name, counts) for name, counts in left.items()}

    def _question(self, name: str, counts: Counter[str]) -> dict[str, Any]:
        """The nearest names are surely among the offered, the others as far as a list can be read."""
        field = self.target.record_type.all_fields[name]
        promised = self.promises.of(field.target)
        names = candidate_names(field, self.target.user)
        nearest = nearest_of(names + promised)
        texts: list[tuple[str, int, str]] = [
            (text, count, nearest(text)) for text, count in counts.most_common(MOST_ASKED)
        ]
        known = list(dict.fromkeys([*names, *promised]))[:MOST_OFFERED]
        likely = sorted({near for _text, _count, near in texts} - {"", *known})
        return {"texts": texts, "offered": [*likely, *known], "count": len(counts)}
