"""Where a list goes on: the place in it together with its order, since a place means nothing in another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from kariz.api.problems import bad_query
from kariz.lib.keyset import BadCursor, Cursor

if TYPE_CHECKING:
    from kariz.core.paging import Page


def place(cursor: str, sort: str) -> str:
    """The cursor as `paging` takes it. Raises a `Problem` for one of another order."""
    if not cursor:
        return ""
    try:
        its_sort, inner = Cursor.decode(cursor).values
    except (BadCursor, ValueError):
        raise bad_query("cursor", _("This is no cursor that an answer gave.")) from None
    if its_sort != sort or not isinstance(inner, str):
        raise bad_query("cursor", _("This cursor belongs to a list in another order."))
    return inner


def around(page: Page, sort: str) -> dict[str, str | None]:
    """The cursors of the pages beside this one."""
    ends = {"next": page.next, "previous": page.previous}
    return {name: Cursor((sort, end)).encode() if end else None for name, end in ends.items()}
