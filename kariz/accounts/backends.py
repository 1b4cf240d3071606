"""Signs in by username or e-mail address, in whatever case, letters and digits they are typed."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from kariz.accounts import people
from kariz.accounts.models import User


class NameBackend(ModelBackend):
    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> User | None:
        if not username or password is None:
            return None
        user = people.find(username)
        if user is None:
            make_password(password)  # as long as it takes for somebody who is there
            return None
        is_right = user.check_password(password)
        return user if is_right and self.user_can_authenticate(user) else None
