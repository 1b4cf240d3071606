"""Whether the database has the tables of this version, and how it gets them."""

from django.core.management import CommandError, call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor


def is_current() -> bool:
    executor = MigrationExecutor(connections["default"])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def bring_up_to_date() -> None:
    call_command("migrate", interactive=False, verbosity=0)


def ensure() -> None:
    """Make the tables of an empty database. Raises `CommandError` for one that another version has made."""
    if is_current():
        return
    if connections["default"].introspection.table_names():
        raise CommandError("The database is not up to date: `kariz migrate` brings it there.")
    bring_up_to_date()
