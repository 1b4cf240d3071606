"""A write that is sent again under its key happens once, whatever goes wrong on the way."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from kariz.api.models import KeptAnswer
from kariz.api.tidying import tidy_api
from kariz.core import registry
from kariz.features.transfer.models import Import
from tests import specimens
from tests.cast import gather

LEAD = registry.get("lead")
KEY = {"Idempotency_Key": "order-17"}


def test_the_same_request_is_answered_as_before(cast, shirins):
    sent = specimens.least(LEAD)
    first, second = shirins.post("lead", sent, **KEY), shirins.post("lead", sent, **KEY)
    assert (first.status_code, second.status_code, LEAD.model.objects.count()) == (201, 201, 1)
    assert second.json() == first.json()
    assert {name: second[name] for name in ("Location", "ETag", "Kariz-Batch")} == {
        name: first[name] for name in ("Location", "ETag", "Kariz-Batch")
    }
    assert (second["Idempotency-Replayed"], "Idempotency-Replayed" in first) == ("true", False)


def test_another_request_under_the_same_key_is_refused(cast, shirins):
    sent = specimens.least(LEAD)
    shirins.post("lead", sent, **KEY)
    others = [shirins.post("lead", sent | {"company": "Other"}, **KEY), shirins.post("contact", sent, **KEY)]
    assert {(one.status_code, one.json()["error"]["code"]) for one in others} == {
        (422, "idempotency_key_reused")
    }


def test_keys_of_different_callers_are_different_keys(cast, program):
    for person in (cast.reza, cast.maryam):
        assert "Idempotency-Replayed" not in program(person).post("lead", specimens.least(LEAD), **KEY)
    assert LEAD.model.objects.count() == 2


def test_what_failed_may_be_sent_again_under_its_key(cast, shirins):
    assert shirins.post("lead", {}, **KEY).status_code == 422
    assert shirins.post("lead", specimens.least(LEAD), **KEY).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_that_is_none_is_refused(key, cast, shirins):
    answer = shirins.post("lead", specimens.least(LEAD), Idempotency_Key=key)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_idempotency_key")


def test_a_key_holds_for_a_day(cast, shirins):
    sent = specimens.least(LEAD)
    shirins.post("lead", sent, **KEY)
    KeptAnswer.objects.update(at=timezone.now() - timedelta(hours=25))
    assert "Idempotency-Replayed" not in shirins.post("lead", sent, **KEY)
    KeptAnswer.objects.update(at=timezone.now() - timedelta(hours=25))
    tidy_api(None)
    assert not KeptAnswer.objects.exists()


def test_a_file_is_told_from_another_one(cast, shirins):
    def send(content):
        file = SimpleUploadedFile("leads.csv", content)
        return shirins.client.post(
            "/api/v1/imports", {"file": file, "type": "lead"}, headers={"Idempotency-Key": "1"}
        )

    first, second, other = send(b"Name\nSara\n"), send(b"Name\nSara\n"), send(b"Name\nAli\n")
    assert (first.status_code, second.json(), other.status_code) == (202, first.json(), 422)
    assert Import.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_record(program):
    shirin = gather().shirin
    asks, barrier = program(shirin), Barrier(2)

    def send(_number):
        try:
            barrier.wait()
            return asks.post("lead", specimens.least(LEAD), **KEY)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, range(2)))
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert LEAD.model.objects.count() == 1
    assert sum("Idempotency-Replayed" in answer for answer in answers) == 1
