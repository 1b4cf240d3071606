"""Every address of the program, asked and sent nonsense to: nothing breaks, and every page is whole and translated."""

import re
from collections import Counter
from pathlib import Path

import pytest

import kariz
from tests import world as worlds
from tests.cast import Cast, signed_in
from tests.reading import FRAGMENT, html
from tests.world import World, addresses

# Every control that any page has.
CONTROLS = {
    name
    for template in Path(kariz.__path__[0]).rglob("*.html")
    for name in re.findall(r'\bname="(\w+)"', template.read_text())
}


@pytest.fixture
def world(cast: Cast) -> World:
    return worlds.made(cast)


def test_every_page_is_whole_in_every_language(cast, world):
    wrong: dict[str, list[str]] = {}
    for person in (cast.shirin, cast.maryam, cast.elif_):
        browser = signed_in(person)
        for address in addresses(world):
            answer = browser.get(address)
            assert answer.status_code < 500, address
            is_page = answer.status_code == 200 and "text/html" in answer["Content-Type"]
            if is_page and (found := faults(html(answer))):
                wrong[f"{person.username} {address}"] = found
    assert wrong == {}


def faults(page: str) -> list[str]:
    """What no page should have: parts of templates, ids given twice, labels and links that lead nowhere."""
    found = re.findall(r"{[{%#].{0,20}|%\(\w+\)s", page)
    outside = re.sub(r"<template>.*?</template>", "", page, flags=re.DOTALL)
    ids = Counter(re.findall(r'\sid="([^"]+)"', outside))
    found += [f"id {one} twice" for one, count in ids.items() if count > 1]
    for attribute in ("for", "popovertarget", "aria-labelledby", "aria-describedby", "form"):
        named = re.findall(rf'\s{attribute}="([^"]+)"', outside)
        found += [f"{attribute} {one}" for words in named for one in words.split() if one not in ids]
    return found


@pytest.mark.parametrize("sent", [{}, dict.fromkeys(CONTROLS, "nonsense")], ids=["nothing", "nonsense"])
def test_no_form_breaks_on_what_makes_no_sense(cast, world, sent):
    for address in addresses(world):
        for headers in ({}, FRAGMENT):
            assert signed_in(cast.shirin).post(address, sent, headers=headers).status_code < 500, address
    assert signed_in(cast.shirin).get("/").status_code == 200
