"""The choices that leads ship with."""

from dataclasses import replace

from django.utils.translation import gettext_noop as _

from kariz.core.choices import Seed
from kariz.records.contacts import sources

# The type that a source brings with it (R018-R020): administrators change `sets`.
TYPE_OF_SOURCE = (
    dict.fromkeys(("word_of_mouth", "referral", "existing_network", "existing_customer", "employee"), "seed")
    | dict.fromkeys(
        (
            "website",
            "email",
            "sms",
            "social_media",
            "search_ads",
            "campaign",
            "webinar",
            "blog",
            "direct_mail",
        ),
        "net",
    )
    | dict.fromkeys(("cold_call", "own_effort", "trade_fair", "conference", "business_card"), "spear")
)
SOURCES = tuple(
    replace(seed, sets={"type": TYPE_OF_SOURCE[seed.key]} if seed.key in TYPE_OF_SOURCE else {})
    for seed in sources.SOURCES
)
CONVERTED = "converted"
STATUSES = (
    Seed("new", _("New"), "blue", is_default=True, expected_days=2, guide=_("Find out who it is, and call.")),
    Seed(
        "attempted", _("Attempted to contact"), "cyan", expected_days=3,
        guide=_("Try another hour and another channel."),
    ),
    Seed("contacted", _("Contacted"), "teal", expected_days=7, guide=_("Ask for needs, areas of interest and budget.")),
    Seed(
        "qualified", _("Qualified"), "lime", expected_days=14, sets={"qualification": "qualified"},
        guide=_("Offer a meeting or a demo; convert when they ask for a price."),
    ),
    Seed(
        "nurturing", _("Relationship building"), "violet", expected_days=30,
        guide=_("Stay in touch until they are ready."),
    ),
    Seed("acquired", _("Acquired"), "green", "won", guide=_("Convert to a customer.")),
    Seed("refused", _("Refused"), "red", "lost", asks=("refusal_reason",)),
    Seed("postponed", _("Postponed"), "yellow", "held", asks=("next_contact_on", "postponement_reason")),
    Seed(CONVERTED, _("Converted"), "green", "won", is_hidden=True, is_fixed=True),
)  # fmt: skip

COLD, WARM, HOT = {"temperature": "cold"}, {"temperature": "warm"}, {"temperature": "hot"}
TEMPERATURES = (
    Seed(
        "cold",
        _("Cold"),
        "blue",
        guide=_("Knows something about us, yet does not want to buy or has not said so."),
    ),
    Seed("warm", _("Warm"), "amber", guide=_("Wants to buy, needs advice, may be comparing us with others.")),
    Seed("hot", _("Hot"), "red", guide=_("Ready to buy here and now: asks only where to pay.")),
)
# The temperature that a request brings with it (R080-R083): administrators change `sets`.
REQUEST_TYPES = (
    Seed("information", _("Information"), sets=COLD),
    Seed("consultation", _("Consultation"), sets=COLD),
    Seed("event", _("Event"), sets=COLD),
    Seed("webinar", _("Webinar"), sets=COLD),
    Seed("ebook", _("E-book"), sets=COLD),
    Seed("newsletter", _("Newsletter"), sets=COLD),
    Seed("survey", _("Survey"), sets=COLD),
    Seed("prize_draw", _("Prize draw"), sets=COLD),
    Seed("call_back", _("Call-back"), sets=WARM),
    Seed("demo", _("Product demo"), sets=WARM),
    Seed("discount", _("Discount"), sets=WARM),
    Seed("purchase", _("Purchase with advice"), sets=WARM),
    Seed("order", _("Order"), sets=HOT),
    Seed("payment", _("Where to pay"), sets=HOT),
    Seed("other", _("Other")),
)
# What a lead may reach before it is a customer (R114); `triggers` says what each then does.
MILESTONES = (
    Seed("offer_received", _("Received a commercial offer"), "blue"),
    Seed("agreement", _("Made an agreement"), "violet"),
    Seed("first_purchase", _("Made the first purchase"), "green"),
)
TYPES = (
    Seed("seed", _("Seed"), "green", guide=_("Came by word of mouth.")),
    Seed("net", _("Net"), "blue", guide=_("Came in with the broad flow of marketing.")),
    Seed("spear", _("Spear"), "violet", guide=_("Won by the aimed effort of one employee.")),
)
INTEREST_KINDS = (
    Seed("buy", _("Wants to buy"), "green"),
    Seed("information", _("Wants more information"), "blue"),
)
CAPTURE_EVENTS = (
    Seed("application", _("Purchase application")),
    Seed("order", _("Earlier order")),
    Seed("call", _("Phone call")),
    Seed("questionnaire", _("Completed questionnaire")),
    Seed("registration", _("Registration form")),
    Seed("feedback", _("Feedback form")),
    Seed("message", _("Message or e-mail")),
    Seed("download", _("Download")),
    Seed("subscription", _("Subscription")),
    Seed("meeting", _("Meeting")),
    Seed("import", _("Imported list")),
    Seed("other", _("Other")),
)
READINESS = (
    Seed("now", _("Ready now"), "green"),
    Seed("quarter", _("Within three months"), "lime"),
    Seed("year", _("Within a year"), "amber"),
    Seed("not_yet", _("Not yet"), "grey"),
)
QUALIFICATIONS = (
    Seed("qualified", _("Qualified"), "green"),
    Seed("not_qualified", _("Not qualified"), "red"),
)
ACTS_FOR = (Seed("company", _("A company (B2B)"), "blue"), Seed("self", _("Themselves (B2C)"), "violet"))
CLASSIFICATIONS = (
    Seed("consumer", _("Consumer"), guide=_("Collects information about particular users.")),
    Seed("target", _("Target"), guide=_("Directed at a definite action.")),
)
MANUAL, AUTOMATIC = "manual", "automatic"
CREATION_MODES = (
    Seed(MANUAL, _("By hand"), is_fixed=True),
    Seed(AUTOMATIC, _("Automatically"), is_fixed=True),
)
REFUSAL_REASONS = (
    Seed("no_budget", _("No budget")),
    Seed("no_need", _("No need")),
    Seed("price", _("Price too high")),
    Seed("competitor", _("Chose a competitor")),
    Seed("bad_experience", _("Bad experience")),
    Seed("wrong_person", _("Wrong person")),
    Seed("unreachable", _("Cannot be reached")),
    Seed("other", _("Other")),
)
POSTPONEMENT_REASONS = (
    Seed("plans_changed", _("Change of plans")),
    Seed("no_funds", _("Lack of funds")),
    Seed("season", _("Wrong season")),
    Seed("contract_runs", _("Bound by another contract")),
    Seed("other", _("Other")),
)
