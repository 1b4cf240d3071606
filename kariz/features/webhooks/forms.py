"""What an administrator says of a webhook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kariz.accounts.models import User
from kariz.core import registry
from kariz.core.models import Change
from kariz.features.webhooks.models import Webhook
from kariz.features.webhooks.words import FAILURES
from kariz.lib import outgoing
from kariz.web.preferences import dress

if TYPE_CHECKING:
    Base = forms.ModelForm[Webhook]
else:
    Base = forms.ModelForm

KINDS = [
    (Change.Kind.CREATED, _("A record is created")),
    (Change.Kind.UPDATED, _("A record is changed")),
    (Change.Kind.DELETED, _("A record is deleted")),
]


class WebhookForm(Base):
    kinds = forms.MultipleChoiceField(label=_("Kinds of change"), choices=KINDS)

    class Meta:
        model = Webhook
        fields = ("name", "url", "owner", "record_types", "kinds", "is_active")
        help_texts = {
            "owner": _(
                "Only records that this person sees are sent, with the fields that this person may read."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["record_types"] = forms.MultipleChoiceField(
            label=_("Record types"), choices=[(one.name, one.plural) for one in registry.every()]
        )
        self.fields["owner"] = forms.ModelChoiceField(
            User.objects.filter(is_active=True),
            label=self.fields["owner"].label,
            help_text=self.fields["owner"].help_text,
            empty_label=None,
        )
        dress(self)
        self.fields["url"].widget.attrs |= {"class": "input input--ltr", "placeholder": "https://"}

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        try:
            outgoing.target(url, allow_private=settings.WEBHOOK_ALLOW_PRIVATE)
        except outgoing.Refused as refused:
            raise ValidationError(FAILURES[refused.code]) from None
        return url
