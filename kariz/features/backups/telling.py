"""How far a command is, on a terminal; other readers of the error output get only errors."""

from __future__ import annotations

import time
from typing import Any

EVERY = 0.2  # seconds


class Told:
    """Called with the rows done, their total and what is under way."""

    def __init__(self, output: Any) -> None:
        self.output, self.told_at = output, 0.0
        self.is_seen = bool(getattr(output, "isatty", lambda: False)())

    def __call__(self, done: int, total: int, what: str) -> None:
        now = time.monotonic()
        if self.is_seen and (now - self.told_at > EVERY or done == total):
            self.told_at = now
            of = f" {done:,} of {total:,} rows" if total else ""
            self.output.write(f"\r\033[K{what}{of}", ending="\n" if done == total else "")
            self.output.flush()
