"""The rows in which administrators keep who may do what: profiles, fields, sharing, and what is shared by hand."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Reach(models.TextChoices):
    """Whose records a profile reaches. `team` is one's own team and those below, `below` the roles below one's own."""

    NONE = "none", _("None")
    OWN = "own", _("One's own")
    TEAM = "team", _("One's own and those of the team")
    BELOW = "below", _("One's own and those of the roles below")
    ALL = "all", _("All")


class Level(models.TextChoices):
    READ = "read", _("May read")
    WRITE = "write", _("May edit")


class ProfileGrant(models.Model):
    """What a profile may do with one record type, in place of what the type's declaration says."""

    profile = models.ForeignKey("accounts.Profile", models.CASCADE, related_name="grants")
    record_type = models.CharField(max_length=40)
    read = models.CharField(_("sees"), max_length=10, choices=Reach, default=Reach.NONE)
    write = models.CharField(_("edits"), max_length=10, choices=Reach, default=Reach.NONE)
    delete_reach = models.CharField(_("deletes"), max_length=10, choices=Reach, default=Reach.NONE)
    may_create = models.BooleanField(_("may add"), default=False)
    may_export = models.BooleanField(_("may export"), default=False)
    may_import = models.BooleanField(_("may import"), default=False)
    may_bulk = models.BooleanField(_("may change many at once"), default=False)
    may_convert = models.BooleanField(_("may convert"), default=False)
    may_merge = models.BooleanField(_("may merge"), default=False)
    may_undo_others = models.BooleanField(_("may undo what others did"), default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "record_type"], name="one_grant_per_type")]

    def __str__(self) -> str:
        return f"{self.profile_id} {self.record_type}"


class FieldGrant(models.Model):
    """A field that people with a profile do not see, or do not change."""

    class Level(models.TextChoices):
        HIDDEN = "hidden", _("Hidden")
        READONLY = "readonly", _("May read, not change")

    profile = models.ForeignKey("accounts.Profile", models.CASCADE, related_name="field_grants")
    record_type = models.CharField(max_length=40)
    field = models.CharField(max_length=40)
    level = models.CharField(max_length=10, choices=Level)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["profile", "record_type", "field"], name="one_grant_per_field")
        ]

    def __str__(self) -> str:
        return f"{self.profile_id} {self.record_type}.{self.field} {self.level}"


class TypeSharing(models.Model):
    """How far the records of a type are open to everybody inside who may read the type at all."""

    class Level(models.TextChoices):
        PRIVATE = "private", _("As far as one's profile reaches")
        READ = "read", _("Everybody may read")
        WRITE = "write", _("Everybody may read and edit")

    record_type = models.CharField(max_length=40, primary_key=True)
    level = models.CharField(max_length=10, choices=Level, default=Level.PRIVATE)

    def __str__(self) -> str:
        return f"{self.record_type} {self.level}"


def _names(kind: str, column: str) -> Q:
    """That the row names whom its kind speaks of, in the columns that begin with `column`."""
    named = {"role": ("role", "role_below"), "team": ("team",), "user": ("user",)}
    found = Q(**{f"{kind}__in": ("everyone", "inside")})
    for name, kinds in named.items():
        found |= Q(**{f"{kind}__in": kinds, f"{column}_{name}__isnull": False})
    return found


class SharingRule(models.Model):
    """Records of some owners, all or those that meet a condition, are open to some people."""

    class Owners(models.TextChoices):
        EVERYONE = "everyone", _("Everybody, and records of nobody")
        ROLE = "role", _("People with the role")
        ROLE_BELOW = "role_below", _("People with the role or one below it")
        TEAM = "team", _("People of the team and the teams below it")
        USER = "user", _("One person")

    class With(models.TextChoices):
        INSIDE = "inside", _("Everybody inside")
        ROLE = "role", _("People with the role")
        ROLE_BELOW = "role_below", _("People with the role or one below it")
        TEAM = "team", _("People of the team and the teams below it")
        USER = "user", _("One person")

    record_type = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=100)
    owners = models.CharField(_("records of"), max_length=10, choices=Owners, default=Owners.EVERYONE)
    owner_role = models.ForeignKey(
        "accounts.Role", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("role")
    )
    owner_team = models.ForeignKey(
        "accounts.Team", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    owner_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("person"),
    )  # fmt: skip
    where = models.JSONField(_("only those"), null=True, blank=True)
    shared_with = models.CharField(_("open to"), max_length=10, choices=With, default=With.INSIDE)
    with_role = models.ForeignKey(
        "accounts.Role", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("role")
    )
    with_team = models.ForeignKey(
        "accounts.Team", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    with_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("person"),
    )  # fmt: skip
    level = models.CharField(_("they"), max_length=10, choices=Level, default=Level.READ)
    is_active = models.BooleanField(_("in force"), default=True)

    class Meta:
        ordering = ["record_type", "name"]
        constraints = [
            models.CheckConstraint(condition=_names("owners", "owner"), name="sharing_rule_owners"),
            models.CheckConstraint(condition=_names("shared_with", "with"), name="sharing_rule_with"),
        ]

    def __str__(self) -> str:
        return self.name


class Share(models.Model):
    """One record is open to one person, team (with those below) or role, for a time or for good."""

    class Kind(models.TextChoices):
        SHARE = "share", _("Shared")
        COLLABORATOR = "collaborator", _("Works on it together")
        HANDED = "handed", _("Handed over")

    record_type = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    team = models.ForeignKey(
        "accounts.Team", models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    role = models.ForeignKey(
        "accounts.Role", models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    level = models.CharField(max_length=10, choices=Level, default=Level.READ)
    until = models.DateTimeField(null=True, blank=True)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.SHARE)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        # The index of each of the first three also answers “what of this type is shared with these?”.
        constraints = [
            models.UniqueConstraint(
                fields=[whom, "record_type", "record_id"],
                condition=Q(**{f"{whom}__isnull": False}),
                name=f"shared_once_with_{whom}",
            )
            for whom in ("user", "team", "role")
        ] + [
            models.CheckConstraint(
                condition=Q(user__isnull=False, team=None, role=None)
                | Q(user=None, team__isnull=False, role=None)
                | Q(user=None, team=None, role__isnull=False),
                name="shared_with_one",
            )
        ]
        indexes = [models.Index(fields=["record_type", "record_id"], name="share_record")]

    def __str__(self) -> str:
        return f"{self.record_type} {self.record_id} {self.level}"
