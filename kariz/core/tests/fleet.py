"""The declarations of ports and ships; registered only while the tests of the core run."""

from kariz.accounts.roles import ShippedRole
from kariz.core.choices import Seed
from kariz.core.registry import Block, Grant, RecordType
from kariz.core.tests.models import Port, Ship

RIGHTS: dict[str, Grant] = {
    ShippedRole.SALES_MANAGER: Grant("team", "team", may_create=True, may_delete=True),
    ShippedRole.SALESPERSON: Grant("team", "own", may_create=True),
    ShippedRole.TELEMARKETER: Grant("own", "none"),
}


class PortType(RecordType):
    model = Port
    label = "Port"
    plural = "Ports"
    search = ("name",)
    columns = ("name", "country")
    layout = (Block("main", "Main", ("name", "country", "owner")),)
    choices = {"country": (Seed("ir", "Iran"), Seed("tr", "Türkiye"))}
    rights = RIGHTS | {ShippedRole.TELEMARKETER: Grant("all")}


class ShipType(RecordType):
    model = Ship
    label = "Ship"
    plural = "Ships"
    position = 101
    search = ("name", "email", "phone")
    columns = ("name", "kind", "price")
    layout = (
        Block("main", "Main", ("name", "kind", "route", "stage", "home", "ports", "owner")),
        Block("more", "More", ("notes",)),
    )
    path = "stage"
    board = "stage"
    totals = ("price",)
    links = {"ports": ("Ports of call", "port")}
    expected = ("kind", "phone", "email", "home")
    locked = "is_sunk"
    rights = RIGHTS
    choices = {
        "kind": (Seed("tanker", "Tanker", is_default=True), Seed("ferry", "Ferry"), Seed("tug", "Tug")),
        "flags": (Seed("red", "Red"), Seed("green", "Green"), Seed("white", "White")),
        "route": (Seed("sea", "Sea", is_default=True), Seed("river", "River")),
        "stage": (
            Seed("dock", "In dock", group="sea", is_default=True, sets={"chance": "10"}),
            Seed("loaded", "Loaded", group="sea", sets={"chance": "60"}, asks=("price",)),
            Seed("arrived", "Arrived", group="sea", outcome="won", sets={"chance": "100"}),
            Seed("wrecked", "Wrecked", group="sea", outcome="lost", sets={"chance": "0"}, asks=("notes",)),
            Seed("moored", "Moored", group="river", is_default=True),
        ),
    }

    def prepare(self, draft):
        ship = draft.record
        if ship.name == "Titanic":
            draft.error("name", "This name brings no luck.")
        has_both = ship.price is not None and ship.chance is not None
        ship.expected_price = ship.price * ship.chance / 100 if has_both else None
