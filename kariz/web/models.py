"""What each person keeps of the screens: saved views, pinned and recently opened records."""

from collections.abc import Sequence

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """A named way to look at a record type: condition, columns, sort, and list or board."""

    class Layout(models.TextChoices):
        LIST = "list", _("List")
        BOARD = "board", _("Board")

    record_type = models.CharField(max_length=40)
    key = models.CharField(max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=100)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    is_shared = models.BooleanField(_("shared with everyone"), default=False)
    where = models.JSONField(null=True)
    columns = models.JSONField(default=list)
    sort = models.CharField(max_length=60, blank=True)
    layout = models.CharField(max_length=10, choices=Layout, default=Layout.LIST)
    board_field = models.CharField(max_length=40, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["record_type", "owner"], name="view_type_owner")]

    is_pinned = is_opening = False
    own_columns: Sequence[str] = ()

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """Shipped views are named in the reader's language, people's own in their words."""
        return gettext(self.name) if self.key else self.name


class ViewUse(models.Model):
    """How one person uses a view: pinned as a tab, the one a list opens with, with columns of his own."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="uses")
    is_pinned = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)
    columns = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "view"], name="one_use_per_view")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.view_id}"


class Visit(models.Model):
    """A record that a person opened, and whether it is pinned to the sidebar."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    record_type = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    at = models.DateTimeField(default=timezone.now)
    is_pinned = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "record_type", "record_id"], name="one_visit_per_record")
        ]
        indexes = [models.Index(fields=["user", "-is_pinned", "-at"], name="visit_user_at")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.record_type} {self.record_id}"


class SignInFailure(models.Model):
    """A refused sign-in. `key` stands for the name and the address it came from, neither of which is kept."""

    key = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["key", "at"], name="failure_key_at")]

    def __str__(self) -> str:
        return self.key


class Submission(models.Model):
    """A form that made a record, so that sending the same form again makes no second one."""

    token = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    record_type = models.CharField(max_length=40)
    record_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.token)
