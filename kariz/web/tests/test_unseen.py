"""A record may point at one that its reader may not see: what it shows instead of the name, at no further cost."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kariz.core import answers, links, records
from kariz.core.tests.fleet import ShipType
from kariz.web.tests.reading import text

UNSEEN = "Not visible to you"
SECRET = "Bandar Secret"


@pytest.fixture
def page(browse, sara):
    return browse(sara)


@pytest.fixture(autouse=True)
def shown_everywhere(fleet, monkeypatch):
    """Lists and cards of ships name their ports."""
    monkeypatch.setattr(ShipType, "columns", ("name", "home", "ports"))
    monkeypatch.setattr(ShipType, "card", ("home", "ports", "owner"))


@pytest.fixture
def secret(make_port, admin):
    """A port of somebody whose records Sara does not see."""
    return make_port(SECRET, owner=admin.pk)


@pytest.fixture
def arvand(make_ship, sara, secret):
    return make_ship(owner=sara.pk, home=secret.pk, ports=[secret.pk])


@pytest.mark.parametrize(
    "address",
    [
        "/ship/",
        "/ship/board/",
        "/ship/{pk}/",
        "/ship/{pk}/panel/",
        "/ship/{pk}/edit/",
        "/ship/{pk}/cells/home/",
    ],
)
def test_its_name_is_nowhere_and_a_neutral_word_stands_in_its_place(page, arvand, secret, address):
    shown = page.get(address.format(pk=arvand.pk), headers={"HX-Request": "true"}).content.decode()
    assert SECRET not in shown
    assert UNSEEN in shown
    assert f"/port/{secret.pk}/" not in shown


def test_the_history_does_not_tell_it_either(page, ship, arvand, sara, make_port, secret):
    open_port = make_port("Kish", owner=sara.pk)
    records.save(ship, arvand, {"home": open_port.pk, "ports": []}, user=None)
    shown = text(page.get(f"/ship/{arvand.pk}/tabs/updates/", headers={"HX-Request": "true"}))
    assert SECRET not in shown
    assert shown.count(UNSEEN) == 2
    assert "Kish" in shown


def test_a_search_finds_the_record_without_telling_it(page, arvand):
    found = text(page.get("/search/?q=Arvand"))
    assert "Arvand" in found
    assert SECRET not in found
    assert f"/ship/{arvand.pk}/" not in page.get("/search/?q=Secret").content.decode()


def test_who_may_see_it_reads_its_name(browse, admin, arvand, secret):
    shown = browse(admin).get("/ship/").content.decode()
    assert UNSEEN not in shown
    assert f'<a href="/port/{secret.pk}/"><bdi>{SECRET}</bdi></a>' in shown


def test_files_and_commands_do_not_tell_it(ship, sara, arvand):
    [row] = answers.listed(ship, sara)
    assert (row["home"], row["ports"]) == (UNSEEN, [UNSEEN])
    [group] = answers.grouped(ship, sara, group_by=["home"], sums=[])
    assert group["home"] == UNSEEN


def test_an_edit_keeps_what_its_reader_may_not_see(page, ship, arvand, secret):
    form = page.get(f"/ship/{arvand.pk}/edit/").content.decode()
    assert re.search(rf'name="home" value="{secret.pk}"', form)
    page.post(f"/ship/{arvand.pk}/edit/", {"name": "Arvand II", "home": secret.pk, "ports": [secret.pk]})
    kept = records.find("ship", arvand.pk, None)
    assert (kept.name, kept.home_id, kept.ports_ids) == ("Arvand II", secret.pk, [secret.pk])


def test_names_cost_the_same_whoever_reads_them(ship, sara, arvand, secret):
    fields = [ship.fields["home"], ship.fields["ports"]]
    links.load(ship, [arvand])
    links.names(fields, [arvand], sara)  # what every request of hers has asked for already
    with CaptureQueriesContext(connection) as of_all:
        links.names(fields, [arvand], None)
    with CaptureQueriesContext(connection) as of_hers:
        names = links.names(fields, [arvand], sara)
    assert len(of_all) == len(of_hers) == 1
    assert names == {("port", secret.pk): UNSEEN}


@pytest.mark.covers("R168")
def test_the_tabs_count_only_what_their_reader_may_see(
    page, browse, admin, ship, arvand, sara, make_port, secret
):
    records.save(ship, arvand, {"ports": [secret.pk, make_port("Kish", owner=sara.pk).pk]}, user=None)
    counted = '>Ports of call <span class="tabs__count">{}</span>'
    assert counted.format(1) in " ".join(page.get(f"/ship/{arvand.pk}/").content.decode().split())
    assert counted.format(2) in " ".join(browse(admin).get(f"/ship/{arvand.pk}/").content.decode().split())
