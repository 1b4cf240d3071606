"""Times jobs against one running database: at one client, at eight, beside their raw SQL, with queries and bytes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.ground import Ground
from bench.jobs import Call, Job, Page
from bench.visiting import Request, Visitor

WARM = 25
CLIENTS = 8
OF_TRANSACTIONS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


@dataclass(frozen=True)
class Timed:
    """Times are in milliseconds at one client; `rate` is requests a second at eight."""

    key: str
    label: str
    aim: int
    p50: float
    p95: float
    rate: float | None
    queries: int
    bytes: int | None
    raw: float


def timed(job: Page | Call, ground: Ground, visitor: Visitor) -> Timed:
    """Each request has a number of its own, so that none does what another has done."""
    numbers = iter(range(10**9))
    figures = _asked(job, ground, visitor, numbers) if isinstance(job, Page) else _called(job, ground)
    raw = round(_raw(job, ground, numbers), 2)
    return Timed(key=job.key, label=job.label, aim=job.aim, raw=raw, **figures)


def _asked(job: Page, ground: Ground, visitor: Visitor, numbers: Iterator[int]) -> dict[str, Any]:
    visitor = visitor.twin()  # the server has closed the connection of the job before
    requests = (job.ask(ground, number) for number in numbers)
    for request in islice(requests, WARM):
        visitor.ask(request)
    answers = [visitor.ask(request) for request in islice(requests, job.count)]
    return {
        **_spread([answer.seconds for answer in answers]),
        "rate": round(_rate(list(islice(requests, job.count)), visitor), 1),
        "queries": _queries(list(islice(requests, 2)), ground),
        "bytes": round(statistics.median(len(answer.body) for answer in answers)),
    }


def _called(job: Call, ground: Ground) -> dict[str, Any]:
    """What is called in this process has neither clients nor bytes."""
    times = []
    for _ in range(job.count):
        with CaptureQueriesContext(connection) as captured:
            begun = time.perf_counter()
            job.call(ground)
            times.append(time.perf_counter() - begun)
    return {**_spread(times), "rate": None, "queries": len(captured), "bytes": None}


def _spread(seconds: list[float]) -> dict[str, float]:
    times = [one * 1000 for one in seconds]
    return {"p50": round(statistics.median(times), 1), "p95": round(statistics.quantiles(times, n=20)[-1], 1)}


def _rate(requests: list[Request], visitor: Visitor) -> float:
    """Requests a second at eight clients, each with a connection of its own."""
    twins = [visitor.twin() for _ in range(CLIENTS)]
    shares = [requests[start::CLIENTS] for start in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as clients:
        begun = time.perf_counter()
        list(clients.map(_ask_all, twins, shares))
        return len(requests) / (time.perf_counter() - begun)


def _ask_all(visitor: Visitor, requests: list[Request]) -> None:
    for request in requests:
        visitor.ask(request)


def _queries(requests: list[Request], ground: Ground) -> int:
    """The statements of the last of these requests, asked of the program within this process."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(ground.user)
    for request in requests:
        with CaptureQueriesContext(connection) as captured:
            if request.data is None:
                client.get(request.path, headers=request.headers)
            else:
                client.post(request.path, request.data, headers=request.headers)
    return sum(not query["sql"].startswith(OF_TRANSACTIONS) for query in captured.captured_queries)


def _raw(job: Job, ground: Ground, numbers: Iterator[int]) -> float:
    """The median of the same rows by hand-written SQL."""
    times = []
    with connection.cursor() as cursor:
        for number in islice(numbers, WARM + job.count):
            begun = time.perf_counter()
            job.raw(cursor, ground, number)
            times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times[WARM:])
