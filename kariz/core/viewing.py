"""Says that somebody has looked at records; who keeps account of that listens.

    @viewing.listen
    def note(record_type: RecordType, records: Sequence[Record], user: User) -> None: ...

Lists, which show some values of many records, are not meant: pages, panels and answers that hold whole records are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.registry import RecordType

Listener = Callable[["RecordType", Sequence[Any], "User"], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> Listener:
    _listeners.append(listener)
    return listener


def tell(record_type: RecordType, records: Sequence[Any], user: User) -> None:
    for listener in _listeners:
        listener(record_type, records, user)
