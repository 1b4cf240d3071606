"""The key that signs sessions: made once for each data folder and readable by its owner only."""

import os
import tempfile
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def secret_key(folder: Path) -> str:
    path = folder / "secret_key"
    if not path.exists():
        _create(path)
    return path.read_text().strip()


def _create(path: Path) -> None:
    """Write the whole file aside, then link it into place: of two processes that start at once, one wins."""
    handle, aside = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(get_random_secret_key())
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        Path(aside).unlink()
