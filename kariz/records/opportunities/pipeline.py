"""The pipeline that Kariz ships: the six stages of the life cycle and the three ways in which it ends."""

from django.utils.translation import gettext_noop as _

from kariz.core.choices import Seed

PIPELINE = "sales"
PIPELINES = (Seed(PIPELINE, _("Sales pipeline"), is_default=True, expected_days=60),)

STAGES = (
    Seed(
        "prospecting", _("Prospecting"), "grey", group=PIPELINE, is_default=True, expected_days=7,
        sets={"probability": "10"},
        guide=_("Find out who decides, and whether there is a need at all."),
    ),
    Seed(
        "qualification", _("Qualification"), "cyan", group=PIPELINE, expected_days=7,
        sets={"probability": "20"},
        guide=_("Ask for need, budget, time and competitors. Let go early of what has no chance."),
    ),
    Seed(
        "contact", _("First contact"), "blue", group=PIPELINE, expected_days=10,
        sets={"probability": "30"},
        guide=_("Talk to the person who decides, and agree on the next step before the talk ends."),
    ),
    Seed(
        "nurturing", _("Relationship building"), "violet", group=PIPELINE, expected_days=21,
        sets={"probability": "50"},
        guide=_("Meet, show the product or service, present the price."),
    ),
    Seed(
        "negotiation", _("Negotiation"), "amber", group=PIPELINE, expected_days=14,
        sets={"probability": "70"}, asks=("amount",),
        guide=_("Write down questions and concerns, and what is agreed on price and services."),
    ),
    Seed(
        "closing", _("Closing"), "orange", group=PIPELINE, expected_days=7,
        sets={"probability": "90"}, asks=("amount", "expected_close_on"),
        guide=_("Send the contract and the invoice; settle delivery and payment."),
    ),
    Seed("won", _("Won"), "green", "won", PIPELINE, sets={"probability": "100"}),
    Seed("lost", _("Lost"), "red", "lost", PIPELINE, sets={"probability": "0"}, asks=("loss_reason",)),
    Seed("on_hold", _("On hold"), "yellow", "held", PIPELINE, asks=("next_contact_on",)),
)  # fmt: skip

LOSS_REASONS = (
    Seed("price", _("Price too high")),
    Seed("competitor", _("Chose a competitor")),
    Seed("no_budget", _("No budget")),
    Seed("no_need", _("No need any more")),
    Seed("timing", _("Wrong time")),
    Seed("product", _("Product does not fit")),
    Seed("terms", _("Terms not acceptable")),
    Seed("no_answer", _("No answer any more")),
    Seed("stale", _("Stale: cleared out")),
    Seed("duplicate", _("Entered twice")),
    Seed("unknown", _("Not known")),
    Seed("other", _("Other")),
)
OUTCOMES = (
    Seed("won", _("Won"), "green", is_fixed=True),
    Seed("lost", _("Lost"), "red", is_fixed=True),
    Seed("held", _("On hold"), "yellow", is_fixed=True),
)
