"""Collects the static files into the data folder whenever they differ from those collected last."""

import hashlib

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect_if_changed() -> None:
    """An installed Kariz changes with its version, a working copy with any edit; both show in sizes and times."""
    mark = settings.DATA / "static.mark"
    wanted = _fingerprint()
    if not mark.exists() or mark.read_text() != wanted:
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        mark.write_text(wanted)


def _fingerprint() -> str:
    found = sorted(
        f"{path} {storage.size(path)} {storage.get_modified_time(path).timestamp()}"
        for finder in get_finders()
        for path, storage in finder.list([])
    )
    return hashlib.sha256("\n".join(found).encode()).hexdigest()
