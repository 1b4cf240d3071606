"""What the core keeps of records beside them, for `core.erasing`: a module a place."""

from kariz.core.traces import history, linked, rows

__all__ = ["history", "linked", "rows"]
