r"""Several names in one text, such as the cell of a file: `Acme;Beta \; Sons`."""

from __future__ import annotations

import re
from collections.abc import Iterable

SEPARATOR = ";"

# Backslashes mean something only where a separator or the end follows, so that most names stay as they are.
_BEFORE = re.compile(r"(\\*)(;|\Z)")
_NAME = re.compile(r"(?:[^;\\]|\\+[^;\\]|\\(?:\\\\)*;|(?:\\\\)+(?=;|\Z)|\\+\Z)+")
_ESCAPED = re.compile(r"(\\+)(;|\Z)")


def join(names: Iterable[str]) -> str:
    """The names in one text; `split` gives them back, without the spaces around them."""
    return SEPARATOR.join(
        _BEFORE.sub(lambda found: found[1] * 2 + ("\\;" if found[2] else ""), name) for name in names
    )


def split(text: str) -> list[str]:
    """The names in a text; empty ones are left out."""
    names = (
        _ESCAPED.sub(lambda found: "\\" * (len(found[1]) // 2) + found[2], part)
        for part in _NAME.findall(text)
    )
    return [name for part in names if (name := part.strip())]
