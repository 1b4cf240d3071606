"""The industries and ratings that organizations and leads ship with."""

from django.utils.translation import gettext_noop as _

from kariz.core.choices import Seed

INDUSTRIES = (
    Seed("apparel", _("Apparel")),
    Seed("banking", _("Banking")),
    Seed("biotechnology", _("Biotechnology")),
    Seed("chemicals", _("Chemicals")),
    Seed("communications", _("Communications")),
    Seed("construction", _("Construction")),
    Seed("consulting", _("Consulting")),
    Seed("education", _("Education")),
    Seed("electronics", _("Electronics")),
    Seed("employment", _("Employment")),
    Seed("energy", _("Energy")),
    Seed("engineering", _("Engineering")),
    Seed("entertainment", _("Entertainment")),
    Seed("environmental", _("Environmental")),
    Seed("finance", _("Finance")),
    Seed("food", _("Food and beverage")),
    Seed("government", _("Government")),
    Seed("healthcare", _("Healthcare")),
    Seed("hospitality", _("Hospitality")),
    Seed("insurance", _("Insurance")),
    Seed("machinery", _("Machinery")),
    Seed("manufacturing", _("Manufacturing")),
    Seed("marketing", _("Marketing")),
    Seed("media", _("Media")),
    Seed("nonprofit", _("Not for profit")),
    Seed("recreation", _("Recreation")),
    Seed("retail", _("Retail")),
    Seed("services", _("Services")),
    Seed("shipping", _("Shipping")),
    Seed("software", _("Software")),
    Seed("technology", _("Technology")),
    Seed("telecommunications", _("Telecommunications")),
    Seed("transportation", _("Transportation")),
    Seed("utilities", _("Utilities")),
    Seed("other", _("Other")),
)
RATINGS = (
    Seed("high", _("High potential"), "green"),
    Seed("medium", _("Medium potential"), "amber"),
    Seed("low", _("Low potential"), "orange"),
    Seed("none", _("No potential"), "grey"),
)
