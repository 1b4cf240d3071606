"""Pages by key, and counts with a cap."""

import pytest

from kariz.core import paging, records
from kariz.core.tests.models import Ship
from kariz.lib.keyset import Cursor

SORTS = [
    "name",
    "crew",
    "price",
    "chance",
    "built_on",
    "sails_at",
    "is_insured",
    "kind",
    "created_at",
    "owner",
    "home",
]


@pytest.fixture
def ships(ship, make_port, admin):
    port = make_port("Bushehr").pk
    batch = records.batch_of("import", None)
    rows = [
        (
            Ship(),
            {
                "name": f"Ship {n % 7}",
                "crew": n % 5 or None,
                "price": n % 3 or None,
                "chance": n % 4 * 10,
                "built_on": f"2026-01-{n % 6 + 1:02}" if n % 6 else None,
                "sails_at": f"2026-01-{n % 6 + 1:02}T10:00:00Z" if n % 6 else None,
                "is_insured": bool(n % 2),
                "kind": ("tug", "", "ferry")[n % 3],
                "owner": admin.pk if n % 2 else None,
                "home": port if n % 3 else None,
            },
        )
        for n in range(23)
    ]
    drafts = records.save_many(ship, rows, user=None, batch=batch)
    assert not any(draft.errors for draft in drafts)


def turned(ship, sort, *, backwards=False):
    """The ids of all pages, read by turning from the first to the last and perhaps back again."""
    pages, cursor = [], ""
    while True:
        page = paging.page(records.visible(ship, None), ship, sort, cursor=cursor, size=4)
        pages.append(page)
        cursor = page.next
        if not cursor:
            break
    if backwards:
        pages = [pages[-1]]
        while pages[0].previous:
            again = paging.page(records.visible(ship, None), ship, sort, cursor=pages[0].previous, size=4)
            pages.insert(0, again)
    return [record.pk for page in pages for record in page.records]


@pytest.mark.parametrize("backwards", [False, True], ids=["forwards", "back"])
@pytest.mark.parametrize("sort", [*SORTS, *(f"-{name}" for name in SORTS)])
def test_turning_pages_shows_each_record_once_in_order(ship, ships, sort, backwards):
    expected = [one.pk for one in records.visible(ship, None, sort=sort)]
    assert turned(ship, sort, backwards=backwards) == expected


@pytest.mark.parametrize("type_name", ["text", "number", "date", "yes_no", "lookup"])
def test_custom_fields_page_like_others(ship, ships, add_field, make_port, type_name):
    field = add_field("Mine", type_name, target="port" if type_name == "lookup" else "")
    port = make_port("İzmir").pk
    values = {
        "text": ["b", "a", ""], "number": ["2.5", "-1", ""], "date": ["2026-01-02", ""], "yes_no": [True, False],
        "lookup": [port, None],
    }[type_name]  # fmt: skip
    rows = [(one, {field: values[n % len(values)]}) for n, one in enumerate(Ship.objects.all())]
    records.save_many(ship, rows, user=None, batch=records.batch_of("edit", None))
    for sort in (field, f"-{field}"):
        assert turned(ship, sort) == [one.pk for one in records.visible(ship, None, sort=sort)]


def test_the_first_page_has_none_before_it_and_the_last_none_after(ship, ships):
    first = paging.page(records.visible(ship, None), ship, "name", size=20)
    assert (len(first.records), first.previous, bool(first.next)) == (20, "", True)
    last = paging.page(records.visible(ship, None), ship, "name", cursor=first.next, size=20)
    assert (len(last.records), bool(last.previous), last.next) == (3, True, "")
    assert paging.page(records.visible(ship, None, where=["name", "is", "x"]), ship, "name").records == []


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "é",
        *(Cursor(values).encode() for values in (("after",), ("after", "soon", 1), ("after", 1, "x"))),
    ],
)
def test_a_bad_cursor_is_the_first_page(ship, ships, cursor):
    first = paging.page(records.visible(ship, None), ship, "built_on", size=4).records
    assert paging.page(records.visible(ship, None), ship, "built_on", cursor=cursor, size=4).records == first


def test_counts_stop_at_the_cap(ship, ships):
    assert paging.capped_count(records.visible(ship, None), cap=10) == (10, True)
    assert paging.capped_count(records.visible(ship, None), cap=23) == (23, False)
    assert paging.capped_count(records.visible(ship, None, where=["name", "is", "x"])) == (0, False)
