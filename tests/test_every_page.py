"""Every address of the program, asked and sent nonsense to: nothing breaks, and every page is whole and translated."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.urls import URLResolver, get_resolver, reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

import kariz
from kariz.accounts import invitations
from kariz.accounts.credentials import Invitation
from kariz.accounts.models import Profile, Role
from kariz.core import registry, sharing
from kariz.core.grants import Share, SharingRule
from kariz.core.models import ChangeBatch, Choice
from kariz.features.comments.models import Comment
from kariz.features.privacy.erasing import Order, carry_out
from kariz.features.privacy.models import Channel, Erasure, RetentionRule
from kariz.features.transfer.models import Import, ImportFile
from kariz.features.webhooks.models import Delivery, Webhook
from kariz.web.models import SavedView
from tests import specimens, wizard
from tests.cast import signed_in
from tests.connecting import Planner
from tests.reading import FRAGMENT, at, html

LEAD = registry.get("lead")
# Every control that any page has.
CONTROLS = {
    name
    for template in Path(kariz.__path__[0]).rglob("*.html")
    for name in re.findall(r'\bname="(\w+)"', template.read_text())
}


@pytest.fixture
def world(cast) -> dict[str, Any]:
    """What stands for each part of an address; a number is that of the thing that the address is about."""
    lead = specimens.make_full(LEAD, cast.reza, "Sara Ahmadi")
    shirin = signed_in(cast.shirin)
    shirin.post(at("new", LEAD), specimens.least(LEAD))
    shirin.post(reverse("comments:add", args=["lead", lead.pk]), {"text": "Call after Nowruz"})
    sharing.share(LEAD, [lead], [cast.can], by=None)
    wizard.bring(shirin, "organization", "Name,Phone\nPars Sanat,\nArvand,12\n")
    webhook = Webhook.objects.create(
        name="Accounting", url="https://example.com/", owner=cast.shirin, record_types=["lead"]
    )
    delivery = Delivery.objects.create(webhook=webhook, change=1, event="lead.created", body="{}")
    planner = Planner(cast.shirin, is_confidential=True)
    for user in (cast.shirin, cast.reza):
        planner.connect(user)
    erased = specimens.make(LEAD, cast.reza, "Erased")
    carry_out(Order({"lead": [erased.pk]}, Erasure.Way.ERASED), cast.shirin)
    RetentionRule.objects.create(name="Old", record_type="lead", where=["source", "empty"])
    invitation = Invitation(email="elif@example.com", role_id=cast.reza.role_id)
    secret = invitations.renew(invitation)
    return {
        "record_type": ["lead"],
        "type_name": ["lead", "opportunity"],
        "name": ["details", "updates", "comments", "name", "status", "products", "nobody"],
        "target": ["contact", "nobody"],
        "file_pk": [first(ImportFile)],
        "import/": [first(Import)],
        "uidb64": [urlsafe_base64_encode(force_bytes(cast.reza.pk))],
        "token": [default_token_generator.make_token(cast.reza), "nonsense"],
        "secret": [secret, "nonsense"],
        "settings/invitations/": [invitation.pk],
        "settings/users/": [cast.reza.pk],
        "settings/teams/": [cast.reza.team_id],
        "pipelines/": [first(Choice, field="pipeline")],
        "picklists/": [first(Choice, record_type="lead", field="status")],
        "settings/roles/": [first(Role, key="salesperson")],
        "settings/profiles/": [first(Profile, key="salesperson")],
        "settings/sharing/": [SharingRule.objects.create(record_type="lead", name="All").pk],
        "preview/": [cast.reza.pk],
        "share_pk": [first(Share)],
        "batches/": [first(ChangeBatch)],
        "views/": [first(SavedView, record_type="lead")],
        "comments/<int": [first(Comment)],
        "settings/webhooks/": [webhook.pk],
        "programs/": [planner.row.pk],
        "user_pk": [cast.reza.pk],
        "delivery_pk": [delivery.pk],
        "channels/": [first(Channel)],
        "erasures/": [first(Erasure)],
        "retention/": [first(RetentionRule)],
        "pk": [lead.pk],
    }


def first(model: Any, **narrow: str) -> int:
    return model.objects.filter(**narrow).order_by("pk")[0].pk


def addresses(world: dict[str, Any]) -> Iterator[str]:
    """Every address with everything that may stand in it."""
    for path in paths():
        about = next((about for about in world if about in path and "/" in about), "pk")
        parts = [about if part == "pk" else part for part in re.findall(r"<(?:\w+:)?(\w+)>", path)]
        for chosen in product(*(world[part] for part in parts)):
            yield "/" + re.sub(r"<[^>]*>", "{}", path).format(*chosen)


def paths(patterns: Any = None, prefix: str = "") -> Iterator[str]:
    for one in patterns or get_resolver().url_patterns:
        path = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from paths(one.url_patterns, path)
        else:
            yield path


def test_every_page_is_whole_in_every_language(cast, world):
    wrong: dict[str, list[str]] = {}
    for person in (cast.shirin, cast.maryam, cast.elif_):
        browser = signed_in(person)
        for address in addresses(world):
            answer = browser.get(address)
            assert answer.status_code < 500, address
            is_page = answer.status_code == 200 and "text/html" in answer["Content-Type"]
            if is_page and (found := faults(html(answer))):
                wrong[f"{person.username} {address}"] = found
    assert wrong == {}


def faults(page: str) -> list[str]:
    """What no page should have: parts of templates, ids given twice, labels and links that lead nowhere."""
    found = re.findall(r"{[{%#].{0,20}|%\(\w+\)s", page)
    outside = re.sub(r"<template>.*?</template>", "", page, flags=re.DOTALL)
    ids = Counter(re.findall(r'\sid="([^"]+)"', outside))
    found += [f"id {one} twice" for one, count in ids.items() if count > 1]
    for attribute in ("for", "popovertarget", "aria-labelledby", "aria-describedby", "form"):
        named = re.findall(rf'\s{attribute}="([^"]+)"', outside)
        found += [f"{attribute} {one}" for words in named for one in words.split() if one not in ids]
    return found


@pytest.mark.parametrize("sent", [{}, dict.fromkeys(CONTROLS, "nonsense")], ids=["nothing", "nonsense"])
def test_no_form_breaks_on_what_makes_no_sense(cast, world, sent):
    for address in addresses(world):
        for headers in ({}, FRAGMENT):
            assert signed_in(cast.shirin).post(address, sent, headers=headers).status_code < 500, address
    assert signed_in(cast.shirin).get("/").status_code == 200
