"""Every record type has every capability on the day it is declared: lists, boards, pages, finding, importing."""

import csv
import io
import json
import re
from typing import Any

from django.urls import reverse

from kariz.core import choices
from kariz.core.fields import Field
from kariz.web import boards
from tests import specimens, wizard
from tests.comparing import comparisons
from tests.forms import send
from tests.reading import (
    EVERYTHING,
    FRAGMENT,
    INSIDE,
    at,
    columns,
    heads,
    html,
    links,
    rows,
    text,
    undo_address,
)
from tests.specimens import current, title


class TestLists:
    def test_a_list_is_a_page_and_a_fragment(self, record_type, sara, shirin):
        address = at("list", record_type)
        page, fragment, inside = (
            shirin.get(address, EVERYTHING, headers=headers) for headers in ({}, FRAGMENT, INSIDE)
        )
        assert [html(page).count("</html>"), html(fragment).count("</html>")] == [1, 0]
        assert all(sara.pk in rows(answer) for answer in (page, fragment, inside))
        assert str(record_type.plural) in text(page)

    def test_a_list_finds_by_a_part_of_the_name(self, record_type, sara, full, shirin):
        found = shirin.get(at("list", record_type), EVERYTHING | {"q": "ahmad"})
        assert rows(found) == [sara.pk]

    def test_a_list_shows_any_columns_in_any_order(self, record_type, full, shirin):
        names = [name for name in record_type.fields if name != record_type.title]
        page = shirin.get(at("list", record_type), EVERYTHING | {"columns": ",".join(reversed(names))})
        assert heads(page)[1:] == [str(record_type.fields[name].label) for name in reversed(names)]
        assert full.pk in rows(page)

    def test_a_list_sorts_by_every_sortable_field_both_ways(self, record_type, sara, full, shirin):
        wrong = {}
        for name, field in record_type.fields.items():
            if not field.type.is_sortable:
                continue
            up, down = (
                rows(shirin.get(at("list", record_type), EVERYTHING | {"sort": sort}, headers=INSIDE))
                for sort in (name, f"-{name}")
            )
            is_empty = field.type.is_empty(field.get(sara)) and not field.type.is_empty(field.get(full))
            if up != down[::-1] or (is_empty and up.index(sara.pk) > up.index(full.pk)):
                wrong[name] = (up, down)
        assert wrong == {}

    def test_a_list_filters_by_every_field_in_every_way(self, record_type, full, shirin):
        wrong = []
        for field in record_type.fields.values():
            for leaf, is_passed in comparisons(field, field.type.store(field.get(current(full)))):
                answer = shirin.get(at("list", record_type), narrowed(leaf), headers=INSIDE)
                is_found = full.pk in rows(answer)
                if "cannot be used" in text(answer) or is_passed not in (is_found, None):
                    wrong.append(leaf)
        assert wrong == []

    def test_a_filter_is_kept_as_a_view_that_its_owner_opens(
        self, record_type, sara, full, shirin, browser_of, cast
    ):
        dialog = shirin.get(at("view_save", record_type), narrowed(["owner", "empty"]), headers=FRAGMENT)
        send(shirin, dialog, "is_pinned", name="Left lying", is_pinned="1")
        address = links(shirin.get(at("list", record_type), EVERYTHING))["Left lying"]
        assert rows(shirin.get(address)) == []
        assert "Left lying" not in text(browser_of(cast.reza).get(at("list", record_type)))

    def test_the_columns_that_somebody_chooses_stay_chosen(self, record_type, sara, shirin):
        last = list(record_type.fields.values())[-3]
        chooser = shirin.get(at("columns", record_type), headers=FRAGMENT)
        offered = [field for field in record_type.fields.values() if field.name != record_type.title]
        assert [str(field.label) for field in offered if str(field.label) not in text(chooser)] == []
        send(shirin, chooser, "columns", columns=[last.name], keep="1")
        assert heads(shirin.get(at("list", record_type))) == [
            record_type.fields[record_type.title].label,
            last.label,
        ]


class TestBoards:
    def test_a_board_has_a_column_for_every_value_of_every_choice_field(self, record_type, full, shirin):
        for field in boards.offered(record_type):
            shown = columns(shirin.get(at("board", record_type), EVERYTHING | {"by": field.name}))
            offered = {one.key for one in choices.of(record_type.name, field.name)}
            assert offered <= shown.keys()
            assert [key for key, cards in shown.items() if full.pk in cards] == [field.get(current(full))]

    def test_a_card_moves_to_another_column_and_back_by_undo(self, record_type, full, shirin):
        for field in (one for one in boards.offered(record_type) if another(one, full)):
            before, after = field.get(current(full)), another(field, full)
            address = f"{at('move', record_type, full.pk)}?field={field.name}"
            moved = shirin.post(address, {"value": after, "before": "", "after": ""}, headers=FRAGMENT)
            assert (moved.status_code, field.get(current(full))) == (200, after)
            shirin.post(undo_address(moved))
            assert field.get(current(full)) == before

    def test_a_board_says_how_many_cards_a_column_holds(self, record_type, full, sara, shirin):
        board = shirin.get(at("board", record_type), EVERYTHING)
        counts = [int(number) for number in re.findall(r'board__count">(\d+)<', html(board))]
        assert (
            sum(counts)
            == sum(len(cards) for cards in columns(board).values())
            == record_type.model.objects.count()
        )


class TestPages:
    def test_a_record_has_a_page_with_every_tab(self, record_type, full, shirin):
        page = shirin.get(at("record", record_type, full.pk))
        tabs = re.findall(r'hx-get="([^"]*/tabs/[^"]*)"', html(page))
        assert {"details", "comments", "updates"} <= {address.split("/")[-2] for address in tabs}
        assert [address for address in tabs if shirin.get(address, headers=FRAGMENT).status_code != 200] == []
        assert title(full) in text(page)

    def test_the_page_shows_every_value_that_the_record_holds(self, record_type, full, shirin):
        page = text(shirin.get(at("record", record_type, full.pk)))
        assert [f.name for f in specimens.fields(record_type).values() if str(f.label) not in page] == []
        plain = [
            f for f in record_type.fields.values() if f.type.name in ("text", "email", "phone", "choice")
        ]
        assert [f.name for f in plain if f.show(f.get(current(full))) not in page] == []

    def test_a_record_opens_in_the_panel_beside_a_list(self, record_type, sara, shirin):
        panel = shirin.get(at("panel", record_type, sara.pk), headers=FRAGMENT)
        assert title(sara) in text(panel)
        assert "</html>" not in html(panel)

    def test_a_record_that_is_pinned_stands_in_the_sidebar_of_every_page(self, record_type, sara, shirin):
        shirin.post(at("pin", record_type, sara.pk), {"on": "1"})
        assert links(shirin.get(reverse("web:home")))[title(sara)] == at("record", record_type, sara.pk)


class TestFinding:
    def test_search_finds_the_record_by_any_part_of_its_name(self, record_type, sara, shirin):
        found = links(shirin.get(reverse("web:search"), {"q": "ara ahma"}))
        assert at("record", record_type, sara.pk) in found.values()

    def test_search_finds_what_the_type_says_that_it_is_found_by(self, record_type, full, shirin):
        wrong = []
        for name in record_type.search:
            typed = record_type.fields[name].show(record_type.fields[name].get(current(full)))
            page = shirin.get(reverse("web:search"), {"q": typed[1:]})
            if at("record", record_type, full.pk) not in links(page).values():
                wrong.append(name)
        assert wrong == []

    def test_a_lookup_suggests_the_record(self, record_type, sara, shirin):
        found = shirin.get(at("lookup", record_type), {"q": "ahmad"}, headers=FRAGMENT)
        assert f'data-id="{sara.pk}"' in html(found)


class TestImporting:
    def test_a_file_of_two_rows_becomes_two_records(self, record_type, shirin):
        given = [specimens.least(record_type, "Sara Ahmadi"), specimens.least(record_type, "Bob Stone")]
        own = {"email": "bob@example.com", "phone": "+98 21 9999 1234"}  # with hers he is taken for her
        given[1] |= {name: value for name, value in own.items() if name in given[1]}
        answer = wizard.bring(shirin, record_type.name, csv_of(given))
        assert "2 created, 0 changed, 0 left, 0 failed" in text(answer)
        assert sorted(map(title, record_type.model.objects.all())) == ["Bob Stone", "Sara Ahmadi"]

    def test_a_row_that_cannot_be_read_fails_with_its_reason(self, record_type, shirin):
        naming = specimens.naming(record_type)
        given = [specimens.least(record_type), specimens.least(record_type, **{naming: "x" * 5000})]
        answer = wizard.bring(shirin, record_type.name, csv_of(given))
        assert "1 created, 0 changed, 0 left, 1 failed" in text(answer)
        rows_left = shirin.get(links(answer)["Failed rows"]).getvalue().decode()
        assert "5,000 characters long" in rows_left or "5000 characters long" in rows_left


def csv_of(given: list[dict[str, Any]]) -> str:
    """The values under their labels, as some other program would have written them."""
    lines = io.StringIO()
    writer = csv.DictWriter(lines, given[0])
    writer.writeheader()
    writer.writerows(given)
    return lines.getvalue()


def narrowed(leaf: list[Any]) -> dict[str, str]:
    return {"where": json.dumps({"all": [leaf]})}


def another(field: Field, record: Any) -> str:
    """Another value of a choice field, none that ends a path or asks for more; empty where there is no other."""
    group = getattr(record, field.group) if field.group else None
    offered = [
        one for one in choices.of(field.record_type, field.name, group) if not one.outcome and not one.asks
    ]
    return next((one.key for one in reversed(offered) if one.key != field.get(record)), "")
