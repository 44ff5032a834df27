"""Things that only the tests of the API make."""

from __future__ import annotations

from typing import Any

from labeling.models import Event, EventCursor, Instance, Job, User
from labeling.services.jobs import job_submit
from labeling.services.orders import TrackOrder

# What bodies hold for a box that lies in every frame of the tests.
BOX = {"left": 10, "top": 20, "width": 30, "height": 40}


def make_job(*, instance: Instance, user: User, first: int = 10, last: int = 39, **order: Any) -> Job:
    """Queue a tracking job as the service does."""
    instance.task.refresh_from_db()
    wanted = TrackOrder(instances=(instance.pk,), first_frame=first, last_frame=last, **order)
    return job_submit(user=user, task=instance.task, order=wanted).job


def number_events() -> int:
    """Give every event its position, as the relay does; return the last one."""
    cursor, _ = EventCursor.objects.get_or_create(pk=1)
    for event in Event.objects.filter(position__isnull=True).order_by("pk"):
        cursor.position += 1
        event.position = cursor.position
        event.save(update_fields=["position"])
    cursor.save()
    return cursor.position


def error_of(answer: Any) -> dict[str, Any]:
    """Return the error of an answer, having seen that it has the one shape."""
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "sentence", "details"}
    assert body["error"]["sentence"]
    error: dict[str, Any] = body["error"]
    return error
