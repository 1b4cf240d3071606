"""Every example of docs/api.md does what it says."""

import json
import re
from pathlib import Path

import pytest

from kariz.core import registry
from tests import specimens

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
    """`text` with the ids in the places of {lead} and {batch}."""
    return re.sub(r"{(lead|batch)}", lambda place: str(known[place[1]]), text)


def differences(promised, given, place="answer"):
    """Where the answer lacks something that was promised, or has something of another kind there."""
    if promised in (ANYTHING, None):
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


@pytest.mark.django_db
def test_every_example_does_what_the_guide_says(cast, shirins):
    known = {}
    for method, address, headers, body, status, promised in examples():
        sent_headers = {
            name: value for name, value in headers.items() if name not in ("Authorization", "Content-Type")
        }
        path, _mark, query = named(address, known).partition("?")
        parameters = dict(part.split("=", 1) for part in query.split("&")) if query else None
        sent = named(body, known) or None
        answer = shirins.ask(method.lower(), path.removeprefix("/api/v1/"), sent, parameters, **sent_headers)
        assert answer.status_code == status, (method, address, answer.content.decode())
        assert differences(promised, answer.json()) == [], (method, address)
        known["batch"] = answer.get("Kariz-Batch", known.get("batch"))
        if method == "POST" and path == "/api/v1/lead" and status == 201:
            known["lead"] = answer.json()["id"]


def test_every_address_in_the_guide_is_one_of_the_document(cast, shirins):
    specimens.make(registry.get("lead"), cast.reza)
    paths = {re.sub(r"{\w+}", "{}", path) for path in shirins.get("openapi.json").json()["paths"]}
    mentioned = re.findall(r"/api/v1(/[a-z][\w/{}-]*)", GUIDE.read_text())
    strange = {path for one in mentioned if (path := re.sub(r"{\w+}", "{}", one)) not in paths}
    assert strange <= {"/", "/openapi"}
