"""`kariz worker` on the tests' database: `worker_process DATABASE LEASE_SECONDS ARGUMENT...`"""

import sys
from datetime import timedelta

import django
from django.conf import settings


def main(database: str, lease: str, *arguments: str) -> None:
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from django.core.management import call_command

    from kariz.jobs import leases, stop
    from kariz.jobs.registry import schedules
    from kariz.jobs.tests import tasks  # noqa: F401  they register on import

    schedules.clear()
    leases.LEASE = timedelta(seconds=float(lease))
    stop.GRACE = 0.5
    call_command("worker", *arguments)


if __name__ == "__main__":
    main(*sys.argv[1:])
