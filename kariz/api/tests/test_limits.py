"""A token asks so often a minute, counted over all processes, and is told what is left."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kariz.api import limits
from kariz.api.models import Allowance
from kariz.api.tidying import tidy_api
from tests.cast import gather, signed_in


@pytest.fixture
def minute(monkeypatch):
    """A clock that stands in the middle of a minute until it is moved on."""

    class Clock:
        now = 1_000_000_030.0

        def time(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(limits, "time", clock)
    return clock


def test_beyond_the_limit_a_program_waits(cast, program, settings, minute):
    settings.API_RATE = 3
    asks = program(cast.reza)
    left = [asks.get("me")["RateLimit-Remaining"] for _n in range(3)]
    refused = asks.get("me")
    assert left == ["2", "1", "0"]
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_many_requests")
    told = {
        name: refused[name]
        for name in ("RateLimit-Limit", "RateLimit-Remaining", "Retry-After", "RateLimit-Reset")
    }
    assert told == {
        "RateLimit-Limit": "3", "RateLimit-Remaining": "0", "Retry-After": "50", "RateLimit-Reset": "50"
    }  # fmt: skip
    minute.now += 60
    assert asks.get("me").status_code == 200


def test_each_token_has_its_own_and_a_browser_none(cast, program, settings):
    settings.API_RATE = 1
    first, second = program(cast.reza), program(cast.reza)
    assert [one.get("me").status_code for one in (first, second, first)] == [200, 200, 429]
    browser = signed_in(cast.reza)
    assert {browser.get("/api/v1/me").status_code for _n in range(3)} == {200}
    assert "RateLimit-Limit" not in browser.get("/api/v1/me")


def test_several_processes_never_let_more_in(cast, program, settings, minute):
    settings.API_RATE = 60
    asks = program(cast.reza)
    let_in = 0
    for _request in range(80):
        limits._purses.clear()  # as a process does that has not served this caller yet
        let_in += asks.get("me").status_code == 200
    assert 0 < let_in <= 60


def test_without_a_limit_nobody_is_told_of_one(cast, program, settings):
    settings.API_RATE = 0
    assert "RateLimit-Limit" not in program(cast.reza).get("me")


def test_most_requests_write_nothing(cast, program):
    asks = program(cast.reza)
    asks.get("me")
    with CaptureQueriesContext(connection) as captured:
        for _n in range(10):
            asks.get("me")
    assert [one["sql"] for one in captured if not one["sql"].startswith("SELECT")] == []


def test_counts_of_callers_who_went_quiet_are_thrown_away(cast, program):
    program(cast.reza).get("me")
    Allowance.objects.update(window=1)
    tidy_api(None)
    assert not Allowance.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_counted_right(program, settings, minute):
    settings.API_RATE = 10
    asks = program(gather().reza)

    def send(_number):
        try:
            return asks.get("me").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(send, range(20)))
    assert statuses.count(200) == 10
