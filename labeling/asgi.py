"""The web process: Django under ASGI, so that event streams cost a task and not a busy thread."""

import os
from typing import Any

import django
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labeling.settings")


class OneThreadHandler(ASGIHandler):
    """All of a request, middleware and view, runs in one thread in one go; what streams goes on in the loop.

    Django's own handler changes threads for every method of every middleware, a dozen times a request. Our
    views are all synchronous, so that buys nothing, and a click waits for each change.
    """

    _middleware_chain: Any

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)
        self._middleware_chain = sync_to_async(self._middleware_chain, thread_sensitive=True)


django.setup(set_prefix=False)
application = OneThreadHandler()

# Each request runs on a thread of its own here: a connection that is kept open would be nobody's.
connections.settings["default"]["CONN_MAX_AGE"] = 0
