"""A scan whose worker dies is gone on with where it was; a new one begins anew."""

import pytest

from kariz import jobs
from kariz.core import registry
from kariz.core.duplicates import Part
from kariz.features.duplicates import apart, rules, scanning
from kariz.features.duplicates.models import DuplicateGroup, FoundPair, Scan
from kariz.features.duplicates.reading import read
from kariz.jobs.models import Job

COUNT = 10


@pytest.fixture(autouse=True)
def short_stretches(monkeypatch):
    monkeypatch.setattr(scanning, "PAIRS_AT_ONCE", 2)
    monkeypatch.setattr(scanning, "KEYS_AT_ONCE", 3)


@pytest.fixture
def twins(save):
    """Ten people, each recorded twice with the same e-mail and phone."""
    for number in range(COUNT):
        for name in ("Ali", "Aly"):
            reached = {"email": f"ali{number}@pars.ir", "phone": f"091212345{number:02}"}
            save("lead", name=f"{name} {number}", source="email", **reached)


@pytest.fixture
def looked_at(monkeypatch):
    """The pairs that were scored, one after the other."""
    pairs, likely = [], scanning._likely

    def counting(found, reads):
        pairs.extend(found)
        return likely(found, reads)

    monkeypatch.setattr(scanning, "_likely", counting)
    return pairs


@pytest.fixture
def job(db):
    return jobs.enqueue("scan_duplicates")


def dying(job, after):
    """The job, whose worker dies at that word of progress."""
    words = iter(range(after))

    def told():
        if next(words, None) is None:
            raise KeyboardInterrupt

    job.on_progress = told
    return job


def killed(job, after=4):
    with pytest.raises(KeyboardInterrupt):
        scanning.scan(dying(job, after))
    return Job.objects.get(pk=job.pk)


def test_no_stretch_that_was_kept_is_looked_at_again(twins, job, looked_at):
    again = killed(job)
    kept = FoundPair.objects.count()
    before, looked_at[:] = list(looked_at), []
    assert 0 < kept < COUNT
    scanning.scan(again)
    rest = COUNT - len(before)  # of those that meet by their e-mail; then all meet by their phone
    assert set(looked_at[:rest]).isdisjoint(before)
    assert len(looked_at) == rest + len(before)
    assert DuplicateGroup.objects.count() == COUNT
    assert not Scan.objects.exists()
    assert not FoundPair.objects.exists()


def test_killed_at_every_word_it_finds_the_same(twins, job):
    for _kill in range(8):
        job = killed(job, 1)
    assert scanning.scan(job) == {"groups": COUNT, "records": 2 * COUNT}


def test_another_scan_begins_anew_and_clears_away_what_a_dead_one_left(twins, job, looked_at):
    killed(job)
    Job.objects.filter(pk=job.pk).update(state="failed")
    looked_at.clear()
    other = killed(jobs.enqueue("scan_duplicates"), 1)
    assert Scan.objects.get().job == other
    scanning.scan(other)
    assert len(set(looked_at)) == COUNT
    assert DuplicateGroup.objects.count() == COUNT


def test_two_scans_at_once_do_not_disturb_each_other(twins, job):
    Job.objects.filter(pk=job.pk).update(state="running")
    job = killed(job)
    scanning.scan(jobs.enqueue("scan_duplicates"))
    assert Scan.objects.get().job == job
    assert scanning.scan(job)["groups"] == COUNT


def test_a_worker_that_was_thought_dead_gives_way(twins, job):
    def overtake():
        late.on_progress = None
        scanning.scan(Job.objects.get(pk=job.pk))

    late = Job.objects.get(pk=job.pk)
    late.on_progress = overtake
    with pytest.raises(jobs.Cancelled):
        scanning.scan(late)
    assert DuplicateGroup.objects.count() == COUNT


def test_other_rules_in_between_make_it_begin_anew(twins, job):
    again = killed(job)
    before, kept = Scan.objects.get().pk, FoundPair.objects.count()
    for name in ("lead", "contact", "interest"):
        rules.change(registry.get(name), [Part("email", "email", 70)], 60, None)
    again = killed(again, 1)
    assert Scan.objects.get().pk != before
    assert FoundPair.objects.count() < kept
    assert scanning.scan(again)["groups"] == COUNT


def test_who_is_kept_apart_in_between_makes_no_group(twins, job):
    again = killed(job, 8)
    found = FoundPair.objects.order_by("pk")[0]
    reads = read({"lead": {found.record_id, found.other_id}}, None)
    apart.keep(list(reads.values()), is_final=False)
    assert scanning.scan(again)["groups"] == COUNT - 1
