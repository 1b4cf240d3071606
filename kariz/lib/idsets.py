"""Large sets of ids in little room: a bit for each id, in compressed blocks that can be looked into one by one."""

import hashlib
import zlib
from collections.abc import Iterable, Iterator

BLOCK = 8192  # ids


class Damaged(ValueError):
    """These bytes are no block."""


class IdSet:
    def __init__(self, ids: Iterable[int] = ()) -> None:
        self._blocks: dict[int, bytearray] = {}
        self.add(ids)

    def add(self, ids: Iterable[int]) -> None:
        for one in ids:
            number, bit = divmod(one, BLOCK)
            if number not in self._blocks:
                self._blocks[number] = bytearray(BLOCK // 8)
            self._blocks[number][bit >> 3] |= 1 << (bit & 7)

    def __len__(self) -> int:
        return sum(int.from_bytes(bits, "little").bit_count() for bits in self._blocks.values())

    def blocks(self) -> Iterator[tuple[int, bytes]]:
        """Each block's number and its compressed bits, in order."""
        for number in sorted(self._blocks):
            yield number, zlib.compress(self._blocks[number])

    @property
    def checksum(self) -> str:
        return checksum(self.blocks())


def checksum(blocks: Iterable[tuple[int, bytes]]) -> str:
    """SHA-256 over the bits themselves, whatever compressed them. Blocks come in the order of their numbers.

    Raises `Damaged`.
    """
    digest = hashlib.sha256()
    for number, packed in blocks:
        digest.update(number.to_bytes(8, "big", signed=True))
        digest.update(_unpacked(packed))
    return digest.hexdigest()


def block_of(one: int) -> int:
    return one // BLOCK


def holds(packed: bytes, one: int) -> bool:
    """Whether the block, which is that of the id, has it. Raises `Damaged`."""
    bit = one % BLOCK
    return bool(_unpacked(packed)[bit >> 3] >> (bit & 7) & 1)


def _unpacked(packed: bytes) -> bytes:
    try:
        bits = zlib.decompress(packed)
    except zlib.error:
        raise Damaged from None
    if len(bits) != BLOCK // 8:
        raise Damaged
    return bits
