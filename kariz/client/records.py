"""The records of one type, whatever the type: listed lazily, read, written, and what stands around each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from kariz.client.answers import (
    Candidate,
    Change,
    Comment,
    Done,
    Group,
    Met,
    Outcome,
    Page,
    Record,
)
from kariz.client.metadata import Action, Choice, Description, Relation, View
from kariz.client.reading import read
from kariz.client.sending import Connection

AT_ONCE = 200
Values = Mapping[str, Any]
Names = Iterable[str]


class Records:
    """Those of one record type. A condition is a tree as the API has it: `["status", "is", "new"]`.

    Values are written as Python has them: `Decimal`, `date`, aware `datetime`; a `Record` or `Person` for its id.
    """

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection, self.name = connection, name

    def __repr__(self) -> str:
        return f"<Records {self.name}>"

    # Reading

    def list(
        self,
        where: Any = None,
        *,
        find: str = "",
        sort: str = "",
        fields: Names = (),
        expand: Names = (),
        at_once: int = AT_ONCE,
    ) -> Iterator[Record]:
        """Every record that fits, a page of `at_once` fetched whenever the one before is used up.

        `find` are words to search for, `sort` is a field, with `-` before it from the largest on. `fields` are those to
        give, else all; `expand` names links whose records come along.
        """
        asked = _asked(where, find, sort, fields, expand, at_once)
        return (Record.of(self.name, row) for row in self._connection.rows(self.name, query=asked))

    def page(
        self,
        where: Any = None,
        *,
        find: str = "",
        sort: str = "",
        fields: Names = (),
        expand: Names = (),
        limit: int = 50,
        cursor: str | None = None,
        count: bool = False,
    ) -> Page:
        """One page of them, from a cursor of another page on; counted too, up to a thousand, where `count` says so."""
        asked = _asked(where, find, sort, fields, expand, limit) | {"cursor": cursor, "count": count or None}
        found = self._connection.ask("GET", self.name, query=asked).content
        items = [Record.of(self.name, row) for row in found["items"]]
        return replace(read(Page, {**found, "items": ()}), items=items)

    def summary(
        self, by: Names = (), *, sums: Names = (), where: Any = None, find: str = ""
    ) -> Sequence[Group]:
        """How many there are, and what their numbers come to, for each value of the fields `by`."""
        asked = {"group_by": tuple(by), "sum": tuple(sums), "where": where, "q": find, "limit": 1_000}
        return [read(Group, row) for row in self._connection.items(self.name, "summary", query=asked)]

    def get(self, pk: int, *, fields: Names = (), expand: Names = ()) -> Record:
        asked = {"fields": tuple(fields), "expand": tuple(expand)}
        return Record.of(self.name, self._connection.ask("GET", self.name, pk, query=asked).content)

    # Writing: each call is one batch, which can be undone. `idempotency_key` is for those who may send a write again
    # after their own program has ended; without it each call has a key of its own.

    def create(self, values: Values, *, idempotency_key: str = "") -> Record:
        reply = self._connection.ask("POST", self.name, body=values, key=idempotency_key)
        return Record.of(self.name, reply.content, reply.batch)

    def update(
        self, pk: int, values: Values, *, version: int | None = None, idempotency_key: str = ""
    ) -> Record:
        """`version` is the one that was read: what others have changed since is kept, or a `Conflict` is raised."""
        body = dict(values) if version is None else {**values, "version": version}
        reply = self._connection.ask("PATCH", self.name, pk, body=body, key=idempotency_key)
        return Record.of(self.name, reply.content, reply.batch)

    def delete(self, pk: int) -> int:
        """Gives the batch that brings the record back."""
        batch: int = self._connection.ask("DELETE", self.name, pk).content["batch"]
        return batch

    def upsert(self, items: Sequence[Values], *, key: str, idempotency_key: str = "") -> Outcome:
        """Change the records whose field `key` has an item's value there, make the others; up to 1,000 items."""
        body = {"key": key, "items": [dict(one) for one in items]}
        reply = self._connection.ask("PUT", self.name, "upsert", body=body, key=idempotency_key)
        return read(Outcome, reply.content)

    def update_many(self, ids: Iterable[int], values: Values) -> Outcome:
        """Change up to 1,000 records alike."""
        body = {"ids": [*ids], "values": values}
        return read(Outcome, self._connection.ask("POST", self.name, "bulk-update", body=body).content)

    def delete_many(self, ids: Iterable[int]) -> Outcome:
        body = {"ids": [*ids]}
        return read(Outcome, self._connection.ask("POST", self.name, "bulk-delete", body=body).content)

    def act(
        self, pk: int, action: str, parameters: Values | None = None, *, idempotency_key: str = ""
    ) -> Done:
        """Do something to a record, such as `convert`; `actions` says what can be done."""
        reply = self._connection.ask(
            "POST", self.name, pk, "actions", action, body=dict(parameters or {}), key=idempotency_key
        )
        return read(Done, reply.content)

    # Around a record

    def actions(self, pk: int) -> Sequence[Action]:
        return [read(Action, row) for row in self._connection.items(self.name, pk, "actions")]

    def relations(self, pk: int) -> Sequence[Relation]:
        """The lists of related records, with their numbers."""
        return [read(Relation, row) for row in self._connection.items(self.name, pk, "related")]

    def related(
        self, pk: int, relation: Relation, *, fields: Names = (), at_once: int = AT_ONCE
    ) -> Iterator[Record]:
        """The records of one such list."""
        asked = {"fields": tuple(fields), "limit": at_once}
        rows = self._connection.rows(self.name, pk, "related", relation.name, query=asked)
        return (Record.of(relation.type, row) for row in rows)

    def history(self, pk: int, *, at_once: int = AT_ONCE) -> Iterator[Change]:
        """What happened to it, newest first."""
        rows = self._connection.rows(self.name, pk, "history", query={"limit": at_once})
        return (read(Change, row) for row in rows)

    def comments(self, pk: int, *, at_once: int = AT_ONCE) -> Iterator[Comment]:
        """What people say about it, newest first."""
        rows = self._connection.rows(self.name, pk, "comments", query={"limit": at_once})
        return (read(Comment, row) for row in rows)

    def comment(self, pk: int, text: str, *, idempotency_key: str = "") -> Comment:
        reply = self._connection.ask(
            "POST", self.name, pk, "comments", body={"text": text}, key=idempotency_key
        )
        return read(Comment, reply.content)

    # Who is known

    def duplicates(self, values: Values, *, of: int | None = None) -> Sequence[Candidate]:
        """Whom these values may belong to; `of` is the record whose values they are, if there is one."""
        body = {"values": values} if of is None else {"values": values, "id": of}
        found = self._connection.ask("POST", self.name, "duplicates", body=body).content["items"]
        return [read(Candidate, row) for row in found]

    def request(self, values: Values, *, source: str = "", text: str = "", idempotency_key: str = "") -> Met:
        """Put a request on the card of who asks, or on a new one where nobody is known by e-mail or phone."""
        body = {"values": values, "source": source, "text": text}
        reply = self._connection.ask("POST", self.name, "requests", body=body, key=idempotency_key)
        return read(Met, reply.content, batch=reply.batch)

    # Metadata

    def describe(self) -> Description:
        return read(Description, self._connection.ask("GET", "types", self.name).content)

    def choices(self, field: str) -> Sequence[Choice]:
        found = self._connection.items("types", self.name, "choices", field)
        return [read(Choice, row) for row in found]

    def views(self) -> Sequence[View]:
        """The saved views that are offered to this user."""
        return [read(View, row) for row in self._connection.items(self.name, "views")]

    def save_view(
        self, name: str, *, where: Any = None, sort: str = "", fields: Names = (), is_shared: bool = False
    ) -> View:
        body = {"name": name, "where": where, "sort": sort, "fields": [*fields], "is_shared": is_shared}
        return read(View, self._connection.ask("POST", self.name, "views", body=body).content)

    def delete_view(self, pk: int) -> None:
        self._connection.ask("DELETE", self.name, "views", pk)


def _asked(where: Any, find: str, sort: str, fields: Names, expand: Names, limit: int) -> dict[str, Any]:
    """What a list is asked for."""
    return {
        "where": where, "q": find, "sort": sort, "fields": tuple(fields), "expand": tuple(expand), "limit": limit
    }  # fmt: skip
