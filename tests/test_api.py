"""What capabilities offer to programs: files in and out, comments, saved views."""

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kariz.core import registry
from kariz.features.transfer.models import Import
from kariz.jobs import worker
from tests import specimens
from tests.cast import signed_in
from tests.reading import links, text

LEAD = registry.get("lead")
ROWS = "Name,Email,Source,Unknown\nSara,sara@example.com,website,x\nAli,nonsense,website,y\n"


def bring(asks, content=ROWS, **said):  # the form of an import
    file = SimpleUploadedFile("leads.csv", content.encode())
    sent = {
        "file": file,
        **{name: value if isinstance(value, str) else json.dumps(value) for name, value in said.items()},
    }
    return asks.client.post("/api/v1/imports", sent)


class TestImports:
    def test_a_file_is_brought_followed_and_taken_back(self, cast, shirins):
        started = bring(shirins, type="lead")
        assert (started.status_code, started.json()["state"]) == (202, "waiting")
        worker.drain()
        done = shirins.get(f"imports/{started.json()['id']}").json()
        assert (done["state"], done["created"], done["failed"], done["total"]) == ("done", 1, 1, 2)
        assert done["failures"][0]["row"] == 2
        shirins.post(f"batches/{done['batch']}/undo")
        assert LEAD.model.objects.count() == 0

    def test_a_dry_run_writes_nothing_until_it_is_run(self, cast, shirins):
        plan = {
            "type": "lead",
            "columns": {"Name": "company", "Email": "email", "Source": "source", "Unknown": ""},
        }
        tried = bring(shirins, plan=plan, dry_run="true").json()
        worker.drain()
        found = shirins.get(f"imports/{tried['id']}").json()
        assert (found["is_dry_run"], found["created"], found["failed"]) == (True, 0, 2)
        assert LEAD.model.objects.count() == 0
        plan["columns"]["Name"] = "name"
        again = bring(shirins, plan=plan, dry_run="true").json()
        worker.drain()
        shirins.post(f"imports/{again['id']}/run")
        worker.drain()
        assert LEAD.model.objects.get().name == "Sara"
        assert shirins.post(f"imports/{again['id']}/run").status_code == 409

    def test_a_waiting_import_is_stopped(self, cast, shirins):
        run = bring(shirins, type="lead").json()["id"]
        assert shirins.post(f"imports/{run}/stop").json()["state"] == "stopped"

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({}, "type"), ({"type": "nothing"}, "type"), ({"plan": []}, "plan"),
            ({"plan": {"type": "lead", "x": 1}}, "plan"), ({"plan": {"type": "lead", "columns": 7}}, "plan"),
            ({"plan": {"type": "lead", "columns": {"No": "name"}}}, "plan"),
            ({"plan": {"type": "lead", "columns": {"Name": "nothing"}}}, "plan"),
        ],
        ids=str,
    )  # fmt: skip
    def test_what_makes_no_sense_is_said(self, said, field, cast, shirins):
        answer = bring(shirins, **said)
        assert (answer.status_code, list(answer.json()["error"]["fields"])) == (422, [field])
        assert not Import.objects.exists()

    def test_a_file_that_cannot_be_read_is_refused(self, cast, shirins):
        assert list(bring(shirins, "", type="lead").json()["error"]["fields"]) == ["file"]
        assert (
            shirins.client.post(
                "/api/v1/imports", {"type": "lead", "x": SimpleUploadedFile("x", b"x")}
            ).status_code
            == 422
        )

    def test_others_neither_see_it_nor_bring_what_they_may_not(self, cast, shirins, program):
        run = bring(shirins, type="lead").json()["id"]
        assert program(cast.reza).get(f"imports/{run}").status_code == 404
        assert bring(program(cast.kaveh), type="lead").status_code == 403
        assert bring(program(cast.reza), type="user").status_code == 403
        assert bring(program(cast.reza, {"lead": ["read", "create"]}), type="lead").status_code == 403


class TestExports:
    def test_a_file_is_ordered_followed_and_fetched(self, cast, shirins):
        for name in ("Sara", "Ali"):
            specimens.make(LEAD, cast.reza, name)
        order = {
            "type": "lead",
            "format": "csv",
            "where": ["name", "is", "Sara"],
            "fields": ["name", "email"],
        }
        run = shirins.post("exports", order).json()
        assert (run["state"], run["file"]) == ("running", None)
        assert shirins.get(f"exports/{run['id']}/file").status_code == 404
        worker.drain()
        done = shirins.get(f"exports/{run['id']}").json()
        assert (done["state"], done["count"]) == ("done", 1)
        file = shirins.get(f"exports/{run['id']}/file")
        found = list(csv.DictReader(io.StringIO(b"".join(file.streaming_content).decode("utf-8-sig"))))
        assert [row["name"] for row in found] == ["Sara"]

    @pytest.mark.parametrize(
        "order",
        [
            {"type": "nothing", "format": "csv"}, {"type": "lead", "format": "pdf"}, {"type": "lead"},
            {"type": "lead", "format": "csv", "fields": ["nothing"]},
            {"type": "lead", "format": "csv", "sort": "phone"},
            {"type": "lead", "format": "csv", "where": ["nothing", "is", 1]}, {"type": "product", "format": "vcard"},
        ],
        ids=str,
    )  # fmt: skip
    def test_what_makes_no_sense_is_said(self, order, cast, shirins):
        assert shirins.post("exports", order).status_code in (400, 422)

    def test_others_do_not_fetch_it_and_who_may_not_export_orders_none(self, cast, shirins, program):
        run = shirins.post("exports", {"type": "lead", "format": "csv"}).json()["id"]
        worker.drain()
        assert program(cast.reza).get(f"exports/{run}/file").status_code == 404
        assert program(cast.kaveh).post("exports", {"type": "lead", "format": "csv"}).status_code == 403


class TestComments:
    def test_they_are_written_read_and_taken_back(self, cast, program):
        sara, rezas = specimens.make(LEAD, cast.reza, "Sara"), program(cast.reza)
        said = rezas.post(f"lead/{sara.pk}/comments", {"text": "Call after Nowruz"})
        assert (said.status_code, said.json()["by"]["id"]) == (201, cast.reza.pk)
        rezas.post(f"lead/{sara.pk}/comments", {"text": "Called"})
        page = rezas.get(f"lead/{sara.pk}/comments", {"limit": 1}).json()
        older = rezas.get(f"lead/{sara.pk}/comments", {"cursor": page["next"]}).json()
        assert [one["text"] for one in page["items"] + older["items"]] == ["Called", "Call after Nowruz"]
        rezas.post(f"batches/{said.json()['batch']}/undo")
        assert len(rezas.get(f"lead/{sara.pk}/comments").json()["items"]) == 1
        assert program(cast.bob).post(f"lead/{sara.pk}/comments", {"text": "x"}).status_code == 404
        last = rezas.post(f"lead/{sara.pk}/comments", {"text": "Once more"}).json()["batch"]
        assert program(cast.reza, {"lead": ["read", "edit"]}).post(f"batches/{last}/undo").status_code == 403


class TestSavedViews:
    def test_a_view_is_kept_for_the_screen_and_deleted_again(self, cast, program):
        rezas = program(cast.reza)
        kept = {
            "name": "Hot ones",
            "where": {"all": [["company", "contains", "x"]]},
            "sort": "name",
            "fields": ["name"],
        }
        made = rezas.post("lead/views", kept).json()
        assert {name: made[name] for name in kept} == kept
        assert "Hot ones" in text(signed_in(cast.reza).get(f"/lead/?view={made['id']}"))
        assert made["id"] not in {one["id"] for one in program(cast.bob).get("lead/views").json()["items"]}
        assert program(cast.bob).delete(f"lead/views/{made['id']}").status_code == 404
        assert rezas.delete(f"lead/views/{made['id']}").status_code == 200
        assert "Hot ones" not in links(signed_in(cast.reza).get("/lead/"))

    def test_the_views_of_the_screen_are_there(self, record_type, cast, shirins):
        found = shirins.get(f"{record_type.name}/views").json()["items"]
        assert len(found) == max(1, len(record_type.views))
        for view in found:
            asked = {"where": json.dumps(view["where"])} if view["where"] else {}
            assert shirins.get(record_type.name, asked).status_code == 200
