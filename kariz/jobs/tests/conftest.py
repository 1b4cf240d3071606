import pytest

from kariz.jobs.registry import schedules
from kariz.jobs.tests import tasks


@pytest.fixture(autouse=True)
def only_the_schedules_of_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(schedules):
        monkeypatch.delitem(schedules, name)


@pytest.fixture
def notes() -> list[str]:
    """What the tasks of the test have noted, in order."""
    tasks.noted.clear()
    return tasks.noted
