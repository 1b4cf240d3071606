"""From where and with what a request comes."""

from django.http import HttpRequest

from kariz.audit.origins import address_of

AGENT_LENGTH = 300
address = address_of


def agent(request: HttpRequest) -> str:
    return request.headers.get("User-Agent", "")[:AGENT_LENGTH].replace("\x00", "")
