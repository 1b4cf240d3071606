"""Comments among what is kept of a person: those on the records, and those elsewhere that name the person."""

from django.utils.translation import gettext_lazy as _

from kariz.core import erasing
from kariz.core.erasing import ERASED, Mentioned, Rows
from kariz.features.comments.models import Comment

ON_RECORDS = Rows(Comment, ("text", "created_at"), blanks={"text": ERASED})

erasing.add("comments", _("Comments"), ON_RECORDS, position=20)
erasing.add("comments_elsewhere", _("Comments elsewhere"), Mentioned(Comment, ("text",)), position=21)
