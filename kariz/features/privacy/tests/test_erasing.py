"""A person goes from everywhere, for good, and a certificate stays that says so."""

import json

import pytest
from django.urls import reverse

from kariz import audit
from kariz.audit.models import Entry
from kariz.core import changes, records, registry
from kariz.core.models import Change, ChangeBatch, SearchRow
from kariz.features.privacy import certificates, erased_list
from kariz.features.privacy.erasing import Order, carry_out
from kariz.features.privacy.models import Erasure
from kariz.features.privacy.tests.conftest import EMAIL, NAME, WORDS
from kariz.features.privacy.tests.searching import files_naming, rows_naming
from kariz.features.transfer.models import Import
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
            sent = {"way": way, "sure": "1", "do": "erase", **said}
            done = send(shirin, page, "asked_by", **sent)
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


def test_an_anonymised_record_stays_for_statistics(known, erase):
    erase(known.lead)
    lead, contact = specimens.current(known.lead), specimens.current(known.contact)
    assert (lead.title, contact.name) == (f"Anonymised {lead.pk}", f"Anonymised {contact.pk}")
    assert (lead.budget, lead.currency, lead.is_converted, lead.email, lead.phone) == (
        1200,
        "IRR",
        True,
        "",
        "",
    )
    assert specimens.current(known.deal).name == "[…]"
    assert SearchRow.objects.get(record_type="lead", record_id=lead.pk).title == lead.title


def test_an_erased_record_is_gone_and_what_was_linked_stays(known, erase):
    erase(known.lead, "erased")
    assert not LEAD.model.objects.filter(pk=known.lead.pk).exists()
    assert not CONTACT.model.objects.filter(pk=known.contact.pk).exists()
    deal = specimens.current(known.deal)
    assert (deal.name, deal.primary_contact_id) == ("[…]", None)


def test_the_audit_log_is_whole_without_the_name(known, erase):
    erase(known.lead)
    assert Entry.objects.filter(kind="audit.forgotten").count() == 1
    assert audit.verify().is_whole


def test_the_history_tells_who_did_what_when_but_no_value(known, erase, shirin):
    before = Change.objects.filter(record_type="lead", record_id=known.lead.pk).count()
    erase(known.lead)
    told = Change.objects.filter(record_type="lead", record_id=known.lead.pk)
    assert told.count() == before + 1
    page = text(shirin.get(at("record", LEAD, known.lead.pk), {"tab": "updates"}))
    assert "Full name: erased erased" in page
    assert "Budget: – IRR 1,200" in page
    assert NAME not in page


@pytest.mark.parametrize("way", ["anonymised", "erased"])
def test_undo_brings_nothing_back(known, erase, cast, way):
    erase(known.lead, way)
    batches = ChangeBatch.objects.filter(changes__record_id__in=[known.lead.pk, known.contact.pk]).distinct()
    for batch in batches.exclude(kind="erasure").order_by("-pk"):
        if not batch.undone_by.exists():
            changes.undo(batch, cast.shirin)
    assert rows_naming(*WORDS) == []
    there = [one for one in LEAD.model.objects.all() if one.email or "Sara" in one.title]
    assert there == []


def test_a_form_that_was_open_meanwhile_brings_nothing_back(known, erase, cast):
    contact = specimens.current(known.contact)
    erase(known.lead)
    records.save(CONTACT, contact, {"name": NAME, "email": EMAIL}, user=cast.shirin, version=contact.version)
    assert rows_naming(*WORDS) == []


def test_undo_of_the_erasure_says_why_not(known, erase, shirin):
    batch = erase(known.lead).batch
    page = shirin.get(reverse("web:batch", args=[batch.pk]))
    assert "Erasure" in text(page)
    assert "/undo/" not in page.content.decode()
    refused = shirin.post(reverse("web:undo", args=[batch.pk]))
    assert refused.status_code == 409
    assert "An erasure cannot be undone: nothing of what was erased is kept." in text(refused)


def test_what_was_not_ticked_stays_as_it_is(known, erase):
    erase(known.lead, "erased", **{"with": []})
    assert specimens.current(known.contact).email == EMAIL


def test_without_the_tick_nothing_happens(known, shirin):
    page = shirin.get(reverse("privacy:erase", args=["lead", known.lead.pk]))
    done = send(shirin, page, "asked_by", do="erase")
    assert "tick the box first" in text(done)
    assert not Erasure.objects.exists()
    assert specimens.current(known.lead).email == EMAIL


def test_the_page_says_what_is_known_where(known, shirin):
    page = shirin.get(reverse("privacy:erase", args=["lead", known.lead.pk]))
    words = text(page)
    for place in (
        "Updates",
        "Comments",
        "Requests",
        "Consents",
        "Files of imports",
        "Failed rows of imports",
        "Audit log",
    ):
        assert place in words
    assert "Has the same e-mail or phone." in words
    assert form(page, "asked_by").fields["with"] == [f"contact:{known.contact.pk}"]
    fewer = send(shirin, page, "asked_by", do="count", **{"with": []})
    assert fewer.status_code == 200
    assert not Erasure.objects.exists()


def test_only_administrators_erase(known, cast, browser_of):
    reza = browser_of(cast.maryam)
    address = reverse("privacy:erase", args=["lead", known.lead.pk])
    assert (
        reza.get(address).status_code == reza.post(address, {"do": "erase", "sure": "1"}).status_code == 403
    )
    assert reza.get(reverse("privacy:known", args=["lead", known.lead.pk])).status_code == 403
    assert "Erase this person" not in text(reza.get(at("record", LEAD, known.lead.pk)))
    shirin = browser_of(cast.shirin)
    assert "Erase this person" in text(shirin.get(at("record", LEAD, known.lead.pk)))


def test_the_certificate_says_who_when_where_and_nothing_personal(known, erase, shirin):
    made = erase(known.lead, asked_by="authority", reference=f"Letter 12 of {NAME}")
    assert made.told["by"] == "shirin"
    assert made.reference == "Letter 12 of […]"
    assert made.told["places"]["comments"] == 1
    assert {tuple(one[:2]) for one in made.told["records"]} >= {
        ("lead", known.lead.pk),
        ("contact", known.contact.pk),
    }
    page = text(shirin.get(reverse("privacy:certificate", args=[made.pk])))
    assert "An authority or a court" in page
    assert str(made.number) in page
    file = json.loads(shirin.get(reverse("privacy:certificate_file", args=[made.pk])).content)
    assert file["digest"] == certificates.digest({k: v for k, v in file.items() if k != "digest"})
    assert made.reference in text(shirin.get(reverse("privacy:erasures")))


def test_a_changed_certificate_is_seen(known, erase, shirin):
    made = erase(known.lead)
    made.told["places"]["comments"] = 7
    made.save()
    assert "was changed after it was issued" in text(
        shirin.get(reverse("privacy:certificate", args=[made.pk]))
    )


def test_everything_that_is_known_is_handed_over(known, shirin):
    told = json.loads(shirin.get(reverse("privacy:known", args=["lead", known.lead.pk])).content)
    assert {one["type"] for one in told["records"]} == {"lead", "contact"}
    assert told["records"][0]["values"]["email"] == EMAIL
    assert "wants to be called" in told["comments"][0]["text"]
    assert told["consents"][0]["channel"] == "email"
    assert told["requests"][0]["text"].startswith("I am Sara")
    assert [row["values"]["E-mail"] for row in told["import_files"]] == [EMAIL, "no address"]
    assert told["history"]


def test_a_record_that_was_deleted_before_can_still_be_erased(
    known, cast, django_capture_on_commit_callbacks
):
    records.delete(CONTACT, [known.contact], user=cast.shirin)
    with django_capture_on_commit_callbacks(execute=True):
        carry_out(Order({"lead": [known.lead.pk], "contact": [known.contact.pk]}, "erased"), cast.shirin)
    assert rows_naming(*WORDS) == []
    assert [line["way"] for line in erased_list.lines()] == ["erased"]


def test_an_import_that_is_under_way_is_waited_for(known, shirin):
    Import.objects.update(state="running")
    page = shirin.get(reverse("privacy:erase", args=["lead", known.lead.pk]))
    refused = send(shirin, page, "asked_by", do="erase", sure="1")
    assert "is under way and holds this person" in text(shirin.get(refused["Location"]))
    assert specimens.current(known.lead).email == EMAIL
    assert not Erasure.objects.exists()


def test_an_administrator_says_what_is_personal(known, erase, shirin):
    page = shirin.get(reverse("privacy:personal", args=["lead"]))
    ticked = form(page, "personal").fields["personal"]
    assert {"name", "email", "phone", "needs"} <= set(ticked)
    assert "budget" not in ticked
    chosen = [name for name in ticked if name != "needs"] + ["budget"]
    send(shirin, page, "personal", personal=chosen)
    erase(known.lead)
    lead = specimens.current(known.lead)
    assert (lead.needs, lead.budget) == ("A call", None)


def test_the_same_person_can_be_erased_after_being_anonymised(known, erase):
    erase(known.lead)
    again = erase(known.lead, "erased")
    assert not LEAD.model.objects.filter(pk=known.lead.pk).exists()
    assert again.told["places"]["history"] > 0
