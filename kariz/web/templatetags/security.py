"""Browsers and moments in templates, as the reader reads them."""

from datetime import datetime

from django import template
from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.accounts.credentials import Session
from kariz.lib import devices

register = template.Library()


@register.filter
def device(session: Session) -> str:
    """The browser and the system of a session."""
    browser, system = devices.browser(session.agent), devices.system(session.agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A browser that does not say what it is")


@register.filter
def moment(value: datetime | None) -> str:
    return locale.active().moment(value) if value else ""


@register.filter
def ago(value: datetime) -> str:
    return locale.active().ago(value)
