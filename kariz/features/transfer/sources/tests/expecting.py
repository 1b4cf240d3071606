"""What the makers of the real files expect of them."""

import csv
from pathlib import Path

from kariz.features.transfer.sources import Source, Unread

DATA = Path(__file__).resolve().parents[6] / "shared/data"


def files(folder: str) -> list[Path]:
    return sorted(path for path in (DATA / folder).rglob("*") if path.is_file())


def ids(path: Path) -> str:
    return str(path.relative_to(DATA))


def table(path: Path, encoding: str = "utf-8") -> list[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file))


def good(source: Source) -> list[list[str]]:
    return [row for row in source.rows() if not isinstance(row, Unread)]


def refused(source: Source) -> list[str]:
    """The reasons of the rows that could not be read."""
    return [row.reason for row in source.rows() if isinstance(row, Unread)]
