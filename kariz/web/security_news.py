"""Tells people what has changed in how they sign in, so that they notice when it was not they."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from kariz import notices
from kariz.accounts.models import User
from kariz.web import letters

PASSWORD_CHANGED = gettext_noop("Your password was changed.")
EMAIL_CHANGED = gettext_noop("Your e-mail address was changed to %(email)s.")
APP_ADDED = gettext_noop("An authenticator app was added to your sign-in.")
APP_REMOVED = gettext_noop("The authenticator app was taken out of your sign-in.")
PASSKEY_ADDED = gettext_noop("The passkey %(name)s was added to your sign-in.")
PASSKEY_REMOVED = gettext_noop("The passkey %(name)s was taken out of your sign-in.")
RECOVERY_CODES_MADE = gettext_noop("New recovery codes were made; the earlier ones work no more.")
RECOVERY_CODE_USED = gettext_noop("One of your recovery codes was used to sign in.")
FACTORS_RESET = gettext_noop("An administrator took the second factors out of your sign-in.")


def tell(user: User, text: str, **params: Any) -> None:
    """By the bell and, where mail is set up, to the address that the person has now."""
    notices.tell([user], text, params=params, url=reverse("web:security"))
    letters.send_news(user, text, params)
