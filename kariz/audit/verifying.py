"""Follows the chain from where it starts to its signed end, and says where it is not what was written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kariz.audit import sealing, signing
from kariz.audit.stored import chain, covered, entries
from kariz.lib import idsets

if TYPE_CHECKING:
    from kariz.audit.models import Chain, Entry

AT_ONCE = 1000
MOST = 100  # problems that are told one by one

Progress = Callable[[int, int], None]


@dataclass
class Report:
    """`number` and `hash` are the end of the chain, `count` the entries looked at, `waiting` those not yet linked.

    `problems` are sentences in English, for the log and the command line; there is none where all is whole.
    """

    number: int = 0
    hash: str = ""
    count: int = 0
    waiting: int = 0
    problems: list[str] = field(default_factory=list)
    problem_count: int = 0

    @property
    def is_whole(self) -> bool:
        return not self.problem_count

    @property
    def end(self) -> str:
        return f"{self.number}:{self.hash}"

    def tell(self, problem: str) -> None:
        self.problem_count += 1
        if len(self.problems) < MOST:
            self.problems.append(problem)


def verify(*, expected: str = "", progress: Progress = lambda done, total: None) -> Report:
    """Look at every entry. `expected` is an end, as `number:hash`, that the log had at some time."""
    sealing.seal(waits=True)
    while True:
        start = chain()
        report = _Walk(start, progress).report(expected)
        now = chain()
        if (now and now.cut_number) == (start and start.cut_number):
            return report  # else entries were cut off meanwhile: look again


class _Walk:
    def __init__(self, chain: Chain | None, progress: Progress) -> None:
        self.chain, self.progress, self.found = chain, progress, Report()
        # Entries whose texts are not what was signed; whether a later entry says that they were replaced.
        self.replaced: dict[int, tuple[int, str]] = {}
        self.number, self.hash = (chain.cut_number, chain.cut_hash) if chain else (0, "")

    def report(self, expected: str) -> Report:
        found = self.found
        if self.chain is None:
            found.tell("The signed end of the log has been removed.")
            return self._waiting()
        found.number, found.hash = self.chain.number, self.chain.hash
        self._check_signature(self.chain)
        is_passed = expected in ("", f"{self.number}:{self.hash}")
        for entry in self._linked():
            self._check(entry)
            is_passed = is_passed or expected == f"{self.number}:{self.hash}"
        self._check_end(self.chain)
        if not is_passed:
            found.tell(f"The log does not lead to {expected}: it was replaced by another, or cut.")
        return self._waiting()

    def _check_signature(self, chain: Chain) -> None:
        if signing.is_signed(chain):
            return
        if chain.key != signing.fingerprint():
            self.found.tell(
                f"The log is signed with another key ({chain.key}), as after a restore elsewhere or with a new"
                " SECRET_KEY. If you know why, `kariz audit --adopt REASON` signs it with this one."
            )
        else:
            self.found.tell("The signed end of the log has been changed.")

    def _linked(self) -> Iterator[Entry]:
        last = -1
        sealed = entries().filter(number__isnull=False).order_by("number")
        while some := list(sealed.filter(number__gt=last, number__lte=self.found.number)[:AT_ONCE]):
            yield from some
            last = some[-1].number or 0
            self.progress(self.found.count, self.found.number)

    def _check(self, entry: Entry) -> None:
        self.found.count += 1
        number, expected = entry.number or 0, self.number + 1
        if number != expected:
            self.found.tell(
                f"Entry {expected} is missing."
                if number == expected + 1
                else f"Entries {expected} to {number - 1} are missing."
            )
        elif entry.previous != self.hash:
            self.found.tell(f"Entry {number} does not follow the one before it.")
        if entry.hash != signing.hash_of(entry):
            self.found.tell(f"Entry {number} has been changed.")
        else:
            self._check_texts(entry)
        self.number, self.hash = number, entry.hash

    def _check_texts(self, entry: Entry) -> None:
        digest = signing.digest_of(entry)
        if digest != entry.digest:
            self.replaced[entry.pk] = (entry.number or 0, digest)
        told = entry.told if entry.kind == "audit.forgotten" or '"records"' in entry.details else {}
        for pk, replacement in (told.get("digests") or {}).items():
            if int(pk) in self.replaced and self.replaced[int(pk)][1] == replacement:
                del self.replaced[int(pk)]
        if isinstance(records := told.get("records"), dict) and "sha256" in records:
            self._check_records(entry, records["sha256"])

    def _check_records(self, entry: Entry, checksum: str) -> None:
        blocks = covered().filter(entry=entry).order_by("block").values_list("block", "bits")
        try:
            actual = idsets.checksum((block, bytes(bits)) for block, bits in blocks)
        except idsets.Damaged:
            actual = ""
        if actual != checksum:
            self.found.tell(f"The list of records of entry {entry.number} has been changed.")

    def _check_end(self, chain: Chain) -> None:
        for number, _digest in sorted(self.replaced.values()):
            self.found.tell(f"The texts of entry {number} have been changed.")
        if self.number < chain.number:
            missing = chain.number - self.number
            self.found.tell(f"The last {missing} entries are missing: the log ends at entry {chain.number}.")
        elif self.hash != chain.hash:
            self.found.tell("The last entry is not the one with which the log ends.")
        if entries().filter(number__gt=chain.number).exists():
            self.found.tell("There are entries after the end of the log.")

    def _waiting(self) -> Report:
        waiting = entries().filter(number__isnull=True)
        self.found.waiting = waiting.count()
        for entry in waiting.order_by("pk")[:MOST]:
            if not signing.is_ours(entry):
                self.found.tell(f"The entry with the id {entry.pk} was not written by Kariz.")
        return self.found
