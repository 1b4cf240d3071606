"""What is one person's, made by that person: an export, an import, a token, a comment, a view, a batch, a profile."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.urls import reverse

from kariz.accounts.models import User
from kariz.api import tokens
from kariz.core import registry
from kariz.core.models import ChangeBatch, Undoing
from kariz.features.comments.models import Comment
from kariz.features.export.models import ExportRun
from kariz.features.export.orders import Order
from kariz.features.profiles.models import Profile
from kariz.features.transfer.models import Import
from kariz.web.models import SavedView
from tests import specimens, wizard
from tests.cast import signed_in

Parts = dict[str, Any]
"""Part of an address → what stands there."""


def of(person: User) -> dict[str, Parts]:
    """Thing → what its addresses name."""
    lead = registry.get("lead")
    browser = signed_in(person)
    own = specimens.make(lead, person, f"Of {person.username}")
    browser.post(reverse("comments:add", args=["lead", own.pk]), {"text": "Call after Nowruz"})
    browser.post(reverse("web:edit", args=["lead", own.pk]), {specimens.naming(lead): "Changed"})
    wizard.upload(browser, "lead", b"Name,Phone\nSara,\n")
    run = ExportRun(
        user=person, record_type="lead", order=Order("lead").as_json(), state=ExportRun.State.DONE
    )
    run.file.save(f"exports/{person.pk}.csv", ContentFile(b"Name\n"))
    browser.post(reverse("web:edit", args=["lead", own.pk]), {specimens.naming(lead): "Changed again"})
    undone, batch = ChangeBatch.objects.filter(user=person, kind="edit").order_by("pk")
    Undoing.objects.create(batch=ChangeBatch.objects.create(kind="undo", user=person, undoes=undone), total=1)
    brought = Import.objects.get(user=person)
    view = SavedView.objects.create(record_type="lead", owner=person, name="Mine")
    profile = Profile.objects.create(record_type="lead", name="Best", where={}, author=person)
    return {
        "export": {"pk": run.pk},
        "import": {"pk": brought.pk, "file_pk": brought.files.get().pk},
        "token": {"pk": tokens.make(person, "A program")[0].pk},
        "comment": {"pk": Comment.objects.get(author=person).pk},
        "view": {"pk": view.pk, "record_type": "lead"},
        "batch": {"pk": batch.pk},
        "undone": {"pk": undone.pk},
        "profile": {"pk": profile.pk},
    }
