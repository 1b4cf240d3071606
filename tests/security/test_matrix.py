"""Every address x every role x own, the team's, others' and shared records: who comes in is what the rules say.

The addresses come from Django's resolver, the record types from the registry, what is expected from the table in
`expected` and the naive rules in `company`. Whoever is refused has changed nothing.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django.utils.http import urlencode

from kariz.core import registry
from tests import programs
from tests.security import addresses, asking, expected, verdicts
from tests.security.addresses import Address
from tests.security.asking import FORBIDDEN, IN, NOT_TAKEN, NOT_THERE, SIGN_IN, Visitor
from tests.security.company import ADMINISTRATOR, ROLES, SELLER, WHOSE, Company, build
from tests.security.doors import METHODS, Cell, Door

pytestmark = pytest.mark.django_db
NOBODY = Visitor()
SCOPE = {"lead": ["read"], "product": ["read"]}  # related products are told of as well
ADDRESSES = [one for one in addresses.every() if expected.line_of(one)]
ENDPOINTS = [one for one in ADDRESSES if one.is_api and expected.door_of(one).of != "nowhere"]


@pytest.fixture(scope="module")
def company(django_db_setup: None, django_db_blocker: Any) -> Iterator[Company]:
    """Built once, as every request is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


def test_every_address_has_an_expectation():
    nameless = [one for one in addresses.every() if not expected.line_of(one)]
    told = [f"{one} has no line in tests/security/expected.py: say there who comes in." for one in nameless]
    assert not told, "\n".join(told)


def test_every_expectation_is_of_an_address():
    used = {expected.line_of(one) for one in addresses.every()}
    assert [line for line in expected.LINES if line not in used] == []


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.name)
def test_nobody_comes_in_without_signing_in(company, address):
    by_whom = {"strangers": {IN, NOT_THERE, NOT_TAKEN}, "programs": {SIGN_IN, NOT_TAKEN}}
    allowed = by_whom.get(expected.door_of(address).also, {SIGN_IN})
    methods = METHODS if address.is_api else ("GET", "POST")
    found = {method: asking.ask(NOBODY, method, address.at()) for method in methods}
    wrong = {method: one for method, one in found.items() if one.outcome not in allowed}
    wrong |= {method: one for method, one in found.items() if one.left_traces and one.outcome == SIGN_IN}
    assert wrong == {}


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.name)
def test_those_come_in_whom_the_rules_let_in(company, address):
    door = expected.door_of(address)
    wrong = [fault(cell, door, address, method) for cell, method in cells(company, door, address)]
    assert not any(wrong), "\n".join(filter(None, wrong))


@pytest.mark.parametrize("address", ENDPOINTS, ids=lambda address: address.name)
def test_an_endpoint_takes_the_methods_that_are_expected_and_no_others(company, address):
    found = {one: asking.ask(company.programs[ADMINISTRATOR], one, address.at()).outcome for one in METHODS}
    taken = [method for method, outcome in found.items() if outcome != NOT_TAKEN]
    assert taken == expected.door_of(address).methods, f"{address} takes {taken}: say so in expected.py."


@pytest.mark.parametrize("address", ENDPOINTS, ids=lambda address: address.name)
def test_a_token_lets_in_as_far_as_its_scope_and_no_further(company, address):
    door = expected.door_of(address)
    narrow = Visitor(secret=programs.of(company.people[SELLER], SCOPE).secret)
    wrong = []
    for method, kind in product(door.methods, ("lead", "contact")):
        cell = Cell(company, SELLER, registry.get(kind))
        if not door.types(cell.record_type):
            continue
        said = dict(door.sends(cell)) if door.sends else {}
        found = asking.ask(narrow, method, path_to(cell, door, address, method), said, is_form=door.is_form)
        is_covered = door.of == "nothing" or (kind == "lead" and scope_of(door, method) == "read")
        if door.of == "thing" and kind == "contact":
            continue  # things are of leads
        if found.outcome != (IN if is_covered else FORBIDDEN) or (found.left_traces and not is_covered):
            wrong.append(f"{method} {kind}: was {found.outcome}")
    assert wrong == []


def scope_of(door: Door, method: str) -> str:
    """The verb that a token must cover: what its person must be allowed to, unless the table says otherwise."""
    return door.scope.get(method) or ("read" if door.of == "thing" else door.needs[method])


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.name)
def test_whoever_looks_with_another_persons_eyes_changes_nothing(company, address):
    if address.name == "web:preview_stop":
        return
    found = asking.ask(company.previewing, "POST", address.at())
    assert (found.outcome, found.left_traces) == (FORBIDDEN, False)


def cells(company: Company, door: Door, address: Address) -> Iterator[tuple[Cell, str]]:
    """Everybody at the door, with every method. Each comes for a record of another type, so that all types are met."""
    types = [one for one in registry.every() if door.types(one)]
    is_of_records = door.of == "record" or bool(door.leaves)
    methods = door.methods or ("GET", "POST")
    for role in ROLES:
        for whose in _whose(door, role) if door.of == "thing" else WHOSE if is_of_records else ("own",):
            for method in methods:
                place = zlib.crc32(f"{address.name} {role} {whose} {method}".encode())
                yield Cell(company, role, types[place % len(types)], whose), method


def _whose(door: Door, role: str) -> tuple[str, ...]:
    return ("own", "other") if role == SELLER else ("other",)


def fault(cell: Cell, door: Door, address: Address, method: str) -> str:
    """What is wrong with how somebody fares at a door, as a sentence; empty where all is right."""
    wanted = verdicts.of(cell, door, address, method)
    if method == "POST" and IN in wanted and not door.sends:
        return ""  # the page again
    said = dict(door.sends(cell)) if door.sends and method != "GET" else {}
    path = path_to(cell, door, address, method)
    visitor = (cell.company.programs if address.is_api else cell.company.browsers)[cell.role]
    found = asking.ask(visitor, method, path, said, is_form=door.is_form)
    who = f"{cell.role}, {method} {path} ({cell.whose})"
    if found.outcome not in wanted:
        return f"{who}: to be {' or '.join(sorted(wanted))}, was {found.outcome}."
    is_to_leave = IN in wanted and verdicts.leaves(cell, door)
    if method != "GET" and found.left_traces is not is_to_leave and (door.sends or IN not in wanted):
        return f"{who}: {'left no trace' if is_to_leave else 'has changed something'}."
    return ""


def path_to(cell: Cell, door: Door, address: Address, method: str) -> str:
    parts: dict[str, Any] = {"record_type": cell.record_type.name}
    if door.of == "record":
        parts["pk"] = cell.record.pk
    elif door.of == "thing":
        parts |= cell.company.things[cell.whose][door.needs[method]]
    query = door.query(cell)
    path = address.at(**(parts | dict(door.parts(cell))))
    return f"{path}?{urlencode(query)}" if query else path
