"""Sets of ids in little room."""

from hypothesis import given
from hypothesis import strategies as st

from kariz.lib import idsets
from kariz.lib.idsets import IdSet

IDS = st.sets(st.integers(min_value=0, max_value=10**6))


@given(IDS, IDS)
def test_a_set_has_what_was_put_in_and_nothing_else(ids, others):
    blocks = dict(IdSet(ids).blocks())
    for one in ids | others:
        packed = blocks.get(idsets.block_of(one))
        assert (packed is not None and idsets.holds(packed, one)) == (one in ids)


@given(IDS)
def test_it_counts_and_its_checksum_does_not_depend_on_the_order(ids):
    forwards, backwards = IdSet(sorted(ids)), IdSet(sorted(ids, reverse=True))
    assert len(forwards) == len(ids)
    assert forwards.checksum == backwards.checksum
    assert forwards.checksum != IdSet({*ids, 10**6 + 1}).checksum


def test_a_million_ids_take_little_room():
    assert sum(len(bits) for _number, bits in IdSet(range(1_000_000)).blocks()) < 10_000
