"""The question to the person: what of that which a program asks for it may do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from kariz.api.scopes import Scope
from kariz.features.programs.oauth import reaching
from kariz.features.programs.words import VERBS, types


class ConsentForm(forms.Form):
    """Everything that is asked for is ticked at first; whoever wants to gives less."""

    def __init__(self, asked: Scope, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked

    @property
    def rows(self) -> Iterator[tuple[str, list[tuple[str, Any, bool]]]]:
        """What each record type is called, with its verbs: the value of the box, its label, whether it is ticked."""
        labels, ticked = types(), self._ticked
        for name, boxes in reaching.boxes(self.asked):
            shown = ((value, VERBS[verb]) for value, verb in boxes)
            yield (
                labels.get(name, name),
                [(value, label, ticked is None or value in ticked) for value, label in shown],
            )

    @property
    def _ticked(self) -> set[str] | None:
        sent: Any = self.data
        return set(sent.getlist("scope")) if self.is_bound else None

    @property
    def scope(self) -> Scope:
        return reaching.ticked(self.asked, self._ticked or ())

    def clean(self) -> dict[str, Any]:
        if not self.scope.allowed:
            raise forms.ValidationError(_("Tick what it may do, or refuse."))
        return super().clean() or {}
