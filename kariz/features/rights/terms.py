"""On what terms a record is shared, as a person says it: with whom, how far, until which day."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.accounts import locale
from kariz.core.grants import Level, Share
from kariz.core.sharing import Terms, Whom
from kariz.features.rights import whom
from kariz.lib.calendars.days import NotADay
from kariz.web.preferences import dress

KINDS = [
    (Share.Kind.SHARE.value, gettext_lazy("To look at, or to help out")),
    (Share.Kind.COLLABORATOR.value, gettext_lazy("To work on it together")),
]


class ShareForm(forms.Form):
    to = forms.ChoiceField(label=gettext_lazy("Share with"))
    level = forms.ChoiceField(label=gettext_lazy("They"), choices=Level.choices)
    kind = forms.ChoiceField(label=gettext_lazy("What for"), choices=KINDS)
    until = forms.CharField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Empty: until somebody takes it back."),
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, me: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Choose…")), *whom.options(but=[me])]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]
        self.fields["until"].widget.attrs["autocomplete"] = "off"
        dress(self)

    def clean_to(self) -> Whom:
        found = whom.find(self.cleaned_data["to"])
        if found is None:
            raise ValidationError(_("Choose somebody who is still there."))
        return found

    def clean_until(self) -> datetime | None:
        """The end of the day that was typed, as a moment."""
        text = self.cleaned_data["until"].strip()
        if not text:
            return None
        ours = locale.active()
        try:
            day = ours.parse_day(text)
        except NotADay:
            told = _("“%(text)s” is not a day. Example: %(example)s.")
            raise ValidationError(told % {"text": text, "example": ours.day(ours.today())}) from None
        if day < ours.today():
            raise ValidationError(_("This day is over. Choose today or a later day."))
        return datetime.combine(day + timedelta(days=1), time(), ours.tz)

    @property
    def terms(self) -> Terms:
        given = self.cleaned_data
        return Terms(given["level"], given["until"], given["kind"], given["note"])


def last_day(until: datetime | None) -> str:
    """The last day of a share in the reader's calendar; empty where it has no end."""
    ours = locale.active()
    return ours.day((until - timedelta(microseconds=1)).astimezone(ours.tz).date()) if until else ""
