"""Whoever is made responsible by somebody else is told."""

import pytest
from django.test import Client

from kariz import notices
from kariz.accounts import people
from kariz.accounts.roles import ShippedRole
from kariz.core import events, records, registry
from kariz.records.organizations.models import Organization


@pytest.fixture
def elif_(db):
    return people.create("elif", role=ShippedRole.HEAD_OF_SALES, name="Elif Kaya")[0]


@pytest.fixture
def can(db):
    return people.create("can", name="Can Demir")[0]


def save(user, name="Ege Teknik", record=None, **values):
    kind = registry.get("organization")
    return records.save(kind, record or Organization(), {"name": name} | values, user=user)


def told(user):
    events.deliver(None)
    return [str(notice) for notice in notices.recent(user, 9)]


def test_a_new_record_for_somebody_else_is_told_to_him_with_its_page(elif_, can):
    made = save(elif_, owner=can.pk)
    assert told(can) == ["Elif Kaya made you responsible for “Ege Teknik”."]
    assert notices.recent(can, 1)[0].url == f"/organization/{made.pk}/"
    assert told(elif_) == []


def test_handing_over_is_told_and_other_changes_are_not(elif_, can):
    made = save(elif_)
    save(elif_, record=made, owner=can.pk)
    save(elif_, record=made, city="Izmir")
    assert told(can) == ["Elif Kaya made you responsible for “Ege Teknik”."]


def test_what_one_takes_oneself_is_not_told(elif_):
    save(elif_)
    assert told(elif_) == []


def test_many_records_at_once_ring_once(elif_, can):
    batch = records.batch_of("bulk edit", elif_)
    rows = [(Organization(), {"name": f"Firm {number}", "owner": can.pk}) for number in range(20)]
    records.save_many(registry.get("organization"), rows, user=elif_, batch=batch)
    assert told(can) == ["Elif Kaya made you responsible for several records."]
    client = Client()
    client.force_login(elif_)
    assert client.get(notices.recent(can, 1)[0].url).status_code == 200


def test_hearing_of_the_same_change_again_rings_no_second_time(elif_, can):
    save(elif_, owner=can.pk)
    told(can)
    events.Change.objects.update(is_delivered=False)
    assert len(told(can)) == 1


def test_a_record_that_is_gone_before_the_bell_rings_is_not_told(elif_, can):
    made = save(elif_, owner=can.pk)
    records.delete(registry.get("organization"), [made], user=elif_)
    assert told(can) == []
