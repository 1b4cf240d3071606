"""What the API offers of itself, a subject a module; capabilities add theirs."""

from kariz.api.resources import (
    actions,
    batches,
    changes,
    history,
    known,
    many,
    people,
    records,
    related,
    search,
    summary,
    types,
)

__all__ = [
    "actions",
    "batches",
    "changes",
    "history",
    "known",
    "many",
    "people",
    "records",
    "related",
    "search",
    "summary",
    "types",
]
