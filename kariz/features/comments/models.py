"""What people say to each other about a record."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Comment(models.Model):
    """A comment on any record. `batch` names those written at one go, which are undone together."""

    record_type = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(_("comment"), max_length=10_000)
    created_at = models.DateTimeField(default=timezone.now)
    batch = models.ForeignKey("core.ChangeBatch", models.CASCADE, related_name="+")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["record_type", "record_id", "id"], name="comment_record")]

    def __str__(self) -> str:
        return self.text[:80]
