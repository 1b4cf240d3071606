"""Links between the rows of a file: made at its end, a chunk at a time, whatever stops the worker."""

import pytest

from kariz.accounts import people
from kariz.core import changes, records, registry
from kariz.features.transfer import linking, running
from kariz.features.transfer.models import FailedRow, Import, PendingLink
from kariz.features.transfer.tests.walking import answer, reasons, upload, walk
from kariz.jobs import worker

pytestmark = pytest.mark.django_db

FIRM = registry.get("organization")
FIRMS = "Name,Part of\n" + "".join(f"Firm {n},Holding\n" for n in range(6)) + "Orphan,Nobody\nHolding,\n"


@pytest.fixture(autouse=True)
def two_at_once(monkeypatch):
    monkeypatch.setattr(linking, "AT_ONCE", 2)


@pytest.fixture
def ready(browser_of_ada):
    """An import that has only to be run."""
    run = upload(browser_of_ada, ("firms.csv", FIRMS), kind="organization")
    answer(browser_of_ada, run)
    browser_of_ada.post(f"/import/{run.pk}/check/")
    return Import.objects.get(pk=run.pk)


def linked():
    return FIRM.model.objects.filter(parent__name="Holding").count()


def carried_out(run, until=100, then=lambda: None):
    """How far the import said it was, each time; `then` happens when so much is done."""
    told = []

    def progress(done, total):
        told.append((done, total))
        if done == until:
            then()

    running.carry_out(run, progress)
    return told


def test_they_are_told_of_as_they_are_made(ready):
    assert carried_out(ready) == [(8, 8), (10, 15), (12, 15), (14, 15), (15, 15)]
    assert (linked(), PendingLink.objects.count()) == (6, 0)
    assert reasons(ready) == ["Part of: There is no “Nobody”."]


def test_a_worker_that_dies_in_the_middle_is_followed_by_one_that_goes_on_there(ready, ada):
    def die():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        carried_out(ready, 12, die)
    assert (linked(), PendingLink.objects.count()) == (4, 3)
    assert carried_out(Import.objects.get(pk=ready.pk)) == [(10, 11), (11, 11)]
    assert (linked(), PendingLink.objects.count(), FailedRow.objects.count()) == (6, 0, 1)
    assert set(FIRM.model.objects.filter(parent__isnull=False).values_list("version", flat=True)) == {2}
    changes.undo(Import.objects.get(pk=ready.pk).written_in, ada)
    assert not FIRM.model.objects.exists()


def test_they_can_be_cancelled_and_gone_on_with(ready, browser_of_ada):
    carried_out(ready, 10, lambda: browser_of_ada.post(f"/import/{ready.pk}/stop/"))
    page = browser_of_ada.get(f"/import/{ready.pk}/").content.decode()
    assert "8 of 8 rows are through. 5 links between rows are still to be made." in page
    assert linked() == 2
    browser_of_ada.post(f"/import/{ready.pk}/stop/", {"resume": "1"})
    worker.drain()
    assert linked() == 6
    assert "still to be made" not in browser_of_ada.get(f"/import/{ready.pk}/").content.decode()


def test_two_workers_at_once_make_each_link_once(ready):
    late = running._link(ready, ready.files.get())
    carried_out(ready, 10, lambda: next(late))
    assert list(late) == []
    assert linked() == 6
    assert set(FIRM.model.objects.filter(parent__isnull=False).values_list("version", flat=True)) == {2}


def test_a_row_whose_record_is_deleted_meanwhile_is_passed_over(ready):
    carried_out(ready, 8, lambda: records.delete(FIRM, FIRM.model.objects.filter(name="Firm 3"), user=None))
    assert (linked(), Import.objects.get(pk=ready.pk).state) == (5, "done")


def test_who_may_make_records_but_not_change_them_makes_them_with_their_links(client):
    caller, _password = people.create("caller", role="telemarketer")
    client.force_login(caller)
    run = upload(client, ("firms.csv", FIRMS), kind="organization")
    walk(client, run)
    assert (run.state, linked()) == ("done", 6)


def test_the_report_counts_what_leads_nowhere_as_the_check_did(browser_of_ada):
    run = upload(browser_of_ada, ("firms.csv", FIRMS + "Another,Nobody else\n"), kind="organization")
    answer(browser_of_ada, run)
    [(_file, tally)] = browser_of_ada.get(f"/import/{run.pk}/check/").context["checked"]
    walk(browser_of_ada, run)
    assert run.files.get().problems == tally.problems == {"Part of: There is no “…”.": [2, [7, 9]]}


def test_rows_that_would_go_round_in_a_circle_are_listed_and_the_others_linked(browser_of_ada):
    text = "Name,Part of\nEgg,Hen\nHen,Egg\nChick,Hen\n"
    run = upload(browser_of_ada, ("firms.csv", text), kind="organization")
    walk(browser_of_ada, run)
    parents = dict(FIRM.model.objects.values_list("name", "parent__name"))
    assert parents == {"Egg": None, "Hen": "Egg", "Chick": "Hen"}
    assert reasons(run) == [
        "Part of: The chosen record leads back to this one: that would be a circle. Choose another."
    ]
