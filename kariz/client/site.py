"""A Kariz somewhere, as far as one token reaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import Self

from kariz.client.answers import Batch, Change, Event, Hit, Me, Person, Undone
from kariz.client.files import Exports, Imports
from kariz.client.metadata import Kind
from kariz.client.reading import read
from kariz.client.records import AT_ONCE, Records
from kariz.client.sending import Connection


class Kariz:
    """A site and a token; it is closed at the end.

    with Kariz("https://crm.example.com", token="krz_…") as kariz:
        for lead in kariz.type("lead").list(["status", "is", "new"]):
            print(lead["name"])

    A request waits up to `timeout` seconds for each part of an answer. It is sent up to `attempts` times where it may
    have been lost, or where Kariz is busy, for `patience` seconds in all. `language` (`en`, `fa`, `tr`) is that of
    messages, `agent` says who is asking. Threads may share one. What goes wrong on the way is a `KarizError`.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str,
        language: str = "",
        timeout: float = 30.0,
        attempts: int = 4,
        patience: float = 90.0,
        agent: str = "",
    ) -> None:
        self.connection = Connection(
            url, token, language=language, timeout=timeout, attempts=attempts, patience=patience, agent=agent
        )
        self.imports, self.exports = Imports(self.connection), Exports(self.connection)

    def __repr__(self) -> str:
        return f"<Kariz at {self.connection.root}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.connection.close()

    def type(self, name: str) -> Records:
        """The records of a type, by the name that `types` gives."""
        return Records(self.connection, name)

    def types(self) -> Sequence[Kind]:
        """The record types that the token may read."""
        return [read(Kind, row) for row in self.connection.items("types")]

    def me(self) -> Me:
        return read(Me, self.connection.ask("GET", "me").content)

    def users(self) -> Sequence[Person]:
        """The people that records can belong to."""
        return [read(Person, row) for row in self.connection.items("users")]

    def search(self, words: str, *, types: Iterable[str] = (), limit: int = 20) -> Sequence[Hit]:
        """Records of every type, the best first."""
        asked = {"q": words, "types": tuple(types), "limit": limit}
        return [read(Hit, row) for row in self.connection.items("search", query=asked)]

    def changes(self, after: str = "", *, types: Iterable[str] = ()) -> Feed:
        """What happened to all records since the cursor `after`, or since the beginning."""
        return Feed(self.connection, after, tuple(types))

    def batch(self, pk: int) -> Batch:
        return read(Batch, self.connection.ask("GET", "batches", pk).content)

    def batch_changes(self, pk: int) -> Iterator[Change]:
        """The changes of a batch, newest first."""
        rows = self.connection.rows("batches", pk, "changes", query={"limit": AT_ONCE})
        return (read(Change, row) for row in rows)

    def undo(self, batch: int) -> Undone:
        """Take a batch back. A large one takes time: ask `undoing` until it is done."""
        return read(Undone, self.connection.ask("POST", "batches", batch, "undo").content)

    def undoing(self, batch: int) -> Undone:
        """How far taking a batch back has come."""
        return read(Undone, self.connection.ask("GET", "batches", batch, "undo").content)


class Feed:
    """The changes from a cursor to the present: nothing is skipped. Keep `cursor` when the loop is over; go on there.

    Within the loop, `cursor` stands before the page under way: whoever breaks off there sees its changes once more.
    """

    def __init__(self, connection: Connection, cursor: str, types: Sequence[str]) -> None:
        self._connection, self.cursor, self._types = connection, cursor, types

    def __iter__(self) -> Iterator[Event]:
        has_more = True
        while has_more:
            asked = {"after": self.cursor, "types": self._types, "limit": AT_ONCE}
            found = self._connection.ask("GET", "changes", query=asked).content
            yield from (read(Event, row) for row in found["items"])
            self.cursor, has_more = found["cursor"], found["has_more"]
