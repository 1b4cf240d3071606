"""Imports in processes of their own: killed again and again, and two at once on the same records."""

import json
import random
import time
from pathlib import Path

import pytest

from kariz.features.transfer import linking
from kariz.features.transfer.running import CHUNK
from tests.processes import ROOT, finished, kill, wait_until

PLAN = ROOT / "examples/crm_sales.toml"


def write(path: Path, numbers: range | list[int]) -> Path:
    rows = (f"Person {n},person{n}@ege.example,Firm {n % 50}\n" for n in numbers)
    path.write_text("Full name,E-mail,Company\n" + "".join(rows))
    return path


@pytest.mark.covers("R265")
def test_a_worker_that_is_killed_at_any_moment_loses_and_doubles_no_row(desk, tmp_path):
    count = 4 * CHUNK + 17
    file = write(tmp_path / "leads.csv", range(count))
    desk.answer("import", file, "--type", "lead", "--default", "source=website", "--background")

    def reached() -> int:
        return int(desk.ask("SELECT next_row FROM transfer_importfile")[0][0])

    for _kill in range(3):
        before = reached()
        worker = desk.start("worker")
        wait_until(lambda before=before: reached() > before)
        time.sleep(random.uniform(0, 0.5))
        kill(worker)
        assert desk.ask("SELECT count(*), count(DISTINCT email) FROM leads_lead") == [(reached(), reached())]
        desk.wake()
        if reached() == count:
            break
    desk.answer("worker", "--once")
    assert desk.ask("SELECT count(*), count(DISTINCT email), min(version), max(version) FROM leads_lead") == [
        (count, count, 1, 1)
    ]
    assert desk.ask("SELECT state FROM transfer_import") == [("done",)]
    assert desk.ask("SELECT count(*) FROM core_change WHERE record_type = 'lead'") == [(count,)]


def test_a_worker_that_is_killed_while_it_links_rows_makes_every_link_once(desk, tmp_path):
    count = 5 * linking.AT_ONCE + 17
    file = tmp_path / "firms.csv"
    file.write_text(
        "Name,Part of\n" + "".join(f"Firm {n},Firm {n // 2}\n" for n in range(1, count + 1)) + "Firm 0,\n"
    )
    desk.answer("import", file, "--type", "organization", "--background")

    def waiting() -> int:
        [(links, written)] = desk.ask(
            "SELECT (SELECT count(*) FROM transfer_pendinglink), (SELECT next_row FROM transfer_importfile)"
        )
        return int(links) if written > count else count + 1

    for _kill in range(3):
        before = waiting()
        worker = desk.start("worker")
        wait_until(lambda before=before: waiting() < min(before, count))
        time.sleep(random.uniform(0, 0.3))
        kill(worker)
        made = desk.ask("SELECT count(*) FROM organizations_organization WHERE parent_id IS NOT NULL")
        assert made == [(count - waiting(),)]
        desk.wake()
        if not waiting():
            break
    desk.answer("worker", "--once")
    assert desk.ask(
        "SELECT count(*), max(daughter.version) FROM organizations_organization AS daughter"
        " JOIN organizations_organization AS mother ON mother.id = daughter.parent_id"
        " WHERE CAST(substr(daughter.name, 6) AS INTEGER) / 2 = CAST(substr(mother.name, 6) AS INTEGER)"
    ) == [(count, 2)]
    assert desk.ask("SELECT count(*) FROM core_change WHERE kind = 'updated'") == [(count,)]
    assert desk.ask("SELECT state FROM transfer_import") == [("done",)]
    assert waiting() == 0


@pytest.mark.covers("R266")
def test_two_imports_at_once_make_no_duplicate_of_what_both_bring(desk, tmp_path):
    shared, own = 1500, 1000
    first = write(tmp_path / "first.csv", range(shared + own))
    numbers = [*range(shared), *range(10_000, 10_000 + own)]
    second = write(tmp_path / "second.csv", numbers[::-1])
    options = (
        "--type",
        "lead",
        "--default",
        "source=website",
        "--match",
        "email",
        "--on-match",
        "merge-empty",
        "--json",
    )
    both = [desk.start("import", file, *options) for file in (first, second)]
    reports = [json.loads(finished(process))["files"][0] for process in both]
    assert desk.ask("SELECT count(*), count(DISTINCT email) FROM leads_lead") == [(shared + 2 * own,) * 2]
    assert sum(report["created"] for report in reports) == shared + 2 * own
    assert sum(report["skipped"] for report in reports) == shared
    assert [report["failed"] for report in reports] == [0, 0]


NEW_FIRMS = 700


def people_of_new_firms(path: Path, numbers: range) -> Path:
    rows = (f"Person {n},person{n}@ege.example,Firm {n % NEW_FIRMS}\n" for n in numbers)
    path.write_text("Full name,E-mail,Organization\n" + "".join(rows))
    return path


def test_a_killed_worker_makes_no_linked_record_twice_and_none_for_rows_that_are_not_there(desk, tmp_path):
    count = 2 * CHUNK + 17
    file = people_of_new_firms(tmp_path / "people.csv", range(count))
    desk.answer("import", file, "--type", "contact", "--create", "organization", "--background")
    firms = "SELECT count(*), count(DISTINCT name) FROM organizations_organization"
    for _kill in range(2):
        [(before,)] = desk.ask("SELECT next_row FROM transfer_importfile")
        worker = desk.start("worker")
        wait_until(lambda before=before: desk.ask("SELECT next_row FROM transfer_importfile") > [(before,)])
        time.sleep(random.uniform(0, 0.3))
        kill(worker)
        [(reached,)] = desk.ask("SELECT next_row FROM transfer_importfile")
        assert desk.ask("SELECT count(*) FROM contacts_contact WHERE organization_id IS NOT NULL") == [
            (reached,)
        ]
        assert desk.ask(firms) == [(min(reached, NEW_FIRMS),) * 2]
        desk.wake()
    desk.answer("worker", "--once")
    assert desk.ask("SELECT count(*) FROM contacts_contact WHERE organization_id IS NOT NULL") == [(count,)]
    assert desk.ask(firms) == [(NEW_FIRMS, NEW_FIRMS)]


def test_two_imports_at_once_make_each_new_company_once(desk, tmp_path):
    both = [
        desk.start("import", people_of_new_firms(tmp_path / f"{n}.csv", range(n, n + 1500)),
                   "--type", "contact", "--create", "organization", "--json")
        for n in (0, 1500)
    ]  # fmt: skip
    reports = [json.loads(finished(process)) for process in both]
    assert [report["files"][0]["created"] for report in reports] == [1500, 1500]
    assert sum(report["made"].get("organization", 0) for report in reports) == NEW_FIRMS
    found = desk.ask("SELECT count(*), count(DISTINCT name) FROM organizations_organization")
    assert found == [(NEW_FIRMS, NEW_FIRMS)]


def test_a_killed_command_leaves_whole_chunks_and_goes_on_without_doubles(desk, shared_data):
    count = "SELECT count(*), count(DISTINCT name) FROM opportunities_opportunity"
    importing = desk.start("import", shared_data / "crm_sales", "--plan", PLAN)
    wait_until(lambda: desk.ask(count)[0][0] > 0)
    kill(importing)
    [(rows, different)] = desk.ask(count)
    assert 0 < rows == different < 8800
    assert rows % CHUNK == 0
    assert "8,800 created, 0 updated, 0 skipped, 0 failed" in desk.answer("import", "--resume", "1")
    assert desk.ask(count) == [(8800, 8800)]
    stages = json.loads(desk.answer("query", "opportunity", "--group-by", "stage", "--json"))
    assert [row["count"] for row in stages] == [4238, 2473, 1589, 500]
