"""Whatever the rights are, everything that tells of records tells of the same: lists, pages, boards, search, files."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from itertools import product

import pytest
from django.db import connection, transaction
from django.db.models import Q
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings

from kariz.core import access, paging, reasons, records, registry, search, sight, summary
from kariz.core.access import Forbidden
from tests import setups, specimens
from tests.cast import signed_in
from tests.reading import EVERYTHING, at, columns, rows
from tests.setups import PEOPLE, RECORDS, Reference, Setup

EXAMPLES = 48 if connection.vendor == "sqlite" else 16
TRIPLES = 3 * PEOPLE * RECORDS  # of one example: 210
WRITTEN = 6  # of one example, really tried at the door
OPPORTUNITY = registry.get("opportunity")
FILE = {
    "format": "csv", "form": "iso", "fields": "all", "delimiter": "comma", "bom": "", "vcard": "3.0",
    "scope": "all", "run": "1",
}  # fmt: skip


@pytest.fixture
def pool(db):
    return setups.pool(OPPORTUNITY, lambda name: specimens.make(OPPORTUNITY, None, name))


@pytest.mark.covers("R376", "R377", "R379", "R380", "R381", "R382")
def test_all_screens_files_and_doors_agree_with_the_rules(pool, monkeypatch):
    tried = 0

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(setups.setups)
    def agree(setup: Setup) -> None:
        nonlocal tried
        limited = pool.roles[setup.limited_role].key if setup.limited_role is not None else ""
        restrict = lambda self, user: Q(**setups.LIMIT) if user.role_id == limited else None  # noqa: E731
        monkeypatch.setattr(type(OPPORTUNITY), "restrict", restrict)
        setups.arrange(pool, setup, OPPORTUNITY)
        allowed = Allowed(pool, setup)
        for person in range(PEOPLE):
            check_reading(pool, allowed, person)
        check_readers(pool, allowed)
        check_screens(pool, allowed, person=setup.main[0] % PEOPLE)
        check_doors(pool, allowed, setup)
        tried += TRIPLES

    agree()
    assert tried >= 10_000 or connection.vendor != "sqlite"


class Allowed:
    """What each person may do to which records, by the naive reference: (verb, person) → ids."""

    def __init__(self, pool, setup):
        reference = Reference(pool, setup)
        self.ids = {
            (verb, person): {row.pk for n, row in enumerate(pool.rows) if reference.may(verb, person, n)}
            for verb, person in product(("read", "write", "delete"), range(PEOPLE))
        }

    def __call__(self, verb, person):
        return self.ids[verb, person]


def check_reading(pool, allowed, person):
    """Lists, sets, sums, search and the explanation say the same of every record."""
    user, seen = pool.people[person], allowed("read", person)
    assert set(records.visible(OPPORTUNITY, user).values_list("pk", flat=True)) == seen
    assert set(access.editable(OPPORTUNITY, user).values_list("pk", flat=True)) == allowed("write", person)
    visible = [row for row in pool.rows if row.pk in seen]
    assert access.writable_among(OPPORTUNITY, user, visible) == allowed("write", person)
    assert access.deletable_among(OPPORTUNITY, user, visible) == allowed("delete", person)
    assert access.sees_all(OPPORTUNITY, user) <= (len(seen) == RECORDS)
    groups = summary.summarize(OPPORTUNITY, records.visible(OPPORTUNITY, user), sums=["amount"])
    assert sum(group.count for group in groups) == len(seen)
    summed = sum(sum(group.sums["amount"].values()) for group in groups)
    assert summed == sum((Decimal(row.amount or 0) for row in visible), Decimal(0))
    found = search.everywhere("deal", user, limit=100)
    assert {hit.record_id for hit in found if hit.record_type == "opportunity"} == seen
    for sort in ("-created_at", "created_at"):
        ordered = list(records.visible(OPPORTUNITY, user, sort=sort).values_list("pk", flat=True))
        assert paged(user, sort) == ordered
        with pytest.MonkeyPatch.context() as patched:  # as if there were very many owners
            patched.setattr(paging, "FEW_STRANDS", 0)
            patched.setattr(paging, "NEAR", 2)
            assert paged(user, sort) == ordered
    owners = {row.pk: row.owner_id for row in pool.rows}
    assert access.seen_among({"opportunity": owners}, user) == {("opportunity", pk) for pk in seen}


def paged(user, sort):
    """The ids of all pages of a list, one after the other."""
    found, cursor = [], ""
    strands = sight.of(OPPORTUNITY, user).strands
    while True:
        queryset = records.visible(OPPORTUNITY, user, sort=sort)
        page = paging.page(
            queryset, OPPORTUNITY, sort, cursor=cursor, size=3, columns=["name"], strands=strands
        )
        found += [row.pk for row in page.records]
        cursor = page.next
        if not cursor:
            return found


def check_readers(pool, allowed):
    """Who sees a record, and why each does."""
    people = {user.pk: person for person, user in enumerate(pool.people)}
    for row in pool.rows:
        known = {people[one.user.pk]: one for one in reasons.who(OPPORTUNITY, row) if one.user.pk in people}
        for person, user in enumerate(pool.people):
            why = reasons.why(OPPORTUNITY, row, user)
            assert (person in known) == bool(why) == (row.pk in allowed("read", person))
            may_write = any(reason.may_write for reason in why)
            assert may_write == (row.pk in allowed("write", person))
            if why:
                assert known[person].reasons == why


def check_screens(pool, allowed, person):
    """The pages and the file of one of the people."""
    browser, seen = signed_in(pool.people[person]), allowed("read", person)
    answer = browser.get(at("list", OPPORTUNITY), EVERYTHING)
    if not access.may(OPPORTUNITY, pool.people[person], "read"):
        assert answer.status_code == 404
        return
    assert set(rows(answer)) == seen
    cards = columns(browser.get(at("board", OPPORTUNITY), EVERYTHING))
    assert {pk for column in cards.values() for pk in column} == seen
    file = browser.post(reverse("export:export", args=["opportunity"]), FILE)
    exported = csv.DictReader(io.StringIO(b"".join(file.streaming_content).decode("utf-8-sig")))
    assert {line["name"] for line in exported} == {row.name for row in pool.rows if row.pk in seen}
    for row in pool.rows[::4]:
        page = browser.get(at("record", OPPORTUNITY, row.pk))
        assert page.status_code == (200 if row.pk in seen else 404)
        edit = browser.get(at("edit", OPPORTUNITY, row.pk))
        expected = 404 if row.pk not in seen else 200 if row.pk in allowed("write", person) else 403
        assert edit.status_code == expected


def check_doors(pool, allowed, setup):
    """Saving and deleting, really tried and taken back."""
    for n in range(WRITTEN):
        person, row = (n + setup.main[1]) % PEOPLE, pool.rows[(3 * n + setup.main[2]) % RECORDS]
        user = pool.people[person]
        may_write, may_delete = row.pk in allowed("write", person), row.pk in allowed("delete", person)
        assert succeeds(lambda: records.save(OPPORTUNITY, row, {"next_step": "x"}, user=user)) is may_write  # noqa: B023
        assert succeeds(lambda: records.delete(OPPORTUNITY, [row], user=user)) is may_delete  # noqa: B023


def succeeds(attempt):
    try:
        with transaction.atomic():
            attempt()
            transaction.set_rollback(True)
    except Forbidden:
        return False
    return True
