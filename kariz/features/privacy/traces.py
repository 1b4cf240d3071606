"""Consent among what is kept of a person: it goes in either case. Certificates and rules hold nothing personal."""

from django.utils.translation import gettext_lazy as _

from kariz.core import attached, erasing, keeping
from kariz.core.erasing import Mentioned, Rows
from kariz.features.privacy.models import AnonymisedRecord, Consent, RetentionRule, RetentionRun

TOLD = ("channel", "state", "at", "valid_until", "source", "text", "note", "url", "recorded_at")

attached.attach(Consent, label=_("Consents"))
erasing.add("consents", _("Consents"), Rows(Consent, TOLD), position=27)
erasing.add("anonymised", _("Anonymised before"), Rows(AnonymisedRecord), position=45)
erasing.add(
    "retention_rules", _("Retention rules"), Mentioned(RetentionRule, ("name", "where"), is_small=True)
)
erasing.add(
    "retention_runs", _("Reports of retention"), Mentioned(RetentionRun, ("name", "left"), is_small=True)
)
keeping.say(_("Certificates of erasures"), None)
