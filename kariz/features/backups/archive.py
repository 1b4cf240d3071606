"""The one file of a backup: a ZIP with the rows of each table, the files, and a manifest that says what they were.

`manifest.json` is `{"format", "kariz", "made_at", "database", "migrations", "tables", "files"}`; `tables/<table>` holds
the rows of a table as `rows` writes them, `files/<path>` what the data folder held under this path.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from django.db import connection

from kariz.core import erasing

FORMAT = 1
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 256 * 1024 * 1024
AT_ONCE = 1024 * 1024
PART = ".part"


class BadBackup(Exception):
    """The file is no backup, or not one that can be restored here; the message says which and what to do."""


@dataclass(frozen=True)
class Part:
    """One entry as the manifest knows it; `rows` are its lines."""

    size: int
    rows: int
    sha256: str


class Writer:
    """Writes beside `path` under another name; the file gets its own when it is whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.aside = path.with_name(f".{path.name}.{os.getpid()}{PART}")

    def __enter__(self) -> Self:
        handle = os.open(self.aside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)  # it holds everything
        self.file = os.fdopen(handle, "w+b")
        self.zip = zipfile.ZipFile(self.file, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            with suppress(
                *([OSError, ValueError] if kind else [])
            ):  # what ended it is told, not what follows from it
                self.zip.close()
            if kind is None:
                self.file.flush()
                os.fsync(self.file.fileno())
                self.aside.replace(self.path)
        finally:
            self.file.close()
            self.aside.unlink(missing_ok=True)

    def add(self, name: str, chunks: Iterable[bytes]) -> Part:
        size, rows, digest = 0, 0, hashlib.sha256()
        with self.zip.open(name, "w", force_zip64=True) as entry:
            for chunk in chunks:
                entry.write(chunk)
                digest.update(chunk)
                size += len(chunk)
                rows += chunk.count(b"\n")
        return Part(size, rows, digest.hexdigest())

    def finish(self, manifest: dict[str, Any]) -> None:
        self.zip.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))


class Archive:
    """A backup to read. Everything that it gives is what was written, or `BadBackup` is raised."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.zip = zipfile.ZipFile(path)
            self.manifest = self._manifest()
        except OSError as error:
            raise BadBackup(f"{path} cannot be read: {error.strerror or error}.") from None
        except (
            zipfile.BadZipFile,
            NotImplementedError,
            RuntimeError,
            TypeError,
            ValueError,
            KeyError,
            zlib.error,
            EOFError,
        ):
            raise BadBackup(f"{path.name} is no backup of Kariz, or only a part of one.") from None
        self._check_names()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.zip.close()

    @property
    def tables(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.manifest["tables"]
        return found

    @property
    def files(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.manifest["files"]
        return found

    def chunks(self, name: str, expected: dict[str, Any]) -> Iterator[bytes]:
        """The bytes of an entry, checked while they are read."""
        size, digest = 0, hashlib.sha256()
        try:
            with self.zip.open(name) as entry:
                while chunk := entry.read(AT_ONCE):
                    size += len(chunk)
                    if size > expected["size"]:
                        break
                    digest.update(chunk)
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
            raise self._damaged(name) from None
        if size != expected["size"] or digest.hexdigest() != expected["sha256"]:
            raise self._damaged(name)

    def _damaged(self, name: str) -> BadBackup:
        return BadBackup(
            f"{self.path.name} was damaged or changed after it was made: {name!r} is not what it was."
            " Use another backup."
        )

    def _manifest(self) -> dict[str, Any]:
        info = self.zip.getinfo(MANIFEST)
        if info.file_size > LARGEST_MANIFEST:
            raise ValueError(info.file_size)
        manifest: dict[str, Any] = json.loads(self.zip.read(info))
        if manifest["format"] != FORMAT:
            raise BadBackup(
                f"{self.path.name} was made by a newer Kariz. Install that version, then restore."
            )
        for key, kind in (("kariz", str), ("migrations", dict), ("tables", list), ("files", list)):
            if not isinstance(manifest[key], kind):
                raise TypeError(key)
        return manifest

    def _check_names(self) -> None:
        """What is inside is what the manifest names, once, and nothing of it would leave the data folder."""
        names = [info.filename for info in self.zip.infolist()]
        known = {MANIFEST, *(f"tables/{one['name']}" for one in self.tables)}
        known |= {f"files/{one['name']}" for one in self.files}
        for name in (*names, *known):
            if not is_inside(name):
                raise BadBackup(
                    f"{self.path.name} was changed after it was made: {name!r} would be written outside"
                    " the data folder. Nothing was restored."
                )
        if len(names) != len(set(names)) or set(names) != known:
            odd = sorted(set(names) ^ known) or names
            raise self._damaged(odd[0])


def is_inside(name: str) -> bool:
    """Whether a name is a plain relative path, on every system."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return not {"", ".", ".."} & set(name.split("/")) and not set(name) & set("\\:\0")


def kept_files(folder: Path, left_out: Iterable[Path]) -> Iterator[Path]:
    """Every plain file below `folder`, links aside, except what stands in or is one of `left_out`."""
    apart = set(left_out)
    for path in sorted(folder.iterdir()):
        if path in apart or path.is_symlink():
            continue
        if path.is_dir():
            yield from kept_files(path, apart)
        elif path.is_file():
            yield path


def not_kept(data: Path) -> set[Path]:
    """What the data folder holds that is no part of a backup: the database, the key, what is made anew, the erased."""
    apart = {data / "secret_key", data / "static", data / "backups", data / erasing.LIST}
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"])
        apart |= {database.with_name(database.name + end) for end in ("", "-wal", "-shm", "-journal")}
    return apart
