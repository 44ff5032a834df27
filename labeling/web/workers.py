"""The workers that are alive, what they offer, and what is being worked on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.utils import timezone

from labeling.models import Part, PartState, User, Worker
from labeling.selectors.events import project_ids_of
from labeling.selectors.workers import worker_list
from labeling.web.guard import Visit, page

SHOWN_FOR = timedelta(days=1)


@dataclass(frozen=True)
class WorkerFace:
    """A worker, and whether it was heard of lately."""

    worker: Worker
    online: bool


@page
def workers(visit: Visit) -> HttpResponse:
    """Workers seen within a day, those that are there first; htmx asks for the tables alone."""
    context = {"faces": worker_faces(), "waiting": waiting_parts(), "place": "workers", **at_work(visit.user)}
    template = "labelyard/parts/workers.html" if visit.partial else "labelyard/workers.html"
    return visit.answer(template, context)


def worker_faces() -> list[WorkerFace]:
    online = set(worker_list().values_list("pk", flat=True))
    seen = Worker.objects.filter(seen_at__gte=timezone.now() - SHOWN_FOR)
    faces = [WorkerFace(worker, worker.pk in online) for worker in seen]
    return sorted(faces, key=lambda face: (not face.online, face.worker.name))


def waiting_parts() -> list[dict[str, Any]]:
    """How many parts wait in each queue."""
    queued = Part.objects.filter(state=PartState.QUEUED).order_by("capability")
    return [dict(row) for row in queued.values("capability").annotate(count=Count("pk"))]


def at_work(user: User) -> dict[str, Any]:
    """What runs in the person's projects, and how much runs in those of others."""
    running = Part.objects.filter(state=PartState.RUNNING)
    mine = running.filter(project__in=project_ids_of(user.pk)).select_related("job__task")
    parts = list(mine.order_by("started_at"))
    return {"parts": parts, "others": running.count() - len(parts)}
