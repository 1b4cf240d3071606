"""Answers in few characters: whatever records hold, an assistant gets a text of bounded length."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

MOST = 20_000
"""Characters of an answer."""
LONGEST = 2_000
"""Characters of a text in it, unless it was asked for by name."""
SHORTER = (500, 120, 40)
"""To so many characters texts are cut, step by step, where the answer would not fit otherwise."""


class TooMuch(Exception):
    """It does not fit, however short its texts are cut."""


def written(content: Any, longest: int = LONGEST) -> str:
    """As JSON. Raises `TooMuch`."""
    for length in (longest, *SHORTER):
        text = json.dumps(cut(content, length), ensure_ascii=False, separators=(",", ":"))
        if len(text) <= MOST:
            return text
    raise TooMuch


def cut(value: Any, length: int) -> Any:
    """The value with its long texts cut, saying how long they are, and without what is not there."""
    if isinstance(value, str):
        is_long = len(value) > length
        return f"{value[:length]}… ({len(value)} characters)" if is_long else value
    if isinstance(value, Mapping):
        return {name: cut(one, length) for name, one in value.items() if one not in (None, "")}
    return [cut(one, length) for one in value] if isinstance(value, Sequence) else value
