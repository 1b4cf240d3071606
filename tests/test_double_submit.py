"""A form sent twice at the same moment, over the wire to a server that answers both at once, makes one record."""

import re
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from threading import Barrier
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings

from kariz.core import registry
from tests import specimens
from tests.cast import gather, signed_in
from tests.reading import at

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = 2


@pytest.fixture
def cast(live_server):
    return gather()


@pytest.fixture
def wire(live_server, cast):
    """Asks the server as Reza: method, address, and what a form sends; gives status, headers and text."""
    cookie = (
        f"{settings.SESSION_COOKIE_NAME}={signed_in(cast.reza).cookies[settings.SESSION_COOKIE_NAME].value}"
    )
    server = urlsplit(str(live_server))

    def ask(method, address, sent=None, **more):
        connection = HTTPConnection(server.hostname, server.port, timeout=30)
        headers = {
            "Cookie": f"{cookie}; {more.pop('cookie', '')}",
            "Referer": f"{live_server}{address}",
            **more,
        }
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, address, urlencode(sent) if sent else None, headers)
        answer = connection.getresponse()
        found = answer.status, dict(answer.getheaders()), answer.read().decode()
        connection.close()
        return found

    return ask


def typed(page, **values):
    """What the browser sends of this form, and the cookie that goes with it."""
    _status, headers, text = page
    hidden = dict(
        re.findall(r'<input type="hidden" name="(token|csrfmiddlewaretoken)" value="([^"]+)"', text)
    )
    assert set(hidden) == {"token", "csrfmiddlewaretoken"}
    return {**hidden, **values}, headers["Set-Cookie"].partition(";")[0]


@pytest.mark.parametrize("name", ["lead", "organization", "opportunity"])
@pytest.mark.parametrize("page", ["new", "quick"])
def test_two_identical_posts_at_once_make_one_record(wire, name, page):
    record_type = registry.get(name)
    address = at(page, record_type)
    extra = {"HX-Request": "true"} if page == "quick" else {}
    sent, cookie = typed(wire("GET", address, **extra), **specimens.least(record_type))
    together = Barrier(TIMES)

    def post(_time):
        together.wait()
        return wire("POST", address, sent, cookie=cookie, **extra)

    with ThreadPoolExecutor(TIMES) as pool:
        answers = list(pool.map(post, range(TIMES)))
    assert {status for status, _headers, _text in answers} == {302 if page == "new" else 200}
    assert len({headers.get("Location") for _status, headers, _text in answers}) == 1
    assert record_type.model.objects.count() == 1
