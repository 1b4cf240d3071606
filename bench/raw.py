"""The same rows by hand-written SQL through the same driver: how much of a job's time is the database's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from bench.ground import Ground
from kariz.lib.text import fold

TEMPERATURES = ("hot", "warm", "cold")
IN_PALETTE = 12
LEAD_COLUMNS = (
    "id, title, company, status, temperature, source, phone, email, owner_id, created_at, completeness"
)


def rows_of_list(cursor: Any, ground: Ground, number: int) -> None:
    where = f"owner_id IN ({ground.team}) AND temperature = %s AND is_open"
    found = _all(
        cursor,
        f"SELECT {LEAD_COLUMNS} FROM leads_lead WHERE {where} ORDER BY created_at DESC, id DESC LIMIT 51",
        [TEMPERATURES[number % 3]],
    )
    _names(cursor, {row[8] for row in found})
    _all(
        cursor,
        f"SELECT count(*) FROM (SELECT 1 FROM leads_lead WHERE {where} LIMIT 1001) AS capped",
        [TEMPERATURES[number % 3]],
    )


def rows_of_record(cursor: Any, ground: Ground, number: int) -> None:
    pk = ground.opportunities[number % len(ground.opportunities)]
    [deal] = _all(
        cursor,
        "SELECT o.*, g.name, c.name, l.title, p.name, u.name FROM opportunities_opportunity o"
        " LEFT JOIN organizations_organization g ON g.id = o.organization_id"
        " LEFT JOIN contacts_contact c ON c.id = o.primary_contact_id"
        " LEFT JOIN leads_lead l ON l.id = o.lead_id"
        " LEFT JOIN products_product p ON p.id = o.product_id"
        " LEFT JOIN accounts_user u ON u.id = o.owner_id"
        f" WHERE o.id = %s AND o.owner_id IN ({ground.team})",
        [pk],
    )
    assert deal
    _all(
        cursor,
        'SELECT c.id, c.version, c.kind, c."values", c.at, u.name FROM core_change c'
        " JOIN core_changebatch b ON b.id = c.batch_id LEFT JOIN accounts_user u ON u.id = b.user_id"
        " WHERE c.record_type = 'opportunity' AND c.record_id = %s ORDER BY c.id DESC LIMIT 20",
        [pk],
    )
    _all(
        cursor,
        "SELECT field, target_type, target_id FROM core_link WHERE record_type = 'opportunity'"
        " AND field IN ('contacts', 'products', 'services') AND record_id = %s",
        [pk],
    )


def rows_of_search(cursor: Any, ground: Ground, number: int) -> None:
    word = ground.words[number % len(ground.words)]
    if connection.vendor == "sqlite":
        found = "id IN (SELECT rowid FROM core_searchrow_words WHERE words MATCH %s)"
        wanted = f'"{fold(word)}"'
    else:
        found, wanted = "words LIKE %s", f"%{fold(word)}%"
    _all(
        cursor,
        "SELECT record_type, record_id, title, subtitle FROM core_searchrow"
        f" WHERE {found} AND (record_type IN ('product', 'service') OR owner_id IN ({ground.team}))"
        f" ORDER BY id DESC LIMIT {IN_PALETTE}",
        [wanted],
    )


def rows_of_board(cursor: Any, ground: Ground, number: int) -> None:
    where = f"pipeline = 'sales' AND owner_id IN ({ground.team})"
    _all(
        cursor,
        "SELECT stage, currency, count(*), sum(amount), sum(forecast_amount) FROM opportunities_opportunity"
        f" WHERE {where} GROUP BY stage, currency",
    )
    cards = _all(
        cursor,
        "SELECT * FROM (SELECT id, stage, name, organization_id, amount, currency, next_step, owner_id,"
        " expected_close_on, row_number() OVER (PARTITION BY stage ORDER BY rank DESC, id DESC) AS place"
        " FROM opportunities_opportunity"
        f" WHERE {where}) AS placed WHERE place <= 21",
    )
    _names(cursor, {card[7] for card in cards})
    organizations = {card[3] for card in cards if card[3]}
    _all(cursor, f"SELECT id, name FROM organizations_organization WHERE id IN ({_listed(organizations)})")


def create(cursor: Any, ground: Ground, number: int) -> None:
    """A row, its search row and its change, in one transaction."""
    with transaction.atomic():
        batch = _batch(cursor, ground)
        _log(cursor, ground, batch, "lead", _twin(cursor, "leads_lead", _any_id(cursor, "leads_lead")))


def convert(cursor: Any, ground: Ground, number: int) -> None:
    """Three rows and a changed one, with a search row and a change each, in one transaction."""
    lead = ground.leads[number]["pk"]
    with transaction.atomic():
        batch = _batch(cursor, ground)
        for record_type, table in (
            ("organization", "organizations_organization"),
            ("contact", "contacts_contact"),
            ("opportunity", "opportunities_opportunity"),
        ):
            _log(cursor, ground, batch, record_type, _twin(cursor, table, _any_id(cursor, table)))
        cursor.execute(
            "UPDATE leads_lead SET status = 'converted', is_converted = %s, version = version + 1,"
            " converted_at = CURRENT_TIMESTAMP WHERE id = %s",
            [True, lead],
        )
        _change(cursor, batch, "lead", lead)


def _any_id(cursor: Any, table: str) -> int:
    [[pk]] = _all(cursor, f"SELECT max(id) FROM {table}")
    return int(pk)


def _twin(cursor: Any, table: str, pk: int) -> int:
    """A new row with the values of another."""
    cursor.execute(f"SELECT * FROM {table} WHERE id = %s", [pk])
    values = dict(zip((column[0] for column in cursor.description), cursor.fetchone(), strict=True))
    del values["id"]
    names, places = ", ".join(f'"{name}"' for name in values), ", ".join(["%s"] * len(values))
    [[new]] = _all(
        cursor, f"INSERT INTO {table} ({names}) VALUES ({places}) RETURNING id", list(values.values())
    )
    return int(new)


def _batch(cursor: Any, ground: Ground) -> int:
    [[batch]] = _all(
        cursor,
        "INSERT INTO core_changebatch (kind, label, user_id, started_at)"
        " VALUES ('create', '', %s, CURRENT_TIMESTAMP) RETURNING id",
        [ground.user.pk],
    )
    return int(batch)


def _log(cursor: Any, ground: Ground, batch: int, record_type: str, pk: int) -> None:
    _change(cursor, batch, record_type, pk)
    cursor.execute(
        "INSERT INTO core_searchrow (record_type, record_id, owner_id, title, subtitle, words)"
        " VALUES (%s, %s, %s, 'Robin Bench', 'Bench Works', 'robin bench\nbench works\nrobin@bench.example')",
        [record_type, pk, ground.user.pk],
    )


def _change(cursor: Any, batch: int, record_type: str, pk: int) -> None:
    cursor.execute(
        'INSERT INTO core_change (batch_id, record_type, record_id, version, kind, "values", at, is_delivered)'
        " VALUES (%s, %s, %s, 1, 'created', %s, CURRENT_TIMESTAMP, %s)",
        [batch, record_type, pk, '{"name": [null, "Robin Bench"]}', True],
    )


def sums(cursor: Any, ground: Ground, number: int) -> None:
    _sums(cursor, f"owner_id IN ({ground.team})")


def sums_of_month(cursor: Any, ground: Ground, number: int) -> None:
    month = "expected_close_on >= date(%s) AND expected_close_on < date(%s)"
    first = timezone.localdate().replace(day=1)
    _sums(cursor, f"owner_id IN ({ground.team}) AND is_open AND {month}", [first, first + timedelta(days=31)])


def _sums(cursor: Any, where: str, values: list[Any] | None = None) -> None:
    _all(
        cursor,
        "SELECT stage, owner_id, currency, count(*), sum(amount), sum(forecast_amount) FROM opportunities_opportunity"
        f" WHERE {where} GROUP BY stage, owner_id, currency",
        values,
    )


def _all(cursor: Any, sql: str, values: list[Any] | None = None) -> list[Any]:
    cursor.execute(sql, values)
    return list(cursor.fetchall())


def _names(cursor: Any, users: set[int]) -> None:
    _all(cursor, f"SELECT id, name FROM accounts_user WHERE id IN ({_listed(users)})")


def _listed(ids: set[int]) -> str:
    return ", ".join(str(pk) for pk in ids if pk) or "NULL"
