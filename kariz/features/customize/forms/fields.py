"""What is asked of an administrator about a field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.core import registry
from kariz.core.fields import KEPT, Field
from kariz.core.fieldtypes import TYPES
from kariz.core.registry import RecordType

# What each type is for, in words that need no knowledge of databases; also the order in which they are offered.
EXPLANATIONS = {
    "text": gettext_lazy("A word or a line: a name, a number that is not counted with."),
    "long_text": gettext_lazy("As many lines as needed."),
    "choice": gettext_lazy("One value from a list that you set up."),
    "choices": gettext_lazy("Any number of values from a list that you set up."),
    "number": gettext_lazy("A number to count with, with or without decimals."),
    "money": gettext_lazy("An amount in the currency of the record."),
    "percent": gettext_lazy("A number from 0 to 100."),
    "date": gettext_lazy("A day, in each reader's own calendar."),
    "moment": gettext_lazy("A day and a time, in each reader's own time zone."),
    "yes_no": gettext_lazy("A box to tick."),
    "email": gettext_lazy("An address to write to."),
    "phone": gettext_lazy("A number to call, found in any way of writing it."),
    "url": gettext_lazy("A page to open."),
    "lookup": gettext_lazy("Another record, such as an organization."),
    "user": gettext_lazy("Somebody who works with Kariz."),
}
COMPUTED = ("number", "money", "percent", "text", "date", "yes_no")
WITH_CHOICES = ("choice", "choices")
INDEXABLE = tuple(name for name, kind in TYPES.items() if kind.is_sortable and kind.may_be_custom)


class FieldForm(forms.Form):
    """What every field is asked for."""

    label = forms.CharField(label=gettext_lazy("Label"), max_length=100)
    help = forms.CharField(label=gettext_lazy("Help text"), max_length=300, required=False)
    block = forms.ChoiceField(label=gettext_lazy("Block"))
    is_required = forms.BooleanField(label=gettext_lazy("Required"), required=False)
    is_indexed = forms.BooleanField(
        label=gettext_lazy("Quick to filter and sort by"),
        required=False,
        help_text=gettext_lazy(
            "Worth it for fields that people filter large lists by. It is ready a little later."
        ),
    )
    formula = forms.CharField(
        label=gettext_lazy("Formula"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "dir": "ltr"}),
    )

    def __init__(self, record_type: RecordType, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["block"].choices = [(block.key, block.label) for block in record_type.blocks]  # type: ignore[attr-defined]


class NewFieldForm(FieldForm):
    type = forms.ChoiceField(
        label=gettext_lazy("Type"),
        choices=[(name, TYPES[name].label) for name in EXPLANATIONS],
        widget=forms.RadioSelect,
        initial="text",
    )
    choices = forms.CharField(
        label=gettext_lazy("Values"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One on each line. Colours and order can be changed later."),
    )
    target = forms.ChoiceField(label=gettext_lazy("Links to"), required=False)
    default = forms.CharField(
        label=gettext_lazy("Default"),
        required=False,
        help_text=gettext_lazy("What a new record starts with."),
    )

    def __init__(self, record_type: RecordType, *args: Any, **kwargs: Any) -> None:
        super().__init__(record_type, *args, **kwargs)
        self.fields["target"].choices = [(one.name, one.label) for one in registry.every()]  # type: ignore[attr-defined]
        self.fields["block"].initial = record_type.blocks[-1].key

    @property
    def types(self) -> list[dict[str, Any]]:
        """The radio buttons of the types, each with its explanation."""
        chosen = self["type"].value()
        return [
            {"name": name, "label": TYPES[name].label, "text": text, "is_chosen": name == chosen}
            for name, text in EXPLANATIONS.items()
        ]

    @property
    def lines(self) -> list[str]:
        """The values of a choice field, each once."""
        typed = self.cleaned_data["choices"].splitlines() if self.cleaned_data["type"] in WITH_CHOICES else []
        return list(dict.fromkeys(filter(None, (" ".join(line.split()) for line in typed))))

    def clean(self) -> dict[str, Any]:
        """Without what the chosen type has no use for, which the page does not show."""
        cleaned = super().clean() or {}
        kind = cleaned.get("type")
        if kind in WITH_CHOICES and not cleaned.get("choices"):
            self.add_error("choices", _("Give at least one value."))
        cleaned["formula"] = cleaned.get("formula", "") if kind in COMPUTED else ""
        cleaned["is_indexed"] = bool(cleaned.get("is_indexed")) and kind in INDEXABLE
        if kind in (*WITH_CHOICES, "lookup", "user") or cleaned["formula"]:
            cleaned["default"] = ""
        if kind != "lookup":
            cleaned["target"] = ""
        return cleaned


class ChangeFieldForm(FieldForm):
    """The default is not among these: it is asked for by the input of the field's own type."""

    def __init__(self, record_type: RecordType, field: Field, *args: Any, **kwargs: Any) -> None:
        blocks = {name: block.key for block in record_type.blocks for name in block.fields}
        initial = {
            "label": field.label,
            "help": field.help,
            "block": blocks.get(field.name, record_type.blocks[-1].key),
            "is_required": field.is_required,
            "is_indexed": field.is_indexed,
            "formula": field.formula,
        }
        super().__init__(record_type, *args, initial=initial, **kwargs)
        for name in _without(record_type, field):
            del self.fields[name]


def _without(record_type: RecordType, field: Field) -> set[str]:
    """What cannot be asked about this field."""
    shipped = record_type.shipped_fields.get(field.name)
    without = set() if field.formula else {"formula"}
    if not field.is_custom or field.type.name not in INDEXABLE:
        without.add("is_indexed")
    if field.is_readonly or (shipped and shipped.is_required):
        without.add("is_required")
    if field.is_hidden or field.name in KEPT:
        without.add("block")
    return without
