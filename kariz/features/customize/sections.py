"""The sections of the settings: what stands in their navigation, and to which record types they apply."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kariz.core import registry
from kariz.core.fields import Field
from kariz.core.registry import RecordType


@dataclass(frozen=True)
class Link:
    label: Any
    url: str
    icon: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class Section:
    heading: str
    links: list[Link]


def choice_fields(record_type: RecordType) -> list[Field]:
    """The fields whose values administrators edit, the path aside, whose stages have a page of their own."""
    apart = {record_type.path, group_of(record_type)}
    fields = record_type.all_fields.values()
    return [one for one in fields if one.type.name in ("choice", "choices") and one.name not in apart]


def group_of(record_type: RecordType) -> str:
    """The field whose values are the pipelines of the type's stages; empty where there is one pipeline."""
    return record_type.all_fields[record_type.path].group if record_type.path else ""


def applies(view: str, record_type: RecordType) -> bool:
    if view == "stages":
        return bool(record_type.path)
    return bool(choice_fields(record_type)) if view == "picklists" else True


def types(view: str) -> list[RecordType]:
    return [record_type for record_type in registry.every() if applies(view, record_type)]


def first_stages(record_type: Any = None) -> str:
    return reverse("customize:stages", args=[types("stages")[0].name])


def tabs(view: str, current: RecordType) -> list[Link]:
    """The page of this section for each record type."""
    return [
        Link(one.plural, reverse(f"customize:{view}", args=[one.name]), one.icon, one == current)
        for one in types(view)
    ]


def navigation(view: str, current: RecordType | None = None, *, people: Iterable[Link] = ()) -> list[Section]:
    """The links beside every page of the settings, for the record type that is looked at where that is possible.

    `people` are those that features add to users and teams.
    """

    def of_type(name: str, label: str, icon: str) -> Link:
        record_type = current if current and applies(name, current) else types(name)[0]
        return Link(label, reverse(f"customize:{name}", args=[record_type.name]), icon, name == view)

    def plain(name: str, label: str, icon: str) -> Link:
        return Link(label, reverse(f"customize:{name}"), icon, name == view)

    return [
        Section(
            _("Records"),
            [
                of_type("fields", _("Fields"), "text"),
                of_type("picklists", _("Picklist values"), "list"),
                of_type("stages", _("Pipelines and stages"), "milestone"),
                of_type("completeness", _("Completeness"), "gauge"),
            ],
        ),
        Section(
            _("People"),
            [plain("users", _("Users"), "user"), plain("teams", _("Teams"), "users"), *people],
        ),
        Section(_("Company"), [plain("company", _("Company"), "building-2")]),
    ]
