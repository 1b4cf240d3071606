"""Somebody of whom everything is known that Kariz can know, and a data folder of the test's own."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import reverse

from kariz import audit
from kariz.api.models import KeptAnswer, Token
from kariz.core import actions, duplicates, merging, records, registry
from kariz.core.models import Change
from kariz.features.privacy import consent
from kariz.features.privacy.consent import Word
from kariz.features.programs.models import Program
from kariz.features.webhooks.models import Delivery, Webhook
from kariz.jobs import worker
from kariz.web.models import SavedView
from tests import specimens, wizard
from tests.conftest import browser_of, cast, fresh_company, shirin  # noqa: F401  the cast of the whole program
from tests.reading import at

EMAIL, PHONE, TYPED = "sara.ahmadi@example.org", "+989121234567", "0912 123 4567"
NAME, BEFORE, SPELT = "Sara Ahmadi", "سارا احمدی", "AHMADI Sara"
WORDS = (EMAIL, PHONE, "9121234567", NAME, BEFORE)


@pytest.fixture(autouse=True)
def data_folder(settings, tmp_path):
    """Files and the list of erasures are the test's own."""
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    settings.MEDIA_ROOT = settings.DATA / "files"
    return settings.DATA


@dataclass
class Known:
    lead: Any
    contact: Any
    deal: Any


@pytest.fixture
def known(cast, shirin):  # noqa: F811  the fixtures
    """Sara: a lead that was merged, renamed, talked about, imported, exported and converted; and what is like her."""
    lead_type = registry.get("lead")
    lead = specimens.make(lead_type, cast.reza, BEFORE, email=EMAIL, phone=TYPED, company="")
    records.save(lead_type, lead, {"name": NAME, "needs": "A call", "budget": "1200"}, user=cast.reza)
    other = specimens.make(lead_type, cast.reza, NAME, email=EMAIL, phone="", company="")
    merging.merge(lead_type, lead.pk, [other.pk], user=cast.shirin)
    _talk(cast, shirin, lead)
    _bring_and_take(cast, shirin)
    batch = records.batch_of("bulk edit", cast.reza)
    records.save_many(
        lead_type, [(specimens.current(lead), {"owner": cast.maryam.pk})], user=cast.shirin, batch=batch
    )
    worker.drain()
    made = actions.run("convert", lead_type, specimens.current(lead), user=cast.shirin)
    lead = specimens.current(lead)
    worker.drain()
    assert made
    _tell_programs(cast, lead)
    audit.note("sign_in.failed", about=("lead", lead.pk, NAME))
    audit.note("sign_in.failed", typed=f"{SPELT}, {EMAIL}")
    return Known(lead, lead.contact, lead.opportunity)


def _tell_programs(cast, lead):  # noqa: F811  the fixtures
    """Messages that tell of her and of somebody else and name her, programs that are called after her, an answer."""
    Program.objects.create(
        name=f"Diary of {NAME}", home_page=f"https://{NAME[:4]}.example", made_by=cast.shirin
    )
    Token.objects.create(name=f"Diary of {NAME}", owner=cast.shirin, made_by=cast.shirin)
    KeptAnswer.objects.create(caller="token 1", key="1", body=f'{{"name": "{NAME}"}}')
    webhook = Webhook.objects.create(name="Books", url="https://example.com/", owner=cast.shirin)
    told = Change.objects.filter(record_type="lead", record_id=lead.pk).latest("pk")
    Delivery.objects.create(
        webhook=webhook, change=told.pk, event="lead.updated", body=f'{{"name": "{NAME}"}}'
    )
    Delivery.objects.create(webhook=webhook, event="test", body="{}", answer=f"Known as {NAME}, {EMAIL}")


def _talk(cast, shirin, lead):  # noqa: F811  the fixtures
    """Comments, a request, consents, a visit and a view."""
    page = reverse("comments:add", args=["lead", lead.pk])
    shirin.post(page, {"text": f"{NAME} wants to be called at {TYPED}"})
    elsewhere = specimens.make(registry.get("lead"), cast.reza, "Ali Rezayi", email="ali@example.org")
    shirin.post(reverse("comments:add", args=["lead", elsewhere.pk]), {"text": f"Knows {SPELT} well"})
    duplicates.match_or_create(
        registry.get("lead"), {"name": NAME, "email": EMAIL, "phone": TYPED}, text=f"I am {NAME}, {TYPED}"
    )
    word = Word("email", "given", text=f"{NAME} agrees", note=f"by {EMAIL}")
    consent.record(registry.get("lead"), [lead.pk], word, cast.shirin)
    shirin.get(at("record", registry.get("lead"), lead.pk))
    SavedView.objects.create(
        record_type="lead", name=f"About {NAME}", owner=cast.shirin, where=["email", "is", EMAIL]
    )
    records.delete(registry.get("lead"), [elsewhere], user=cast.shirin)


def _bring_and_take(cast, shirin):  # noqa: F811  the fixtures
    """A file in which she stands twice, once in a row that fails; and an export that a worker has written."""
    rows = f"Name,E-mail,Phone\n{NAME},{EMAIL},{TYPED}\n{SPELT},no address,12\nAli Karimi,ali.karimi@example.org,\n"
    wizard.bring(shirin, "lead", rows, name="sara.csv")
    from kariz.features.export import running  # what the screens do for more records than fit here
    from kariz.features.export.orders import Order

    run = running.begin(Order("lead", format="csv"), cast.shirin)
    running.start(run)
    worker.drain()
