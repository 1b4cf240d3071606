"""What was measured, as a table on the screen and in docs/performance.md."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from bench import stores

PAGE = stores.ROOT / "docs" / "performance.md"
HEAD = ("Job", "Aim", "p50", "p95", "Requests/s", "Queries", "KiB", "Raw SQL")


def _rows(timed: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    return [
        (
            one["label"],
            f"{one['aim']} ms",
            f"{one['p50']:.1f} ms",
            f"{one['p95']:.1f} ms",
            "–" if one["rate"] is None else f"{one['rate']:.0f}",
            str(one["queries"]),
            "–" if one["bytes"] is None else f"{one['bytes'] / 1024:.1f}",
            f"{one['raw']:.2f} ms",
        )
        for one in timed
    ]


def on_screen(result: dict[str, Any]) -> str:
    parts = []
    for name, timed in result["databases"].items():
        rows = [HEAD, *_rows(timed)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
        lines = ["  ".join(_aligned(row, widths)) for row in rows]
        parts.append(
            "\n".join([f"\n{name}, {result['size']:,} leads and opportunities ({result['machine']})", *lines])
        )
    return "\n".join(parts)


def _aligned(row: tuple[str, ...], widths: list[int]) -> list[str]:
    return [
        row[0].ljust(widths[0]),
        *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)),
    ]


def write(result: dict[str, Any]) -> None:
    """Put the tables between the markers of their size and reader, and all sizes kept side by side."""
    lines = [f"Measured {result['at'][:10]} on {result['machine']}."]
    for name, timed in result["databases"].items():
        lines += ["", f"**{name}**", "", line(HEAD), line(("---", *["---:"] * (len(HEAD) - 1)))]
        lines += [line(row) for row in _rows(timed)]
    put(f"bench {result['size']} {result['reader']}", lines)
    put("growth", _growth())


def put(marker: str, lines: list[str]) -> None:
    begin, end = f"<!-- {marker} -->\n", "<!-- end -->"
    before, found, rest = PAGE.read_text().partition(begin)
    PAGE.write_text(before + found + "\n".join(lines) + "\n" + end + rest.partition(end)[2])


def _growth() -> list[str]:
    """The p50 of every job as records grow, from the last run of each size that is kept here."""
    kept = [json.loads(path.read_text()) for path in stores.CACHE.glob("result_*.json")]
    kept.sort(key=lambda one: (one["reader"], one["size"]))
    found: dict[tuple[str, str], dict[tuple[str, int], float]] = defaultdict(dict)
    for result in kept:
        for database, timed in result["databases"].items():
            for one in timed:
                found[database, one["label"]][result["reader"], result["size"]] = one["p50"]
    runs = [(result["reader"], result["size"]) for result in kept]
    head = ("Database", "Job", *(f"{reader}, {size:,}" for reader, size in runs))
    lines = [line(head), line(("---", "---", *["---:"] * len(runs)))]
    for (database, label), figures in found.items():
        cells = (f"{figures[run]:.1f} ms" if run in figures else "–" for run in runs)
        lines.append(line((database, label, *cells)))
    return lines


def line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
