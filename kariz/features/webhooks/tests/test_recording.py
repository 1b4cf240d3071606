"""Which changes a webhook hears of, and what it is told: as much as its owner may see, once."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kariz.core import changes, events, metadata, records, registry
from kariz.core.models import Change
from kariz.features.webhooks import subscriptions
from kariz.features.webhooks.models import Delivery
from kariz.notices import recent

ORGANIZATION = registry.get("organization")


def told(receiver):
    return [json.loads(one.body) for one in receiver.heard]


def heard(receiver):
    return [(one["event"], one["change"]["record"]) for one in told(receiver)]


def test_a_change_is_told_with_what_the_feed_says_of_it(hook, save, work, receiver, cast):
    webhook = hook()
    made = save(city="İzmir")
    work()
    change = Change.objects.get()
    [one] = told(receiver)
    assert (one["event"], one["webhook"]) == (
        "organization.created",
        {"id": webhook.pk, "name": "Accounting"},
    )
    assert one["change"]["id"] == change.pk
    assert (one["change"]["type"], one["change"]["record"]) == ("organization", made.pk)
    assert one["change"]["by"]["username"] == "shirin"
    assert one["change"]["values"]["city"] == {"before": None, "after": "İzmir"}


def test_nothing_is_sent_within_the_request_that_saves(hook, save, receiver):
    hook()
    save()
    assert receiver.heard == []
    assert not Delivery.objects.exists()


def test_each_change_becomes_one_delivery_however_often_it_is_heard_of(hook, save, work, receiver):
    hook()
    save()
    work()
    Change.objects.update(is_delivered=False)
    work()
    assert Delivery.objects.count() == len(receiver.heard) == 1


def test_only_the_types_and_kinds_that_were_asked_for(hook, save, work, receiver, cast):
    hook(kinds=["deleted"])
    made = save()
    product = registry.get("product")
    records.save(product, product.model(), {"name": "Pump"}, user=cast.shirin)
    pk = made.pk
    records.delete(ORGANIZATION, [made], user=cast.shirin)
    work()
    assert heard(receiver) == [("organization.deleted", pk)]


def test_a_deletion_tells_no_values(hook, save, work, receiver, cast):
    hook(kinds=["deleted"])
    records.delete(ORGANIZATION, [save(city="İzmir")], user=cast.shirin)
    work()
    assert told(receiver)[0]["change"]["values"] == {}


def test_updates_can_be_narrowed_to_certain_fields(hook, save, work, receiver):
    hook(narrowed={"organization": {"fields": ["city"]}})
    made = save()
    save(made, website="https://ege.example")
    save(made, city="İzmir")
    work()
    assert ["city" in one["change"]["values"] for one in told(receiver)[1:]] == [True]


def test_a_condition_is_asked_of_the_record_as_it_is_now(hook, save, work, receiver):
    hook(narrowed={"organization": {"where": {"all": [["city", "is", "İzmir"]]}}})
    inside, _outside = save(name="Inside", city="İzmir"), save(name="Outside", city="Ankara")
    work()
    assert heard(receiver) == [("organization.created", inside.pk)]
    save(inside, city="Ankara")
    work()
    assert len(receiver.heard) == 1


def test_of_records_that_the_owner_does_not_see_nothing_is_told(hook, save, work, receiver, cast):
    hook(owner=cast.bob)
    his = save(name="His", owner=cast.bob.pk)
    hers = save(name="Hers", owner=cast.maryam.pk)
    records.delete(ORGANIZATION, [hers], user=cast.shirin)
    work()
    seen = records.visible(ORGANIZATION, cast.bob).values_list("pk", flat=True)
    assert list(seen) == [his.pk]
    assert heard(receiver) == [("organization.created", his.pk)]


def test_a_hidden_field_is_told_to_nobody(hook, save, work, receiver):
    hook()
    secret = metadata.add_field(ORGANIZATION, label="Secret", type="text").name
    made = save(**{secret: "x"})
    metadata.change_field(ORGANIZATION, secret, is_hidden=True)
    save(made, **{secret: "y"})
    work()
    assert all(secret not in one["change"]["values"] for one in told(receiver))


def test_an_owner_who_left_hears_nothing(hook, save, work, receiver, cast):
    webhook = hook()
    type(cast.shirin).objects.filter(pk=cast.shirin.pk).update(is_active=False)
    save(user=None)
    work()
    assert receiver.heard == []
    assert not webhook.deliveries.exists()


def test_a_webhook_that_is_off_hears_nothing_and_does_not_make_up_for_it(hook, save, work, receiver):
    webhook = hook(is_active=False)
    save()
    work()
    webhook.is_active = True
    subscriptions.keep(webhook)
    work()
    assert receiver.heard == []


def test_a_condition_that_cannot_be_asked_any_more_tells_the_owner_once_and_nobody_else_suffers(
    hook, save, work, receiver, cast
):
    hook(narrowed={"organization": {"where": {"all": [["no_such_field", "is", "x"]]}}})
    hook(name="Other")
    save()
    work()
    save(name="Second")
    work()
    assert len(receiver.heard) == 2
    [notice] = [str(one) for one in recent(cast.shirin, 9)]
    assert "condition cannot be asked" in notice


def test_undoing_is_told_too(hook, save, work, receiver, cast):
    hook()
    made = save(city="İzmir")
    save(made, city="Ankara")
    changes.undo(Change.objects.order_by("-id").first().batch, cast.shirin)
    work()
    assert told(receiver)[-1]["change"]["batch"]["kind"] == "undo"


class TestWithoutWebhooks:
    def test_a_save_costs_what_it_cost_before(self, save, monkeypatch):
        """Once in a process, and after administrators have changed something, the webhooks are read."""
        made = save()
        save(made, city="Bursa")
        with CaptureQueriesContext(connection) as asked:
            save(made, city="İzmir")
        monkeypatch.delitem(events._consumers, "webhooks")
        with CaptureQueriesContext(connection) as asked_without:
            save(made, city="Ankara")
        assert len(asked) == len(asked_without)
        assert not Change.objects.filter(kind="updated", is_delivered=False).exists()

    def test_no_change_of_many_asks_the_database(self, cast, hook, django_assert_num_queries):
        hook(record_types=["lead"])
        assert events.is_wanted("lead", "created", {})
        with django_assert_num_queries(0):
            wanted = [events.is_wanted("organization", "created", {"name": [None, "x"]}) for _ in range(1000)]
        assert not any(wanted)


@pytest.mark.parametrize("count", [3, 30])
def test_the_queries_of_recording_do_not_grow_with_the_changes(
    hook, cast, count, django_assert_max_num_queries
):
    hook(narrowed={"organization": {"where": {"all": [["name", "contains", "Firm"]]}}})
    batch = records.batch_of("import", cast.shirin)
    rows = [(ORGANIZATION.model(), {"name": f"Firm {number}"}) for number in range(count)]
    records.save_many(ORGANIZATION, rows, user=cast.shirin, batch=batch)
    with django_assert_max_num_queries(18):
        events.deliver(None)
    assert Delivery.objects.count() == count
