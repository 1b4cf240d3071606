"""One change to many records: asked, made as one batch, and those left alone with the reason."""

import pytest

from kariz.core import records
from kariz.core.models import Change, ChangeBatch
from kariz.core.tests.models import Ship
from kariz.jobs.worker import drain
from kariz.notices.models import Notice
from kariz.web import bulk
from kariz.web.tests.reading import rows, text, where


@pytest.fixture
def page(browse, admin):
    return browse(admin)


@pytest.fixture
def fleet_of(ship, admin):
    def make(count, **values):
        batch = records.batch_of("import", None)
        made = [(Ship(), {"name": f"Ship {n}", "owner": admin.pk, **values}) for n in range(count)]
        return [draft.record.pk for draft in records.save_many(ship, made, user=None, batch=batch)]

    return make


def order(client, do, ids=(), address="/ship/bulk/", **values):
    headers = {"HX-Request": "true"}
    return client.post(address, {"do": do, "ids": list(ids), "run": "1", **values}, headers=headers)


@pytest.mark.covers("R276")
def test_several_fields_of_the_ticked_records_are_set_in_one_batch(page, fleet_of):
    ids = fleet_of(3)
    answer = order(page, "edit", ids[:2], field=["kind", "crew"], kind="tug", crew="7")
    assert "2 records changed." in text(answer)
    assert list(Ship.objects.order_by("pk").values_list("kind", "crew")) == [
        ("tug", 7),
        ("tug", 7),
        ("tanker", None),
    ]
    assert Change.objects.filter(kind="updated").values("batch").distinct().count() == 1
    assert answer.headers["HX-Trigger"].count("clearTicks") == 1


def test_a_bulk_change_is_undone_at_one_go(page, fleet_of):
    order(page, "edit", fleet_of(3), field="kind", kind="tug")
    page.post(f"/batches/{ChangeBatch.objects.latest('pk').pk}/undo/")
    assert set(Ship.objects.values_list("kind", flat=True)) == {"tanker"}


@pytest.mark.covers("R277")
def test_deleting_says_how_many_and_is_undone(page, fleet_of):
    ids = fleet_of(3)
    asked = page.post("/ship/bulk/", {"do": "delete", "ids": ids[:2]})
    assert "Delete 2 records?" in text(asked)
    assert Ship.objects.count() == 3
    order(page, "delete", [",".join(map(str, ids[:2]))])
    assert Ship.objects.count() == 1
    page.post(f"/batches/{ChangeBatch.objects.latest('pk').pk}/undo/")
    assert Ship.objects.count() == 3


def test_records_are_assigned_to_a_person(page, fleet_of, sara):
    asked = page.post("/ship/bulk/", {"do": "assign", "ids": fleet_of(2)})
    assert "Assign 2 records" in text(asked)
    assert "/ship/lookup/?field=owner" in asked.content.decode()
    order(page, "assign", Ship.objects.values_list("pk", flat=True), owner=sara.pk)
    assert set(Ship.objects.values_list("owner", flat=True)) == {sara.pk}


def test_all_of_the_view_is_all_that_the_list_holds_now(page, fleet_of):
    fleet_of(3, kind="ferry")
    tugs = fleet_of(60, kind="tug")
    address = f"/ship/bulk/?{where(['kind', 'is', 'tug'])}"
    asked = page.post(address, {"do": "edit", "ids": tugs[:1], "all": "1"})
    assert "Edit 60 records" in text(asked)
    order(page, "edit", tugs[:1], address, all="1", field="crew", crew="9")
    assert set(Ship.objects.filter(crew=9).values_list("pk", flat=True)) == set(tugs)


def test_nothing_ticked_offers_all_that_the_list_holds(page, fleet_of):
    fleet_of(4)
    asked = page.post("/ship/bulk/", {"do": "delete"})
    assert "No record is ticked" in text(asked)
    assert "All 4 records" in text(asked)
    order(page, "delete")
    assert Ship.objects.count() == 4


def test_what_one_may_not_change_or_cannot_change_is_left_and_listed_with_the_reason(
    browse, sara, bob, make_ship
):
    mine, theirs = make_ship(owner=sara.pk), make_ship(name="Karun", owner=bob.pk)
    locked, hidden = make_ship(name="Lost", owner=sara.pk), make_ship(name="Unseen")
    Ship.objects.filter(pk=locked.pk).update(is_sunk=True)
    ids = [mine.pk, theirs.pk, locked.pk, hidden.pk]
    answer = order(browse(sara), "edit", ids, field="kind", kind="tug")
    shown = text(answer)
    assert "1 record changed." in shown
    assert "2 records left as before" in shown
    assert "Karun You may not change this record." in shown
    assert "Lost This record is locked and cannot be changed." in shown
    assert "Unseen" not in shown
    assert list(Ship.objects.filter(kind="tug")) == [mine]


def test_a_stage_that_asks_for_something_leaves_those_that_lack_it(page, make_ship):
    rich, poor = make_ship(price="5"), make_ship(name="Poor")
    answer = order(page, "edit", [rich.pk, poor.pk], field="stage", stage="loaded")
    assert "Poor “Price” is needed for “Loaded”." in text(answer)
    assert Ship.objects.get(stage="loaded") == rich


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"field": "crew", "crew": "many"}, "“many” is not a number."),
        ({"field": "name", "name": " "}, "“Name” is required."),
    ],
)
def test_a_value_that_cannot_be_is_told_before_anything_is_written(page, fleet_of, values, message):
    ids = fleet_of(2)
    changes = Change.objects.count()
    answer = order(page, "edit", ids, **values)
    assert answer.status_code == 422
    assert message in text(answer)
    assert Change.objects.count() == changes


def test_fields_are_added_to_the_question_one_by_one_and_keep_their_values(page):
    one = page.post("/ship/bulk/", {"do": "field", "field": "kind"}).content.decode()
    assert 'name="kind"' in one
    more = page.post(
        "/ship/bulk/", {"do": "field", "more": "1", "field": ["kind", ""], "kind": "tug"}
    ).content.decode()
    assert more.count('name="field"') == 2
    assert '<option value="tug" selected>' in more
    assert "expected_price" not in more


def test_a_large_order_is_a_job_with_its_progress_and_a_notice_at_its_end(page, fleet_of, admin, monkeypatch):
    monkeypatch.setattr(bulk, "DIRECTLY", 3)
    fleet_of(5)
    answer = order(page, "edit", all="1", field="kind", kind="tug")
    assert "Changing…" in text(answer)
    assert Ship.objects.filter(kind="tug").count() == 0
    [job] = [one for one in drain() if one.name == "change_many"]
    assert (job.state, job.done_count, job.total_count) == ("done", 5, 5)
    assert Ship.objects.filter(kind="tug").count() == 5
    assert any("5 records were changed" in str(notice) for notice in Notice.objects.filter(user=admin))
    assert "5 records changed." in text(page.get(f"/ship/bulk/?job={job.pk}", headers={"HX-Request": "true"}))


def test_a_job_is_shown_to_the_person_who_ordered_it_alone(page, browse, sara, fleet_of, monkeypatch):
    monkeypatch.setattr(bulk, "DIRECTLY", 1)
    order(page, "edit", fleet_of(3), field="kind", kind="tug")
    [job] = [one for one in drain() if one.name == "change_many"]
    assert browse(sara).get(f"/ship/bulk/?job={job.pk}").status_code == 404
    assert page.get("/ship/bulk/?job=x").status_code == 404


def test_it_works_by_forms_alone(page, fleet_of):
    ids = fleet_of(2)
    asked = page.post("/ship/bulk/", {"do": "edit", "ids": ids, "field": "kind"})
    assert "<!doctype html>" in asked.content.decode()
    sent = {"do": "edit", "ids": ",".join(map(str, ids)), "run": "1", "field": "kind", "kind": "tug"}
    done = page.post("/ship/bulk/", sent, follow=True)
    assert "2 records changed." in text(done)
    assert len(rows(done)) == 2


def test_an_unknown_order_is_not_there(page, fleet_of):
    assert page.post("/ship/bulk/", {"do": "explode", "ids": fleet_of(1)}).status_code == 404
    assert page.get("/ship/bulk/").status_code == 404
