"""Files in and out: imports and exports are started, waited for and fetched; files of any size in little memory."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from kariz.client.answers import Export, Import
from kariz.client.forms import Form
from kariz.client.reading import read
from kariz.client.sending import Connection

LONGEST_PAUSE = 5.0  # seconds
Run = TypeVar("Run", Import, Export)


class Imports:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def start(
        self,
        file: str | Path | BinaryIO,
        *,
        plan: Mapping[str, Any] | None = None,
        type: str = "",
        name: str = "",
        dry_run: bool = False,
        idempotency_key: str = "",
    ) -> Import:
        """Import a file: its path, or an open file that can be read from its place again. A worker does it.

        `plan` is a step of a plan (see docs/import.md), or `type` says what the rows become. With `dry_run` nothing is
        written until `run`.
        """
        if isinstance(file, str | Path):
            with Path(file).open("rb") as opened:
                return self.start(
                    opened, plan=plan, type=type, name=name or Path(file).name, dry_run=dry_run,
                    idempotency_key=idempotency_key,
                )  # fmt: skip
        texts = {"dry_run": "true"} if dry_run else {}
        texts |= {"type": type} if type else {}
        texts |= {"plan": json.dumps(plan, ensure_ascii=False)} if plan else {}
        form = Form(texts, file, name or Path(str(getattr(file, "name", "file"))).name)
        return read(Import, self._connection.ask("POST", "imports", form=form, key=idempotency_key).content)

    def get(self, pk: int) -> Import:
        return read(Import, self._connection.ask("GET", "imports", pk).content)

    def run(self, pk: int) -> Import:
        """Run an import that was tried out."""
        return read(Import, self._connection.ask("POST", "imports", pk, "run").content)

    def stop(self, pk: int) -> Import:
        return read(Import, self._connection.ask("POST", "imports", pk, "stop").content)

    def wait(self, pk: int, *, seconds: float = 3600) -> Import:
        """The import when nothing more happens to it by itself. Raises `TimeoutError`."""
        return _waited(lambda: self.get(pk), seconds)


class Exports:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def start(
        self,
        type: str,
        *,
        format: str = "csv",
        where: Any = None,
        ids: Sequence[int] = (),
        find: str = "",
        sort: str = "",
        fields: Iterable[str] = (),
        **options: str,
    ) -> Export:
        """Order a file of records: `csv`, `xlsx`, `vcard` or `jsonl`. `options` are `form`, `delimiter` and `vcard`."""
        said = {"where": where, "ids": [*ids], "q": find, "sort": sort, "fields": [*fields], **options}
        body = {"type": type, "format": format} | {name: value for name, value in said.items() if value}
        return read(Export, self._connection.ask("POST", "exports", body=body).content)

    def get(self, pk: int) -> Export:
        return read(Export, self._connection.ask("GET", "exports", pk).content)

    def wait(self, pk: int, *, seconds: float = 3600) -> Export:
        """The export when it is over. Raises `TimeoutError`."""
        return _waited(lambda: self.get(pk), seconds)

    def download(self, pk: int, to: str | Path | BinaryIO) -> int:
        """Write the file of an export to a path, whole or not at all, or to an open file; gives its size."""
        if not isinstance(to, str | Path):
            return self._connection.download("exports", pk, "file", to=to)
        part = Path(f"{to}.part")
        try:
            with part.open("wb") as opened:
                size = self._connection.download("exports", pk, "file", to=opened)
            part.replace(to)
        finally:
            part.unlink(missing_ok=True)
        return size


def _waited(look: Callable[[], Run], seconds: float) -> Run:
    """Look until it is over, less and less often."""
    end, pause = time.monotonic() + seconds, 0.2
    while not (found := look()).is_over:
        if time.monotonic() + pause > end:
            raise TimeoutError(f"It is not over after {seconds:g} seconds: {found.state}.")
        time.sleep(pause)
        pause = min(LONGEST_PAUSE, pause * 1.5)
    return found
