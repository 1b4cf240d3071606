"""Search rows: folded, found by fragments, the same in Python and in both databases."""

import pytest
from django.db import connection

from kariz.core import records, search
from kariz.core.models import SearchRow
from kariz.lib.text import fold


@pytest.fixture
def ships(make_ship, in_iran):
    make_ship(name="Sırma Işık", email="sirma@ege-teknik.com.tr", phone="+90 (212) 555 12 34 ext. 77")
    make_ship(name="كشتي آريا", phone="0098 21 8888 4321")
    make_ship(name="100% _safe_ \"quoted\" 'ship'")


@pytest.fixture(params=["few hold it", "many hold it"])
def hold(request, monkeypatch):
    """Whether a fragment is looked up in the index, or row by row because so many rows hold it."""
    monkeypatch.setattr(search, "COMMON", {"few hold it": 20_000, "many hold it": 0}[request.param])


@pytest.mark.usefixtures("hold")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sirma", 1), ("ISIK", 1), ("ışı", 1), ("ma işik", 1), ("ege-tek", 1), ("@ege", 1), ("sirma ege", 1),
        ("sirma arya", 0), ("کشتی", 2), ("شتي اری", 2), ("آریا", 2), ("5551234", 1), ("0212 555", 1),
        ("+90 212 555 12 34", 1), ("۰۲۱۸۸۸۸", 2), ("88884321", 2), ("100%", 3), ("_safe_", 3), ('"quoted"', 3),
        ("'ship'", 3), ("%%%", 0), ("___", 0), ("\\\\\\", 0), ("ab", 0), ("nothing", 0),
        ("AND OR", 0),
    ],
)  # fmt: skip
def test_any_fragment_of_three_letters_finds_it(ship, ships, text, found):
    hits = [hit.record_id for hit in search.everywhere(text, None)]
    names = [records.find("ship", pk, None).name for pk in hits]
    expected = {0: [], 1: ["Sırma Işık"], 2: ["كشتي آريا"], 3: ["100% _safe_ \"quoted\" 'ship'"]}[found]
    assert names == expected
    assert [one.pk for one in records.visible(ship, None, find=text)] == hits


@pytest.mark.parametrize("blank", ["", "   "])
def test_blank_text_finds_nothing_and_narrows_no_list(ship, ships, blank):
    assert search.everywhere(blank, None) == []
    assert records.visible(ship, None, find=blank).count() == 3


def test_a_search_row_follows_its_record(ship, make_ship):
    saved = make_ship(name="Arvand")
    saved = records.save(ship, saved, {"name": "Karun", "phone": "+98 21 8888 1234"}, user=None)
    assert [hit.title for hit in search.everywhere("karun", None)] == ["Karun"]
    assert search.everywhere("arvand", None) == []
    records.delete(ship, [saved], user=None)
    assert search.everywhere("karun", None) == []
    assert not SearchRow.objects.exists()


def test_a_change_of_owner_changes_who_finds_it(ship, make_ship, sara, admin):
    saved = make_ship(name="Arvand", owner=admin.pk)
    assert search.everywhere("arvand", sara) == []
    records.save(ship, saved, {"owner": sara.pk}, user=admin)
    assert len(search.everywhere("arvand", sara)) == 1


def test_custom_texts_are_found(make_ship, add_field):
    field = add_field("Call sign", "text")
    make_ship(**{field: "Q-ROMEO"})
    assert len(search.everywhere("romeo", None)) == 1


def test_names_that_begin_with_the_text_come_first(make_ship):
    for name in ("Old Arvand", "Arvand"):
        make_ship(name=name)
    assert [hit.title for hit in search.everywhere("arv", None)] == ["Arvand", "Old Arvand"]


def test_rows_that_differ_are_told(ship, make_ship):
    good, changed, lost = make_ship(name="Good"), make_ship(name="Changed"), make_ship(name="Lost")
    SearchRow.objects.filter(record_id=changed.pk).update(words="something")
    SearchRow.objects.filter(record_id=lost.pk).delete()
    assert search.differing(ship, [good, changed, lost]) == [changed, lost]


def test_the_index_answers(ships):
    rows = search.rows("sirma")
    if connection.vendor == "sqlite":
        assert "VIRTUAL TABLE INDEX 0:M" in rows.explain()
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        assert "core_searchrow_words" in rows.explain()


# What people of these countries type: Latin, Greek, Cyrillic, Armenian, Hebrew and Arabic, spaces and marks.
SCRIPTS = (
    range(0x20, 0x7F),
    range(0xA0, 0x800),
    range(0x1E00, 0x1F00),
    range(0x2000, 0x2070),
    range(0xFB50, 0xFF00),
)
TEXTS = [
    " Two  Words\u00a0",
    "İSTANBUL",
    "ǅ",
    "ﷺ",
    "می‌خواهم",
    "۱۲۳ ٤٥٦",
    "Straße",
    "ÆØÅ",
    "ﬁ",
    "",
    "½",
    "Ｆｕｌｌ",
]


def test_both_databases_fold_as_python_does():
    texts = TEXTS + [f"a{chr(code)}b" for script in SCRIPTS for code in script]
    with connection.cursor() as cursor:
        for text in texts:
            cursor.execute("SELECT kariz_fold(%s)", [text])
            assert cursor.fetchone() == (fold(text),), text
