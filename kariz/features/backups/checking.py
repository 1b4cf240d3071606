"""Whether a backup fits this program and this place, before anything is touched."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from kariz.core import registry
from kariz.features.backups.archive import Archive, BadBackup, kept_files, not_kept
from kariz.features.backups.rows import KINDS, Column, Table

NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


def tables(archive: Archive) -> list[Table]:
    """The tables as the backup describes them. Raises `BadBackup`."""
    try:
        found = [
            Table(one["name"], tuple(Column(*column) for column in one["columns"]), tuple(one["key"]))
            for one in archive.tables
        ]
        names = {name for table in found for name in (table.name, *(column.name for column in table.columns))}
        kinds = {column.kind for table in found for column in table.columns}
        is_sound = all(NAME.fullmatch(name) for name in names) and kinds <= KINDS.keys()
        is_sound = is_sound and all(table.kind(name) for table in found for name in table.key)
    except (KeyError, TypeError, StopIteration, RuntimeError):
        is_sound = False
    if not is_sound:
        raise BadBackup(
            f"{archive.path.name} was changed after it was made: its manifest describes no tables."
        )
    return found


def targets(archive: Archive) -> list[tuple[str, str]]:
    """The migrations that bring an empty database to where the backup was. Raises `BadBackup` if one is unknown."""
    ours, theirs = version("kariz"), archive.manifest["kariz"]
    if _numbers(theirs) > _numbers(ours):
        raise BadBackup(
            f"{archive.path.name} was made by Kariz {theirs}; this is {ours}. Install {theirs}, then restore."
        )
    graph = MigrationLoader(None, ignore_no_migrations=True).graph
    applied = {(app, name) for app, names in archive.manifest["migrations"].items() for name in names}
    unknown = sorted(applied - set(graph.nodes))
    if unknown:
        raise BadBackup(
            f"{archive.path.name} was made by a Kariz that knows more than this one ({'.'.join(unknown[0])})."
            f" Install the version that made it, {theirs}, then restore."
        )
    # The last ones: those on which none of the others stands.
    return [
        node for node in sorted(applied) if not set(graph.node_map[node].children) & _nodes(graph, applied)
    ]


def _nodes(graph: object, applied: set[tuple[str, str]]) -> set[object]:
    return {graph.node_map[node] for node in applied}  # type: ignore[attr-defined]  # Django's graph is untyped


def _numbers(text: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", text)]


def is_empty() -> bool:
    """Whether nothing that somebody made is in the place to restore to."""
    data: Path = settings.DATA
    if any(True for _ in kept_files(data, not_kept(data))):
        return False
    there = set(connection.introspection.table_names())
    kept = {apps.get_model(settings.AUTH_USER_MODEL)._meta.db_table}
    kept |= {record_type.model._meta.db_table for record_type in registry.every()}
    with connection.cursor() as cursor:
        for name in kept & there:
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(name)} LIMIT 1")  # noqa: S608  names of ours
            if cursor.fetchone():
                return False
    return True
