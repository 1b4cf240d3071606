"""Prints which requirements are claimed by tests that passed in the last `make test`, and which by none."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROW = re.compile(r"^\| (R\d+) \| (\w)†? \| (.+?) \|", re.MULTILINE)


def wanted() -> dict[str, str]:
    """The requirements that ask for something to be built, by number."""
    text = (ROOT / "docs/requirements.md").read_text()
    return {row: sentence for row, kind, sentence in ROW.findall(text) if kind != "C"}


def claimed() -> tuple[set[str], set[str]]:
    """The rows claimed by passing tests alone, and those that a failing test claims too."""
    passed: set[str] = set()
    failed: set[str] = set()
    for path in ROOT.glob("build/rows-*.json"):
        for test in json.loads(path.read_text()):
            (passed if test["passed"] else failed).update(test["rows"])
    return passed - failed, failed


def main() -> None:
    rows = wanted()
    passed, failed = claimed()
    for row, sentence in rows.items():
        mark = "passed" if row in passed else "FAILED" if row in failed else "-"
        print(f"{row}  {mark:<6}  {sentence[:100]}")
    print(
        f"\nOf {len(rows)} rows, passing tests claim {len(passed & rows.keys())} and failing ones {len(failed)}."
    )
    print("Claimed by none:", ", ".join(row for row in rows if row not in passed | failed) or "nothing")


if __name__ == "__main__":
    main()
