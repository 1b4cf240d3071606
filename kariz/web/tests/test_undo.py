"""Taking changes back from the screen."""

import pytest

from kariz.core import records
from kariz.core.models import ChangeBatch
from kariz.core.tests.models import Ship


@pytest.fixture
def page(browse, admin):
    return browse(admin)


@pytest.fixture
def edited(admin, ship, make_ship):
    """A ship whose crew the administrator has changed, and the batch of it."""
    arvand = make_ship(crew="5")
    records.save(ship, arvand, {"crew": "7"}, user=admin)
    return arvand, ChangeBatch.objects.latest("id")


def test_undo_in_a_toast_restores_and_says_so(page, edited, htmx):
    arvand, batch = edited
    answer = page.post(f"/batches/{batch.pk}/undo/", headers=htmx(current=f"/ship/{arvand.pk}/"))
    arvand.refresh_from_db()
    assert arvand.crew == 5
    assert "Undone: 1 record is as before." in answer.content.decode()
    assert answer.headers["HX-Reswap"] == "none"
    assert "recordChanged" in answer.headers["HX-Trigger"]


def test_what_was_changed_since_is_kept_and_listed(page, ship, edited, htmx):
    arvand, batch = edited
    records.save(ship, arvand, {"crew": "9"}, user=None)
    answer = page.post(f"/batches/{batch.pk}/undo/", headers=htmx(current="/ship/"))
    shown = " ".join(answer.content.decode().split())
    arvand.refresh_from_db()
    assert arvand.crew == 9
    assert answer.headers["HX-Retarget"] == "#dialog"
    assert "1 was changed since and stays." in shown
    assert '<bdi>Arvand</bdi></a> <span class="quiet">(Crew)</span>' in shown


def test_without_scripts_a_page_tells_the_same(page, ship, edited):
    arvand, batch = edited
    records.save(ship, arvand, {"crew": "9"}, user=None)
    shown = page.post(f"/batches/{batch.pk}/undo/").content.decode()
    assert "1 was changed since and stays." in shown
    assert f'href="/ship/{arvand.pk}/"' in shown


def test_undoing_a_creation_on_the_page_of_the_record_leads_to_the_list(page, htmx):
    made = page.post("/ship/new/", {"name": "Karun"}).url
    batch = ChangeBatch.objects.latest("id")
    answer = page.post(f"/batches/{batch.pk}/undo/", headers=htmx(current=made))
    assert answer.headers["HX-Redirect"] == "/ship/"
    assert not Ship.objects.exists()


def test_nothing_is_undone_twice(page, edited, htmx):
    _arvand, batch = edited
    page.post(f"/batches/{batch.pk}/undo/")
    again = page.post(f"/batches/{batch.pk}/undo/", headers=htmx())
    assert "This has been undone already." in again.content.decode()


def test_people_undo_only_their_own_changes(browse, sara, edited, htmx):
    arvand, batch = edited
    answer = browse(sara).post(f"/batches/{batch.pk}/undo/", headers=htmx())
    arvand.refresh_from_db()
    assert arvand.crew == 7
    assert "You may only undo your own changes." in answer.content.decode()


def test_undo_takes_a_form(page, edited):
    assert page.get(f"/batches/{edited[1].pk}/undo/").status_code == 405


def test_the_page_of_a_batch_tells_what_it_did(page, admin, ship, make_ship):
    batch = records.batch_of("import", admin, "fleet.csv")
    rows = [(Ship(), {"name": f"Ship {number}"}) for number in range(3)]
    records.save_many(ship, rows, user=admin, batch=batch)
    shown = " ".join(page.get(f"/batches/{batch.pk}/").content.decode().split())
    assert "Import: fleet.csv" in shown
    assert "Ships: 3 created" in shown
    assert "<bdi>Ship 2</bdi></a>" in shown
    page.post(f"/batches/{batch.pk}/undo/")
    shown = page.get(f"/batches/{batch.pk}/").content.decode()
    assert "has undone this." in shown
    assert not Ship.objects.exists()


def test_the_batches_of_others_are_not_shown(browse, sara, edited):
    assert browse(sara).get(f"/batches/{edited[1].pk}/").status_code == 404
