"""Notes who looks at Kariz with whose eyes, and for how long."""

from __future__ import annotations

from typing import Any

from kariz import audit
from kariz.accounts.models import User
from kariz.accounts.previewing import previewed


def note(by: User, of: User, is_start: bool, why: str = "", **_: Any) -> None:
    audit.note("rights.preview", user=by, about=of, did="started" if is_start else "ended", why=why)


previewed.connect(note, sender=User, dispatch_uid="kariz.audit.previews")
