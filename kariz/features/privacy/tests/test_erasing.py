"""A person goes from everywhere, for good, and a certificate stays that says so."""

import json

import pytest
from django.urls import reverse

from kariz.core import records, registry
from kariz.core.models import Change, ChangeBatch, SearchRow
from kariz.features.privacy import certificates, erased_list
from kariz.features.privacy.models import Erasure
from kariz.features.privacy.tests.conftest import EMAIL, NAME, WORDS
from kariz.features.privacy.tests.searching import files_naming, rows_naming
from tests import specimens
from tests.forms import form, send
from tests.reading import at, text

LEAD, CONTACT = registry.get("lead"), registry.get("contact")


@pytest.fixture
def erase(shirin, django_capture_on_commit_callbacks):
    """Erase through the screen; gives the certificate."""

    def answer(record, way="anonymised", **said):
        page = shirin.get(reverse("privacy:erase", args=[registry.of(record).name, record.pk]))
        with django_capture_on_commit_callbacks(execute=True):
            sent = {"way": way, "sure": "1", "asked_by": "person", **said}
            done = send(shirin, page, "sure", **sent)
        assert done.status_code == 302, text(done)
        return Erasure.objects.latest("pk")

    return answer


@pytest.mark.parametrize("way", ["anonymised", "erased"])
def test_nothing_of_the_person_is_left_anywhere(known, erase, way):
    assert len(rows_naming(*WORDS)) > 20
    assert files_naming(EMAIL)
    erase(known.lead, way)
    assert rows_naming(*WORDS) == []
    assert files_naming(*WORDS) == []
