"""Where the pages are, and what stands on them: the rows of a list, the cards of a board, the words."""

import re
from html import unescape
from typing import Any

from django.urls import reverse

from kariz.core.registry import RecordType

FRAGMENT = {"HX-Request": "true"}
INSIDE = FRAGMENT | {"HX-Target": "records"}
EVERYTHING = {"where": "{}"}


def at(page: str, record_type: RecordType, *more: Any) -> str:
    """The address of a page of the record type."""
    return reverse(f"web:{page}", args=[record_type, *more])


def html(answer: Any) -> str:
    return answer.content.decode()


def text(answer: Any) -> str:
    """The words of a page, without its markup."""
    return _words(html(answer))


def links(answer: Any) -> dict[str, str]:
    """What each link of the page reads, and where it leads; of several that read alike the first."""
    found: dict[str, str] = {}
    for attributes, inside in re.findall(r"<a\b([^>]*)>(.*?)</a>", html(answer), re.DOTALL):
        address = re.search(r'href="([^"]*)"', attributes)
        if address:
            found.setdefault(_words(inside), unescape(address[1]))
    return found


def _words(markup: str) -> str:
    whole = re.sub(r"</?(mark|bdi|b)>", "", markup)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", whole)).split())


def rows(answer: Any) -> list[int]:
    """The ids of the records of a list, from above."""
    return [int(pk) for pk in re.findall(r'<tr data-record="(\d+)"', html(answer))]


def heads(answer: Any) -> list[str]:
    """The heads of the columns of a list, the one with the ticks aside."""
    cells = re.findall(r"<th[ >].*?</th>", html(answer), re.DOTALL)[1:]
    return [_words(cell) for cell in cells]


def columns(answer: Any) -> dict[str, list[int]]:
    """The ids of the cards in each column of a board."""
    parts = re.split(r'data-column="([^"]*)"', html(answer))[1:]
    return {
        name: [int(pk) for pk in re.findall(r'data-card="(\d+)"', inside)]
        for name, inside in zip(parts[::2], parts[1::2], strict=True)
    }


def undo_address(answer: Any) -> str:
    """Where the toast's Undo leads."""
    found = re.search(r'action="(/batches/\d+/undo/)"', html(answer))
    assert found, "Nothing on the page can be undone."
    return found[1]
