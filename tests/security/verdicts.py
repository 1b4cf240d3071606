"""How somebody is to fare at a door, by the rules of the company and the table of expectations."""

from __future__ import annotations

from kariz.core import registry
from tests.security.addresses import Address
from tests.security.asking import FORBIDDEN, IN, NOT_TAKEN, NOT_THERE, REFUSED
from tests.security.company import ADMINISTRATOR
from tests.security.doors import NEVER, Cell, Door

Fares = frozenset[str]
"""Any of these is right."""

INSIDE = frozenset({IN, NOT_THERE, NOT_TAKEN})  # where nothing is asked of a record, there may be none
STATUS = {403: FORBIDDEN, 404: NOT_THERE, 409: REFUSED}


def of(cell: Cell, door: Door, address: Address, method: str) -> Fares:
    if door.of == "nowhere":
        return frozenset({NOT_THERE})
    if door.of == "nothing":
        return INSIDE
    if door.of == "settings":
        return INSIDE if cell.role == ADMINISTRATOR else frozenset({FORBIDDEN, NOT_TAKEN})
    return frozenset({_told(cell, door, method, is_api=address.is_api)})


def _told(cell: Cell, door: Door, method: str, *, is_api: bool) -> str:
    refused, needs = STATUS[door.refused], door.needs[method]
    if door.of == "any":
        return IN if _comes_by_some_type(cell, door, needs) else refused
    if door.of == "thing":
        return IN if _comes_to_thing(cell, door, method) else refused
    if not cell.may("read"):
        return NOT_THERE
    if (is_api or door.of == "type") and not cell.may(needs):
        return FORBIDDEN
    if door.of == "record" and not cell.may("read", cell.record):
        return NOT_THERE
    return IN if door.of == "type" or cell.may(needs, cell.record) else refused


def _comes_by_some_type(cell: Cell, door: Door, needs: str) -> bool:
    types = filter(door.types, registry.every())
    return any(cell.company.may(cell.role, needs, one) for one in types)


def _comes_to_thing(cell: Cell, door: Door, method: str) -> bool:
    is_administrator = cell.role == ADMINISTRATOR and bool(door.also)
    reads = door.also == "readers" and method == "GET" and cell.may("read")
    return cell.whose == "own" or is_administrator or reads


def leaves(cell: Cell, door: Door) -> bool:
    """Whether there is to be a trace afterwards of somebody who was let in."""
    if callable(door.leaves):
        return door.leaves(cell)
    return door.leaves != NEVER and cell.may(door.leaves, cell.record)
