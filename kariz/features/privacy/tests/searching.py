"""Looks for texts in every text and JSON column of every table, and in every file of the data folder."""

import json
import zipfile
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models

from kariz.lib.text import fold

KINDS = (models.CharField, models.TextField, models.JSONField, models.FileField)
# Whoever is signed in is no trace of a record's person.
ASIDE = {"sessions.Session"}


def rows_naming(*words):
    """`app.Model.column pk` of every value that holds one of the words, folded."""
    wanted = [fold(word) for word in words]
    return [
        f"{model._meta.label}.{column.name} {pk}"
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label not in ASIDE and model._meta.managed
        for column in model._meta.concrete_fields
        if isinstance(column, KINDS)
        for pk, value in model._base_manager.values_list("pk", column.attname)
        if any(word in fold(_text(value)) for word in wanted)
    ]


def _text(value):
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value or "")


def files_naming(*words):
    """Every file below the media folder, and the list of who was erased, that holds one of the words."""
    places = [path for path in Path(default_storage.location).rglob("*") if path.is_file()]
    places += [path for path in [Path(settings.DATA) / "erased.jsonl"] if path.exists()]
    return [str(path) for path in places if any(word.encode() in _content(path) for word in words)]


def _content(path):
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())
