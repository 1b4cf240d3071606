"""The program's settings with what tests need: a folder of their own, quick passwords, unhashed static files."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ["KARIZ_DATA"] = tempfile.mkdtemp(prefix="kariz-tests-")
atexit.register(shutil.rmtree, os.environ["KARIZ_DATA"], ignore_errors=True)

from kariz.config.settings import *
from kariz.config.settings import DATA, DATABASES, INSTALLED_APPS, STATIC_ROOT, STORAGES

INSTALLED_APPS += ["kariz.core.tests"]  # record types that only the tests of the core know

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT.mkdir()
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in production: in memory, threads of a live server would share one connection's locks.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(DATA, "test.sqlite3"))}
