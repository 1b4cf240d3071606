"""Every example of docs/api.md does what it says."""

import json
import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from kariz.core import registry
from tests import forms, specimens
from tests.connecting import Planner
from tests.programs import Program

GUIDE = Path(__file__).resolve().parent.parent / "docs/api.md"
ANYTHING = "…"


def examples():
    """The requests of the guide with the status and the JSON that are promised."""
    blocks = re.findall(r"```(http|json)( \d+)?\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    for (kind, _status, request), (answering, status, answer) in zip(blocks[::2], blocks[1::2], strict=True):
        assert (kind, answering) == ("http", "json")
        head, _empty, body = request.partition("\n\n")
        first, *headers = head.strip().splitlines()
        method, address = first.split(" ", 1)
        yield (
            method,
            address,
            dict(line.split(": ", 1) for line in headers),
            body.strip(),
            int(status),
            json.loads(answer),
        )


def named(text, known):
    """`text` with what is known of each place such as {lead}."""
    return re.sub(r"{(\w+)}", lambda place: str(known.get(place[1], place[0])), text)


def differences(promised, given, place="answer"):
    """Where the answer lacks something that was promised, or has something of another kind there."""
    if promised in (ANYTHING, None):
        return []
    if isinstance(promised, str) and promised.endswith(ANYTHING) and str(given).startswith(promised[:-1]):
        return []
    if type(promised) is not type(given):
        return [f"{place}: {given!r}, not {promised!r}"]
    if isinstance(promised, dict):
        missing = [f"{place} has no {name}" for name in promised if name not in given]
        shared = [name for name in promised if name in given]
        return missing + [
            one for name in shared for one in differences(promised[name], given[name], f"{place}.{name}")
        ]
    if isinstance(promised, list):
        short = [f"{place} is too short"] if len(given) < len(promised) else []
        pairs = enumerate(zip(promised, given, strict=False))
        return short + [one for n, (mine, its) in pairs for one in differences(mine, its, f"{place}.{n}")]
    is_id = isinstance(promised, int) and not isinstance(promised, bool)
    return [] if is_id or promised == given else [f"{place}: {given!r}, not {promised!r}"]


def asked(shirins, known, method, address, headers, body):
    """What is answered to a request of the guide."""
    if address.startswith("/oauth/"):
        known.setdefault("code", code(known))
        return Client().post(address, dict(parse_qsl(named(body, known).replace("\n", ""))))
    asks = Program(known["access"]) if "{access}" in headers.get("Authorization", "") else shirins
    others = {name: value for name, value in headers.items() if name not in ("Authorization", "Content-Type")}
    path, _mark, query = named(address, known).partition("?")
    parameters = dict(part.split("=", 1) for part in query.split("&")) if query else None
    sent = named(body, known) or None
    return asks.ask(method.lower(), path.removeprefix("/api/v1/"), sent, parameters, **others)


def code(known):
    """What the browser takes back that follows the address of the guide, of a person who says yes."""
    leading, back = (
        re.sub(r"\s", "", found)
        for found in re.findall(r"\n\n    (https://[^\n]*(?:\n      &.*)*)\n", GUIDE.read_text())
    )
    address = named(leading, known).removeprefix("https://crm.example.com")
    browser = known["browser"]
    answer = browser.post(address, forms.form(browser.get(address), "decision").filled(decision="allow"))
    told = dict(parse_qsl(urlsplit(answer["Location"]).query))
    promised = dict(parse_qsl(urlsplit(back).query))
    assert answer["Location"].partition("?")[0] == back.partition("?")[0]
    assert promised == told | {"code": "{code}"}
    return told["code"]


@pytest.mark.django_db
def test_every_example_does_what_the_guide_says(cast, shirins, shirin, settings):
    settings.URL = "https://crm.example.com"
    planner = Planner(cast.shirin)
    known = {"client": planner.row.client_id, "browser": shirin}
    for method, address, headers, body, status, promised in examples():
        answer = asked(shirins, known, method, address, headers, body)
        assert answer.status_code == status, (method, address, answer.content.decode())
        given = answer.json()
        assert differences(promised, given) == [], (method, address)
        known["batch"] = answer.get("Kariz-Batch", known.get("batch"))
        if method == "POST" and address == "/api/v1/lead" and status == 201:
            known["lead"] = given["id"]
        if "refresh_token" in given:
            known |= {"access": given["access_token"], "refresh": given["refresh_token"]}


def test_every_address_in_the_guide_is_one_of_the_document(cast, shirins):
    specimens.make(registry.get("lead"), cast.reza)
    paths = {re.sub(r"{\w+}", "{}", path) for path in shirins.get("openapi.json").json()["paths"]}
    mentioned = re.findall(r"/api/v1(/[a-z][\w/{}-]*)", GUIDE.read_text())
    strange = {path for one in mentioned if (path := re.sub(r"{\w+}", "{}", one)) not in paths}
    assert strange <= {"/", "/openapi"}
