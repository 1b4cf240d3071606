"""What Kariz knows of products and services."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kariz.accounts.roles import ShippedRole
from kariz.core.choices import Seed
from kariz.core.drafts import Draft
from kariz.core.registry import Block, Grant, RecordType, View, register
from kariz.records.products import periods
from kariz.records.products.models import Product, Service

KEEPS, READS = Grant("all", "all", may_create=True, may_delete=True), Grant("all")
RIGHTS: dict[str, Grant] = dict.fromkeys(ShippedRole.values, READS) | {
    ShippedRole.HEAD_OF_SALES: KEEPS,
    ShippedRole.SALES_MANAGER: KEEPS,
}
PRICE = ("unit_price", "currency", "unit_cost", "tax", "commission")
DATES = ("sale_starts_on", "sale_ends_on", "support_starts_on", "support_ends_on")
VIEWS = (
    View("on_sale", _("On sale"), {"all": [["is_withdrawn", "no"]]}),
    View("withdrawn", _("Withdrawn from sale"), {"all": [["is_withdrawn", "yes"]]}),
    View("all", _("The whole catalogue")),
)
UNITS = (
    Seed("piece", gettext_noop("Piece"), is_default=True),
    Seed("box", gettext_noop("Box")),
    Seed("carton", gettext_noop("Carton")),
    Seed("pack", gettext_noop("Pack")),
    Seed("dozen", gettext_noop("Dozen")),
    Seed("set", gettext_noop("Set")),
    Seed("kilogram", gettext_noop("Kilogram")),
    Seed("tonne", gettext_noop("Tonne")),
    Seed("litre", gettext_noop("Litre")),
    Seed("metre", gettext_noop("Metre")),
    Seed("square_metre", gettext_noop("Square metre")),
    Seed("licence", gettext_noop("Licence")),
    Seed("hour", gettext_noop("Hour")),
    Seed("day", gettext_noop("Day")),
    Seed("month", gettext_noop("Month")),
    Seed("year", gettext_noop("Year")),
    Seed("visit", gettext_noop("Visit")),
)


class Catalogue(RecordType):
    """What the declarations of products and services have in common."""

    subtitle = "code"
    columns: ClassVar[tuple[str, ...]] = ("name", "code", "category", "unit_price", "unit", "is_withdrawn")
    quick = ("name", "code", "category", "unit_price", "unit")
    highlights = ("code", "category", "unit_price", "is_withdrawn")
    sort = "name"
    board = "category"
    card = ("code", "unit_price", "unit")
    retired = "is_withdrawn"
    rights = RIGHTS
    views = VIEWS

    def prepare(self, draft: Draft) -> None:
        periods.check_dates(draft)


@register
class ProductType(Catalogue):
    model = Product
    label = _("Product")
    plural = _("Products")
    icon = "package"
    position = 60
    columns = ("name", "code", "category", "series", "unit_price", "unit", "is_withdrawn")
    search = ("name", "code", "series", "manufacturer", "manufacturer_code", "vendor_code", "serial_number")
    links = {"related": (_("Goes well with"), "product"), "dearer": (_("Dearer alternatives"), "product")}
    layout = (
        Block("main", _("Product"), (
            "name", "code", "category", "series", "manufacturer", "vendor", "unit", "is_withdrawn", "owner",
        )),
        Block("price", _("Price"), PRICE),
        Block("offers", _("Offer with it"), ("related", "dearer")),
        Block("stock", _("Stock"), (
            "quantity_in_stock", "quantity_in_demand", "reorder_level", "quantity_per_unit",
            "manufacturer_code", "vendor_code", "serial_number",
        )),
        Block("dates", _("Dates"), DATES),
        Block("more", _("More"), ("website", "description")),
    )  # fmt: skip
    choices = {
        "unit": UNITS,
        "category": (
            Seed("hardware", gettext_noop("Hardware"), "blue"),
            Seed("software", gettext_noop("Software"), "violet"),
            Seed("machinery", gettext_noop("Machinery"), "amber"),
            Seed("material", gettext_noop("Material"), "lime"),
            Seed("spare_part", gettext_noop("Spare part"), "teal"),
            Seed("other", gettext_noop("Other"), "grey"),
        ),
    }


@register
class ServiceType(Catalogue):
    model = Service
    label = _("Service")
    plural = _("Services")
    icon = "briefcase"
    position = 70
    search = ("name", "code")
    links = {"related": (_("Goes well with"), "product"), "dearer": (_("Dearer alternatives"), "service")}
    layout = (
        Block("main", _("Service"), ("name", "code", "category", "unit", "is_withdrawn", "owner")),
        Block("price", _("Price"), PRICE),
        Block("offers", _("Offer with it"), ("related", "dearer")),
        Block("dates", _("Dates"), DATES),
        Block("more", _("More"), ("website", "description")),
    )
    choices = {
        "unit": UNITS,
        "category": (
            Seed("consulting", gettext_noop("Consulting"), "blue"),
            Seed("installation", gettext_noop("Installation"), "amber"),
            Seed("maintenance", gettext_noop("Maintenance"), "teal"),
            Seed("training", gettext_noop("Training"), "violet"),
            Seed("support", gettext_noop("Support"), "green"),
            Seed("other", gettext_noop("Other"), "grey"),
        ),
    }
