"""Somebody at work in a browser: reads the screen in his own language, and acts as people do."""

from __future__ import annotations

import re
from typing import Any

from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Locator, Page, expect

from kariz.accounts.locale import Locale, use
from kariz.accounts.models import User
from kariz.core import choices, registry
from kariz.core.fields import Field

DESKTOP = {"width": 1366, "height": 768}
PHONE = {"width": 375, "height": 740}


class Desk:
    """`say` gives the words of the screen in the person's language; texts of records stay as they were typed."""

    def __init__(self, page: Page, user: User) -> None:
        self.page = page
        self.user = user

    def say(self, english: str, **words: Any) -> str:
        with translation.override(self.user.language or "en"):
            said = gettext(english)
        return said % words if words else said

    def label(self, record_type: str, name: str) -> str:
        with translation.override(self.user.language or "en"):
            return str(self._field(record_type, name).label)

    def shown(self, record_type: str, name: str, value: Any, **record: Any) -> str:
        """A value as the person reads it."""
        with use(Locale.of(self.user)):
            return self._field(record_type, name).show(value)

    def choice(self, record_type: str, name: str, key: str) -> str:
        found = choices.find(record_type, name, key)
        assert found, f"{record_type}.{name} has no {key}"
        return self.say(found.label)

    def _field(self, record_type: str, name: str) -> Field:
        return registry.get(record_type).all_fields[name]

    # Going about

    def go(self, address: str) -> None:
        self.page.goto(address)

    def open_list(self, record_type: str) -> None:
        """By the sidebar, or on a phone by its menu."""
        plural = self._plural(record_type)
        if self.page.viewport_size == PHONE:
            self.page.goto(f"/{record_type}/")
        else:
            self.page.locator(".sidebar").get_by_role("link", name=plural, exact=True).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(plural)

    def _plural(self, record_type: str) -> str:
        with translation.override(self.user.language or "en"):
            return str(registry.get(record_type).plural)

    def singular(self, record_type: str) -> str:
        with translation.override(self.user.language or "en"):
            return str(registry.get(record_type).label)

    def press(self, english: str, within: Locator | None = None, **words: Any) -> None:
        """A button or a link with these words."""
        place = within or self.page.locator("body")
        name = re.compile(rf"^\s*{re.escape(self.say(english, **words))}\s*$")
        place.get_by_role("button", name=name).or_(place.get_by_role("link", name=name)).first.click()

    # Forms

    def fill(self, name: str, text: str, part: str = "form") -> None:
        self.page.locator(f"#{part}-{name}").fill(text)

    def choose(self, name: str, value: str, part: str = "form") -> None:
        self.page.locator(f"#{part}-{name}").select_option(value)

    def look_up(self, name: str, text: str, part: str = "form") -> None:
        """Type a part of a name and take the suggestion."""
        box = self.page.locator(f"#{part}-{name}")
        box.fill("")
        box.press_sequentially(text, delay=10)
        self.page.locator(f"#{part}-{name}-list .lookup__option").filter(has_text=text).first.click()

    def save(self) -> None:
        self.press("Save", self.page.locator("#main"))

    # Lists

    def narrow(self, field: str, operator: str, text: str = "") -> None:
        """Make a filter of one condition; each choice brings the row anew."""
        self.page.locator("#chips > [popovertarget=filter]").click()
        builder = self.page.locator("#filter")
        for part, value in (("field", field), ("operator", operator)):
            row = builder.locator("[data-condition]").first.element_handle()
            builder.locator(f"[data-{part}]").first.select_option(value)
            row.wait_for_element_state("hidden")  # gone: the new row stands in its place
        if text:
            builder.locator("[data-value]").first.fill(text)
        self.press("Apply", builder)
        expect(self.page.locator(".chip").last).to_be_visible()

    def open_view(self, english: str) -> None:
        """A saved view, from the tabs or from the menu beside them."""
        name = self.say(english)
        tab = self.page.locator(".tabs__tab").get_by_text(name, exact=True)
        if not tab.is_visible():
            self.page.locator("[popovertarget=views]").click()
            tab = self.page.locator("#views").get_by_role("link", name=name, exact=True)
        tab.click()
        expect(self.page).to_have_url(re.compile("view="))

    # Reading

    @property
    def heading(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    @property
    def toast(self) -> Locator:
        return self.page.locator(".toast").last

    @property
    def dialog(self) -> Locator:
        return self.page.locator("#dialog")

    def fact(self, label: str) -> Locator:
        """The value beside a label, on the record page."""
        return (
            self.page.locator(".field", has=self.page.get_by_text(label, exact=True))
            .locator(".field__value")
            .first
        )

    def row(self, text: str) -> Locator:
        return self.page.locator("tr[data-record]").filter(has_text=text)

    def tab(self, label: str) -> None:
        self.page.locator(".tabs__tab").filter(has_text=label).first.click()


def fits(page: Page) -> bool:
    """Whether the page is no wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
