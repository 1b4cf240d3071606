"""Carries orders out: small ones while the person waits, large ones as a job that leaves a file."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import IO, TYPE_CHECKING, Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext_noop

from kariz import audit, jobs, notices
from kariz.accounts import locale
from kariz.accounts.locale import Locale
from kariz.core import paging, registry
from kariz.core.access import Forbidden
from kariz.features.export import large, orders, rows, showing
from kariz.features.export.formats import FORMATS, Table
from kariz.features.export.models import ExportRun
from kariz.features.export.orders import Order
from kariz.lib.idsets import IdSet

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.jobs.models import Job

DIRECTLY = 10_000  # records; nobody waits on the page for more

Progress = Callable[[int], None]
State = ExportRun.State


@transaction.atomic
def begin(order: Order, user: User | None, *, may_wait: bool = True) -> ExportRun:
    """Write down that this person exports. Raises `Forbidden`.

    What is large may come back in the state `WAITING`: then nothing is written until it is approved.
    """
    orders.check(order.type, user)
    total = order.records(user).order_by().count()
    asked = ExportRun(user=user, record_type=order.record_type, order=order.as_json(), total=total)
    return large.begin(asked, may_wait=may_wait)


def counted(order: Order, user: User | None) -> tuple[int, bool]:
    """How many records there are, as far as they are written directly, and whether there are more."""
    return paging.capped_count(order.records(user), DIRECTLY)


def content(run: ExportRun, progress: Progress = lambda done: None) -> Iterator[bytes]:
    """The file in parts. Whoever takes them to the end or lets go of them, `run` says how far they came.

    Raises `Forbidden` where the person may not export any more.
    """
    return _as_read_by(Locale.of(run.user), _written(run, progress, audit.present()))


def _written(run: ExportRun, progress: Progress, origin: audit.Origin) -> Generator[bytes]:
    order, done, state, written = run.asked, 0, State.STOPPED, IdSet()
    fields = order.fields(run.user)
    writer = FORMATS[order.format].writer(Table(order, fields, locale.active()))
    try:
        yield writer.head()
        for chunk in rows.chunks(order, run.user_id, fields):
            written.add(record.pk for record in chunk.records)
            yield writer.rows(chunk)
            done += len(chunk.records)
            progress(done)
        yield from writer.end()
        state = State.DONE
    finally:
        _end(run, state, written, origin)


def _end(run: ExportRun, state: State, written: IdSet, origin: audit.Origin) -> None:
    """Keep how it ended, and which records have gone out."""
    told = {"rows": len(written), "is_kept": bool(run.file), "is_whole": state == State.DONE}
    with transaction.atomic():
        run.end(state, len(written))
        audit.note(
            "export.ended", user=run.user, about=showing.subject(run), origin=origin, records=written, **told
        )


def _as_read_by(reader: Locale, parts: Generator[bytes]) -> Iterator[bytes]:
    """Each part is made in the locale of the reader, whatever the server does between two of them."""
    try:
        while True:
            with locale.use(reader):
                part = next(parts, None)
            if part is None:
                return
            if part:
                yield part
    finally:
        parts.close()


def write(run: ExportRun, file: IO[bytes], progress: Progress = lambda done: None) -> None:
    """Write all of it to an open file, for commands."""
    for part in content(run, progress):
        file.write(part)


def name_of(run: ExportRun) -> str:
    """What the file is called where it is kept by the person."""
    reader = Locale.of(run.user)
    with locale.use(reader):
        plural = str(registry.get(run.record_type).plural)
    return f"{plural} {run.started_at.astimezone(reader.tz):%Y-%m-%d}.{FORMATS[run.asked.format].extension}"


def start(run: ExportRun) -> ExportRun:
    """Hand the export to a worker."""
    with transaction.atomic():
        run.job = jobs.enqueue("write_export", user=run.user, unique_key=f"export {run.pk}", run=run.pk)
        run.save(update_fields=["job"])
    return run


class _Parts(File):  # type: ignore[type-arg]  # has none at run time
    """A file that is taken into the storage while it is being made."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        super().__init__(None)
        self.parts = parts

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        return self.parts


@jobs.task("write_export")
def write_export(job: Job, run: int) -> None:
    """Write the file anew, from its beginning: half a file is of no use."""
    found = ExportRun.objects.select_related("user").get(pk=run)
    if found.state in (State.DONE, State.WAITING, State.REFUSED):
        return
    total = found.asked.records(found.user).order_by().count()
    name = f"exports/{found.pk}.{FORMATS[found.asked.format].extension}"
    storage = found.file.storage
    storage.delete(name)
    found.file = name
    found.state = State.RUNNING
    found.save(update_fields=["file", "state"])
    try:
        storage.save(name, _Parts(content(found, lambda done: job.progress(done, total))))
    except Forbidden:
        _discard(found)
        return
    except BaseException:
        _discard(found)
        raise
    _tell(found)


def _discard(run: ExportRun) -> None:
    run.file.delete(save=False)
    run.save(update_fields=["file"])


def _tell(run: ExportRun) -> None:
    if run.user:
        notices.tell(
            [run.user],
            gettext_noop("The export is ready: %(count)s records of “%(type)s”."),
            params=_words(run, run.user),
            url=f"/exports/{run.pk}/",
            key=f"export {run.pk}",
        )


def _words(run: ExportRun, user: User) -> dict[str, Any]:
    with locale.use(Locale.of(user)) as reader:
        return {"count": reader.number(run.count), "type": str(registry.get(run.record_type).plural)}
