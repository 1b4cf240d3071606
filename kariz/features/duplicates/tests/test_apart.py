"""What was said of records that become one: it holds of the one that they are, and of each again after undo."""

import pytest

from kariz.core import changes, merging, records, registry
from kariz.core.merging import Group
from kariz.features.duplicates import apart
from kariz.features.duplicates.models import KeptApart, PassedOn
from kariz.features.duplicates.reading import read

ALI = {"email": "ali@pars.ir"}


@pytest.fixture
def lead(save):
    return lambda name, **values: save("lead", name=name, **({"source": "email"} | values))


@pytest.fixture
def kept_apart():
    """Somebody says that these are different."""

    def said(*found, is_final=False):
        reads = read({"lead": {one.pk for one in found}}, None)
        apart.keep(list(reads.values()), is_final=is_final)

    return said


@pytest.fixture
def merge(cast):
    return lambda primary, *others: merging.merge(
        registry.get("lead"), primary.pk, [one.pk for one in others], user=cast.admin
    )


@pytest.mark.parametrize("place", [0, 1])
def test_who_was_different_from_the_merged_one_is_different_from_the_primary(
    lead, kept_apart, merge, scanned, cast, place
):
    both = lead("Ali Rezaei", **ALI), lead("Ali Rezai", **ALI)
    kept_apart(*both)
    primary = lead("Ali Rezaie", phone="09121234567", **ALI)
    assert scanned() == [["Ali Rezaei", "Ali Rezai", "Ali Rezaie"]]
    said = list(KeptApart.objects.values())
    batch = merge(primary, both[place])
    assert scanned() == []
    changes.undo(batch, cast.admin)
    assert (list(KeptApart.objects.values()), PassedOn.objects.count()) == (said, 0)
    records.delete(registry.get("lead"), [primary], user=cast.admin)
    assert scanned() == []


def test_the_word_holds_of_what_the_primary_has_become_until_it_says_something_else(
    lead, save, kept_apart, merge, scanned
):
    one, other, primary = (
        lead("Ali Rezaei", **ALI),
        lead("Ali Rezai", **ALI),
        lead("Ali R.", phone="09351234567"),
    )
    kept_apart(one, other)
    merge(primary, one)
    assert scanned() == []
    save("lead", primary, phone="09121234567")
    assert scanned() == [["Ali R.", "Ali Rezai"]]


def test_one_that_is_never_asked_about_again_never_is(lead, save, kept_apart, merge, scanned):
    one, other, primary = lead("Ali Rezaei", **ALI), lead("Ali Rezai", **ALI), lead("Ali Rezaie", **ALI)
    kept_apart(one, other, is_final=True)
    kept_apart(primary, other)
    merge(primary, one)
    save("lead", primary, phone="09121234567")
    assert scanned() == []


def test_a_word_that_did_not_hold_any_more_is_not_said_again(lead, save, kept_apart, merge, scanned):
    one, other, primary = lead("Ali Rezaei", **ALI), lead("Ali Rezai", **ALI), lead("Ali Rezaie", **ALI)
    kept_apart(one, other)
    save("lead", one, phone="09121234567")
    merge(primary, one)
    assert scanned() == [["Ali Rezai", "Ali Rezaie"]]


def test_what_was_said_of_both_is_said_once(lead, kept_apart, merge, scanned):
    one, other, primary = lead("Ali Rezaei", **ALI), lead("Ali Rezai", **ALI), lead("Ali Rezaie", **ALI)
    kept_apart(one, other, primary)
    merge(primary, one)
    assert scanned() == []
    assert PassedOn.objects.count() == 0  # the primary says what it said before: its own word holds


def test_who_is_merged_after_all_is_not_different_from_himself(lead, kept_apart, merge):
    one, primary = lead("Ali Rezaei", **ALI), lead("Ali Rezaie", **ALI)
    kept_apart(one, primary, is_final=True)
    merge(primary, one)
    assert not PassedOn.objects.exists()


def test_a_word_goes_along_from_merge_to_merge(lead, kept_apart, merge, scanned, cast):
    one, other, second, third = (lead(name, **ALI) for name in ("Ali A.", "Ali B.", "Ali C.", "Ali D."))
    kept_apart(one, other)
    batches = [merge(second, one), merge(third, second)]
    assert scanned() == []
    for batch in reversed(batches):
        changes.undo(batch, cast.admin)
    assert not PassedOn.objects.exists()


def test_both_may_become_part_of_others_at_once(lead, kept_apart, scanned, cast):
    one, other, first, second = (lead(name, **ALI) for name in ("Ali A.", "Ali B.", "Ali C.", "Ali D."))
    kept_apart(one, other)
    groups = [Group(first.pk, (one.pk,)), Group(second.pk, (other.pk,))]
    batch = records.batch_of("merge", cast.admin)
    merging.merge_groups(registry.get("lead"), groups, user=cast.admin, batch=batch)
    assert scanned() == []


def test_asked_about_again_they_are_whoever_said_it(lead, kept_apart, merge, scanned):
    one, other, primary = lead("Ali Rezaei", **ALI), lead("Ali Rezai", **ALI), lead("Ali Rezaie", **ALI)
    kept_apart(one, other)
    merge(primary, one)
    apart.forget([("lead", primary.pk), ("lead", other.pk)])
    assert scanned() == [["Ali Rezai", "Ali Rezaie"]]
