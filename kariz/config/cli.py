"""The `kariz` command: the management commands that people use, by their short names."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version

import django
from django.core.management import CommandError, get_commands, load_command_class
from environs import EnvError

from kariz import mcp

COMMANDS = (
    "run", "worker", "demo", "import", "export", "query", "changes", "createuser", "password", "unlock", "migrate",
    "check", "doctor", "backup", "restore", "audit", "erase", "disclose",
)  # fmt: skip


# What needs the tables of this version, and may be the first thing that anybody does.
ON_TABLES = {
    "worker", "demo", "import", "export", "query", "changes", "createuser", "password", "unlock", "doctor", "backup",
    "audit", "erase", "disclose",
}  # fmt: skip
APART = "mcp"
"""It works through the API of a Kariz anywhere: without settings, a data folder, a database."""


def main(argv: Sequence[str] | None = None) -> None:
    given = list(sys.argv[1:] if argv is None else argv)
    if given[:1] == [APART]:
        from kariz.mcp.command import main as serve  # with the client, which no other command needs

        serve(given[1:])
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kariz.config.settings")
    try:
        django.setup()
    except EnvError as error:
        sys.exit(f"kariz: {error}")
    apps = get_commands()
    commands = {name: apps[name] for name in COMMANDS if name in apps}
    chosen = _parser(commands).parse_args(given)
    command = load_command_class(commands[chosen.command], chosen.command)
    if chosen.command in ON_TABLES and not {"-h", "--help"} & set(chosen.arguments):
        _ensure_tables()
    command.run_from_argv(["kariz", chosen.command, *chosen.arguments])


def _ensure_tables() -> None:
    from kariz.config import schema

    try:
        schema.ensure()
    except CommandError as error:
        sys.exit(f"kariz: {error}")


class _Parser(argparse.ArgumentParser):
    """Asks the commands what they do only when help is wanted: most of them import much."""

    commands: dict[str, str]

    def format_help(self) -> str:
        summaries = [(name, load_command_class(app, name).help) for name, app in self.commands.items()]
        summaries.append((APART, mcp.HELP))
        lines = "".join(f"  {name:<12}{summary.splitlines()[0]}\n" for name, summary in summaries)
        self.epilog = f"commands:\n{lines}\n`kariz COMMAND --help` tells more about one of them."
        return super().format_help()


def _parser(commands: dict[str, str]) -> argparse.ArgumentParser:
    parser = _Parser(
        prog="kariz",
        usage="kariz COMMAND ...",
        description="Kariz, a CRM. The environment variable KARIZ_DATA names the data folder (./data).",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.commands = commands
    parser.add_argument("--version", action="version", version=f"kariz {version('kariz')}")
    parser.add_argument("command", choices=[*commands, APART], metavar="COMMAND", help="one of those below")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    main()
