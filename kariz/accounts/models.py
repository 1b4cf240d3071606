"""People, their teams, and the company they work for."""

import uuid
from functools import cached_property

from django.contrib.auth.models import AbstractUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kariz.accounts.roles import Role, Skill
from kariz.accounts.validators import check_currency, check_time_zone
from kariz.lib.prepared import Prepared

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


class User(AbstractUser):
    """A person who signs in. Empty preferences mean "as the company"."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("full name"), max_length=150, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.SALESPERSON)
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

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def is_administrator(self) -> bool:
        return self.is_superuser or self.role == Role.ADMINISTRATOR

    @cached_property
    def team_member_ids(self) -> tuple[int, ...]:
        """Ids of everybody in this person's team and the teams below it, this person included. One query."""
        if self.team_id is None:
            return (self.pk,)
        return tuple(sorted({self.pk, *(pk for (pk,) in _MEMBERS.rows(f"/{self.team_id}/"))}))


_MEMBERS = Prepared(lambda path: User.objects.filter(team__path__contains=path).order_by().values_list("pk"))
