"""What a person was told: the bell, the list, and ticking off."""

import pytest

from kariz import notices


@pytest.fixture
def told(sara):
    notices.tell([sara], "%(name)s was assigned to you.", params={"name": "Arvand"}, url="/ship/7/")
    notices.tell([sara], "%(name)s was assigned to you.", params={"name": "Karun"}, url="/ship/8/")
    return notices.recent(sara, 2)


def test_the_bell_counts_what_is_unread_and_the_list_tells_it(browse, sara, told):
    shown = browse(sara).get("/me/notices/").content.decode()
    assert 'id="bell-count">2</span>' in shown
    assert shown.index("Karun was assigned to you.") < shown.index("Arvand was assigned to you.")


def test_opening_a_notice_ticks_it_off_and_goes_where_it_points(browse, sara, told):
    client = browse(sara)
    assert client.post("/me/notices/read/", {"id": told[0].pk}).url == "/ship/8/"
    assert notices.unread_count(sara) == 1


def test_all_are_ticked_off_at_once_beside_the_page(browse, sara, told, htmx):
    shown = browse(sara).post("/me/notices/read/", headers=htmx("panel")).content.decode()
    assert notices.unread_count(sara) == 0
    assert 'id="bell-count" hx-swap-oob="true" hidden' in shown
    assert "<html" not in shown


def test_nobody_reads_what_others_were_told(browse, bob, sara, told):
    client = browse(bob)
    assert "Arvand" not in client.get("/me/notices/").content.decode()
    client.post("/me/notices/read/", {"id": told[0].pk})
    assert notices.unread_count(sara) == 2


def test_with_nothing_to_tell_the_page_says_what_would_be_told(browse, bob):
    assert "Nothing to tell" in browse(bob).get("/me/notices/").content.decode()
