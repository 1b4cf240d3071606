"""What a person sees of an answer."""

import html
import json
import re
from urllib.parse import quote

from django.utils.html import strip_tags


def text(answer):
    """The words of an answer, in one line."""
    return " ".join(html.unescape(strip_tags(answer.content.decode().replace("<", " <"))).split())


def rows(answer):
    """The ids of the rows of a list, or of the cards of a board, in their order."""
    return [int(pk) for pk in re.findall(r'data-(?:record|card)="(\d+)"', answer.content.decode())]


def link(answer, words):
    """The address of the first link whose text or name begins with `words`."""
    for tag, inside in re.findall(r"<a ([^>]*)>(.*?)</a>", answer.content.decode(), re.DOTALL):
        label = " ".join(html.unescape(strip_tags(inside)).split())
        if label.startswith(words) or f'aria-label="{words}' in tag:
            found = re.search(r'href="([^"]*)"', tag)
            return html.unescape(found[1]) if found else ""
    raise AssertionError(f"There is no link “{words}”.")


def where(condition):
    """A condition as it stands in an address."""
    return f"where={quote(json.dumps(condition))}"
