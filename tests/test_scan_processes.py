"""The scan for duplicates in processes of their own, killed again and again."""

import random
import time
from hashlib import md5

from tests.processes import kill, wait_until

COUNT = 4_000  # of people who are recorded twice
FIRMS = 401  # so that some twenty records name the same one
LETTERS = str.maketrans("0123456789", "ghijklmnop")


def name(n: int) -> str:
    """Nobody's name is like another one's."""
    word = md5(str(n).encode(), usedforsecurity=False).hexdigest().translate(LETTERS)
    return f"{word[:9]} {word[9:18]}"


def test_a_scan_that_is_killed_at_any_moment_goes_on_and_finds_everything_once(desk, tmp_path):
    file = tmp_path / "leads.csv"
    rows = [f"{name(n)},person{n}@ege.example,+90 232 444 {n:04},Firm {n % FIRMS}\n" for n in range(COUNT)]
    file.write_text("Full name,E-mail,Phone,Company\n" + "".join(rows * 2))
    desk.answer("import", file, "--type", "lead", "--default", "source=website")

    def reached():
        """Which scan, and how far it is; nothing before it has begun and after it has ended."""
        return desk.ask("SELECT id, place, coalesce(reached, 0) FROM duplicates_scan")

    scans = set()
    for _kill in range(2):
        before = reached()
        worker = desk.start("worker")
        wait_until(
            lambda before=before: reached() > before or desk.ask("SELECT id FROM duplicates_duplicategroup")
        )
        time.sleep(random.uniform(0, 0.3))
        kill(worker)
        scans |= {scan for scan, _place, _key in reached()}
        pairs, different = desk.ask(
            "SELECT count(*), count(DISTINCT record_id * 1000000 + other_id) FROM duplicates_foundpair"
        )[0]
        assert pairs == different
        desk.wake()
    desk.answer("worker", "--once")
    assert len(scans) == 1
    groups = (
        "SELECT count(DISTINCT group_id), count(*), count(DISTINCT record_id) FROM duplicates_duplicatemember"
    )
    assert desk.ask(groups) == [(COUNT, 2 * COUNT, 2 * COUNT)]
    assert desk.ask("SELECT count(*) FROM jobs_job WHERE name = 'scan_duplicates' AND state = 'done'") == [
        (1,)
    ]
    assert reached() == desk.ask("SELECT id FROM duplicates_foundpair") == []
