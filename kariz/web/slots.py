"""Places on the screens that features fill: a feature registers, a template asks; the screens name no feature."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Entry:
    """A link or a fragment that a feature adds. `shown` decides per request and record type (None outside a list)."""

    label: Any
    url: Callable[[Any], str]
    """Takes the record type (or None) and gives the address."""
    icon: str = ""
    position: int = 100
    shown: Callable[[HttpRequest, Any], bool] = lambda request, record_type: True
    knows_list: bool = False
    """In a list's Actions menu: its page is told of the list."""
    is_dialog: bool = False
    """In a list's Actions menu: it is told of the list and of the ticked rows, and opens over the page."""
    in_menu: bool = True
    """Whether a button over ticked rows stands in the Actions menu as well."""


@dataclass(frozen=True)
class Tab:
    """A tab of every record page. `render` gives its inside; `count` stands beside the label (None: nothing does)."""

    name: str
    label: Any
    render: Callable[[HttpRequest, Any, Any], str]
    """Takes the request, the record type and the record."""
    count: Callable[[HttpRequest, Any, Any], int | None] = lambda request, record_type, record: None
    position: int = 100
    fits: Callable[[Any], bool] = lambda record_type: True
    """Takes the record type."""
    shown: Callable[[HttpRequest], bool] = lambda request: True
    """Whether it is there for whoever asks."""


_tabs: list[Tab] = []


def add_tab(tab: Tab) -> None:
    _tabs.append(tab)


def tabs(record_type: Any, request: HttpRequest) -> list[Tab]:
    found = (tab for tab in _tabs if tab.fits(record_type) and tab.shown(request))
    return sorted(found, key=lambda tab: tab.position)


@dataclass(frozen=True)
class Watch:
    """What is asked while somebody fills in the form of a record; the answer stands above its fields.

    Posted with the whole form, each time one of the fields has changed that `names` gives.
    """

    names: Callable[[Any], Collection[str]]
    """Takes the record type and gives the fields to watch; none, nothing is asked."""
    url: Callable[[Any, Any], str]
    """Takes the record type and the record, which is not saved yet where it is new."""


_watches: list[Watch] = []


def watch(one: Watch) -> None:
    _watches.append(one)


def watches() -> list[Watch]:
    return _watches


# The slots there are: gear (a list's Settings menu), list_actions (a list's Actions menu), user_menu, settings
# (the settings page's index), settings_people (beside the pages of users and teams), sidebar (below the record types),
# bulk (a button over ticked rows, which gets their ids and answers with a dialog), about_record (below what is told
# of a record on its page: a dialog; the entry takes the record in place of its type).
_entries: dict[str, list[Entry]] = defaultdict(list)


def add(slot: str, entry: Entry) -> None:
    _entries[slot].append(entry)


def of(slot: str, request: HttpRequest, record_type: Any = None) -> list[dict[str, Any]]:
    """The entries to show, in order, as label, url and icon."""
    return [
        {
            "label": entry.label,
            "url": entry.url(record_type),
            "icon": entry.icon,
            "is_dialog": entry.is_dialog,
            "knows_list": entry.is_dialog or entry.knows_list,
            "in_menu": entry.in_menu,
        }
        for entry in sorted(_entries[slot], key=lambda entry: entry.position)
        if entry.shown(request, record_type)
    ]
