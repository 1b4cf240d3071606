"""The ways in which a condition compares: one row each, with the words a person reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.lookups import Exact, IsNull, Regex
from django.utils.translation import gettext_lazy as _

from kariz.accounts.models import User
from kariz.core.models import Link
from kariz.lib.calendars import PERIODS

if TYPE_CHECKING:
    from kariz.accounts.locale import Locale
    from kariz.core.fields import Field


@dataclass(frozen=True)
class Term:
    """One side of a comparison: the name under which a query knows the field's value, and who asks."""

    field: Field
    alias: str
    user: User | None
    locale: Locale

    def q(self, lookup: str, value: Any) -> Q:
        return Q(**{f"{self.alias}__{lookup}": value})

    @property
    def is_null(self) -> Q:
        return self.q("isnull", True)

    @property
    def is_empty(self) -> Q:
        if self.field.type.empty != "":
            return self.is_null
        kept = self.field.expression  # folding it would be work for nothing
        return Q(IsNull(kept, True)) | Q(Exact(kept, ""))


@dataclass(frozen=True)
class Operator:
    """`takes` says what stands after it: `none`, `one`, `two`, `many` values of the field's type, or a `count`."""

    name: str
    label: Any
    sentence: Any
    takes: str
    build: Callable[[Term, Any], Q]


OPERATORS: dict[str, Operator] = {}


def _row(name: str, label: Any, sentence: Any, takes: str, build: Callable[[Term, Any], Q]) -> None:
    OPERATORS[name] = Operator(name, label, sentence, takes, build)


def _contains(term: Term, value: Any) -> Q:
    # The texts are folded already, so LIKE needs no case rules of its own.
    return term.q("contains", value)


def _moments(term: Term, start: date | None, end: date | None) -> Q:
    """Between two days, the second not included; for moments, at midnight where the reader lives."""

    def bound(day: date) -> Any:
        if term.field.type.name != "moment":
            return day.isoformat() if term.field.is_custom else day
        at = datetime.combine(day, time(), tzinfo=term.locale.tz).astimezone(UTC)
        return term.field.type.store(at) if term.field.is_custom else at

    found = Q()
    if start:
        found &= term.q("gte", bound(start))
    if end:
        found &= term.q("lt", bound(end))
    return found


def _day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _day(term: Term, value: Any) -> date:
    return value.astimezone(term.locale.tz).date() if isinstance(value, datetime) else value


def _is(term: Term, value: Any) -> Q:
    if term.field.type.name in ("date", "moment"):
        day = _day(term, value)
        return _moments(term, day, _day_after(day))
    if term.field.type.name == "phone":
        return term.q("contains", value)
    return term.q("exact", value)


def _period(name: str) -> Callable[[Term, Any], Q]:
    def build(term: Term, value: Any) -> Q:
        return _moments(term, *term.locale.period(name, int(value or 0)))

    return build


def _linked(term: Term, ids: Any = None) -> Exists:
    rows = Link.objects.filter(
        record_type=term.field.record_type, field=term.field.name, record_id=OuterRef("pk")
    )
    return Exists(rows if ids is None else rows.filter(target_id__in=ids))


def _listed(term: Term, key: str) -> Q:
    return term.q("contains", f'"{key}"')


def _any_listed(term: Term, keys: Any) -> Q:
    found = Q()
    for key in keys:
        found |= _listed(term, key)
    return found


def _all_listed(term: Term, keys: Any) -> Q:
    found = Q()
    for key in keys:
        found &= _listed(term, key)
    return found


_row("is", _("is"), _("%(field)s is %(value)s"), "one", _is)
_row("is_not", _("is not"), _("%(field)s is not %(value)s"), "one", lambda t, v: ~_is(t, v) | t.is_null)
_row("one_of", _("is one of"), _("%(field)s is one of %(value)s"), "many", lambda t, v: t.q("in", v))
_row(
    "none_of",
    _("is none of"),
    _("%(field)s is none of %(value)s"),
    "many",
    lambda t, v: ~t.q("in", v) | t.is_null,
)
_row("contains", _("contains"), _("%(field)s contains %(value)s"), "one", _contains)
_row(
    "not_contains", _("does not contain"), _("%(field)s does not contain %(value)s"), "one",
    lambda t, v: ~_contains(t, v) | t.is_null,
)  # fmt: skip
_row(
    "starts_with",
    _("starts with"),
    _("%(field)s starts with %(value)s"),
    "one",
    lambda t, v: t.q("startswith", v),
)


# What the doors let in looks like this; other programs that wrote into the database need not have kept to it.
VALID = {"phone": r"^\+[1-9][0-9]{4,14}(;ext=[0-9]{1,7})?$", "email": r"^[^@\s]+@[^@\s.]+([.][^@\s.]+)+$"}


def _invalid(term: Term, _value: Any) -> Q:
    value = term.field.expression  # as it is kept: folded, it would be another
    return ~Q(Exact(value, "")) & ~Q(Regex(value, VALID[term.field.type.name]))


_row("invalid", _("is not valid"), _("%(field)s is not valid"), "none", _invalid)
_row("empty", _("is empty"), _("%(field)s is empty"), "none", lambda t, v: t.is_empty)
_row("not_empty", _("is not empty"), _("%(field)s is not empty"), "none", lambda t, v: ~t.is_empty)
_row(
    "greater",
    _("is greater than"),
    _("%(field)s is greater than %(value)s"),
    "one",
    lambda t, v: t.q("gt", v),
)
_row("at_least", _("is at least"), _("%(field)s is at least %(value)s"), "one", lambda t, v: t.q("gte", v))
_row("less", _("is less than"), _("%(field)s is less than %(value)s"), "one", lambda t, v: t.q("lt", v))
_row("at_most", _("is at most"), _("%(field)s is at most %(value)s"), "one", lambda t, v: t.q("lte", v))
_row(
    "yes",
    _("is yes"),
    _("%(field)s: yes"),
    "none",
    lambda t, v: t.q("exact", 1 if t.field.is_custom else True),
)
_row(
    "no", _("is no"), _("%(field)s: no"), "none", lambda t, v: t.q("exact", 0 if t.field.is_custom else False)
)
_row(
    "before",
    _("is before"),
    _("%(field)s is before %(value)s"),
    "one",
    lambda t, v: _moments(t, None, _day(t, v)),
)
_row(
    "after", _("is after"), _("%(field)s is after %(value)s"), "one",
    lambda t, v: _moments(t, _day_after(_day(t, v)), None),
)  # fmt: skip


def _between(term: Term, pair: Any) -> Q:
    low, high = pair
    if term.field.type.name in ("date", "moment"):
        return _moments(term, _day(term, low), _day_after(_day(term, high)))
    return term.q("gte", low) & term.q("lte", high)


_row("between", _("is between"), _("%(field)s is between %(low)s and %(high)s"), "two", _between)
_row(
    "is_me", _("is me"), _("%(field)s is me"), "none",
    lambda t, v: t.q("exact", t.user.pk if t.user else 0),
)  # fmt: skip
_row(
    "in_my_team", _("is in my team"), _("%(field)s is in my team"), "none",
    lambda t, v: t.q("in", t.user.team_member_ids if t.user else ()),
)  # fmt: skip
_row(
    "inactive", _("is inactive"), _("%(field)s is an inactive user"), "none",
    lambda t, v: t.q("in", User.objects.filter(is_active=False).values("pk")),
)  # fmt: skip
_row("has_any", _("has any of"), _("%(field)s has any of %(value)s"), "many", _any_listed)
_row("has_all", _("has all of"), _("%(field)s has all of %(value)s"), "many", _all_listed)
_row(
    "has_none",
    _("has none of"),
    _("%(field)s has none of %(value)s"),
    "many",
    lambda t, v: ~_any_listed(t, v) | t.is_null,
)
_row(
    "empty_list", _("is empty"), _("%(field)s is empty"), "none", lambda t, v: t.is_null | t.q("exact", "[]")
)
_row(
    "not_empty_list",
    _("is not empty"),
    _("%(field)s is not empty"),
    "none",
    lambda t, v: ~(t.is_null | t.q("exact", "[]")),
)
_row(
    "links_any",
    _("includes any of"),
    _("%(field)s includes any of %(value)s"),
    "many",
    lambda t, v: Q(_linked(t, v)),
)
_row(
    "links_none",
    _("includes none of"),
    _("%(field)s includes none of %(value)s"),
    "many",
    lambda t, v: ~Q(_linked(t, v)),
)
_row("no_links", _("is empty"), _("%(field)s is empty"), "none", lambda t, v: ~Q(_linked(t)))
_row("some_links", _("is not empty"), _("%(field)s is not empty"), "none", lambda t, v: Q(_linked(t)))

_COUNTED = {
    "last_n_days": (_("in the last … days"), _("%(field)s is in the last %(value)s days")),
    "next_n_days": (_("in the next … days"), _("%(field)s is in the next %(value)s days")),
    "older_than_n_days": (_("more than … days ago"), _("%(field)s is more than %(value)s days ago")),
    "in_more_than_n_days": (_("in more than … days"), _("%(field)s is in more than %(value)s days")),
}
_PERIOD_WORDS = {
    "past": (_("is in the past"), _("%(field)s is in the past")),
    "due": (_("is today or earlier"), _("%(field)s is today or earlier")),
    "today": (_("is today"), _("%(field)s is today")),
    "yesterday": (_("is yesterday"), _("%(field)s is yesterday")),
    "tomorrow": (_("is tomorrow"), _("%(field)s is tomorrow")),
    "this_week": (_("is this week"), _("%(field)s is this week")),
    "last_week": (_("was last week"), _("%(field)s was last week")),
    "next_week": (_("is next week"), _("%(field)s is next week")),
    "this_month": (_("is this month"), _("%(field)s is this month")),
    "last_month": (_("was last month"), _("%(field)s was last month")),
    "next_month": (_("is next month"), _("%(field)s is next month")),
    "this_quarter": (_("is this quarter"), _("%(field)s is this quarter")),
    "last_quarter": (_("was last quarter"), _("%(field)s was last quarter")),
    "next_quarter": (_("is next quarter"), _("%(field)s is next quarter")),
    "this_year": (_("is this year"), _("%(field)s is this year")),
    "last_year": (_("was last year"), _("%(field)s was last year")),
    "next_year": (_("is next year"), _("%(field)s is next year")),
    "this_fiscal_year": (_("is this fiscal year"), _("%(field)s is this fiscal year")),
    "last_fiscal_year": (_("was last fiscal year"), _("%(field)s was last fiscal year")),
}
for _name in PERIODS:
    _label, _sentence = _COUNTED.get(_name) or _PERIOD_WORDS[_name]
    _row(_name, _label, _sentence, "count" if _name in _COUNTED else "none", _period(_name))
