"""The tasks and schedules that this program knows, by name."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

Run = TypeVar("Run", bound=Callable[..., Any])


@dataclass(frozen=True)
class Task:
    run: Callable[..., Any]
    retries: int


tasks: dict[str, Task] = {}
schedules: dict[str, timedelta] = {}


def task(name: str, *, retries: int = 5) -> Callable[[Run], Run]:
    """Register `def run(job: Job, **payload)`; what it returns is kept as the job's result."""

    def register(run: Run) -> Run:
        tasks[name] = Task(run, retries)
        return run

    return register


def schedule(name: str, *, every: timedelta) -> None:
    """Run a task again and again, in one worker at a time."""
    schedules[name] = every
