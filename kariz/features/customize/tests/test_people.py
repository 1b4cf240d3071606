"""Users, teams and the company, on screen."""

import pytest
from django.contrib.auth import authenticate

from kariz.accounts import company
from kariz.accounts.models import Team, User
from kariz.core.models import ChangeBatch
from kariz.core.tests.models import Port, Ship
from kariz.jobs import worker
from kariz.web import bulk

NEW = {
    "name": "Elif Kaya",
    "username": "elif",
    "email": "elif@example.com",
    "role": "salesperson",
    "skill": "beginner",
}


def test_a_new_user_gets_a_password_that_is_shown_once(as_admin, north):
    answer = as_admin.post("/settings/users/new/", NEW | {"team": north.pk, "language": "tr"})
    password = answer.context["password"]
    assert password in answer.content.decode()
    user = authenticate(username="elif", password=password)
    assert (str(user), user.team, user.language, user.role_id) == ("Elif Kaya", north, "tr", "salesperson")
    assert password not in as_admin.get(f"/settings/users/{user.pk}/").content.decode()


def test_a_wrong_user_is_not_made(as_admin, admin):
    wrong = as_admin.post("/settings/users/new/", NEW | {"username": "admin", "name": "", "email": "x"})
    assert wrong.status_code == 422
    assert wrong.content.decode().count("form__error") == 3
    assert User.objects.count() == 1


@pytest.mark.covers("R376", "R377", "R379", "R380", "R381", "R382")
def test_a_user_changes_role_and_team(as_admin, sara, sales):
    as_admin.post(
        f"/settings/users/{sara.pk}/", NEW | {"username": "sara", "role": "sales_manager", "team": sales.pk}
    )
    sara.refresh_from_db()
    assert (sara.role_id, sara.team, sara.name) == ("sales_manager", sales, "Elif Kaya")


def test_the_keys_cannot_be_taken_from_oneself(as_admin, admin):
    refused = as_admin.post(
        f"/settings/users/{admin.pk}/", NEW | {"username": "admin", "role": "salesperson"}
    )
    assert "Another administrator can" in refused.content.decode()
    assert (
        "cannot deactivate yourself"
        in as_admin.get(f"/settings/users/{admin.pk}/deactivate/").content.decode()
    )
    as_admin.post(f"/settings/users/{admin.pk}/deactivate/")
    admin.refresh_from_db()
    assert (admin.is_active, admin.is_administrator) == (True, True)


def test_a_forgotten_password_is_replaced(as_admin, sara):
    answer = as_admin.post(f"/settings/users/{sara.pk}/password/")
    assert authenticate(username="sara", password=answer.context["password"])


def test_open_records_go_to_somebody_else_as_one_batch(as_admin, sara, bob, make_ship, make_port, told):
    for stage in ("dock", "arrived", "wrecked"):
        make_ship(stage=stage, owner=sara.pk, notes="x")
    make_port("Bushehr", owner=sara.pk)
    shown = as_admin.get(f"/settings/users/{sara.pk}/deactivate/").content.decode()
    assert "Ships" in shown
    answer = as_admin.post(f"/settings/users/{sara.pk}/deactivate/", {"hand_over_to": bob.pk})
    [(text, undo_url)] = told(answer)
    assert text == "sara can sign in no more."
    assert set(Ship.objects.filter(owner=bob).values_list("stage", flat=True)) == {"dock"}
    assert ChangeBatch.objects.last().changes.count() == 2
    assert not User.objects.get(pk=sara.pk).is_active
    as_admin.post(undo_url)
    assert Ship.objects.filter(owner=sara).count() == 3
    as_admin.post(f"/settings/users/{sara.pk}/activate/")
    assert User.objects.get(pk=sara.pk).is_active


def test_very_many_records_are_handed_over_in_the_background_as_one_batch_of_all_types(
    as_admin, sara, bob, make_ship, make_port, monkeypatch, told
):
    monkeypatch.setattr(bulk, "DIRECTLY", 2)
    for number in range(3):
        make_ship(owner=sara.pk)
        make_port(f"Port {number}", owner=sara.pk)
    before = ChangeBatch.objects.count()
    answer = as_admin.post(f"/settings/users/{sara.pk}/deactivate/", {"hand_over_to": bob.pk})
    assert told(answer) == [
        (
            "sara can sign in no more. The records are handed over in the background; you hear when it is done.",
            "",
        )
    ]
    assert not Ship.objects.filter(owner=bob).exists()
    worker.drain()
    assert Ship.objects.filter(owner=bob).count() == Port.objects.filter(owner=bob).count() == 3
    assert ChangeBatch.objects.count() == before + 1
    assert "6 records were changed" in as_admin.get("/me/notices/").content.decode()
    as_admin.post(f"/batches/{ChangeBatch.objects.last().pk}/undo/")
    worker.drain()
    assert Ship.objects.filter(owner=sara).count() == Port.objects.filter(owner=sara).count() == 3


def test_records_may_stay_where_they_are(as_admin, sara, make_ship, told):
    make_ship(owner=sara.pk)
    assert told(as_admin.post(f"/settings/users/{sara.pk}/deactivate/")) == [
        ("sara can sign in no more.", "")
    ]
    assert Ship.objects.filter(owner=sara).exists()


def test_somebody_who_is_deactivated_is_out_at_once(as_admin, browse, sara):
    theirs = browse(sara)
    assert theirs.get("/").status_code == 200
    as_admin.post(f"/settings/users/{sara.pk}/deactivate/")
    assert theirs.get("/").status_code == 302
    assert not sara.sessions.exists()
    as_admin.post(f"/settings/users/{sara.pk}/activate/")
    assert theirs.get("/").status_code == 302


def test_teams_form_a_tree(as_admin, sales, north, sara):
    as_admin.post("/settings/teams/new/", {"name": "Coast", "parent": north.pk})
    coast = Team.objects.get(name="Coast")
    assert coast.path == f"{north.path}{coast.pk}/"
    shown = as_admin.get("/settings/teams/").content.decode()
    assert shown.index("Sales") < shown.index("North") < shown.index("Coast")
    as_admin.post(f"/settings/teams/{coast.pk}/", {"name": "Coast", "parent": ""})
    assert Team.objects.get(name="Coast").parent is None


def test_a_team_is_never_below_itself(as_admin, sales, north):
    assert (
        as_admin.post(f"/settings/teams/{sales.pk}/", {"name": "Sales", "parent": north.pk}).status_code
        == 422
    )


def test_only_an_empty_team_is_deleted(as_admin, north, sara):
    as_admin.post(f"/settings/teams/{north.pk}/remove/")
    assert Team.objects.filter(pk=north.pk).exists()
    sara.team = None
    sara.save()
    as_admin.post(f"/settings/teams/{north.pk}/remove/")
    assert not Team.objects.filter(pk=north.pk).exists()


OURS = {"name": "Pars Sanat", "language": "fa", "calendar": "jalali", "digits": "persian", "time_zone": "Asia/Tehran",
        "region": "IR", "currency": "IRR", "show_toman": "on", "fiscal_start_month": "1"}  # fmt: skip


def test_the_companys_settings_hold_for_everybody_at_once(as_admin, browse, sara):
    as_admin.post("/settings/company/", OURS)
    assert company.current().region == "IR"
    assert '<html lang="fa" dir="rtl"' in browse(sara).get("/").content.decode()


def test_country_and_month_are_chosen_by_their_names(as_admin):
    as_admin.post("/settings/company/", OURS)
    shown = as_admin.get("/settings/company/").content.decode()
    assert '<option value="IR" selected>ایران</option>' in shown
    assert '<option value="1" selected>۱ · فروردین</option>' in shown


@pytest.mark.parametrize(
    "wrong", [{"region": "Iran"}, {"currency": "XYZ"}, {"time_zone": "Mars"}, {"fiscal_start_month": "13"}]
)
def test_a_wrong_setting_is_told(as_admin, wrong):
    before = company.current().revision
    assert as_admin.post("/settings/company/", OURS | wrong).status_code == 422
    company.forget()
    assert company.current().revision == before
