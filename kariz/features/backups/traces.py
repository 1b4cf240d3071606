"""Backups as copies that no erasure reaches: which there are, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy, ngettext

from kariz.accounts import locale
from kariz.core import erasing, keeping
from kariz.core.erasing import Copy
from kariz.features.backups import making
from kariz.features.backups.daily import DAILY
from kariz.features.backups.models import BackupSetting


@erasing.copies_by
def backups() -> Iterator[Copy]:
    """A daily one gives way to newer ones, if they go on being made; all others stay until somebody deletes them."""
    setting = BackupSetting.current()
    for path in making.folder().glob("*"):
        if path.name.startswith("."):
            continue
        made_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        goes = setting.is_daily and path.name.endswith(f"{DAILY}.zip")
        yield Copy(path.name, made_at, (made_at + timedelta(days=setting.kept)).date() if goes else None)


@erasing.copies_by
def replaced() -> Iterator[Copy]:
    """The schemas in which PostgreSQL keeps what a restored backup has replaced, until somebody drops them."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ '^replaced_[0-9]{8}_[0-9]{6}$'")
            for (name,) in cursor.fetchall():
                made_at = datetime.strptime(name, "replaced_%Y%m%d_%H%M%S").replace(tzinfo=UTC)
                yield Copy(f"schema {name}", made_at, None)


def _kept() -> Any:
    setting = BackupSetting.current()
    if not setting.is_daily:
        return None
    told = ngettext(
        "The newest daily one; those made by hand for good",
        "The newest %(n)s daily ones; those made by hand for good",
        setting.kept,
    )
    return told % {"n": locale.active().number(setting.kept)}


keeping.say(gettext_lazy("Backups"), _kept)
