"""The undo of a large batch: a job that shows how far it is, is told at its end, and survives being killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from kariz import notices
from kariz.core import changes, compiled, records, registry, undoing
from kariz.core.models import Change, ChangeBatch, SearchRow, Undoing
from kariz.jobs import worker
from kariz.jobs.models import Job
from kariz.records.leads.models import Lead
from tests.reading import FRAGMENT, html, text

COUNT = 12


def lead(number: int, **values: Any) -> dict[str, Any]:
    return {"name": f"Sara {number}", "phone": f"0912 {1000000 + number}", "source": "website", **values}


def write(user: Any, rows: list[tuple[Any, Any]], batch: ChangeBatch | None = None) -> list[Any]:
    batch = batch or records.batch_of("import", user)
    drafts = records.save_many(registry.get("lead"), rows, user=user, batch=batch)
    assert not any(draft.errors for draft in drafts)
    return [draft.record for draft in drafts]


def imported(user: Any, created: int, updated: int) -> tuple[ChangeBatch, list[dict[str, Any]]]:
    """A batch that makes leads and changes others that were there, and all of them before it."""
    lead_type = registry.get("lead")
    known = write(user, [(compiled.blank(lead_type), lead(n)) for n in range(updated)])
    before = held()
    batch = records.batch_of("import", user, "leads.csv")
    write(user, [(one, {"company": "Acme", "email": f"{one.pk}@example.com"}) for one in known], batch)
    new = range(updated, updated + created)
    write(user, [(compiled.blank(lead_type), lead(n)) for n in new], batch)
    return batch, before


def held() -> list[dict[str, Any]]:
    """Every lead as it is in the database; what says that it was changed at all aside."""
    rows = Lead.objects.order_by("pk").values()
    return [{name: row[name] for name in row.keys() - {"version", "updated_at"}} for row in rows]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dozen changes are many."""
    monkeypatch.setattr(undoing, "LARGE", COUNT - 1)
    monkeypatch.setattr(changes, "AT_ONCE", 5)


@pytest.fixture
def batch(cast: Any, few: None) -> ChangeBatch:
    return imported(cast.shirin, COUNT - 4, 4)[0]


def undo_url(batch: ChangeBatch) -> str:
    return reverse("web:undo", args=[batch.pk])


def progress_url(batch: ChangeBatch) -> str:
    return reverse("web:undoing", args=[batch.pk])


def test_a_large_batch_is_undone_by_a_job_with_its_progress_and_a_notice(batch, cast, shirin):
    assert "0 of 12 changes" in text(shirin.post(undo_url(batch), headers=FRAGMENT))
    assert Lead.objects.count() == COUNT
    assert "This is being undone." in text(shirin.get(reverse("web:batch", args=[batch.pk])))
    worker.drain()
    assert Lead.objects.count() == 4
    [notice] = notices.recent(cast.shirin, 5)
    undo = batch.undone_by.get()
    assert (notice.params, notice.url) == (
        {"restored": "12", "kept": "0"},
        reverse("web:batch", args=[undo.pk]),
    )
    assert "12 records are as before" in html(shirin.get(progress_url(batch), headers=FRAGMENT))
    assert "Shirin" in text(shirin.get(reverse("web:batch", args=[batch.pk])))


def test_without_scripts_the_same_stands_on_pages(batch, shirin):
    page = shirin.post(undo_url(batch), follow=True)
    assert ("0 of 12 changes" in text(page), page["Refresh"]) == (True, "2")
    worker.drain()
    assert "12 records are as before" in text(shirin.get(progress_url(batch)))


def test_what_was_changed_since_is_kept_and_listed(batch, cast, shirin):
    first = batch.changes.filter(kind="updated").earliest("pk").record_id
    record = Lead.objects.get(pk=first)
    records.save(registry.get("lead"), record, {"company": "Zenith"}, user=cast.reza, is_trusted=True)
    shirin.post(undo_url(batch), headers=FRAGMENT)
    worker.drain()
    again = Lead.objects.get(pk=first)
    assert (again.company, again.email) == ("Zenith", "")
    answer = text(shirin.get(progress_url(batch), headers=FRAGMENT))
    assert "1 was changed since and stays." in answer
    assert record.name in answer


def test_it_is_undone_once_however_often_it_is_asked_for(batch, cast, shirin):
    for _ in range(2):
        shirin.post(undo_url(batch), headers=FRAGMENT)
    assert Job.objects.filter(name="undo_batch").count() == 1
    worker.drain()
    assert "This has been undone already." in text(shirin.post(undo_url(batch)))
    assert batch.undone_by.get().changes.count() == COUNT


def test_one_that_has_stopped_is_continued(batch, cast, shirin):
    undoing.start(batch, cast.shirin)
    Job.objects.filter(name="undo_batch").update(state="failed")
    assert "The undo has stopped" in text(shirin.get(progress_url(batch), headers=FRAGMENT))
    shirin.post(undo_url(batch), headers=FRAGMENT)
    worker.drain()
    assert Lead.objects.count() == 4


def test_nobody_else_undoes_it_or_sees_how_far_it_is(batch, cast, browser_of):
    reza = browser_of(cast.reza)
    assert "only undo your own" in text(reza.post(undo_url(batch)))
    undoing.start(batch, cast.shirin)
    assert reza.get(progress_url(batch)).status_code == 404


@pytest.fixture
def start_worker() -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Start `kariz worker` in a process of its own, with leases of five seconds."""
    started = []

    def start() -> subprocess.Popen[str]:
        name = str(connection.settings_dict["NAME"])
        command = [sys.executable, "-m", "kariz.jobs.tests.worker_process", name, "5"]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_it_goes_on_and_undoes_nothing_twice(cast, start_worker):
    batch, before = imported(cast.shirin, 2_000, 1_000)
    undoing.start(batch, cast.shirin)
    first = start_worker()
    wait_until(lambda: Undoing.objects.filter(done__gt=0).exists())
    first.send_signal(signal.SIGKILL)
    first.wait()
    reached = Undoing.objects.get()
    assert 0 < reached.done < reached.total == 3_000
    assert batch.undone_by.get().changes.count() == reached.done
    start_worker()
    wait_until(lambda: Undoing.objects.filter(finished_at__isnull=False).exists())
    undone = Change.objects.filter(batch=batch.undone_by.get())
    assert undone.count() == undone.values("record_id").distinct().count() == 3_000
    assert held() == before
    assert SearchRow.objects.filter(record_type="lead").count() == 1_000
