"""``/healthz``: is this process able to serve?"""

from __future__ import annotations

import redis
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from labeling.queue import broker


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when database and queue answer, else 503 that says which does not. Needs no sign-in."""
    database, queue = database_answers(), queue_answers()
    well = database and queue
    facts = {"status": "ok" if well else "degraded", "database": database, "queue": queue}
    return JsonResponse(facts, status=200 if well else 503, headers={"Cache-Control": "no-store"})


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def queue_answers() -> bool:
    try:
        return bool(broker().ping())
    except (redis.RedisError, OSError):
        return False
