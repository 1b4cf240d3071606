"""People, their teams, and the company they work for."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kariz.accounts.fields import FoldedField
from kariz.accounts.roles import ShippedRole, Skill
from kariz.accounts.validators import check_currency, check_networks, check_time_zone
from kariz.lib.text import fold

if TYPE_CHECKING:
    from kariz.accounts.chart import Chart

LANGUAGES = [("fa", "فارسی"), ("tr", "Türkçe"), ("en", "English")]


class Calendar(models.TextChoices):
    GREGORIAN = "gregorian", _("Gregorian")
    JALALI = "jalali", _("Jalali")


class Digits(models.TextChoices):
    LATIN = "latin", _("Latin (123)")
    PERSIAN = "persian", _("Persian (۱۲۳)")


class Theme(models.TextChoices):
    SYSTEM = "system", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Density(models.TextChoices):
    COMFORTABLE = "comfortable", _("Comfortable")
    COMPACT = "compact", _("Compact")


def new_revision() -> str:
    return uuid.uuid4().hex


class Company(models.Model):
    """The one company this installation serves: its defaults, and the revision of all that administrators shape."""

    name = models.CharField(_("name"), max_length=200, default="Kariz")
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, default="en")
    calendar = models.CharField(_("calendar"), max_length=10, choices=Calendar, default=Calendar.GREGORIAN)
    digits = models.CharField(_("digits"), max_length=10, choices=Digits, default=Digits.LATIN)
    time_zone = models.CharField(_("time zone"), max_length=50, default="UTC", validators=[check_time_zone])
    currency = models.CharField(_("currency"), max_length=3, default="USD", validators=[check_currency])
    show_toman = models.BooleanField(_("show Rial as Toman"), default=False)
    region = models.CharField(
        _("country"), max_length=2, default="US", help_text=_("Two letters, such as IR or TR.")
    )
    fiscal_start_month = models.PositiveSmallIntegerField(
        _("first month of the fiscal year"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    revision = models.CharField(max_length=32, default=new_revision, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_company")]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A node of the team tree; `path` lists the ids from the root to itself: `/1/4/`."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name=_("part of"))
    path = models.CharField(max_length=500, editable=False, db_index=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Profile(models.Model):
    """A named bundle of rights. The shipped ones have the keys of the shipped roles and are named in every language."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return gettext(self.name) if self.name else self.key


class Role(models.Model):
    """A node of the role tree; `path` lists the ids from the root to itself: `/1/4/`."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name=_("below"))
    path = models.CharField(max_length=500, editable=False, db_index=True)
    profile = models.ForeignKey(Profile, models.PROTECT, verbose_name=_("profile"), related_name="roles")
    is_external = models.BooleanField(_("works for somebody else"), default=False)
    needs_second_factor = models.BooleanField(_("signs in with a second factor"), default=False)
    networks = models.JSONField(
        _("signs in from"), default=list, blank=True, validators=[check_networks],
        help_text=_("Networks such as 192.168.0.0/24; empty: from everywhere."),
    )  # fmt: skip

    class Meta:
        ordering = ["path"]
        verbose_name = _("role")

    def __str__(self) -> str:
        return gettext(self.name) if self.name else self.key


class User(AbstractUser):
    """A person who signs in. Empty preferences mean "as the company".

    Roles, teams and people are read once a revision (`accounts.chart`): whoever changes them touches the company.
    """

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    username_key = FoldedField(of="username", max_length=300)
    email_key = FoldedField(of="email", max_length=300)
    name = models.CharField(_("full name"), max_length=150, blank=True)
    role = models.ForeignKey(
        Role, models.PROTECT, to_field="key", db_column="role", default=ShippedRole.SALESPERSON,
        verbose_name=_("role"), related_name="users",
    )  # fmt: skip
    other_roles = models.ManyToManyField(
        Role, blank=True, verbose_name=_("other roles"), related_name="other_users"
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, verbose_name=_("team"), related_name="members"
    )
    skill = models.CharField(_("skill level"), max_length=20, choices=Skill, default=Skill.EXPERIENCED)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, blank=True)
    calendar = models.CharField(_("calendar"), max_length=10, choices=Calendar, blank=True)
    digits = models.CharField(_("digits"), max_length=10, choices=Digits, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=50, blank=True, validators=[check_time_zone])
    theme = models.CharField(_("theme"), max_length=10, choices=Theme, default=Theme.SYSTEM)
    density = models.CharField(_("density"), max_length=20, choices=Density, default=Density.COMFORTABLE)

    class Meta:
        ordering = ["name", "username"]
        constraints = [
            models.UniqueConstraint(
                fields=["username_key"], condition=~models.Q(username_key=""), name="one_username"
            ),
            models.UniqueConstraint(
                fields=["email_key"],
                condition=models.Q(is_active=True) & ~models.Q(email_key=""),
                name="one_email",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def clean(self) -> None:
        """What one signs in with is nobody else's, however it is written, neither as username nor as e-mail address."""
        super().clean()
        taken = {}
        if self._is_taken(fold(self.username)):
            taken["username"] = gettext("Somebody has this username already. Choose another.")
        if self.is_active and self._is_taken(fold(self.email)):
            taken["email"] = gettext("Somebody has this e-mail address already.")
        if taken:
            raise ValidationError(taken)

    def _is_taken(self, key: str) -> bool:
        theirs = models.Q(username_key=key) | models.Q(email_key=key, is_active=True)
        return bool(key) and User.objects.exclude(pk=self.pk).filter(theirs).exists()

    @property
    def role_keys(self) -> tuple[str, ...]:
        """The keys of all this person's roles, the main one first. No query."""
        return (str(self.role_id), *_chart().other_roles.get(self.pk, ()))

    @property
    def role_name(self) -> str:
        """The names of all roles in the reader's language. No query."""
        return ", ".join(_chart().role_names(self.role_keys))

    @property
    def is_administrator(self) -> bool:
        return self.is_superuser or ShippedRole.ADMINISTRATOR in _chart().profiles(self.role_keys)

    @property
    def is_external(self) -> bool:
        """Whether this person works for somebody else, whatever the role."""
        return not self.is_superuser and _chart().are_external(self.role_keys)

    @property
    def team_member_ids(self) -> tuple[int, ...]:
        """Ids of everybody in this person's team and the teams below it, this person included. No query."""
        return _chart().with_members(self.pk, self.team_id)


def _chart() -> Chart:
    from kariz.accounts import chart

    return chart.current()


from kariz.accounts import credentials  # noqa: E402, F401  Django looks for models in this module
