"""What lets each database find fragments of folded text: trigram indexes, and the fold itself on PostgreSQL."""

import unicodedata
from typing import Any

from django.db import migrations

from kariz.core import fulltext
from kariz.lib.text import fold

# Frozen here as the database has it; a later change of `fold` comes with a migration of its own.
SINGLE = [chr(code) for code in range(0x80, 0x2000) if len(fold(f"a{chr(code)}a")) == 3]
CHANGED = [character for character in SINGLE if fold(character) not in ("", character)]
REMOVED = [
    chr(code)
    for code in range(0x80, 0xFFFF)
    if not 0xD800 <= code < 0xE000 and fold(f"a{chr(code)}a") == "aa"
]
LONGER = {chr(code): fold(chr(code)) for code in range(0x80, 0x600) if len(fold(f"a{chr(code)}a")) > 3}


def sql_text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def fold_sql() -> str:
    expression = "lower(normalize(given, NFKC))"
    for character, folded in LONGER.items():
        if unicodedata.normalize("NFKC", character).lower() == character:
            expression = f"replace({expression}, {sql_text(character)}, {sql_text(folded)})"
    originals = "".join(CHANGED) + "".join(REMOVED)
    results = "".join(fold(character) for character in CHANGED)
    expression = f"translate({expression}, {sql_text(originals)}, {sql_text(results)})"
    return f"btrim(regexp_replace({expression}, '\\s+', ' ', 'g'))"


def forwards(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm", params=None)
        editor.execute(
            "CREATE FUNCTION kariz_fold(given text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE "
            f"AS $fold$ SELECT {fold_sql()} $fold$",
            params=None,
        )
        editor.execute(
            "CREATE INDEX core_searchrow_words ON core_searchrow USING gin (words gin_trgm_ops)", params=None
        )
        return
    editor.execute(fulltext.CREATE)
    for name in fulltext.TRIGGERS:
        fulltext.create_trigger(name)


def backwards(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP INDEX core_searchrow_words")
        editor.execute("DROP FUNCTION kariz_fold(text)")
        return
    for name in fulltext.TRIGGERS:
        editor.execute(f"DROP TRIGGER {name}")
    editor.execute("DROP TABLE core_searchrow_words")


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
