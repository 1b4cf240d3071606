"""SQLite's full-text table over the search rows: kept true by triggers, checked and rebuilt by `kariz doctor`."""

from __future__ import annotations

from django.db import DatabaseError, connection, transaction

CREATE = (
    "CREATE VIRTUAL TABLE core_searchrow_words USING fts5"
    "(words, content='core_searchrow', content_rowid='id', tokenize='trigram')"
)
_ADD = "INSERT INTO core_searchrow_words(rowid, words) VALUES (new.id, new.words);"
_TAKE = "INSERT INTO core_searchrow_words(core_searchrow_words, rowid, words) VALUES ('delete', old.id, old.words);"
_CHECK = "INSERT INTO core_searchrow_words(core_searchrow_words, rank) VALUES ('integrity-check', 1)"
_REBUILD = "INSERT INTO core_searchrow_words(core_searchrow_words) VALUES ('rebuild')"
TRIGGERS = {
    "core_searchrow_words_insert": f"AFTER INSERT ON core_searchrow BEGIN {_ADD} END",
    "core_searchrow_words_delete": f"AFTER DELETE ON core_searchrow BEGIN {_TAKE} END",
    "core_searchrow_words_update": (
        f"AFTER UPDATE OF words ON core_searchrow WHEN new.words IS NOT old.words BEGIN {_TAKE} {_ADD} END"
    ),
}


def is_true() -> bool:
    """Whether the table says what the search rows say, and will go on to. Always so on PostgreSQL, which has none."""
    if connection.vendor != "sqlite":
        return True
    try:
        with transaction.atomic():
            _execute(_CHECK)
    except DatabaseError:
        return False
    return not _missing_triggers()


def rebuild() -> None:
    for name in _missing_triggers():
        create_trigger(name)
    _execute(_REBUILD)


def create_trigger(name: str) -> None:
    _execute(f"CREATE TRIGGER {name} {TRIGGERS[name]}")


def _missing_triggers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'core_searchrow'"
        )
        return TRIGGERS.keys() - {name for (name,) in cursor.fetchall()}


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
