"""The web process: Django under ASGI, so that event streams cost a task and not a thread."""

import os

from django.core.asgi import get_asgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labeling.settings")

application = get_asgi_application()

# Each request runs on a thread of its own here: a connection that is kept open would be nobody's.
connections.settings["default"]["CONN_MAX_AGE"] = 0
