"""Marks in a title the words by which it was found."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from kariz.lib.text import fold


def marked(title: str, text: str) -> SafeString:
    """`title` with the words of `text` in `<mark>`, found as search finds them."""
    pieces = [" " if character.isspace() else fold(character) for character in title]
    folded = "".join(pieces)
    hit = [False] * len(folded)
    for word in fold(text).split():
        start = folded.find(word)
        while start >= 0:
            hit[start : start + len(word)] = [True] * len(word)
            start = folded.find(word, start + 1)
    return _joined(title, pieces, hit)


def _joined(title: str, pieces: list[str], hit: list[bool]) -> SafeString:
    """Characters in runs, each marked where any part of its folded form was hit."""
    runs: list[tuple[bool, str]] = []
    position = 0
    for character, piece in zip(title, pieces, strict=True):
        is_hit = any(hit[position : position + len(piece)])
        position += len(piece)
        if runs and (runs[-1][0] == is_hit or not piece):
            runs[-1] = (runs[-1][0], runs[-1][1] + character)
        else:
            runs.append((is_hit, character))
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", run) if on else run,) for on, run in runs)
    )
