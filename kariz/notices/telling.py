"""Notices are written for many people at once, and read and ticked off by each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from kariz.lib.prepared import Prepared

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import Manager, QuerySet

    from kariz.notices.models import Notice

MOST_COUNTED = 100  # shown as “99+”


def _notices() -> Manager[Notice]:
    from kariz.notices.models import Notice  # this module is imported before Django can load the models

    return Notice.objects


def _unread(user: AbstractBaseUser) -> QuerySet[Notice]:
    return _notices().filter(user_id=user.pk, read_at__isnull=True)


def tell(
    users: Iterable[AbstractBaseUser],
    text_template: str,
    *,
    params: Mapping[str, Any],
    url: str,
    kind: str = "info",
    key: str = "",
) -> None:
    """Tell each of the users once. The text is a msgid (mark it by `gettext_noop`) whose placeholders `params` fill.

    Who has been told with the same `key` before is not told again: a job that is run twice rings once.
    """
    if not text_template % params:  # a placeholder without a value fails here, not on the reader's screen
        raise ValueError("A notice needs a text.")
    rows = _notices()
    ids = dict.fromkeys(user.pk for user in users)
    told = {"msgid": text_template, "params": dict(params), "url": url, "kind": kind, "key": key}
    rows.bulk_create([rows.model(user_id=pk, **told) for pk in ids], ignore_conflicts=bool(key))


def unread_count(user: AbstractBaseUser) -> int:
    """How many the user has not read; `MOST_COUNTED` stands for that many or more."""
    return len(_UNREAD.rows(user.pk))


_UNREAD = Prepared(
    lambda user: (
        _notices().filter(user_id=user, read_at__isnull=True).order_by().values_list("pk")[:MOST_COUNTED]
    )
)


def recent(user: AbstractBaseUser, n: int) -> list[Notice]:
    """The newest first."""
    return list(_notices().filter(user_id=user.pk).order_by("-id")[:n])


def mark_read(user: AbstractBaseUser, ids: Collection[int] | None) -> int:
    """Mark these notices of the user, or all of them, as read. Returns how many were not yet."""
    unread = _unread(user) if ids is None else _unread(user).filter(pk__in=ids)
    return unread.update(read_at=timezone.now())
