"""From where and with what a request comes."""

from django.conf import settings
from django.http import HttpRequest

from kariz.lib import networks

AGENT_LENGTH = 300


def address(request: HttpRequest) -> str:
    """The client's address: behind `KARIZ_PROXIES` trusted proxies the one that the first of them has seen."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return networks.client(request.META.get("REMOTE_ADDR", ""), forwarded, settings.PROXIES)


def agent(request: HttpRequest) -> str:
    return request.headers.get("User-Agent", "")[:AGENT_LENGTH].replace("\x00", "")
