"""What Kariz knows of opportunities."""

from typing import cast

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kariz.accounts.roles import ShippedRole
from kariz.core.choices import Seed
from kariz.core.drafts import Draft
from kariz.core.registry import Block, Grant, RecordType, View, register
from kariz.records.contacts.sources import SOURCES
from kariz.records.opportunities import origins, progress
from kariz.records.opportunities.models import Opportunity
from kariz.records.opportunities.pipeline import LOSS_REASONS, OUTCOMES, PIPELINES, STAGES


@register
class OpportunityType(RecordType):
    model = Opportunity
    label = _("Opportunity")
    plural = _("Opportunities")
    icon = "target"
    position = 40
    columns = (
        "name",
        "organization",
        "stage",
        "amount",
        "probability",
        "forecast_amount",
        "expected_close_on",
        "owner",
    )
    quick = ("name", "organization", "primary_contact", "stage", "amount", "expected_close_on")
    highlights = ("amount", "probability", "forecast_amount", "expected_close_on", "organization", "owner")
    search = ("name", "next_step")
    board = path = "stage"
    card = ("organization", "amount", "next_step", "expected_close_on", "owner")
    totals = ("amount", "forecast_amount")
    links = {
        "contacts": (_("Contacts"), "contact"),
        "products": (_("Products"), "product"),
        "services": (_("Services"), "service"),
    }
    origin = ("lead",)
    together = (
        ("pipeline", "stage", "stage_entered_at", "probability", "closed_on", "loss_reason", "loss_note"),
        ("origin", "lead"),
    )
    rights = {
        ShippedRole.HEAD_OF_SALES: Grant("all", "all", may_create=True, may_delete=True),
        ShippedRole.SALES_MANAGER: Grant("team", "team", may_create=True, may_delete=True),
        ShippedRole.SALESPERSON: Grant("team", "team", may_create=True, may_delete=True, delete="own"),
        ShippedRole.TELEMARKETER: Grant("own", "own", may_create=True),
        ShippedRole.MARKETER: Grant("all"),
    }
    layout = (
        Block("main", _("Opportunity"), (
            "name", "owner", "organization", "primary_contact", "type", "source", "origin", "lead",
        )),
        Block("forecast", _("Forecast"), (
            "pipeline", "stage", "amount", "currency", "probability", "forecast_amount", "expected_close_on",
            "engaged_on", "closed_on",
        )),
        Block("next", _("Next steps"), ("next_step", "next_contact_on")),
        Block("wants", _("What the customer wants"), (
            "product", "products", "services", "contacts", "requested", "conditions", "competitors", "objections",
        )),
        Block("loss", _("Loss"), ("loss_reason", "loss_note")),
        Block("more", _("More"), ("description",)),
        Block("kept", _("Progress"), (
            "outcome", "is_open", "opened_on", "stage_entered_at", "stale_on", "cycle_days",
        )),
    )  # fmt: skip
    views = (
        View("open", _("Open opportunities"), {"all": [["is_open", "yes"]]}),
        View("mine", _("My opportunities"), {"all": [["owner", "is_me"], ["is_open", "yes"]]}),
        View("team", _("My team's"), {"all": [["owner", "in_my_team"], ["is_open", "yes"]]}),
        View("closing", _("Closing this month"), {
            "all": [["is_open", "yes"], ["expected_close_on", "this_month"]],
        }, "expected_close_on"),
        View("overdue", _("Past their close date"), {
            "all": [["is_open", "yes"], ["expected_close_on", "past"]],
        }, "expected_close_on"),
        View("stale", _("Stale"), {
            "all": [["is_open", "yes"], ["stale_on", "past"]],
        }, "stale_on", (
            "name", "organization", "stage", "stage_entered_at", "stale_on", "amount", "next_step", "owner",
        )),
        View("likely", _("Most likely first"), {"all": [["is_open", "yes"]]}, "-probability"),
        View("won", _("Won this quarter"), {
            "all": [["outcome", "is", "won"], ["closed_on", "this_quarter"]],
        }, "-closed_on", ("name", "organization", "amount", "closed_on", "cycle_days", "owner")),
        View("lost", _("Lost this quarter"), {
            "all": [["outcome", "is", "lost"], ["closed_on", "this_quarter"]],
        }, "-closed_on", ("name", "organization", "amount", "loss_reason", "closed_on", "owner")),
        View("held", _("On hold"), {"all": [["outcome", "is", "held"]]}, "next_contact_on", (
            "name", "organization", "amount", "next_contact_on", "next_step", "owner",
        )),
        View("all", _("All opportunities")),
    )  # fmt: skip
    choices = {
        "pipeline": PIPELINES,
        "stage": STAGES,
        "loss_reason": LOSS_REASONS,
        "outcome": OUTCOMES,
        "source": SOURCES,
        "origin": origins.ORIGINS,
        "type": (
            Seed("new", gettext_noop("New business"), "teal"),
            Seed("existing", gettext_noop("Existing business"), "blue"),
        ),
    }

    def prepare(self, draft: Draft) -> None:
        deal = cast(Opportunity, draft.record)
        progress.follow(draft, deal)
        origins.complete(draft, deal)
