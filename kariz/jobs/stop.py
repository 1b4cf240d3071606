"""How a worker is asked to end."""

import math
import time

GRACE = 5.0  # seconds in which running jobs may still finish


class Stop:
    def __init__(self) -> None:
        self._deadline = math.inf

    def ask(self, *_: object) -> None:
        """Start no more jobs; a plain assignment, so that a signal may call it at any moment."""
        self._deadline = min(self._deadline, time.monotonic() + GRACE)

    @property
    def is_asked(self) -> bool:
        return self._deadline < math.inf

    @property
    def is_over(self) -> bool:
        """The grace is over: a running job ends at its next word of progress."""
        return time.monotonic() >= self._deadline
