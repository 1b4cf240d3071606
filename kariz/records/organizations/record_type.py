"""What Kariz knows of organizations."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kariz.accounts.roles import ShippedRole
from kariz.core.choices import Seed
from kariz.core.registry import Block, Grant, RecordType, View, register
from kariz.records.organizations.addresses import ADDRESS
from kariz.records.organizations.industries import INDUSTRIES, RATINGS
from kariz.records.organizations.legal import LEGAL
from kariz.records.organizations.models import Organization

SHIPPING = tuple(f"shipping_{part}" for part in ADDRESS if part != "po_box")

# Customers are shared: contacts grant the same.
RIGHTS: dict[str, Grant] = {
    ShippedRole.HEAD_OF_SALES: Grant("all", "all", may_create=True, may_delete=True),
    ShippedRole.SALES_MANAGER: Grant("team", "team", may_create=True, may_delete=True),
    ShippedRole.SALESPERSON: Grant("team", "team", may_create=True),
    ShippedRole.TELEMARKETER: Grant("team", "none", may_create=True),
    ShippedRole.MARKETER: Grant("all"),
}
UNDER_FILLED = {"all": [["completeness", "less", "60"]]}


@register
class OrganizationType(RecordType):
    model = Organization
    label = _("Organization")
    plural = _("Organizations")
    icon = "building-2"
    position = 30
    subtitle = "city"
    columns = ("name", "industry", "phone", "city", "employees", "annual_revenue", "owner", "completeness")
    quick = ("name", "phone", "email", "website", "industry", "city")
    highlights = ("industry", "phone", "website", "annual_revenue", "owner")
    search = (
        "name", "email", "other_email", "phone", "other_phone", "website", "city", *LEGAL,
    )  # fmt: skip
    sort = "name"
    card = ("industry", "city", "phone", "owner")
    totals = ("annual_revenue",)
    board = "rating"
    origin = ("lead",)
    together = (ADDRESS, SHIPPING)
    trees = ("parent",)
    rights = RIGHTS
    layout = (
        Block("main", _("Organization"), ("name", "owner", "type", "industry", "sub_industry", "rating", "parent")),
        Block("reach", _("How to reach them"), (
            "phone", "other_phone", "fax", "email", "other_email", "website", "social_profiles",
            "is_opted_out", "is_do_not_call",
        )),
        Block("size", _("Size"), (
            "employees", "annual_revenue", "currency", "year_established", "ownership", "ticker_symbol",
            "industry_code",
        )),
        Block("legal", _("Legal"), LEGAL),
        Block("address", _("Address"), ADDRESS),
        Block("delivery", _("Delivery address"), SHIPPING),
        Block("more", _("More"), ("needs", "description", "lead")),
    )  # fmt: skip
    expected = (
        "name", "type", "industry", "phone", "email", "website", "employees", "annual_revenue", "year_established",
        "tax_number", "registry_code", "street", "city", "country", "needs",
    )  # fmt: skip
    views = (
        View("all", _("All organizations")),
        View("mine", _("My organizations"), {"all": [["owner", "is_me"]]}),
        View("customers", _("Customers"), {"all": [["type", "is", "customer"]]}),
        View("new", _("New this month"), {"all": [["created_at", "this_month"]]}, "-created_at"),
        View("from_leads", _("Made from leads"), {"all": [["lead", "not_empty"]]}, "-created_at"),
        View("under_filled", _("Under-filled"), UNDER_FILLED, "completeness"),
    )
    choices = {
        "industry": INDUSTRIES,
        "rating": RATINGS,
        "type": (
            Seed("prospect", gettext_noop("Prospect"), "blue"),
            Seed("customer", gettext_noop("Customer"), "green"),
            Seed("partner", gettext_noop("Partner"), "teal"),
            Seed("dealer", gettext_noop("Dealer"), "teal"),
            Seed("reseller", gettext_noop("Reseller"), "teal"),
            Seed("integrator", gettext_noop("Integrator"), "cyan"),
            Seed("competitor", gettext_noop("Competitor"), "red"),
            Seed("analyst", gettext_noop("Analyst"), "violet"),
            Seed("investor", gettext_noop("Investor"), "violet"),
            Seed("press", gettext_noop("Press"), "violet"),
            Seed("other", gettext_noop("Other"), "grey"),
        ),
    }
