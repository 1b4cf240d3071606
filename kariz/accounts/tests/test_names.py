"""What people sign in with is theirs alone, however it is written."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from kariz.accounts import people
from kariz.accounts.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "pars-sanat-40"


@pytest.fixture
def elif_():
    return people.create("elif", PASSWORD, email="elif@example.com")[0]


@pytest.mark.parametrize("name", ["elif", "ELIF", "ELİF", "elıf", "Elif@Example.com", "  elif "])
def test_a_person_is_found_however_the_name_is_written(elif_, name):
    assert people.find(name) == elif_


@pytest.mark.parametrize("name", ["", " ", "eli", "example.com", "\x00"])
def test_nobody_is_found_by_less(elif_, name):
    assert people.find(name) is None


@pytest.mark.parametrize(
    ("username", "email", "told"),
    [
        ("Elif", "", "username"),
        ("elif@example.com", "", "username"),
        ("can", "ELIF@example.com", "email"),
    ],
)
def test_neither_name_nor_address_is_given_twice(elif_, username, email, told):
    with pytest.raises(ValidationError) as refused:
        people.create(username, PASSWORD, email=email)
    assert list(refused.value.message_dict) == [told]


@pytest.mark.parametrize("same", [{"username": "ELIF"}, {"username": "can", "email": "Elif@example.com"}])
def test_the_database_keeps_them_apart_whoever_writes(elif_, same):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(**same)])


def test_the_address_of_somebody_who_has_left_may_be_anothers(elif_):
    elif_.is_active = False
    elif_.save()
    can = people.create("can", PASSWORD, email="elif@example.com")[0]
    assert people.find("elif@example.com") == can
    with pytest.raises(ValidationError, match="this e-mail address already"):
        people.activate(elif_)


def test_the_migration_tells_apart_what_was_the_same(capsys):
    """Rows as the release before could write them."""
    with connection.cursor() as cursor:  # until the test is rolled back
        for constraint in User._meta.constraints:
            cursor.execute(f"DROP INDEX {constraint.name}")
    User.objects.bulk_create(
        [
            User(username="Sara", email="sara@example.com"),
            User(username="sara", email="Sara@example.com"),
            User(username="bob", email="sara@example.com", is_active=False),
        ]
    )
    import_module("kariz.accounts.migrations.0003_sign_in").fold_names(apps, None)
    found = dict(User.objects.order_by("pk").values_list("username", "email"))
    first, second, third = found
    assert (first, second.startswith("sara_"), third) == ("Sara", True, "bob")
    assert list(found.values()) == ["sara@example.com", "", "sara@example.com"]
    told = capsys.readouterr().err
    assert "'sara' signs in as" in told
    assert "has no e-mail address any more" in told
