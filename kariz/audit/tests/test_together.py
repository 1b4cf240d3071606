"""Many write at once: the chain stays one, and nobody waits for somebody else's long transaction."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest
from django.db import connection, transaction

from kariz import audit
from kariz.audit.models import Entry
from kariz.lib.mentions import Mentions

THREADS, EACH = 4, 10
ONLY_POSTGRES = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time")
WRITER = (
    "import sys, django; django.setup(); from kariz import audit;"
    "[audit.note('sign_in.failed', typed=f'{sys.argv[1]} {n}') for n in range(20)]"
)


def in_threads(*works):
    failed = []

    def run(work):
        try:
            work()
        except Exception as error:  # noqa: BLE001  told by the test
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


@pytest.mark.django_db(transaction=True)
def test_threads_that_write_at_once_make_one_chain():
    def write():
        for number in range(EACH):
            audit.note("sign_in.failed", typed=str(number))

    in_threads(*[write] * THREADS)
    report = audit.verify()
    assert (report.is_whole, report.count, report.waiting) == (True, THREADS * EACH, 0)


@pytest.mark.django_db(transaction=True)
def test_processes_that_write_at_once_make_one_chain():
    settings = connection.settings_dict
    where = {"KARIZ_DATA": os.environ["KARIZ_DATA"], "DJANGO_SETTINGS_MODULE": "kariz.config.settings"}
    if connection.vendor == "sqlite":
        where["KARIZ_DATABASE_URL"] = f"sqlite:///{settings['NAME']}"
    else:
        at = f"{settings['USER'] or 'postgres'}@{settings['HOST'] or '127.0.0.1'}:{settings['PORT'] or 5432}"
        where["KARIZ_DATABASE_URL"] = f"postgres://{at}/{settings['NAME']}"
    running = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(number)], env={**os.environ, **where})
        for number in range(2)
    ]
    assert [one.wait(120) for one in running] == [0, 0]
    report = audit.verify()
    assert (report.is_whole, report.count, report.waiting) == (True, 40, 0)


@ONLY_POSTGRES
@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_long_transaction_that_has_noted_something():
    with transaction.atomic():
        audit.note("sign_in.failed", typed="long")
        in_threads(lambda: audit.note("sign_in.failed", typed="short"))
        linked = Entry.objects.exclude(number=None)
        assert [entry.told["typed"] for entry in linked] == ["short"]
    assert [entry.told["typed"] for entry in Entry.objects.order_by("number")] == ["short", "long"]


@ONLY_POSTGRES
@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_the_chain_while_somebody_else_has_it():
    with transaction.atomic():
        audit.note("sign_in.failed", typed="Sara Ahmadi")
        audit.forget(Mentions(names=["Sara Ahmadi"]))
        in_threads(lambda: audit.note("sign_in.failed", typed="short"))
    assert Entry.objects.filter(number=None).count() <= 1
    report = audit.verify()
    assert (report.is_whole, report.waiting) == (True, 0)


@pytest.mark.django_db(transaction=True)
def test_an_entry_is_linked_when_its_transaction_ends():
    with transaction.atomic():
        audit.note("sign_in.failed", typed="x")
        assert not Entry.objects.exclude(number=None).exists()
    assert Entry.objects.get().number == 1
