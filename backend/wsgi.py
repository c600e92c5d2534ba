"""The site as a WSGI application, for granian or any other server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

from backend import celery  # noqa: F401 — what wakes workers is this app

application = get_wsgi_application()
