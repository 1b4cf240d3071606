"""Undoes a batch as its job does: `python -m bench.writes_undo BATCH`."""

import os
import sys

import django


def main(batch: str) -> None:
    from kariz.core import undoing
    from kariz.core.models import ChangeBatch

    found = ChangeBatch.objects.get(pk=batch)
    if found.user is None:  # made by the command line; an administrator takes it back
        from kariz.accounts.models import User

        user = User.objects.filter(role__key="administrator").earliest("pk")
    else:
        user = found.user
    done = undoing.carry_on(undoing.begin(found, user), lambda _done, _total: None)
    if done.kept_count:
        raise SystemExit(f"{done.kept_count} records were left as they are.")


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "kariz.config.settings"
    django.setup()
    main(*sys.argv[1:])
