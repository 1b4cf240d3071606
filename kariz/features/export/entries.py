"""Where the screens offer exports."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kariz.core import access
from kariz.core.registry import RecordType
from kariz.web import slots
from kariz.web.doors import reader


def _may_export(request: HttpRequest, record_type: RecordType) -> bool:
    return access.may(record_type, reader(request), "export")


def _question(record_type: RecordType) -> str:
    return reverse("export:export", args=[record_type.name])


slots.add(
    "list_actions",
    slots.Entry(_("Export"), _question, "download", position=90, shown=_may_export, is_dialog=True),
)
slots.add(
    "bulk", slots.Entry(_("Export"), _question, "download", position=90, shown=_may_export, in_menu=False)
)
slots.add(
    "user_menu", slots.Entry(_("Your exports"), lambda record_type: reverse("export:runs"), "download", 50)
)
slots.add(
    "settings", slots.Entry(_("Exports"), lambda record_type: reverse("export:everybody"), "download", 80)
)
