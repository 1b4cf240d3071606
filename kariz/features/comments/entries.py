"""Where the screens show comments: a tab of every record page, a button over ticked rows."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kariz.core import attached
from kariz.features.comments import views, writing  # noqa: F401  writing registers what undo takes back
from kariz.features.comments.models import Comment
from kariz.web import slots


def _count(request: HttpRequest, record_type: Any, record: Any) -> int:
    return Comment.objects.filter(record_type=record_type.name, record_id=record.pk).count()


attached.attach(Comment, label=_("Comments"))
slots.add_tab(slots.Tab("comments", _("Comments"), views.inside, _count, position=20))
slots.add(
    "bulk",
    slots.Entry(
        label=_("Add comment"),
        url=lambda record_type: reverse("comments:bulk", args=[record_type.name]),
        icon="message-square",
    ),
)
