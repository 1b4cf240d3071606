"""What the home page says of opportunities: what closes, what rots, what the month and the quarter bring."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kariz.accounts import locale
from kariz.accounts.roles import ShippedRole
from kariz.core import choices, links, records, registry, summary
from kariz.core.summary import Group
from kariz.web import amounts, home_cards
from kariz.web.doors import reader
from kariz.web.home_cards import Bar, Bars, Part, Records, Tile, list_url

# Who sees the deals of colleagues, but has come to work on those of his own.
WORKING = {ShippedRole.SALESPERSON, ShippedRole.TELEMARKETER}
OPEN = ["is_open", "yes"]
STALE = {"all": [OPEN, ["stale_on", "past"]]}
CLOSING = {"all": [OPEN, ["expected_close_on", "this_month"]]}
WON_THIS_MONTH = {"all": [["outcome", "is", "won"], ["closed_on", "this_month"]]}
WON_THIS_QUARTER = {"all": [["outcome", "is", "won"], ["closed_on", "this_quarter"]]}
ENDED = {"all": [["outcome", "one_of", ["won", "lost"]], ["closed_on", "this_quarter"]]}
DUE = {"all": [["outcome", "one_of", ["", "held"]], ["next_contact_on", "due"]]}
SUMS = ("amount", "forecast_amount")
MOST_OWNERS = 10


def stale_deals(request: HttpRequest) -> Iterator[Part]:
    empty = _("No deal stays in a stage for too long.")
    yield _list(request, _("Stale deals"), _concerning(request, STALE), "stale_on", _rots, empty)


def closing_deals(request: HttpRequest) -> Iterator[Part]:
    """What the month brings: in all, by stage, by person, and which deals these are."""
    closing_ones = _concerning(request, CLOSING)
    closing = _summed(request, closing_ones, ("owner", "pipeline", "stage"))
    won = _summed(request, _concerning(request, WON_THIS_MONTH), ("owner",))
    yield _closing_tile(closing, closing_ones)
    yield _by_stage(closing, closing_ones)
    if len({group.keys[0] for group in (*closing, *won)}) > 1:
        yield _by_owner(closing, won)
    label, empty = _("Closing this month"), _("Nothing is expected to close.")
    yield _list(request, label, closing_ones, "expected_close_on", _closes, empty)


def stale_count(request: HttpRequest) -> Iterator[Part]:
    yield _stale_tile(request, _concerning(request, STALE))


def won_deals(request: HttpRequest) -> Iterator[Part]:
    ended = _summed(request, _concerning(request, ENDED), ("outcome",))
    yield _quarter_tile(ended, _concerning(request, WON_THIS_QUARTER))


def due_deals(request: HttpRequest) -> Iterator[Part]:
    """The deals whose day of contact has come; nothing where there is none."""
    label, where = _("Deals to follow up today"), _concerning(request, DUE)
    due = _list(request, label, where, "next_contact_on", _step, "")
    if due.rows:
        yield due


def _concerning(request: HttpRequest, where: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """`where` of the deals that the home page tells this person of."""
    is_working = not WORKING.isdisjoint(reader(request).role_keys)
    return {"all": [*where["all"], ["owner", "is_me"]]} if is_working else where


def _summed(request: HttpRequest, where: Any, group_by: Sequence[str]) -> list[Group]:
    deal_type = registry.get("opportunity")
    found = records.visible(deal_type, reader(request), where=where)
    return summary.summarize(deal_type, found, group_by=group_by, sums=SUMS)


def _closing_tile(closing: list[Group], where: Any) -> Tile:
    weighted = amounts.told(amounts.added(closing, "forecast_amount"))
    return Tile(
        label=_("Closing this month"),
        value=locale.active().number(sum(group.count for group in closing)),
        url=list_url(registry.get("opportunity"), where, sort="expected_close_on"),
        note=_("%(sum)s weighted") % {"sum": weighted} if weighted else "",
    )


def _stale_tile(request: HttpRequest, where: Any) -> Tile:
    deal_type, ours = registry.get("opportunity"), locale.active()
    stale = records.visible(deal_type, reader(request), where=where)
    count, oldest = stale.order_by().aggregate(count=Count("*"), oldest=Min("stale_on")).values()
    days = (ours.today() - oldest).days if oldest else 0
    note = ngettext("the longest for %(n)s day", "the longest for %(n)s days", days) % {
        "n": ours.number(days)
    }
    return Tile(
        label=_("Stale deals"),
        value=ours.number(count),
        url=list_url(deal_type, where, sort="stale_on"),
        note=note if count else _("all move as expected"),
        tone="bad" if count else "good",
        icon="hourglass" if count else "circle-check",
    )


def _quarter_tile(ended: list[Group], where: Any) -> Tile:
    """Won revenue of the quarter, and the share of what was decided that was won."""
    ours = locale.active()
    won = [group for group in ended if group.keys[0] == "won"]
    decided, count = sum(group.count for group in ended), sum(group.count for group in won)
    return Tile(
        label=_("Won this quarter"),
        value=amounts.told(amounts.added(won, "amount")) or ours.number(0),
        url=list_url(registry.get("opportunity"), where),
        note=_("win rate %(rate)s") % {"rate": ours.percent(Decimal(100 * count) / decided, 1)}
        if decided
        else "",
    )


def _list(
    request: HttpRequest, label: str, where: Any, sort: str, notes: Callable[[Any], Sequence[str]], empty: str
) -> Records:
    deal_type = registry.get("opportunity")
    rows = home_cards.rows(request, deal_type, where, sort=sort, notes=notes, end="amount")
    return Records(label, deal_type.icon, rows, empty, list_url(deal_type, where, sort=sort))


def _rots(deal: Any) -> Sequence[str]:
    """Such as “Negotiation · 5 days late”."""
    ours = locale.active()
    days = (ours.today() - deal.stale_on).days
    return _stage_of(deal), ngettext("%(n)s day late", "%(n)s days late", days) % {"n": ours.number(days)}


def _closes(deal: Any) -> Sequence[str]:
    return _stage_of(deal), locale.active().day(deal.expected_close_on)


def _step(deal: Any) -> Sequence[str]:
    return locale.active().day(deal.next_contact_on), deal.next_step or _stage_of(deal)


def _stage_of(deal: Any) -> str:
    return registry.get("opportunity").all_fields["stage"].show(deal.stage)


def _by_stage(closing: list[Group], where: dict[str, list[Any]]) -> Bars:
    currency, ours = amounts.main_currency(closing, "amount"), locale.active()
    bars = [
        Bar(
            label=_(stage.label),
            value=ours.money(whole, currency, compact=True),
            whole=int(whole),
            part=int(sum(group.total("forecast_amount", currency) for group in found)),
            colour=stage.colour,
            url=list_url(registry.get("opportunity"), {"all": [*where["all"], ["stage", "is", stage.key]]}),
        )
        for stage in _stages_of(closing)
        if (found := [group for group in closing if group.keys[1:] == (stage.group, stage.key)])
        and (whole := Decimal(sum(group.total("amount", currency) for group in found)))
    ]
    return Bars(_("This month by stage"), bars, (_("weighted"), _("whole amount")))


def _stages_of(closing: list[Group]) -> list[Any]:
    pipelines = {group.keys[1] for group in closing}
    return [stage for stage in choices.of("opportunity", "stage", hidden=True) if stage.group in pipelines]


def _by_owner(closing: list[Group], won: list[Group]) -> Bars:
    """What each one has won, and what is to be expected besides, the most first."""
    currency, ours = amounts.main_currency([*closing, *won], "amount"), locale.active()
    have, hope = _of_owners(won, "amount", currency), _of_owners(closing, "forecast_amount", currency)
    owners = sorted((have.keys() | hope.keys()) - {None}, key=lambda owner: -(have[owner] + hope[owner]))
    names = links.names_of({"user": set(owners[:MOST_OWNERS])}, None)
    bars = [
        Bar(
            label=names.get(("user", owner), ""),
            value=ours.money(have[owner] + hope[owner], currency, compact=True),
            whole=int(have[owner] + hope[owner]),
            part=int(have[owner]),
            url=list_url(registry.get("opportunity"), {"all": [*CLOSING["all"], ["owner", "is", owner]]}),
            person=owner,
        )
        for owner in owners[:MOST_OWNERS]
    ]
    return Bars(_("This month by salesperson"), bars, (_("won"), _("weighted forecast")))


def _of_owners(groups: list[Group], name: str, currency: str) -> dict[Any, Decimal]:
    """The sums of each owner, the first key of a group."""
    found: dict[Any, Decimal] = defaultdict(Decimal)
    for group in groups:
        found[group.keys[0]] += group.total(name, currency)
    return found


# Tiles stand in a row of their own: each of these positions counts among the tiles or among the cards.
home_cards.add(
    stale_deals,
    position=20,
    type="opportunity",
    fields=("is_open", "stale_on", "stage", "owner"),
)
home_cards.add(
    closing_deals,
    position=21,
    type="opportunity",
    fields=("is_open", "expected_close_on", "stage", "pipeline", "owner", "outcome", "closed_on", *SUMS),
)
home_cards.add(
    stale_count,
    position=22,
    type="opportunity",
    fields=("is_open", "stale_on", "owner"),
)
home_cards.add(
    won_deals,
    position=23,
    type="opportunity",
    fields=("outcome", "closed_on", "owner", *SUMS),
)
home_cards.add(
    due_deals,
    position=24,
    type="opportunity",
    fields=("outcome", "next_contact_on", "next_step", "stage", "owner"),
)
