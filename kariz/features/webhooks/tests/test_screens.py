"""What administrators do with webhooks on the screen, and what others may not."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kariz.core import conditions, registry
from kariz.features.webhooks.models import Delivery, Webhook
from tests import cast as people
from tests.forms import form, forms, send
from tests.reading import FRAGMENT, html, links, text
from tests.receiver import Reply


def page(webhook):
    return reverse("webhooks:webhook", args=[webhook.pk])


def secret_on(answer):
    found = re.search(r"whsec_[\w-]+", html(answer))
    return found and found[0]


class TestMaking:
    def test_it_is_reached_from_the_settings_and_made_by_a_form(self, shirin, cast, receiver):
        settings = shirin.get(reverse("web:settings"))
        listed = shirin.get(links(settings)["Webhooks"])
        assert "No webhooks yet" in text(listed)
        sent = send(
            shirin,
            shirin.get(links(listed)["Add webhook"]),
            "url",
            name="Accounting",
            url=receiver.url(),
            owner=str(cast.bob.pk),
            record_types=["lead", "contact"],
            kinds=["created"],
        )
        webhook = Webhook.objects.get()
        assert sent["Location"] == page(webhook)
        assert (webhook.owner, webhook.record_types, webhook.kinds) == (
            cast.bob,
            ["lead", "contact"],
            ["created"],
        )
        assert webhook.is_active

    def test_the_secret_is_shown_once(self, shirin, cast, receiver):
        add = shirin.get(reverse("webhooks:add"))
        sent = send(
            shirin, add, "url", name="A", url=receiver.url(), record_types=["lead"], kinds=["created"]
        )
        first, second = shirin.get(sent["Location"]), shirin.get(sent["Location"])
        assert secret_on(first) == Webhook.objects.get().secret
        assert secret_on(second) is None

    @pytest.mark.parametrize(
        ("url", "told"),
        [
            ("ftp://example.com/", "https:// or http://"),
            ("https://example.com:25/", "above 1023"),
            ("https://me:word@example.com/", "user name and password"),
            ("http://10.0.0.1/", "private network"),
            ("nonsense", "https:// or http://"),
        ],
    )
    def test_an_address_that_would_not_be_called_is_refused_and_nothing_is_lost(
        self, shirin, settings, url, told
    ):
        settings.WEBHOOK_ALLOW_PRIVATE = False
        refused = send(
            shirin, shirin.get(reverse("webhooks:add")), "url", name="A", url=url, record_types=["lead"], kinds=[]
        )  # fmt: skip
        assert refused.status_code == 422
        assert told in text(refused)
        assert form(refused, "url").fields["url"] == [url]
        assert form(refused, "url").fields["record_types"] == ["lead"]
        assert not Webhook.objects.exists()

    def test_what_is_changed_is_heeded_and_switching_on_forgives(self, shirin, hook):
        webhook = hook(is_active=False, failures=7, switched_off_at=timezone.now())
        assert "switched off" in text(shirin.get(page(webhook)))
        edit = shirin.get(links(shirin.get(page(webhook)))["Edit"])
        send(shirin, edit, "url", name="Other", is_active="on")
        webhook.refresh_from_db()
        assert (webhook.name, webhook.is_active, webhook.failures) == ("Other", True, 0)
        assert "switched off" not in text(shirin.get(page(webhook)))

    def test_fields_and_a_condition_narrow_a_type(self, shirin, hook):
        webhook = hook()
        narrow = reverse("webhooks:narrow", args=[webhook.pk, "organization"])
        assert narrow in links(shirin.get(page(webhook))).values()
        typed = '{"all":[["city","is","İzmir"]]}'
        send(shirin, shirin.get(narrow), "filter", fields=["city", "name"], filter=typed)
        webhook.refresh_from_db()
        assert webhook.fields_of("organization") == {"city", "name"}
        conditions.check(registry.get("organization"), webhook.where_of("organization"))
        told = text(shirin.get(page(webhook)))
        assert "Changes of: City, Name" in told
        assert "City is İzmir" in told
        send(shirin, shirin.get(narrow), "filter", fields=[])
        webhook.refresh_from_db()
        assert webhook.narrowed == {"organization": {"where": {"all": [["city", "is", "İzmir"]]}}}

    def test_a_condition_that_makes_no_sense_is_explained_and_kept_on_the_screen(self, shirin, hook):
        narrow = reverse("webhooks:narrow", args=[hook().pk, "organization"])
        typed = '{"all":[["employees","greater","many"]]}'
        refused = send(shirin, shirin.get(narrow), "filter", filter=typed)
        assert refused.status_code == 422
        assert form(refused, "filter").fields["filter"] == [typed]
        assert Webhook.objects.get().narrowed == {}

    def test_a_rotated_secret_is_shown_and_both_are_said_to_be_valid(self, shirin, hook):
        webhook = hook()
        old = webhook.secret
        shirin.post(reverse("webhooks:secret", args=[webhook.pk]))
        shown = shirin.get(page(webhook))
        webhook.refresh_from_db()
        assert secret_on(shown) == webhook.secret != old
        assert "Both secrets are valid until" in text(shown)

    def test_it_is_deleted_with_its_log(self, shirin, hook, save, work):
        webhook = hook()
        save()
        work()
        shirin.post(reverse("webhooks:delete", args=[webhook.pk]))
        assert not Webhook.objects.exists()
        assert not Delivery.objects.exists()


class TestTheLog:
    def test_it_shows_what_was_sent_and_what_came_back(self, shirin, hook, save, work, receiver):
        receiver.always = Reply(500, b"out of order", {"X-Trace": "abc"})
        webhook = hook()
        save(city="İzmir")
        work()
        listed = shirin.get(page(webhook))
        assert "organization.created" in text(listed)
        assert "To be tried again" in text(listed)
        shown = text(shirin.get(links(listed)["organization.created"]))
        for part in ("500", "out of order", "X-Trace: abc", "İzmir", "Next try", "1 of at most 12"):
            assert part in shown

    def test_what_a_receiver_answers_is_never_markup(self, shirin, hook, save, work, receiver):
        evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
        receiver.always = Reply(500, evil.encode(), {"X-Evil": evil})
        webhook = hook(name=evil[:100], url=receiver.url("/<script>"))
        save(name=evil)
        work()
        for answer in (
            shirin.get(page(webhook)),
            shirin.get(reverse("webhooks:webhooks")),
            shirin.get(reverse("webhooks:delivery", args=[webhook.pk, Delivery.objects.get().pk])),
        ):
            assert "<script>alert" not in html(answer)
            assert "<img src=x" not in html(answer)
            assert "&lt;script&gt;" in html(answer)

    def test_dead_letters_are_counted_and_sent_again_all_or_one(self, shirin, hook, save, work, receiver):
        receiver.always = Reply(500)
        webhook = hook()
        for number in range(3):
            save(name=f"Firm {number}")
        work()
        webhook.deliveries.update(state="dead", tries=12)
        assert "3 failed" in text(shirin.get(reverse("webhooks:webhooks")))
        listed = shirin.get(page(webhook))
        assert "failed for good: 3" in text(listed)
        receiver.always = Reply()
        one = webhook.deliveries.first()
        shirin.post(reverse("webhooks:again", args=[webhook.pk, one.pk]))
        work()
        assert "failed for good: 2" in text(shirin.get(page(webhook)))
        send(shirin, listed, "since", since="hour")
        work()
        assert "failed for good" not in text(shirin.get(page(webhook)))
        assert set(webhook.deliveries.values_list("state", flat=True)) == {"delivered"}

    def test_it_is_narrowed_to_a_state_and_paged(self, shirin, hook, cast):
        webhook = hook()
        Delivery.objects.bulk_create(
            Delivery(webhook=webhook, change=number, event=f"lead.n{number}", body="{}", state="delivered")
            for number in range(60)
        )
        Delivery.objects.create(webhook=webhook, change=99, event="lead.bad", body="{}", state="dead")
        first = shirin.get(page(webhook))
        assert ("lead.bad" in text(first), "lead.n5 " in text(first)) == (True, False)
        assert "lead.n5 " in text(shirin.get(page(webhook) + links(first)["Older"]))
        dead = text(shirin.get(page(webhook), {"state": "dead"}))
        assert ("lead.bad" in dead, "lead.n59" in dead) == (True, False)

    def test_its_queries_do_not_grow_with_the_deliveries(self, shirin, hook, django_assert_max_num_queries):
        webhook = hook()
        Delivery.objects.bulk_create(
            Delivery(webhook=webhook, change=number, event="lead.created", body="{}") for number in range(40)
        )
        shirin.get(page(webhook))
        with django_assert_max_num_queries(12):
            shirin.get(page(webhook))
        with django_assert_max_num_queries(9):
            shirin.get(reverse("webhooks:webhooks"))

    def test_a_test_is_sent_and_watched(self, shirin, hook, work, receiver):
        webhook = hook()
        sent = shirin.post(reverse("webhooks:test", args=[webhook.pk]))
        waiting = shirin.get(sent["Location"])
        assert 'hx-trigger="load delay:1s"' in html(waiting)
        work()
        arrived = shirin.get(sent["Location"], headers=FRAGMENT)
        assert "<html" not in html(arrived)
        assert "Delivered" in text(arrived)
        assert "hx-trigger" not in html(arrived)
        assert [one.headers["Kariz-Event"] for one in receiver.heard][-1] == "test"

    def test_one_that_waits_for_tomorrow_is_not_watched(self, shirin, hook):
        webhook = hook()
        later = timezone.now() + timedelta(hours=5)
        one = Delivery.objects.create(
            webhook=webhook, change=1, event="a", body="{}", state="retrying", next_at=later
        )
        assert 'hx-trigger="load' not in html(
            shirin.get(reverse("webhooks:delivery", args=[webhook.pk, one.pk]))
        )


class TestOthers:
    @pytest.fixture
    def addresses(self, hook):
        webhook = hook()
        one = Delivery.objects.create(webhook=webhook, change=1, event="lead.created", body="{}")
        of_webhook = ("webhook", "change", "secret", "delete", "test", "failed_again")
        found = [reverse(f"webhooks:{name}", args=[webhook.pk]) for name in of_webhook]
        found += [reverse(f"webhooks:{name}", args=[webhook.pk, one.pk]) for name in ("delivery", "again")]
        found += [reverse("webhooks:webhooks"), reverse("webhooks:add")]
        return [*found, reverse("webhooks:narrow", args=[webhook.pk, "organization"])]

    def test_whoever_is_no_administrator_is_refused_everywhere(self, cast, addresses):
        for user in (cast.demir, cast.maryam, cast.kaveh):
            browser = people.signed_in(user)
            assert {browser.post(address).status_code for address in addresses} == {403}
            assert {browser.get(address).status_code for address in addresses} <= {403, 405}
        assert Webhook.objects.count() == Delivery.objects.count() == 1

    def test_what_changes_something_is_not_done_by_a_link(self, shirin, addresses, hook):
        changing = [one for one in addresses if re.search(r"secret|delete|test|again", one)]
        assert {shirin.get(address).status_code for address in changing} == {405}

    def test_a_forged_form_is_refused(self, cast, addresses):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(cast.shirin)
        assert {browser.post(address).status_code for address in addresses} == {403}

    def test_every_form_of_the_pages_has_its_token(self, shirin, hook):
        shown = shirin.get(page(hook()))
        assert all("csrfmiddlewaretoken" in one.fields for one in forms(shown) if one.method == "post")
