"""How deliveries reach the receiver: signed, in order, again and again, and given up at last."""

import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from kariz import notices
from kariz.core import records, registry
from kariz.features.webhooks import attempts, replaying, retention, sending, subscriptions
from kariz.features.webhooks.models import Delivery, Webhook
from kariz.jobs.models import Job
from tests.receiver import Reply

NO = Reply(500, b"broken")


@pytest.fixture(autouse=True)
def no_jitter(monkeypatch):
    monkeypatch.setattr(attempts, "JITTER", (1, 1))


def parts(header):
    return [tuple(part.split("=", 1)) for part in header.split(",")]


def mark(secret, at, body):
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def test_a_message_is_signed_with_its_moment_and_names_its_event_and_itself(hook, save, work, receiver):
    webhook = hook()
    save()
    work()
    [one] = receiver.heard
    (_t, at), (_v1, signed) = parts(one.headers["Kariz-Signature"])
    assert signed == mark(webhook.secret, at, one.body)
    assert abs(int(at) - Delivery.objects.get().tried_at.timestamp()) < 5
    assert one.headers["Kariz-Event"] == "organization.created"
    assert one.headers["Kariz-Delivery"] == str(Delivery.objects.get().key)
    assert one.headers["Content-Type"] == "application/json"


def test_for_a_day_after_a_rotation_both_secrets_are_valid(hook, save, work, receiver, clock):
    webhook = hook()
    old, new = webhook.secret, subscriptions.rotate(webhook)
    made = save()
    work()
    (_t, at), *marks = parts(receiver.heard[0].headers["Kariz-Signature"])
    assert [one for _v1, one in marks] == [mark(secret, at, receiver.heard[0].body) for secret in (new, old)]
    clock.forward(timedelta(days=1, seconds=1))
    save(made, city="İzmir")
    work()
    (_t, at), *marks = parts(receiver.heard[1].headers["Kariz-Signature"])
    assert [one for _v1, one in marks] == [mark(new, at, receiver.heard[1].body)]


def test_what_came_back_is_kept(hook, save, work, receiver):
    receiver.always = Reply(202, "teşekkürler\0".encode(), {"X-Trace": "7"})
    hook()
    save()
    work()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status, delivery.tries) == ("delivered", 202, 1)
    assert delivery.answer == "teşekkürler�"
    assert ["X-Trace", "7"] in delivery.answer_headers
    assert delivery.milliseconds is not None


def test_the_changes_of_one_record_arrive_in_order(hook, save, work, receiver):
    hook()
    made = save()
    for city in ("İzmir", "Ankara", "Bursa"):
        save(made, city=city)
    work()
    assert [json.loads(one.body)["change"]["version"] for one in receiver.heard] == [1, 2, 3, 4]


def test_a_failure_is_tried_again_later_and_later_with_the_same_bytes_until_it_arrives(
    hook, save, work, receiver, clock
):
    receiver.replies = [NO, NO, Reply(302, headers={"Location": "/elsewhere"}), Reply(200)]
    hook()
    save()
    work()
    for wait in attempts.WAITS[:3]:
        clock.forward(wait - timedelta(seconds=10))
        work()
        count = len(receiver.heard)
        clock.forward(timedelta(seconds=20))
        work()
        assert len(receiver.heard) == count + 1
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries) == ("delivered", 4)
    assert [one["status"] for one in delivery.earlier] == [500, 500, 302]
    assert len({(one.body, one.headers["Kariz-Delivery"]) for one in receiver.heard}) == 1
    assert Webhook.objects.get().failures == 0


def test_after_the_last_try_it_is_dead(hook, save, work, receiver, clock):
    receiver.always = NO
    hook()
    save()
    work()
    for wait in attempts.WAITS:
        clock.forward(wait + timedelta(seconds=1))
        work()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries, delivery.next_at) == ("dead", 12, None)
    assert len(receiver.heard) == 12
    clock.forward(timedelta(days=2))
    work()
    assert len(receiver.heard) == 12


def test_the_waits_grow_from_a_minute_to_a_day(monkeypatch):
    assert (attempts.WAITS[0], attempts.WAITS[-1]) == (timedelta(minutes=1), timedelta(days=1))
    assert sorted(attempts.WAITS) == list(attempts.WAITS)
    monkeypatch.setattr(attempts, "JITTER", (0.85, 1.15))
    waits = {attempts._jittered(timedelta(hours=1)) for _ in range(20)}
    assert len(waits) > 1
    assert all(timedelta(minutes=50) < one < timedelta(minutes=70) for one in waits)


def test_nobody_there_is_a_failure_like_any_other(hook, save, work, receiver):
    hook(url="http://127.0.0.1:1025/hook")
    save()
    work()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error, delivery.status) == ("retrying", "connection", None)


def test_without_the_setting_nothing_is_sent_into_the_own_network(hook, save, work, receiver, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    hook()
    save()
    work()
    assert receiver.heard == []
    assert Delivery.objects.get().error == "address"


def test_a_receiver_that_is_down_gets_a_pause_instead_of_everything(hook, save, work, receiver, clock):
    receiver.always = NO
    webhook = hook()
    for number in range(10):
        save(name=f"Firm {number}")
    work()
    assert len(receiver.heard) == attempts.FAILURES_BEFORE_PAUSE
    clock.forward(timedelta(seconds=55))
    work()
    assert len(receiver.heard) == attempts.FAILURES_BEFORE_PAUSE
    clock.forward(timedelta(seconds=6))
    work()
    assert len(receiver.heard) == attempts.FAILURES_BEFORE_PAUSE + 1
    receiver.always = Reply()
    clock.forward(timedelta(minutes=2, seconds=1))
    work()
    assert webhook.deliveries.filter(state="delivered").count() == 10


def test_after_three_days_without_success_it_is_switched_off_and_the_owner_told(
    hook, save, work, receiver, clock, cast
):
    receiver.always = NO
    webhook = hook()
    made = save()
    work()
    for day in range(4):
        clock.forward(timedelta(hours=20))
        save(made, city=f"City {day}")
        work()
    webhook.refresh_from_db()
    assert (webhook.is_active, webhook.switched_off_at is not None) == (False, True)
    assert ["“Accounting” was switched off" in str(one) for one in notices.recent(cast.shirin, 9)] == [True]
    count = len(receiver.heard)
    save(made, city="Bursa")
    clock.forward(timedelta(days=1))
    work()
    assert len(receiver.heard) == count


def test_one_success_begins_the_three_days_anew(hook, save, work, receiver, clock):
    webhook = hook()
    made = save()
    for day in range(6):
        receiver.always = Reply() if day == 2 else NO
        save(made, city=f"City {day}")
        clock.forward(timedelta(hours=20))
        work()
    webhook.refresh_from_db()
    assert webhook.is_active


def test_switched_on_again_it_goes_on_with_what_is_left(hook, save, work, receiver, clock):
    receiver.always = NO
    webhook = hook()
    save()
    work()
    Webhook.objects.update(is_active=False)
    webhook.refresh_from_db()
    receiver.always, webhook.is_active = Reply(), True
    subscriptions.keep(webhook)
    clock.forward(timedelta(minutes=2))
    work()
    assert Delivery.objects.get().state == "delivered"


def test_what_failed_can_be_sent_again_one_and_all(hook, save, work, receiver, clock):
    webhook = hook()
    for number in range(3):
        save(name=f"Firm {number}")
    work()
    webhook.deliveries.update(state="dead")
    first, *_others = webhook.deliveries.order_by("id")
    replaying.again(first)
    work()
    assert receiver.heard[-1].body == receiver.heard[0].body
    clock.forward(timedelta(hours=2))
    since = clock.now - timedelta(hours=1)
    assert replaying.failed_since(webhook, since) == 0
    assert replaying.failed_since(webhook, since - timedelta(hours=2)) == 2
    work()
    assert set(webhook.deliveries.values_list("state", flat=True)) == {"delivered"}


def test_a_test_is_one_try_that_counts_for_nothing_unless_it_arrives(hook, work, receiver, clock):
    webhook = hook(is_active=False, failures=5, failing_since=clock.now)
    receiver.replies = [NO]
    replaying.test(webhook)
    work()
    assert webhook.deliveries.get().state == "dead"
    webhook.refresh_from_db()
    assert webhook.failures == 5
    replaying.test(webhook)
    work()
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.failing_since) == (0, None)
    assert [one.headers["Kariz-Event"] for one in receiver.heard] == ["test", "test"]


def test_what_an_administrator_decides_while_it_is_sent_stands(hook, save, work, receiver):
    """Each has read the webhook before the other wrote."""
    webhook = hook()
    save()
    for is_active in (False, True):
        read_by_the_job = Webhook.objects.get()
        webhook.is_active = is_active
        subscriptions.keep(webhook)
        delivery = Delivery(webhook=read_by_the_job, change=1, event="a", body="{}")
        receiver.replies = [NO]
        attempts.attempt(delivery)
        webhook.refresh_from_db()
        assert (webhook.is_active, webhook.failures) == (is_active, 1)
        Webhook.objects.update(failures=0)


def test_what_waits_for_an_owner_who_left_is_not_sent(hook, save, work, receiver, cast, clock):
    receiver.replies = [NO]
    hook()
    save()
    work()
    type(cast.shirin).objects.filter(pk=cast.shirin.pk).update(is_active=False)
    clock.forward(timedelta(minutes=2))
    work()
    assert len(receiver.heard) == 1


def test_two_jobs_do_not_send_the_same_beside_each_other(hook, save, work, receiver, clock):
    webhook = hook()
    Webhook.objects.update(leased_until=clock.now + timedelta(seconds=60))
    save()
    work()
    assert receiver.heard == []
    clock.forward(timedelta(seconds=61))
    work()
    assert len(receiver.heard) == 1
    webhook.refresh_from_db()
    assert webhook.leased_until is None


def test_a_slow_receiver_does_not_keep_the_worker(hook, save, work, receiver, clock, monkeypatch):
    monkeypatch.setattr(sending, "STRETCH", 0)
    hook()
    for number in range(3):
        save(name=f"Firm {number}")
    work()
    assert len(receiver.heard) == 1
    for _ in range(2):
        clock.forward(sending.LOOK)
        work()
    assert len(receiver.heard) == 3


def test_a_webhook_that_is_deleted_takes_its_log_along(hook, save, work, receiver):
    webhook = hook()
    save()
    work()
    subscriptions.forget(webhook)
    save(name="Second")
    work()
    assert not Delivery.objects.exists()
    assert len(receiver.heard) == 1


def test_old_deliveries_are_deleted_and_open_ones_stay(hook, save, work, clock):
    webhook = hook()
    save()
    save(name="Second")
    work()
    webhook.deliveries.filter(pk=webhook.deliveries.last().pk).update(state="retrying")
    clock.forward(timedelta(days=31))
    assert retention.delete_old_deliveries(None) == 1
    assert [one.state for one in webhook.deliveries.all()] == ["retrying"]


def test_many_changes_at_once_need_few_jobs(hook, cast, work, receiver):
    hook()
    kind = registry.get("organization")
    batch = records.batch_of("import", cast.shirin)
    rows = [(kind.model(), {"name": f"Firm {number}"}) for number in range(120)]
    records.save_many(kind, rows, user=cast.shirin, batch=batch)
    work()
    assert len(receiver.heard) == 120
    assert Job.objects.filter(name="send_webhook").count() <= 3
