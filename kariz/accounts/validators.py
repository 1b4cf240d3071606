from ipaddress import ip_network
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kariz.lib import money


def check_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("%(name)s is not a time zone. Example: Asia/Tehran.") % {"name": name})


def check_currency(code: str) -> None:
    if code not in money.currencies():
        raise ValidationError(_("%(code)s is not a currency. Example: IRR.") % {"code": code})


def check_networks(networks: object) -> None:
    if not isinstance(networks, list):
        raise ValidationError(_("Networks are a list, such as 192.168.0.0/24."))
    for network in networks:
        try:
            ip_network(network)
        except ValueError:
            message = _("%(text)s is not a network. Example: 192.168.0.0/24.") % {"text": network}
            raise ValidationError(message) from None
