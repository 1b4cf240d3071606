"""What the import jobs took, as a table on the screen and in docs/performance.md."""

from __future__ import annotations

from typing import Any

from bench import report

HEAD = ("Database", "Job", "Aim", "Rows", "Seconds", "Rows/s", "CPU a row", "Memory", "A list meanwhile, p95")


def _rows(result: dict[str, Any]) -> list[tuple[str, ...]]:
    return [
        (
            name,
            one["label"],
            one["aim"],
            f"{one['rows']:,}",
            f"{one['seconds']:.1f}",
            f"{one['rows'] / one['seconds']:,.0f}",
            f"{one['cpu'] / one['rows'] * 1e6:.0f} µs",
            f"{one['peak_mb']} MB",
            "–" if one["list_p95"] is None else f"{one['list_p95']:.0f} ms",
        )
        for name, written in result["writes"].items()
        for one in written
    ]


def on_screen(result: dict[str, Any]) -> str:
    rows = _rows(result)
    return "\n".join(["", *("  ".join(row) for row in (HEAD, *rows))]) if rows else ""


def write(result: dict[str, Any]) -> None:
    """Put the table between the markers of its size."""
    if rows := _rows(result):
        head = [report.line(HEAD), report.line(("---", "---", "---", *["---:"] * 6))]
        report.put(f"writes {result['size']}", [*head, *map(report.line, rows)])
