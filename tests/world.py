"""A company in which there is something at every address: what the tests of all pages at once stand on."""

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.urls import URLResolver, get_resolver, reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

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
from tests.cast import Cast, signed_in
from tests.connecting import Planner
from tests.reading import at

World = dict[str, Any]
LEAD = registry.get("lead")


def made(cast: Cast, name: str = "Sara Ahmadi") -> World:
    """What stands for each part of an address; a number is that of the thing that the address is about.

    `name` is what people have called whatever they name.
    """
    lead = specimens.make_full(LEAD, cast.reza, name)
    shirin = signed_in(cast.shirin)
    shirin.post(at("new", LEAD), specimens.least(LEAD))
    shirin.post(reverse("comments:add", args=["lead", lead.pk]), {"text": f"Call {name} after Nowruz"})
    sharing.share(LEAD, [lead], [cast.can], by=None)
    quoted = name.replace('"', '""')
    rows = f'Name,Phone,"Like {quoted}"\n"Firm of {quoted}",,\nArvand,12,\n'
    wizard.bring(shirin, "organization", rows, name=f"{name}.csv")
    webhook = Webhook.objects.create(
        name=f"Accounting of {name}", url="https://example.com/", owner=cast.shirin, record_types=["lead"]
    )
    delivery = Delivery.objects.create(webhook=webhook, change=1, event="lead.created", body="{}")
    planner = Planner(cast.shirin, name=f"Planner of {name}", is_confidential=True)
    for user in (cast.shirin, cast.reza):
        planner.connect(user)
    erased = specimens.make(LEAD, cast.reza, "Erased")
    carry_out(Order({"lead": [erased.pk]}, Erasure.Way.ERASED), cast.shirin)
    RetentionRule.objects.create(name=f"Old {name}", record_type="lead", where=["source", "empty"])
    invitation = Invitation(email="elif@example.com", role=Role.objects.get(key="salesperson"))
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
        "settings/sharing/": [SharingRule.objects.create(record_type="lead", name=f"All of {name}").pk],
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


def addresses(world: World) -> Iterator[str]:
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
