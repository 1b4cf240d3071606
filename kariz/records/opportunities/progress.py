"""What follows from where an opportunity stands: its outcome, its forecast, its dates."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from kariz.accounts.locale import Locale
from kariz.core import choices
from kariz.core.drafts import Draft
from kariz.core.models import Choice
from kariz.lib import money
from kariz.records.opportunities.models import Opportunity

CLOSED = {Choice.Outcome.WON: Decimal(100), Choice.Outcome.LOST: Decimal(0)}


def follow(draft: Draft, deal: Opportunity) -> None:
    """Complete a draft. What the draft itself says of a date stands."""
    stage = choices.find("opportunity", "stage", deal.stage, deal.pipeline)
    deal.outcome = stage.outcome if stage else ""
    deal.is_open = not deal.outcome
    if draft.changed("stage") and "stage_entered_at" not in draft.given:
        deal.stage_entered_at = timezone.now()
    if draft.changed("outcome") and deal.outcome != Choice.Outcome.LOST and "loss_reason" not in draft.given:
        deal.loss_reason = ""  # reopened: the next loss needs a reason of its own
    _set_dates(draft, deal)
    deal.probability = CLOSED.get(Choice.Outcome(deal.outcome), deal.probability)
    deal.forecast_amount = forecast(deal)
    deal.stale_on = stale_day(deal, stage)


def _set_dates(draft: Draft, deal: Opportunity) -> None:
    is_closed = deal.outcome in CLOSED
    if is_closed and deal.closed_on is None:
        deal.closed_on = Locale.of(None).today()
    elif not is_closed and draft.given.get("closed_on") and not draft.is_stored:
        draft.error("closed_on", _("Only an opportunity that is won or lost has this date."))
    elif not is_closed:
        deal.closed_on = None
    deal.opened_on = deal.engaged_on or deal.created_at.astimezone(Locale.of(None).tz).date()
    if deal.closed_on and deal.engaged_on and deal.closed_on < deal.engaged_on and not draft.is_stored:
        draft.error("closed_on", _("It cannot be closed before it was engaged."))
    deal.cycle_days = max((deal.closed_on - deal.opened_on).days, 0) if deal.closed_on else None


def forecast(deal: Opportunity) -> Decimal | None:
    """Amount x probability, in the digits of its currency."""
    if deal.amount is None or deal.probability is None:
        return None
    return money.quantize(Decimal(deal.amount) * Decimal(deal.probability) / 100, deal.currency)


def stale_day(deal: Opportunity, stage: Choice | None) -> date | None:
    """The last day on which an open deal is where it is expected to be; the stage's or the pipeline's, if sooner."""
    if not deal.is_open or deal.stage_entered_at is None or deal.opened_on is None:
        return None
    pipeline = choices.find("opportunity", "pipeline", deal.pipeline)
    entered = deal.stage_entered_at.astimezone(Locale.of(None).tz).date()
    days = [
        start + timedelta(days=choice.expected_days)
        for start, choice in ((entered, stage), (deal.opened_on, pipeline))
        if choice and choice.expected_days is not None
    ]
    return min(days, default=None)
