"""Files go in and come out through the client, by a worker, in pieces."""

import io

import pytest

from kariz.client import Forbidden, Invalid, NotFound
from kariz.core import registry
from kariz.jobs import worker
from tests import specimens

pytestmark = pytest.mark.django_db(transaction=True)

LEAD = registry.get("lead")
PLAN = {"type": "lead", "match": ["email"], "on_match": "update"}


@pytest.fixture
def leads_file(tmp_path):
    path = tmp_path / "leads.csv"
    path.write_text("Name,E-mail,Source\nSara,sara@example.com,website\nNobody,nonsense,website\n")
    return path


def test_a_file_is_imported_waited_for_and_undone(shirins, leads_file):
    begun = shirins.imports.start(leads_file, plan=PLAN)
    assert not begun.is_over
    worker.drain()
    ended = shirins.imports.wait(begun.id)
    assert (ended.state, ended.created, ended.failed, ended.failures[0]["row"]) == ("done", 1, 1, 2)
    assert LEAD.model.objects.get().email == "sara@example.com"
    shirins.undo(ended.batch)
    assert not LEAD.model.objects.exists()


def test_a_dry_run_writes_nothing_until_it_is_run(shirins, leads_file):
    tried = shirins.imports.start(
        io.BytesIO(leads_file.read_bytes()), type="lead", name="a.csv", dry_run=True
    )
    assert not tried.is_over
    worker.drain()
    tried = shirins.imports.wait(tried.id)
    assert (tried.is_dry_run, tried.created, tried.failed) == (True, 1, 1)
    assert not LEAD.model.objects.exists()
    shirins.imports.run(tried.id)
    worker.drain()
    assert shirins.imports.wait(tried.id).created == 1


def test_a_file_is_imported_once_though_the_answer_was_lost(kariz_of, cast, between, leads_file):
    between.lose = 1
    begun = kariz_of(cast.shirin, url=between.url).imports.start(leads_file, plan=PLAN)
    assert begun.id
    worker.drain()
    assert len([one for one in between.passed if one[0] == "POST"]) == 2
    assert LEAD.model.objects.count() == 1


def test_waiting_ends(shirins, leads_file):
    begun = shirins.imports.start(leads_file, plan=PLAN)
    with pytest.raises(TimeoutError, match=r"waiting|running"):
        shirins.imports.wait(begun.id, seconds=0.3)
    assert shirins.imports.stop(begun.id).is_over


def test_what_cannot_be_imported_is_said(shirins, kariz_of, cast, leads_file):
    with pytest.raises(Invalid) as refused:
        shirins.imports.start(leads_file, plan=PLAN | {"columns": {"Nothing": "name"}})
    assert list(refused.value.fields) == ["plan"]
    with pytest.raises(Forbidden):
        kariz_of(cast.kaveh).imports.start(leads_file, type="lead")


def test_an_export_is_ordered_waited_for_and_fetched(shirins, cast, tmp_path):
    for name in ("Sara", "Ali"):
        specimens.make(LEAD, cast.reza, name)
    ordered = shirins.exports.start("lead", where=["name", "is", "Sara"], fields=["name"], form="iso")
    assert not ordered.is_over
    worker.drain()
    assert shirins.exports.wait(ordered.id).state == "done"
    size = shirins.exports.download(ordered.id, tmp_path / "leads.csv")
    content = (tmp_path / "leads.csv").read_bytes()
    assert (len(content), content.decode().splitlines()[1:]) == (size, ['"Sara"'])
    buffer = io.BytesIO()
    shirins.exports.download(ordered.id, buffer)
    assert buffer.getvalue() == content


def test_an_export_of_somebody_else_is_not_there(shirins, kariz_of, cast, tmp_path):
    ordered = shirins.exports.start("lead")
    worker.drain()
    reza = kariz_of(cast.reza)
    for asked in (
        lambda: reza.exports.get(ordered.id),
        lambda: reza.exports.download(ordered.id, tmp_path / "x"),
    ):
        with pytest.raises(NotFound):
            asked()
    assert list(tmp_path.iterdir()) == []
