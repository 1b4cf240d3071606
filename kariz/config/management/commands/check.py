from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError
from django.core.management.commands import check


class Command(check.Command):
    help = "Check declarations, settings for a public server, and that the database is up to date."

    def handle(self, *app_labels: Any, **options: Any) -> None:
        super().handle(*app_labels, **{**options, "deploy": True, "databases": ["default"]})
        try:
            call_command("migrate", check_unapplied=True, verbosity=0)
        except SystemExit:
            raise CommandError("The database is not up to date: `kariz migrate` brings it there.") from None
