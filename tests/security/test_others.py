"""What is somebody else's, named where no address names it: ids in forms, queries and JSON."""

import json

import pytest
from django.urls import reverse

from kariz.accounts.credentials import Passkey
from kariz.core import registry
from kariz.features.duplicates.models import Request
from kariz.jobs import enqueue, worker
from kariz.notices.models import Notice
from kariz.web.models import SavedView
from tests import specimens
from tests.cast import signed_in
from tests.reading import at, html, rows, text

LEAD = registry.get("lead")
OPPORTUNITY = registry.get("opportunity")


@pytest.fixture
def hidden(cast):
    """A lead of Bob's, of which Reza knows nothing."""
    return specimens.make(
        LEAD, cast.bob, "Hidden Person", email="hidden@example.com", phone="+98 21 8888 1234"
    )


@pytest.fixture
def reza(cast):
    return signed_in(cast.reza)


@pytest.fixture
def rezas(cast, program):
    return program(cast.reza)


class TestRecords:
    def test_none_goes_out_in_a_file(self, hidden, cast, rezas):
        order = {"type": "lead", "format": "jsonl", "ids": [hidden.pk]}
        run = rezas.post("exports", order).json()
        worker.drain()
        file = rezas.get(f"exports/{run['id']}/file")
        assert b"Hidden" not in b"".join(file.streaming_content)

    def test_none_is_named_by_an_address_that_fills_a_form(self, hidden, reza):
        for page in ("new", "quick"):
            answer = reza.get(at(page, OPPORTUNITY), {"lead": hidden.pk}, follow=True)
            assert "Hidden" not in text(answer)

    def test_none_is_linked_used_for_a_conversion_or_merged(self, hidden, cast, rezas):
        own = specimens.make(LEAD, cast.reza, "Own")
        contact = specimens.make(registry.get("contact"), cast.bob, "Hidden Contact")
        sent = [
            rezas.post("opportunity", {"name": "Deal", "lead": hidden.pk}),
            rezas.post(f"lead/{own.pk}/actions/convert", {"contact": contact.pk}),
            rezas.post(f"lead/{own.pk}/actions/merge", {"others": [hidden.pk]}),
            rezas.post("lead/bulk-update", {"ids": [hidden.pk], "values": {"rating": "high"}}),
        ]
        assert {answer.status_code for answer in sent[:3]} <= {403, 404, 409, 422}
        assert sent[3].json()["updated"] == 0
        assert "Hidden" not in "".join(answer.content.decode() for answer in sent)

    def test_none_is_found_by_what_it_says(self, hidden, reza, rezas):
        for where in (
            ["email", "is", "hidden@example.com"],
            ["phone", "contains", "88881234"],
            ["owner", "is", 0],
        ):
            assert rows(reza.get(at("list", LEAD), {"where": json.dumps(where)})) == []
        told = rezas.post("lead/duplicates", {"values": {"email": "hidden@example.com"}, "with_hints": True})
        assert told.json() == {"items": []}
        typed = reza.post(reverse("duplicates:check", args=["lead"]), {"email": "hidden@example.com"})
        assert "Hidden" not in text(typed)


class TestRequests:
    """Who puts a request on a card hears nothing of cards that are not his to see."""

    SENT = {
        "values": {"name": "Somebody", "email": "hidden@example.com"},
        "source": "website",
        "text": "Call me",
    }
    NEW = SENT | {"values": {"name": "Somebody", "email": "new@example.com"}}

    @pytest.fixture(params=["salesperson", "program that only creates"])
    def asking(self, request, cast, program):
        if request.param == "salesperson":
            return program(cast.reza)
        return program(cast.shirin, {"lead": ["create"]})

    def test_the_answer_is_the_same_whether_somebody_is_known_or_not(self, hidden, asking):
        known, new = (asking.post("lead/requests", sent) for sent in (self.SENT, self.NEW))
        assert (known.status_code, known.json()) == (202, {"type": "lead", "id": None, "is_new": None})
        assert (new.status_code, new.json()) == (known.status_code, known.json())
        assert known.headers.keys() == new.headers.keys()

    def test_so_is_what_is_refused(self, hidden, asking):
        told = [
            asking.post("lead/requests", {"values": {"email": email}, "source": "nowhere"})
            for email in ("hidden@example.com", "new@example.com")
        ]
        assert told[0].status_code == told[1].status_code == 422
        nameless = [
            asking.post("lead/requests", {"values": {"email": email, "phone": "abc"}})
            for email in ("hidden@example.com", "new@example.com")
        ]
        assert nameless[0].status_code == nameless[1].status_code == 422
        assert nameless[0].json() == nameless[1].json()

    def test_the_request_is_on_the_card_all_the_same(self, hidden, asking):
        asking.post("lead/requests", self.SENT)
        request = Request.objects.get()
        assert (request.record_id, request.is_of_known) == (hidden.pk, True)
        assert LEAD.model.objects.count() == 1

    def test_a_card_that_one_sees_is_told(self, cast, rezas):
        own = specimens.make(LEAD, cast.reza, "Own", email="own@example.com")
        told = rezas.post(
            "lead/requests", self.SENT | {"values": {"name": "Own", "email": "own@example.com"}}
        )
        assert (told.status_code, told.json()) == (200, {"type": "lead", "id": own.pk, "is_new": False})

    def test_whoever_sees_all_cards_is_told_which(self, hidden, shirins):
        told = shirins.post("lead/requests", self.SENT)
        assert (told.status_code, told.json()["id"], told.json()["is_new"]) == (200, hidden.pk, False)
        assert shirins.post("lead/requests", self.NEW).status_code == 201

    def test_what_a_known_person_sends_need_not_make_a_card_where_all_are_seen(self, hidden, shirins):
        told = shirins.post("lead/requests", {"values": {"email": "hidden@example.com"}})
        assert told.json()["id"] == hidden.pk


class TestWhatIsOnesOwn:
    def test_a_view_of_somebody_else_opens_no_list(self, cast, reza, rezas):
        view = SavedView.objects.create(
            record_type="lead", owner=cast.bob, name="Secret plans", where=["name", "is", "x"]
        )
        assert "Secret plans" not in html(reza.get(at("list", LEAD), {"view": view.pk}))
        assert view.pk not in [one["id"] for one in rezas.get("lead/views").json()["items"]]
        reza.post(at("columns", LEAD) + f"?view={view.pk}", {"columns": "name", "keep": "1"})
        view.refresh_from_db()
        assert view.columns == []

    def test_a_shared_view_is_changed_by_its_owner_alone(self, cast, reza):
        view = SavedView.objects.create(record_type="lead", owner=cast.bob, name="Ours", is_shared=True)
        reza.post(at("view_change", LEAD, view.pk), {"name": "Mine", "is_shared": ""})
        reza.post(at("view_change", LEAD, view.pk), {"do": "delete"})
        reza.post(at("columns", LEAD) + f"?view={view.pk}", {"columns": "name", "keep": "1"})
        view.refresh_from_db()
        assert (view.name, view.is_shared, view.columns) == ("Ours", True, [])

    def test_the_progress_of_somebody_elses_work_is_not_told(self, cast, reza):
        job = enqueue(
            "change_many", user=cast.bob, record_type="lead", do="edit", person=cast.bob.pk, batch=0, ids=[]
        )
        assert reza.get(at("bulk", LEAD), {"job": job.pk}).status_code == 404

    def test_a_notice_of_somebody_else_is_neither_read_nor_ticked_off(self, cast, reza):
        notice = Notice.objects.create(user=cast.bob, msgid="For Bob alone", url="/lead/1/")
        answer = reza.post(reverse("web:notices_read"), {"id": notice.pk})
        assert answer["Location"] == reverse("web:notices")
        notice.refresh_from_db()
        assert notice.read_at is None

    def test_a_passkey_of_somebody_else_stays(self, cast, reza):
        key = Passkey.objects.create(user=cast.bob, name="Bob's", credential_id="x", credential="x")
        reza.post(reverse("web:passkey_remove", args=[key.pk]))
        assert Passkey.objects.filter(pk=key.pk).exists()


class TestActions:
    def test_what_is_offered_to_administrators_is_neither_told_nor_done(self, cast, rezas, program):
        own = specimens.make(LEAD, cast.reza, "Own")
        offered = [one["name"] for one in rezas.get(f"lead/{own.pk}/actions").json()["items"]]
        assert "erase" not in offered
        assert rezas.post(f"lead/{own.pk}/actions/erase").status_code == 404
        narrow = program(cast.shirin, {"lead": ["read", "edit"]})
        refused = narrow.post(f"lead/{own.pk}/actions/erase")
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "out_of_scope")
        assert LEAD.model.objects.filter(pk=own.pk).exists()

    def test_a_token_makes_by_an_action_only_what_it_covers(self, cast, program):
        interest = registry.get("interest")
        own = specimens.make(interest, cast.reza, "Own")
        narrow = program(cast.reza, {"interest": ["read", "edit"]})
        refused = narrow.post(f"interest/{own.pk}/actions/promote")
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "out_of_scope")
        assert not LEAD.model.objects.exists()
