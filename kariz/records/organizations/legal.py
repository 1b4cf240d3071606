"""The numbers by which authorities know a customer, under the names that each country has for them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from kariz.accounts import company

# The number's name by the company's country; "" is every other country.
LABELS: dict[str, dict[str, Any]] = {
    "tax_number": {
        "IR": _("Economic code"),
        "TR": _("Tax number (VKN)"),
        "RU": _("Tax number (INN)"),
        "": _("Tax number"),
    },
    "registry_code": {
        "IR": _("National ID"),
        "TR": _("MERSİS number"),
        "RU": _("Statistics code (OKPO)"),
        "": _("Registry code"),
    },
    "certificate_number": {
        "IR": _("Registration number"),
        "TR": _("Trade registry number"),
        "RU": _("Registration certificate number"),
        "": _("Registration certificate number"),
    },
    "personal_number": {
        "IR": _("National code"),
        "TR": _("Identity number (T.C.)"),
        "RU": _("Tax number (INN)"),
        "": _("Personal tax number"),
    },
}
LEGAL = ("tax_number", "registry_code", "certificate_number")


class _Label:
    """What the company's country calls the number, in the language of the reader."""

    def __init__(self, number: str) -> None:
        self.number = number

    def __str__(self) -> str:
        names = LABELS[self.number]
        return str(names.get(company.current().region) or names[""])


class LegalColumn(models.CharField):  # type: ignore[type-arg]
    """A text whose label follows the country."""

    def __init__(self, *args: Any, number: str = "tax_number", **kwargs: Any) -> None:
        self.number = number
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("blank", True)
        kwargs["verbose_name"] = lazystr(_Label(number))
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        del kwargs["verbose_name"]
        return name, "django.db.models.CharField", args, kwargs
