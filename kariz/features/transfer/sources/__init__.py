"""Files as rows: recognised once from their first bytes, then streamed, however long they are."""

from kariz.features.transfer.sources.base import Source, Unread, Unreadable
from kariz.features.transfer.sources.recognising import recognise, reopen

__all__ = ["Source", "Unread", "Unreadable", "recognise", "reopen"]
