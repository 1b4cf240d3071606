"""The search page, the palette, and the places that both jump to."""

import pytest

from kariz.web.marks import marked


@pytest.fixture
def palette(browse, admin, htmx):
    client = browse(admin)
    return lambda text: client.get("/search/", {"q": text}, headers=htmx("palette-results")).content.decode()


def test_records_of_every_type_are_found_by_a_fragment(palette, make_ship, make_port):
    make_ship(name="Kermanshah")
    make_port("Kerman dry port")
    shown = palette("kerm")
    assert "<html" not in shown
    assert shown.index("Ports") < shown.index("<mark>Kerm</mark>an dry port")
    assert shown.index("Ships") < shown.index("<mark>Kerm</mark>anshah")


def test_persian_is_found_whatever_the_keyboard_wrote(palette, make_port):
    make_port("بندر علی کوچک")
    assert "<mark>علی</mark>" in palette("علي")
    assert "<mark>کوچک</mark>" in palette("كوچك")


def test_turkish_i_is_found_with_and_without_its_dot(palette, make_port):
    make_port("Işıklı İskele")
    assert "<mark>Işıklı</mark> İskele" in palette("isikli")


def test_what_one_may_not_see_is_not_found(browse, caller, bob, make_ship, htmx):
    make_ship(name="Kermanshah", owner=bob.pk)
    shown = browse(caller).get("/search/", {"q": "kerman"}, headers=htmx("palette-results")).content.decode()
    assert "Nothing is called “kerman”." in shown


def test_places_are_found_by_name_and_new_records_open_in_a_dialog(palette):
    shown = palette("add shi")
    assert 'href="/ship/new/" hx-get="/ship/quick/" hx-target="#dialog"' in shown
    assert 'href="/me/preferences/"' in palette("prefer")
    assert 'href="/ship/"' in palette("ships")


def test_too_little_to_search_says_so(palette):
    assert "Type at least three characters" in palette("zq")


def test_before_anything_is_typed_recent_records_and_places_stand_there(browse, admin, make_ship, htmx):
    client = browse(admin)
    client.get(f"/ship/{make_ship().pk}/")
    shown = client.get("/search/", headers=htmx("palette-results")).content.decode()
    assert shown.index("Recent") < shown.index("Arvand") < shown.index("Go to") < shown.index("Preferences")


def test_the_page_works_without_scripts(browse, admin, make_ship):
    arvand = make_ship()
    shown = browse(admin).get("/search/", {"q": "arva"}).content.decode()
    assert f'href="/ship/{arvand.pk}/"' in shown
    assert 'value="arva"' in shown


def test_the_number_of_queries_does_not_grow_with_what_is_found(
    browse, admin, make_ship, htmx, django_assert_max_num_queries, django_assert_num_queries
):
    client = browse(admin)
    make_ship(name="Arvand 0")
    client.get("/search/", {"q": "arvand"}, headers=htmx("palette-results"))
    with django_assert_max_num_queries(6) as few:
        client.get("/search/", {"q": "arvand"}, headers=htmx("palette-results"))
    for number in range(50):
        make_ship(name=f"Arvand {number}")
    with django_assert_num_queries(len(few)):
        client.get("/search/", {"q": "arvand"}, headers=htmx("palette-results"))


def test_marks_escape_what_people_wrote():
    assert marked("<b>Sara</b> Yılmaz", "yil") == "&lt;b&gt;Sara&lt;/b&gt; <mark>Yıl</mark>maz"
