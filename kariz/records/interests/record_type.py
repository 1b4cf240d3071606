"""What Kariz knows of interests."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kariz.accounts.roles import ShippedRole
from kariz.core.choices import Seed
from kariz.core.registry import Block, Grant, RecordType, View, register
from kariz.records.contacts.sources import SOURCES
from kariz.records.interests.models import Interest


@register
class InterestType(RecordType):
    model = Interest
    label = _("Interest")
    plural = _("Interests")
    icon = "message-square"
    position = 50
    subtitle = "person"
    columns = ("name", "source", "network", "person", "interest_kind", "owner", "created_at", "is_promoted")
    quick = ("name", "source", "network", "text", "person")
    highlights = ("source", "network", "person", "owner")
    search = ("name", "person", "handle", "company", "phone", "email", "page")
    board = "source"
    card = ("person", "network", "owner")
    together = (("is_promoted", "promoted_at"),)
    links = {"products": (_("Products"), "product"), "services": (_("Services"), "service")}
    rights = {
        ShippedRole.HEAD_OF_SALES: Grant("all", "all", may_create=True, may_delete=True),
        ShippedRole.SALES_MANAGER: Grant("team", "team", may_create=True, may_delete=True),
        ShippedRole.SALESPERSON: Grant("own", "own", may_create=True, may_delete=True),
        ShippedRole.TELEMARKETER: Grant("own", "own", may_create=True),
        ShippedRole.MARKETER: Grant("all", "all", may_create=True, may_delete=True),
    }
    layout = (
        Block("main", _("Interest"), (
            "name", "owner", "source", "network", "interest_kind", "shown_at", "page", "text", "products", "services",
        )),
        Block("person", _("Who it was"), ("person", "handle", "company", "phone", "email")),
        Block("more", _("More"), ("campaign", "description", "is_promoted", "promoted_at")),
    )  # fmt: skip
    views = (
        View("open", _("Not yet leads"), {"all": [["is_promoted", "no"]]}),
        View("mine", _("My interests"), {"all": [["owner", "is_me"], ["is_promoted", "no"]]}),
        View("promoted", _("Became leads"), {"all": [["is_promoted", "yes"]]}, "-promoted_at"),
        View("all", _("All interests")),
    )
    choices = {
        "source": SOURCES,
        "network": (
            Seed("instagram", "Instagram", "violet"),
            Seed("telegram", "Telegram", "cyan"),
            Seed("whatsapp", "WhatsApp", "green"),
            Seed("linkedin", "LinkedIn", "blue"),
            Seed("facebook", "Facebook", "blue"),
            Seed("x", "X", "grey"),
            Seed("youtube", "YouTube", "red"),
            Seed("vk", "VKontakte", "indigo"),
            Seed("aparat", "Aparat", "red"),
            Seed("other", gettext_noop("Other"), "grey"),
        ),
        "interest_kind": (
            Seed("buy", gettext_noop("Wants to buy"), "green"),
            Seed("information", gettext_noop("Wants more information"), "blue"),
        ),
    }
