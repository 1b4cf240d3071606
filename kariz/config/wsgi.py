"""The WSGI application: `gunicorn kariz.config.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kariz.config.settings")

application = get_wsgi_application()
