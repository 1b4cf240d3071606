"""`kariz createuser` makes people who can sign in."""

import json
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from kariz.accounts import teams
from kariz.accounts.models import Team, User

pytestmark = pytest.mark.django_db


def create(*arguments):
    out = StringIO()
    call_command("createuser", *arguments, stdout=out)
    return out.getvalue()


def test_the_first_user_is_the_administrator_with_a_password_that_is_printed():
    told = create("maryam", "--email", "maryam@example.com")
    password = told.split("Password: ")[1].strip()
    user = authenticate(username="maryam", password=password)
    assert user.is_administrator
    assert user.email == "maryam@example.com"


def test_later_users_are_salespeople_unless_it_is_said_otherwise():
    create("maryam")
    create("elif")
    create("can", "--role", "sales_manager")
    assert list(User.objects.order_by("pk").values_list("role", flat=True)) == [
        "administrator", "salesperson", "sales_manager"
    ]  # fmt: skip


def test_a_script_reads_json():
    teams.place(Team(name="North"), None)
    told = json.loads(
        create("elif", "--role", "salesperson", "--team", "North", "--name", "Elif Kaya", "--json")
    )
    assert authenticate(username="elif", password=told.pop("password"))
    user = User.objects.get()
    assert told == {"id": user.pk, "username": "elif", "role": "salesperson", "team": "North"}
    assert str(user) == "Elif Kaya"


def test_a_given_password_is_used_and_not_repeated():
    assert "long-enough-57" not in create("elif", "--password", "long-enough-57")
    assert authenticate(username="elif", password="long-enough-57")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["elif", "--team", "South"], "There is no team “South”. Teams: North."),
        (["elif", "--password", "123"], "password:"),
        (["taken"], "username:"),
        (["two words"], "username:"),
        (["elif", "--email", "nobody"], "email:"),
    ],
)
def test_an_error_says_what_is_wrong(arguments, told):
    teams.place(Team(name="North"), None)
    create("taken")
    with pytest.raises(CommandError, match=told):
        create(*arguments)
    assert User.objects.count() == 1
