"""Django's `flush`, which empties the whole database: the triggers of the audit log let it."""

from typing import Any

from django.core.management.commands import flush

from kariz.audit import guards, sealing


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        if options["interactive"]:
            self.stdout.write("The audit log goes too.")
        guards.remove()
        try:
            super().handle(**options)
        finally:
            guards.install()
        sealing.start()
