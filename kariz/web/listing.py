"""What a list or a board shows, as its address says: a saved view, and what was changed on top of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from kariz.accounts.models import User
from kariz.core import conditions, records
from kariz.core.conditions import BadCondition
from kariz.core.fields import Field
from kariz.core.registry import RecordType
from kariz.web import saved
from kariz.web.models import SavedView

PARAMETERS = ("view", "where", "q", "sort", "columns", "by", "group")
NO_CONDITION = "{}"
DEEPEST, MOST_BRACKETS = 12, 1_000


@dataclass(frozen=True)
class Listing:
    """`given` holds the parameters of the address; `problem` says why the condition cannot be asked."""

    record_type: RecordType
    user: User
    views: list[SavedView]
    view: SavedView
    given: Mapping[str, str]
    where: Any
    problem: str = ""
    cursor: str = ""
    find: str = ""

    @property
    def sort(self) -> str:
        wanted = self.given.get("sort") or self.view.sort
        name = wanted.removeprefix("-")
        found = self.record_type.fields.get(name)
        is_known = found is not None and (found.type.is_sortable or name == self.record_type.title)
        return wanted if is_known else self.record_type.sort

    @property
    def columns(self) -> list[Field]:
        """The title first, then the columns of the address, the person, the view or the type."""
        fields = self.record_type.fields
        given = [name for name in self.given.get("columns", "").split(",") if name]
        wanted = given or self.view.own_columns or self.view.columns or self.record_type.columns
        names = dict.fromkeys((self.record_type.title, *wanted))
        return [fields[name] for name in names if name in fields]

    @property
    def is_changed(self) -> bool:
        """Whether the address says something else than the view, which could be kept as a view."""
        return any(name in self.given for name in ("where", "sort", "columns"))

    @property
    def is_narrowed(self) -> bool:
        return bool(self.find or self.where)

    def records(self) -> QuerySet[Any]:
        return self._records.all()

    @cached_property
    def _records(self) -> QuerySet[Any]:
        if self.problem:
            return self.record_type.model.objects.none()
        return records.visible(self.record_type, self.user, where=self.where, find=self.find, sort=self.sort)

    def address(self, screen: str = "list", /, **changes: Any) -> str:
        """The address of this list with some parameters changed; the cursor belongs to none of the others."""
        return address_of(self.record_type, {**self.given, **changes}, screen)

    def beside(self, url: str, **place: str) -> str:
        """The address of somebody else's page that is to know this list, and the place in it."""
        return with_query(url, {**self.given, **place})

    def bare(self, page: str, view: SavedView) -> str:
        """The address of a view as it is kept."""
        return address_of(self.record_type, {"view": str(view.pk)}, page)


def address_of(
    record_type: RecordType, parameters: Mapping[str, Any] = MappingProxyType({}), page: str = "list"
) -> str:
    return with_query(_path(page, record_type.name), parameters)


def record_address(record_type: str, pk: int) -> str:
    """The page of one record, without reversing the address of each."""
    return f"{_path('list', record_type)}{pk}/"


@cache
def _path(page: str, record_type: str) -> str:
    return reverse(f"web:{page}", args=[record_type])


def with_query(path: str, parameters: Mapping[str, Any]) -> str:
    """`path` with those parameters that have a value."""
    query = urlencode({name: value for name, value in parameters.items() if value})
    return f"{path}?{query}" if query else path


def read(request: HttpRequest, record_type: RecordType) -> Listing:
    """The list that the address of the request names, whatever is done with it."""
    asked = request.GET
    given = {name: asked[name] for name in PARAMETERS if asked.get(name)}
    user: User = request.user  # type: ignore[assignment]
    views = saved.offered(record_type, user)
    view = _chosen(views, given.get("view", ""))
    where, problem = _condition(record_type, given["where"]) if "where" in given else (view.where, "")
    if not problem:
        problem = _problem(record_type, where)
    return Listing(
        record_type,
        user,
        views,
        view,
        given,
        where,
        problem,
        asked.get("cursor", ""),
        given.get("q", "").strip(),
    )


def _chosen(views: list[SavedView], pk: str) -> SavedView:
    opening = next((view for view in views if view.is_opening), views[0])
    return next((view for view in views if str(view.pk) == pk), opening)


def _condition(record_type: RecordType, text: str) -> tuple[Any, str]:
    try:
        return tree(text), ""
    except ValueError:
        return None, _("The address holds no condition that can be read.")


def tree(text: str) -> Any:
    """A condition as an address or a form writes it, not checked yet. Raises `ValueError`."""
    depths = accumulate({"{": 1, "}": -1}.get(character, 0) for character in text)
    if text.count("[") > MOST_BRACKETS or max(depths, default=0) > DEEPEST:
        raise ValueError("too large for a condition")
    try:
        found = json.loads(text)
        # Half a character, which JSON may write and no database takes, is a ValueError too.
        written(found).encode()
    except RecursionError:
        raise ValueError("too deep for a condition") from None
    return found


def _problem(record_type: RecordType, where: Any) -> str:
    try:
        conditions.check(record_type, where)
    except BadCondition as error:
        return str(error)
    return ""


def written(where: Any) -> str:
    """A condition as it stands in an address."""
    return json.dumps(where, ensure_ascii=False, separators=(",", ":")) if where else NO_CONDITION
