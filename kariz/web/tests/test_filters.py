"""The filter of a list: its builder, what people type into it in their own language, and the address it becomes."""

import json

import pytest

from kariz.web.tests.reading import rows, text, where


@pytest.fixture
def page(browse, admin):
    return browse(admin)


def apply(client, tree, address="/ship/filter/", **more):
    return client.post(address, {"filter": json.dumps(tree)}, **more)


def test_the_builder_starts_with_the_rows_of_the_condition(page):
    answer = page.get(
        f"/ship/filter/?{where({'any': [['kind', 'is', 'tug'], ['crew', 'between', '2', '9']]})}"
    )
    inside = answer.content.decode()
    assert '<option value="any" selected>' in inside
    assert '<option value="tug" selected>' in inside
    assert 'value="2"' in inside
    assert 'value="9"' in inside


def test_a_row_offers_the_operators_and_the_value_of_its_field(page):
    assert "was last quarter" in text(page.get("/ship/filter/?field=built_on"))
    assert "is in my team" in text(page.get("/ship/filter/?field=owner"))
    several = page.get("/ship/filter/?field=kind&operator=one_of").content.decode()
    assert several.count('type="checkbox"') == 3
    assert "data-links" in page.get("/ship/filter/?field=ports").content.decode()
    assert "data-value" not in page.get("/ship/filter/?field=email&operator=empty").content.decode()


def test_another_operator_keeps_what_was_typed_and_another_field_does_not(page, htmx):
    address = "/ship/filter/?field=crew&operator=less&typed=12"
    assert 'value="12"' in page.get(address, headers={"HX-Trigger-Name": "operator"}).content.decode()
    assert 'value="12"' not in page.get(address, headers={"HX-Trigger-Name": "field"}).content.decode()


@pytest.mark.parametrize(
    ("leaf", "fits"),
    [
        (["kind", "is", "tug"], 1), (["kind", "one_of", "tug", "ferry"], 2), (["kind", "one_of", ["tug"]], 1),
        (["name", "one_of", "Arvand, Karun"], 2), (["price", "greater", "1,000"], 1),
        (["crew", "between", "5", "20"], 1),
        (["built_on", "last_n_days", "30"], 0), (["email", "contains", "@example"], 1), (["owner", "is_me"], 0),
        (["is_insured", "no"], 2), (["phone", "empty"], 2),
    ],
)  # fmt: skip
def test_what_was_built_narrows_the_list(page, make_ship, leaf, fits):
    make_ship(kind="tug", price="1200", email="captain@example.com", crew=12)
    make_ship(name="Karun", kind="ferry")
    applied = apply(page, {"all": [leaf]}, follow=True)
    assert len(rows(applied)) == fits
    assert len(applied.redirect_chain) == 1


def test_values_are_typed_as_their_reader_writes_them(page, make_ship, admin):
    admin.language, admin.calendar = "fa", "jalali"
    admin.save()
    old, _new = make_ship(built_on="2020-03-20"), make_ship(built_on="2024-01-01")
    applied = apply(page, {"all": [["built_on", "before", "۱۳۹۹/۰۱/۰۲"]]}, follow=True)
    assert rows(applied) == [old.pk]
    assert "2020-03-21" in applied.redirect_chain[0][0]


def test_groups_stand_in_groups(page, make_ship):
    tug, ferry, _tanker = (
        make_ship(kind="tug"),
        make_ship(kind="ferry", crew=9),
        make_ship(kind="tanker", crew=9),
    )
    tree = {"any": [["kind", "is", "tug"], {"all": [["kind", "is", "ferry"], ["crew", "greater", "5"]]}]}
    applied = apply(page, tree, follow=True)
    assert sorted(rows(applied)) == [tug.pk, ferry.pk]
    assert "Kind is Tug or (Kind is Ferry and Crew is greater than 5)" in text(applied)


def test_a_value_that_cannot_be_compared_is_told_at_its_row_and_keeps_the_others(page):
    answer = apply(
        page, {"all": [["crew", "less", "many"], ["kind", "is", "tug"], ["built_on", "next_n_days", ""]]}
    )
    assert answer.status_code == 422
    assert "“many” is not a number." in text(answer)
    assert "Enter a number of days." in text(answer)
    assert 'value="many"' in answer.content.decode()
    assert '<option value="tug" selected>' in answer.content.decode()


def test_an_empty_filter_shows_everything_again(page, make_ship):
    make_ship()
    assert (
        len(rows(apply(page, {"all": []}, f"/ship/filter/?{where(['kind', 'is', 'tug'])}", follow=True))) == 1
    )


def test_a_script_is_sent_on_to_the_list_or_the_board_it_came_from(page, htmx):
    answer = apply(
        page, {"all": [["kind", "is", "tug"]]}, "/ship/filter/?page=board&sort=name", headers=htmx()
    )
    went = json.loads(answer.headers["HX-Location"])
    assert went["path"].startswith("/ship/board/?sort=name&where=")
    assert went["target"] == "#main"
    assert answer.headers["HX-Trigger"] == json.dumps({"closeDialog": {}})


def test_the_names_of_linked_records_stand_in_the_builder(page, make_port):
    port = make_port("Bushehr")
    inside = page.get(f"/ship/filter/?{where(['home', 'one_of', [port.pk]])}").content.decode()
    assert "<bdi>Bushehr</bdi>" in inside
