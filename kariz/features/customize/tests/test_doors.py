"""The settings are the administrators' own, and reached from each list."""

import pytest
from django.urls import reverse

PAGES = [
    "types/ship/fields/", "types/ship/fields/new/", "types/ship/fields/crew/", "types/ship/fields/crew/count/",
    "types/ship/picklists/kind/", "types/ship/picklists/kind/new/", "types/ship/stages/", "types/ship/pipelines/new/",
    "types/ship/completeness/", "users/", "users/new/", "teams/", "teams/new/", "company/",
]  # fmt: skip
POSTS = [
    "fields/arrange/",
    "fields/formula/",
    "fields/crew/hide/",
    "fields/crew/restore/",
    "picklists/kind/order/",
]


@pytest.mark.covers("R376")
@pytest.mark.parametrize("address", PAGES)
def test_only_administrators_see_the_settings(browse, admin, manager, address):
    assert browse(admin).get(f"/settings/{address}").status_code == 200
    refused = browse(manager).get(f"/settings/{address}")
    assert refused.status_code == 403
    assert "Settings are for administrators" in refused.content.decode()


@pytest.mark.parametrize("address", POSTS)
def test_only_administrators_change_anything(browse, sara, address):
    assert browse(sara).post(f"/settings/types/ship/{address}").status_code == 403


def test_strangers_are_sent_to_sign_in(client, fleet):
    assert client.get("/settings/users/").headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize(
    "address",
    ["types/plane/fields/", "types/ship/fields/wings/", "types/ship/picklists/crew/", "types/port/stages/"],
)
def test_what_is_not_there_is_not_found(as_admin, address):
    assert as_admin.get(f"/settings/{address}").status_code == 404


@pytest.mark.covers("R283", "R285", "R286")
def test_the_gear_of_a_list_opens_the_editors(browse, admin, manager):
    shown = browse(admin).get("/ship/").content.decode()
    for view in ("fields", "picklists", "stages", "completeness"):
        assert reverse(f"customize:{view}", args=["ship"]) in shown
    assert "/settings/types/" not in browse(manager).get("/ship/").content.decode()


def test_a_type_without_pipelines_has_no_pipelines_to_edit(browse, admin):
    shown = browse(admin).get("/port/").content.decode()
    assert "/settings/types/port/fields/" in shown
    assert "/stages/" not in shown


def test_the_index_of_the_settings_leads_everywhere(as_admin):
    shown = as_admin.get("/settings/").content.decode()
    for view in ("users", "teams", "company"):
        assert reverse(f"customize:{view}") in shown
