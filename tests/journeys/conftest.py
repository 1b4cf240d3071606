"""A browser for each of the cast, in which he has signed in."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from kariz.accounts.models import User
from tests.cast import Cast, gather, signed_in
from tests.journeys.desk import DESKTOP, PHONE, Desk


@pytest.fixture
def cast(live_server: object) -> Cast:
    return gather()


@pytest.fixture
def opened(browser: Browser, live_server: object) -> Iterator[Callable[..., Page]]:
    """Opens windows; an error of their scripts fails the test."""
    contexts, errors = [], []

    def window(**options: object) -> Page:
        context = browser.new_context(base_url=str(live_server), **options)  # type: ignore[arg-type]
        context.set_default_timeout(8_000)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        contexts.append(context)
        return context.new_page()

    yield window
    for context in contexts:
        context.close()
    assert not errors, errors


@pytest.fixture
def desk(opened: Callable[..., Page], live_server: object) -> Callable[..., Desk]:
    """The desk of a person who has signed in, on the home page; with `is_phone` a phone in the hand."""

    def sit_down(user: User, *, is_phone: bool = False, **options: object) -> Desk:
        page = opened(viewport=PHONE if is_phone else DESKTOP, has_touch=is_phone, **options)
        name = settings.SESSION_COOKIE_NAME
        value = signed_in(user).cookies[name].value
        page.context.add_cookies([{"name": name, "value": value, "url": str(live_server)}])
        page.goto("/")
        return Desk(page, user)

    return sit_down
