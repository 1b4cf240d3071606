"""An administrator of a Turkish company, and her browser."""

import pytest
from django.test import Client

from kariz.accounts import company
from kariz.accounts.models import Company, User


@pytest.fixture
def ada() -> User:
    company.forget()
    Company.objects.update_or_create(pk=1, defaults={"region": "TR", "currency": "TRY"})
    return User.objects.create_user("ada", password="secret", name="Ada", role_id="administrator")


@pytest.fixture
def browser_of_ada(client: Client, ada: User) -> Client:
    client.force_login(ada)
    return client
