"""A form with one file, sent piece by piece: however large the file is, memory stays small."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO
from uuid import uuid4

PIECE = 64 * 1024


@dataclass(frozen=True)
class Form:
    """`texts` and the file named `name`, from where it stands on. It can be sent again from the same place."""

    texts: Mapping[str, str]
    file: BinaryIO
    name: str
    boundary: str = field(default_factory=lambda: uuid4().hex)
    start: int = field(init=False)
    size: int = field(init=False)

    def __post_init__(self) -> None:
        start = self.file.tell()
        object.__setattr__(self, "start", start)
        object.__setattr__(self, "size", self.file.seek(0, os.SEEK_END) - start)

    @property
    def content_type(self) -> str:
        return f"multipart/form-data; boundary={self.boundary}"

    @property
    def head(self) -> bytes:
        parts = [self._part(f'name="{_quoted(name)}"', text) for name, text in self.texts.items()]
        file = f'name="file"; filename="{_quoted(self.name)}"\r\nContent-Type: application/octet-stream'
        return "".join([*parts, self._part(file, "").removesuffix("\r\n")]).encode()

    def _part(self, disposition: str, content: str) -> str:
        return f"--{self.boundary}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n{content}\r\n"

    @property
    def tail(self) -> bytes:
        return f"\r\n--{self.boundary}--\r\n".encode()

    def __len__(self) -> int:
        return len(self.head) + self.size + len(self.tail)

    def __iter__(self) -> Iterator[bytes]:
        self.file.seek(self.start)
        yield self.head
        while piece := self.file.read(PIECE):
            yield piece
        yield self.tail


def _quoted(name: str) -> str:
    """As browsers write names into the head of a part."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
