"""Notes which requirements each test claims, for `make rows`."""

import json
import re
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
KNOWN = set(re.findall(r"^\| (R\d+) \|", (ROOT / "docs/requirements.md").read_text(), re.MULTILINE))


class Rows:
    """Workers send each test's claims along with its report; the process that gathers reports writes the file."""

    def __init__(self) -> None:
        self.claims: dict[str, dict[str, object]] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            rows = {row for marker in item.iter_markers("covers") for row in marker.args}
            if unknown := rows - KNOWN:
                raise pytest.UsageError(
                    f"{item.nodeid} covers {sorted(unknown)}, which docs/requirements.md does not have"
                )
            item.user_properties += [("covers", row) for row in sorted(rows)]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        rows = [row for name, row in report.user_properties if name == "covers"]
        if rows and (report.when == "call" or report.failed):
            self.claims[report.nodeid] = {"test": report.nodeid, "rows": rows, "passed": report.passed}

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.claims and not hasattr(session.config, "workerinput"):
            path = ROOT / f"build/rows-{connection.vendor}.json"
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(list(self.claims.values()), indent=1))
