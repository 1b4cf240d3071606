"""An assistant: a process of `kariz mcp`, driven by the client of the protocol's own library."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client


class Refused(Exception):
    """A tool answered with an error."""


@dataclass
class Assistant:
    portal: BlockingPortal
    client: Client
    log: Path

    @property
    def tools(self) -> dict[str, Any]:
        return {tool.name: tool for tool in self.portal.call(self.client.list_tools).tools}

    def text(self, tool: str, **arguments: Any) -> str:
        """What the tool says. Raises `Refused`."""
        answer = self.portal.call(self.client.call_tool, tool, arguments)
        [block] = answer.content
        if answer.is_error:
            raise Refused(block.text)
        text: str = block.text
        return text

    def call(self, tool: str, **arguments: Any) -> Any:
        return json.loads(self.text(tool, **arguments))


@contextmanager
def started(url: str, secret: str, folder: Path) -> Iterator[Assistant]:
    """The server runs in `folder`, which it should leave empty but for what it says on standard error."""
    line = StdioServerParameters(
        command=sys.executable,
        args=["-m", "kariz.config.cli", "mcp"],
        env={"KARIZ_URL": url, "KARIZ_TOKEN": secret, "PATH": os.environ["PATH"]},
        cwd=folder,
    )
    log = folder / "errors"
    with log.open("w") as errors, start_blocking_portal() as portal:
        client = Client(stdio_client(line, errlog=errors), read_timeout_seconds=60)
        with portal.wrap_async_context_manager(client) as opened:
            yield Assistant(portal, opened, log)
