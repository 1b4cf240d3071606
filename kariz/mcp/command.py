"""`kariz mcp`: the server on standard input and output, started by the assistant that uses it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version

from kariz.client import Kariz, KarizError
from kariz.mcp import HELP

NEEDED = (
    "Set KARIZ_URL to the address of your Kariz, such as https://crm.example.com, and KARIZ_TOKEN to a token"
    " (your menu > API tokens)."
)
MISSING = "The library for it is missing or too old: pip install 'kariz[mcp]'."
TIMEOUT, PATIENCE = 20.0, 40.0  # seconds: assistants wait a minute for a tool


def main(arguments: Sequence[str]) -> None:
    asked = _parser().parse_args(arguments)
    url, token = os.environ.get("KARIZ_URL", ""), os.environ.get("KARIZ_TOKEN", "")
    if not url or not token:
        sys.exit(f"kariz: {NEEDED}")
    try:
        opened = Kariz(
            url, token=token, timeout=TIMEOUT, patience=PATIENCE, agent=f"kariz-mcp/{version('kariz')}"
        )
    except ValueError as error:
        sys.exit(f"kariz: {error}")
    with opened as kariz:
        _check(kariz) if asked.check else _serve(kariz)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kariz mcp", description=f"{HELP} {NEEDED}")
    parser.add_argument("--check", action="store_true", help="say whom the token stands for, and end")
    return parser


def _check(kariz: Kariz) -> None:
    try:
        me = kariz.me()
    except KarizError as error:
        sys.exit(f"kariz: {error}")
    print(f"{kariz.connection.root}: {me.user.name} ({me.role})")  # noqa: T201  what was asked for


def _serve(kariz: Kariz) -> None:
    try:
        from kariz.mcp.server import server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "mcp":
            raise
        sys.exit(f"kariz: {MISSING}")
    try:
        server(kariz).run("stdio")
    except KeyboardInterrupt:
        sys.exit(130)
