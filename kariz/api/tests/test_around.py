"""Many records at once, and what stands around one: related records, history, actions, batches, types, search."""

import pytest

from kariz.core import metadata, records, registry, undoing
from kariz.core.models import ChangeBatch
from kariz.jobs import worker
from tests import specimens

LEAD, CONTACT = registry.get("lead"), registry.get("contact")


@pytest.fixture
def sara_lead(cast):
    return specimens.make(LEAD, cast.reza, "Sara")


class TestMany:
    def test_items_make_or_change_records_by_their_key_in_one_batch(self, cast, shirins):
        metadata.add_field(LEAD, label="External id", type="text")
        known = specimens.make(LEAD, cast.reza, "Known", external_id="A1")
        twins = [specimens.make(LEAD, cast.reza, "Twin", external_id="T") for _n in range(2)]
        least = specimens.least(LEAD, "New")
        items = [
            {"external_id": "A1", "name": "Renamed"},
            least | {"external_id": "A2"},
            {"external_id": "A2", "name": "Again"},
            {"external_id": "T", "name": "Which"},
            {"name": "Without"},
            least | {"external_id": "A3", "email": "nonsense"},
            {"external_id": "A4", "nothing": 1},
        ]
        answer = shirins.put("lead/upsert", {"key": "external_id", "items": items}).json()
        results = [one["result"] for one in answer["items"]]
        assert results == ["updated", "created", *["failed"] * 5]
        assert (answer["created"], answer["updated"], answer["failed"]) == (1, 1, 5)
        assert set(answer["items"][5]["errors"]) == {"email"}
        assert specimens.current(known).name == "Renamed"
        assert {specimens.current(one).name for one in twins} == {"Twin"}
        assert ChangeBatch.objects.get(pk=answer["batch"]).changes.count() == 2
        again = shirins.put("lead/upsert", {"key": "external_id", "items": items[:1]}).json()
        assert (again["unchanged"], again["batch"]) == (1, None)

    @pytest.mark.parametrize(("key", "value"), [("email", "sara@example.com"), ("phone", "+982188881234")])
    def test_a_key_may_be_a_column(self, key, value, cast, shirins):
        sara = specimens.make(LEAD, cast.reza, "Sara", **{key: value})
        answer = shirins.put("lead/upsert", {"key": key, "items": [{key: value, "company": "Arvand"}]}).json()
        assert answer["items"][0]["id"] == sara.pk

    @pytest.mark.parametrize("key", ["status", "owner", "products", "nothing", "created_at"])
    def test_what_cannot_name_a_record_is_no_key(self, key, cast, shirins):
        answer = shirins.put("lead/upsert", {"key": key, "items": [{}]})
        assert (answer.status_code, list(answer.json()["error"]["fields"])) == (422, ["key"])

    def test_items_that_belong_to_others_fail_alone(self, cast, program):
        theirs = specimens.make(LEAD, cast.maryam, "Theirs", email="theirs@example.com")
        items = [
            {"email": "theirs@example.com", "company": "Mine"},
            specimens.least(LEAD) | {"email": "new@example.com"},
        ]
        answer = program(cast.reza).put("lead/upsert", {"key": "email", "items": items}).json()
        assert answer["items"][1]["result"] == "created"
        assert specimens.current(theirs).company == "company of Theirs"

    def test_many_are_changed_alike_and_deleted_and_come_back(self, record_type, cast, shirins):
        made = [specimens.make(record_type, cast.reza, f"Sara {n}") for n in range(3)]
        wanted = [*(one.pk for one in made), 10**9]
        changed = shirins.post(
            f"{record_type.name}/bulk-update", {"ids": wanted, "values": {"owner": cast.can.pk}}
        ).json()
        assert [one["result"] for one in changed["items"]] == ["updated"] * 3 + ["failed"]
        assert {specimens.current(one).owner for one in made} == {cast.can}
        gone = shirins.post(f"{record_type.name}/bulk-delete", {"ids": wanted}).json()
        assert (gone["deleted"], gone["failed"], record_type.model.objects.filter(pk__in=wanted).count()) == (
            3,
            1,
            0,
        )
        shirins.post(f"batches/{gone['batch']}/undo")
        assert record_type.model.objects.filter(pk__in=wanted).count() == 3

    def test_records_of_others_are_left_alone(self, cast, program):
        hidden, mine = specimens.make(LEAD, cast.bob, "Hidden"), specimens.make(LEAD, cast.reza, "Mine")
        answer = program(cast.reza).post(
            "lead/bulk-update", {"ids": [hidden.pk, mine.pk], "values": {"company": "X"}}
        )
        assert [one["result"] for one in answer.json()["items"]] == ["failed", "updated"]
        assert specimens.current(hidden).company == "company of Hidden"


class TestAround:
    def test_related_records_are_listed_as_on_the_page(self, cast, shirins):
        firm = specimens.make(registry.get("organization"), cast.reza, "Arvand")
        people = [specimens.make(CONTACT, cast.reza, f"Sara {n}", organization=firm.pk) for n in range(3)]
        lists = {one["name"]: one for one in shirins.get(f"organization/{firm.pk}/related").json()["items"]}
        assert lists["contact-organization"]["count"] == 3
        address = f"organization/{firm.pk}/related/contact-organization"
        first = shirins.get(address, {"limit": 2}).json()
        second = shirins.get(address, {"limit": 2, "cursor": first["next"]}).json()
        assert {one["id"] for one in first["items"] + second["items"]} == {one.pk for one in people}
        assert shirins.get(f"organization/{firm.pk}/related/nothing").status_code == 404

    def test_changes_are_followed_by_a_cursor(self, sara_lead, cast, shirins, program):
        first = shirins.get("changes", {"types": "lead", "limit": 1}).json()
        assert [(one["type"], one["record"], one["kind"]) for one in first["items"]] == [
            ("lead", sara_lead.pk, "created")
        ]
        records.save(LEAD, sara_lead, {"company": "Arvand"}, user=cast.reza)
        [item] = shirins.get("changes", {"after": first["cursor"]}).json()["items"]
        assert item["values"]["company"] == {"before": "company of Sara", "after": "Arvand"}
        assert item["by"]["username"] == "reza"
        assert program(cast.bob, {"*": ["read"]}).get("changes").json()["items"] == []
        assert program(cast.reza, {"contact": ["read"]}).get("changes").json()["items"] == []
        assert shirins.get("changes", {"after": "nonsense"}).status_code == 400

    def test_history_tells_who_changed_what(self, sara_lead, cast, shirins):
        shirins.patch(f"lead/{sara_lead.pk}", {"company": "Arvand"})
        metadata.change_field(LEAD, "completeness", is_hidden=True)
        newest, *_older = shirins.get(f"lead/{sara_lead.pk}/history").json()["items"]
        assert newest["by"]["id"] == cast.shirin.pk
        assert newest["values"] == {"company": {"old": "company of Sara", "new": "Arvand"}}
        page = shirins.get(f"lead/{sara_lead.pk}/history", {"limit": 1}).json()
        older = shirins.get(f"lead/{sara_lead.pk}/history", {"cursor": page["next"]}).json()["items"]
        assert [one["kind"] for one in older] == ["created"]

    def test_a_lead_is_converted_and_comes_back(self, sara_lead, shirins, cast):
        firm = specimens.make(registry.get("organization"), cast.reza, "Arvand")
        shirins.patch(f"lead/{sara_lead.pk}", {"company": "Arvand"})
        offered = {one["name"] for one in shirins.get(f"lead/{sara_lead.pk}/actions").json()["items"]}
        assert {"convert", "merge"} <= offered
        told = {
            "organization": firm.pk,
            "contact": {"job_title": "CEO"},
            "opportunity": None,
            "owner": cast.can.pk,
        }
        done = shirins.post(f"lead/{sara_lead.pk}/actions/convert", told).json()
        [contact] = [one["id"] for one in done["changes"] if one["kind"] == "created"]
        made = shirins.get(f"contact/{contact}").json()
        assert (made["organization"], made["job_title"], made["owner"]) == (firm.pk, "CEO", cast.can.pk)
        again = shirins.post(f"lead/{sara_lead.pk}/actions/convert")
        assert (again.status_code, again.json()["error"]["code"]) == (422, "does_not_fit")
        shirins.post(f"batches/{done['batch']}/undo")
        assert shirins.get(f"contact/{contact}").status_code == 404

    def test_an_action_is_told_only_what_it_declares(self, sara_lead, shirins):
        address = f"lead/{sara_lead.pk}/actions/convert"
        for told in (
            {"nothing": 1},
            {"owner": "x"},
            {"contact": None},
            {"fill": ["x"]},
            {"organization": 10**9},
        ):
            answer = shirins.post(address, told)
            assert (answer.status_code, next(iter(answer.json()["error"]["fields"])).partition(".")[0]) == (
                422,
                *told,
            )
        wrong = shirins.post(address, {"contact": {"email": "nonsense"}}).json()["error"]["fields"]
        assert list(wrong) == ["contact.email"]
        assert shirins.post(f"lead/{sara_lead.pk}/actions/nothing").status_code == 404

    def test_an_interest_becomes_a_lead(self, cast, shirins):
        comment = specimens.make(registry.get("interest"), cast.reza, "Likes it")
        given = {"values": {"name": "Sara", "phone": "+982188881234", "source": "website"}}
        done = shirins.post(f"interest/{comment.pk}/actions/promote", given).json()
        [lead] = [one["id"] for one in done["changes"] if one["type"] == "lead"]
        assert shirins.get(f"lead/{lead}").json()["name"] == "Sara"

    def test_records_are_merged_and_come_apart(self, record_type, cast, shirins):
        first, second = (specimens.make(record_type, cast.reza, name) for name in ("Sara", "Sarah"))
        done = shirins.post(f"{record_type.name}/{first.pk}/actions/merge", {"others": [second.pk]})
        assert done.status_code == 200, done.content
        assert shirins.get(f"{record_type.name}/{second.pk}").status_code == 404
        shirins.post(f"batches/{done.json()['batch']}/undo")
        assert shirins.get(f"{record_type.name}/{second.pk}").status_code == 200

    def test_somebody_known_is_found_and_a_request_goes_to_the_card(self, cast, shirins):
        sara = specimens.make(LEAD, cast.reza, "Sara", email="sara@example.com")
        known = shirins.post("lead/duplicates", {"values": {"email": "sara@example.com"}}).json()["items"]
        assert [(one["type"], one["id"], one["is_likely"]) for one in known] == [("lead", sara.pk, True)]
        itself = shirins.post("lead/duplicates", {"values": {"email": "sara@example.com"}, "id": sara.pk})
        assert itself.json()["items"] == []
        sent = {
            "values": {"name": "Sara", "email": "sara@example.com"},
            "source": "website",
            "text": "Call me",
        }
        met = shirins.post("lead/requests", sent)
        assert (met.status_code, met.json()) == (200, {"type": "lead", "id": sara.pk, "is_new": False})
        sent["values"]["email"] = "new@example.com"
        assert shirins.post("lead/requests", sent).json()["is_new"] is True

    def test_types_say_what_there_is_and_what_one_may(self, record_type, cast, shirins, program):
        found = shirins.get(f"types/{record_type.name}").json()
        assert [one["name"] for one in found["fields"]] == list(record_type.fields)
        placed = {name for block in found["layout"] for name in block["fields"]}
        assert placed <= set(record_type.fields)
        for field in found["fields"]:
            if field["type"] in ("choice", "choices"):
                assert shirins.get(f"types/{record_type.name}/choices/{field['name']}").status_code == 200
        kaveh = program(cast.kaveh)
        listed = {one["name"] for one in kaveh.get("types").json()["items"]}
        status = kaveh.get(f"types/{record_type.name}").status_code
        assert status == (200 if record_type.name in listed else 404)

    def test_search_finds_what_one_may_see(self, cast, program, shirins):
        specimens.make(LEAD, cast.bob, "Rosewood Mills")
        assert [one["title"] for one in shirins.get("search", {"q": "rosewood"}).json()["items"]] == [
            "Rosewood Mills"
        ]
        assert program(cast.reza).get("search", {"q": "rosewood"}).json()["items"] == []
        assert shirins.get("search", {"q": "rosewood", "types": "contact"}).json()["items"] == []

    def test_batches_are_read_by_whoever_made_them(self, sara_lead, cast, shirins, program):
        batch = shirins.patch(f"lead/{sara_lead.pk}", {"company": "Arvand"})["Kariz-Batch"]
        found = shirins.get(f"batches/{batch}").json()
        assert (found["kind"], found["may_undo"]) == ("edit", True)
        assert found["counts"] == [{"type": "lead", "kind": "updated", "count": 1}]
        assert [one["record"] for one in shirins.get(f"batches/{batch}/changes").json()["items"]] == [
            sara_lead.pk
        ]
        others = program(cast.reza)
        assert {
            others.get(f"batches/{batch}").status_code,
            others.post(f"batches/{batch}/undo").status_code,
        } == {404}
        shirins.post(f"batches/{batch}/undo")
        assert shirins.post(f"batches/{batch}/undo").status_code == 409

    def test_a_large_batch_is_undone_by_a_job(self, sara_lead, cast, shirins, monkeypatch):
        batch = shirins.patch(f"lead/{sara_lead.pk}", {"company": "Arvand"})["Kariz-Batch"]
        monkeypatch.setattr(undoing, "LARGE", 0)
        started = shirins.post(f"batches/{batch}/undo")
        assert (started.status_code, started.json()["is_done"]) == (202, False)
        worker.drain()
        assert shirins.get(f"batches/{batch}/undo").json()["is_done"] is True
        assert records.find("lead", sara_lead.pk, cast.shirin).company == "company of Sara"
