"""What is asked of an administrator about a choice, a stage or a pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.core import choices, registry
from kariz.core.fields import Field
from kariz.core.models import Choice
from kariz.core.registry import RecordType
from kariz.features.customize import sections

COLOURS = {
    "grey": gettext_lazy("Grey"),
    "red": gettext_lazy("Red"),
    "orange": gettext_lazy("Orange"),
    "amber": gettext_lazy("Amber"),
    "yellow": gettext_lazy("Yellow"),
    "lime": gettext_lazy("Lime"),
    "green": gettext_lazy("Green"),
    "teal": gettext_lazy("Teal"),
    "cyan": gettext_lazy("Cyan"),
    "blue": gettext_lazy("Blue"),
    "indigo": gettext_lazy("Indigo"),
    "violet": gettext_lazy("Violet"),
    "pink": gettext_lazy("Pink"),
}
SETTABLE = ("text", "choice", "yes_no", "number", "money", "percent", "date")


class ChoiceForm(forms.Form):
    """A value of any choice field."""

    label = forms.CharField(label=gettext_lazy("Label"), max_length=100)
    colour = forms.ChoiceField(
        label=gettext_lazy("Colour"), choices=list(COLOURS.items()), widget=forms.RadioSelect, initial="grey"
    )
    is_default = forms.BooleanField(label=gettext_lazy("New records get this value"), required=False)

    def __init__(self, field: Field, choice: Choice | None, sent: QueryDict | None) -> None:
        self.field, self.choice = field, choice
        super().__init__(sent, initial=self.starting())
        self.add_settings()

    def starting(self) -> dict[str, Any]:
        choice = self.choice
        if choice is None:
            return {}
        return {"label": _(choice.label), "colour": choice.colour or "grey", "is_default": choice.is_default}

    def add_settings(self) -> None:
        """One row for each value that the choice sets in other fields, and an empty one."""
        held = list((self.choice.sets if self.choice else self.usual_settings()).items())
        for number, (name, stored) in enumerate([*held, ("", "")]):
            self.fields[f"set_{number}"] = forms.ChoiceField(
                choices=[("", "–"), *self.settable()],
                required=False,
                initial=name,
                widget=forms.Select(attrs={"aria-label": _("Field")}),
            )
            self.fields[f"to_{number}"] = forms.CharField(
                required=False,
                initial=_typed(self.field.record_type, name, stored),
                widget=forms.TextInput(attrs={"aria-label": _("Value")}),
            )

    def usual_settings(self) -> dict[str, Any]:
        """What a new choice is asked for."""
        return {}

    def settable(self) -> list[tuple[str, Any]]:
        fields = registry.get(self.field.record_type).fields.values()
        return [
            (one.name, one.label)
            for one in fields
            if one.type.name in SETTABLE and not one.is_readonly and one.name != self.field.name
        ]

    @property
    def settings(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        count = sum(name.startswith("set_") for name in self.fields)
        return [(self[f"set_{n}"], self[f"to_{n}"]) for n in range(count)]

    @property
    def attributes(self) -> dict[str, Any]:
        """Those of `Choice`, as `picklists` takes them."""
        given: Mapping[str, Any] = self.cleaned_data
        plain = {name: value for name, value in given.items() if not name.startswith(("set_", "to_"))}
        sets = {given[f"set_{n}"]: given[f"to_{n}"] for n in range(len(self.settings)) if given[f"set_{n}"]}
        return plain | {"sets": sets}


class StageForm(ChoiceForm):
    """A stage of a path."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        choices=Choice.Outcome.choices,
        required=False,
        help_text=gettext_lazy("What reaching this stage means for the record."),
    )
    expected_days = forms.IntegerField(
        label=gettext_lazy("Expected days"),
        required=False,
        min_value=0,
        max_value=3650,
        help_text=gettext_lazy("Records that stay longer are marked as stale."),
    )
    guide = forms.CharField(
        label=gettext_lazy("What to do here"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=gettext_lazy(
            "One activity a line. They stand below the path while a record is in the stage."
        ),
    )
    asks = forms.MultipleChoiceField(
        label=gettext_lazy("Asks for"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("These fields must be filled in before a record enters the stage."),
    )

    def starting(self) -> dict[str, Any]:
        choice = self.choice
        if choice is None:
            return {}
        kept = {name: getattr(choice, name) for name in ("outcome", "expected_days", "asks")}
        return super().starting() | kept | {"guide": _(choice.guide) if choice.guide else ""}

    def usual_settings(self) -> dict[str, Any]:
        fields = registry.get(self.field.record_type).fields.values()
        return {one.name: None for one in fields if one.type.name == "percent" and not one.is_readonly}

    def add_settings(self) -> None:
        super().add_settings()
        fields = registry.get(self.field.record_type).fields.values()
        self.fields["asks"].choices = [  # type: ignore[attr-defined]
            (one.name, one.label) for one in fields if not one.is_readonly and one.name != self.field.name
        ]


class PipelineForm(forms.Form):
    label = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    expected_days = forms.IntegerField(
        label=gettext_lazy("Expected cycle (days)"),
        required=False,
        min_value=0,
        max_value=3650,
        help_text=gettext_lazy(
            "From the first day to the close. Deals that take longer are marked as stale."
        ),
    )
    is_default = forms.BooleanField(label=gettext_lazy("New records get this value"), required=False)
    like = forms.ChoiceField(
        label=gettext_lazy("Starts with the stages of"),
        help_text=gettext_lazy("Its stages are copied; change them as you need."),
    )

    def __init__(self, record_type: RecordType, choice: Choice | None, sent: QueryDict | None) -> None:
        initial = {}
        if choice:
            initial = {
                "label": _(choice.label),
                "expected_days": choice.expected_days,
                "is_default": choice.is_default,
            }
        super().__init__(sent, initial=initial)
        if choice:
            del self.fields["like"]
        else:
            held = choices.of(record_type.name, sections.group_of(record_type))
            self.fields["like"].choices = [(one.key, _(one.label)) for one in held]  # type: ignore[attr-defined]


class RemoveForm(forms.Form):
    """Where the records go that have the choice."""

    move_to = forms.ChoiceField(label=gettext_lazy("Move them to"))

    def __init__(self, choice: Choice, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = choices.of(choice.record_type, choice.field, choice.group)
        self.fields["move_to"].choices = [  # type: ignore[attr-defined]
            (one.key, _(one.label)) for one in others if one.pk != choice.pk
        ]


def _typed(type_name: str, name: str, stored: Any) -> str:
    """A stored value as somebody would have typed it."""
    field = registry.get(type_name).all_fields.get(name)
    if field is None:
        return ""
    value = field.type.load(stored)
    return field.show(value) if field.type.name in ("choice", "yes_no") else field.typed(value)
