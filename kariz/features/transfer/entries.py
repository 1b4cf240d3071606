"""Where the screens offer imports."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kariz.core import access
from kariz.core.registry import RecordType
from kariz.web import slots
from kariz.web.doors import reader


def _may_import(request: HttpRequest, record_type: RecordType) -> bool:
    return access.may(record_type, reader(request), "import")


slots.add(
    "list_actions",
    slots.Entry(
        label=_("Import"),
        url=lambda record_type: f"{reverse('transfer:upload')}?type={record_type.name}",
        icon="upload",
        position=80,
        shown=_may_import,
    ),
)
