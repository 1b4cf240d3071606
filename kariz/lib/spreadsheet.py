"""Texts that a spreadsheet would run as formulas, made harmless in files that go out and made whole when they return.

A spreadsheet that opens a file of texts computes every cell that begins with one of a few signs, whoever wrote it.
An apostrophe before the sign turns the cell into text. So that the way back knows which apostrophe was put there, a
text that has apostrophes of its own before such a sign gets one more. Cells that hold a number as such need none.
"""

from __future__ import annotations

import re

# OWASP's list for "CSV injection": the full-width signs are computed in East Asian editions.
SIGNS = "=+-@\t\r\n＝＋－＠"

_RUN = re.compile(f"'*[{re.escape(SIGNS)}]")
_DEFUSED = re.compile(f"'+[{re.escape(SIGNS)}]")


def defuse(text: str) -> str:
    """The text as a cell that no spreadsheet computes: `=1+1` becomes `'=1+1`, most texts stay as they are."""
    return "'" + text if _RUN.match(text) else text


def restore(text: str) -> str:
    """What `defuse` was given: `restore(defuse(text)) == text` for every text.

    In files that others wrote it takes one apostrophe from before a sign that begins a formula, where it was put for
    the same reason, and leaves every other text as it is: `'90s`, `'quoted'`.
    """
    return text[1:] if _DEFUSED.match(text) else text
