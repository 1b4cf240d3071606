"""What docs/webhooks.md tells those who write a receiver is true."""

import json
import re
import time
from pathlib import Path

import pytest

from kariz.features.webhooks import attempts, signing, subscriptions

PAGE = (Path(__file__).parents[4] / "docs/webhooks.md").read_text()


def block(language):
    return re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)[1]


@pytest.fixture
def is_from_kariz():
    space = {}
    exec(block("python"), space)
    return space["is_from_kariz"]


def test_the_example_accepts_what_kariz_sends_and_nothing_else(hook, save, work, receiver, is_from_kariz):
    webhook = hook()
    old, new = webhook.secret, subscriptions.rotate(webhook)
    save(city="İzmir")
    work()
    [one] = receiver.heard
    header = one.headers["Kariz-Signature"]
    assert is_from_kariz(header, one.body, new)
    assert is_from_kariz(header, one.body, old)
    assert not is_from_kariz(header, one.body, signing.new_secret())
    assert not is_from_kariz(header, one.body + b" ", new)


def test_the_example_refuses_what_is_old(is_from_kariz):
    earlier = signing.signature(b"{}", int(time.time()) - 301, ["secret"])
    assert not is_from_kariz(earlier, b"{}", "secret")
    assert is_from_kariz(signing.signature(b"{}", int(time.time()), ["secret"]), b"{}", "secret")


def test_the_message_has_the_parts_that_are_described(hook, save, work, receiver):
    hook()
    save(city="İzmir")
    work()
    described, sent = json.loads(block("json")), json.loads(receiver.heard[0].body)
    assert described.keys() == sent.keys()
    assert described["change"].keys() == sent["change"].keys()
    assert described["change"]["by"].keys() == sent["change"]["by"].keys()


def test_the_table_of_retries_is_the_schedule():
    units = {"min": 1, "h": 60}
    after = re.search(r"^\| after \|(.*)\|$", PAGE, re.MULTILINE)[1].split("|")
    told = [int(number) * units[unit] for number, unit in (one.split() for one in after)]
    assert told == [wait.total_seconds() / 60 for wait in attempts.WAITS]
