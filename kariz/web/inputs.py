"""Asking for a value: what the templates `web/inputs/<FieldType.input>.html` need, and reading what comes back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.forms.utils import flatatt
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.accounts.models import User
from kariz.core import choices, links
from kariz.core.fields import Field
from kariz.core.fieldtypes.links import id_in
from kariz.core.links import Names
from kariz.core.registry import RecordType
from kariz.lib import money

SEVERAL = {"choices", "links"}
UNLABELLED = {"cell", "bulk"}  # parts of the page that ask without a label beside the control


@dataclass(frozen=True)
class Option:
    key: str
    label: str
    group: str
    is_chosen: bool


def ask(  # noqa: PLR0913  the keywords of a template tag
    field: Field,
    value: Any = None,
    errors: Sequence[str] = (),
    *,
    record: Any = None,
    names: Names | None = None,
    typed: Any = None,
    css: str = "",
    part: str = "",
    autofocus: bool = False,
    currencies: Sequence[str] = (),
    prefix: str = "",
) -> SafeString:
    """The control that asks for a value of `field`; label and errors are the caller's.

    `typed` is shown as it is, for a form that comes back with errors; `record` tells the group and the currency.
    `part` makes the id unique where a field is asked twice on a page. `css` is `small` in tight rows. An amount is
    asked for together with its currency where `currencies` are given. `prefix` stands before the names that the browser
    sends, where one form asks for several records.
    """
    is_on = bool(value if typed is None else typed)
    if typed is None:
        typed = list(value or ()) if field.type.input in SEVERAL else field.typed(value)
    context = {
        "carrier": format_html('name="{}{}"', prefix, field.name),
        "prefix": prefix,
        "attributes": _attributes(field, errors, part, autofocus=autofocus),
        "is_on": is_on,
        "currencies": currencies,
    }
    return _rendered(field, field.type.input, typed, context, record=record, names=names, part=part, css=css)


def compare(
    field: Field, typed: Any, *, names: Names | None = None, part: str = "", picks: bool = False
) -> SafeString:
    """The control of a filter row. `picks` asks for several values of a list."""
    context = {
        "carrier": mark_safe('name="typed" data-value'),
        "is_filter": True,
        "attributes": format_html(' aria-label="{}"', _("Value")),
    }
    template = field.type.input if not picks else "links" if field.target else "choices"
    return _rendered(field, template, typed, context, names=names, part=part, css="small")


def _rendered(
    field: Field,
    template: str,
    typed: Any,
    context: dict[str, Any],
    *,
    record: Any = None,
    names: Names | None = None,
    part: str = "",
    css: str = "",
) -> SafeString:
    context |= {
        "field": field,
        "id": ident(field, part),
        "typed": typed,
        "css": f"input--{css}" if css else "",
    }
    context |= _specific(field, typed, record, names or {})
    return render_to_string(f"web/inputs/{template}.html", context)


def ident(field: Field, part: str = "") -> str:
    return f"{part or 'field'}-{field.name}"


def _attributes(field: Field, errors: Sequence[str], part: str, *, autofocus: bool) -> SafeString:
    attributes: dict[str, Any] = {
        "id": ident(field, part),
        "required": field.is_required,
        "autofocus": autofocus,
    }
    if part in UNLABELLED:
        attributes["aria-label"] = field.label
    if errors:
        attributes |= {"aria-invalid": "true", "aria-describedby": f"{ident(field, part)}-error"}
    return flatatt(attributes)


def _specific(field: Field, typed: Any, record: Any, names: Names) -> dict[str, Any]:
    chosen = typed if isinstance(typed, list) else [typed]
    if field.target:
        known = [
            (str(pk), names.get((field.target, pk), f"#{pk}")) for pk in map(id_in, map(str, chosen)) if pk
        ]
        url = reverse("web:lookup", args=[field.record_type])
        return {
            "chosen": known,
            "label": known[0][1] if known else "",
            "lookup_url": f"{url}?field={field.name}",
        }
    if field.type.input in ("choice", "choices"):
        return {"options": options(field, chosen, record)}
    if field.type.input == "money":
        code = getattr(record, "currency", "") or locale.active().currency
        return {"code": code, "sign": money.sign(code, locale.active().language)}
    return {}


def options(field: Field, chosen: Iterable[Any], record: Any = None) -> list[Option]:
    """The choices of a field: of the record's group where that is known, hidden ones only where they are chosen."""
    keys = {str(key) for key in chosen}
    group = getattr(record, field.group, None) if field.group and record is not None else None
    found = choices.of(field.record_type, field.name, group or None, hidden=True)
    return [
        Option(choice.key, _(choice.label), _group_label(field, choice.group), choice.key in keys)
        for choice in found
        if not choice.is_hidden or choice.key in keys
    ]


def _group_label(field: Field, key: str) -> str:
    found = choices.find(field.record_type, field.group, key) if field.group and key else None
    return _(found.label) if found else key


def names(pairs: Iterable[tuple[Field, Any]], user: User) -> Names:
    """The names of the linked records among values as `user` typed them: ids, or lists of ids, in texts or numbers."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for field, value in pairs:
        if field.target:
            ids = value if isinstance(value, list | tuple) else [value]
            wanted[field.target].update(pk for pk in map(id_in, map(str, ids)) if pk)
    return links.names_of(wanted, user)


def ticked(sent: QueryDict) -> list[int]:
    """The ids of ticked rows, which come one by one from a list, or in one text from a question about them."""
    texts = ",".join(sent.getlist("ids")).split(",")
    return [pk for pk in dict.fromkeys(map(id_in, texts)) if pk]


def posted(record_type: RecordType, sent: QueryDict, names: Iterable[str]) -> dict[str, Any]:
    """What a form sent for these fields, as the writing door reads it. Fields that were not sent are left out."""
    fields: Mapping[str, Field] = record_type.fields
    return {name: _raw(fields[name], sent) for name in names if name in fields and name in sent}


def _raw(field: Field, sent: QueryDict) -> Any:
    if field.type.input in SEVERAL:
        return [one for one in sent.getlist(field.name) if one]
    return sent[field.name]
