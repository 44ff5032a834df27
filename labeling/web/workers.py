"""The workers that are alive, what they offer, and what is being worked on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.utils import timezone

from labeling.errors import LabelyardError
from labeling.lane.live import LiveWorker, live_workers
from labeling.lane.store import lane_open
from labeling.models import Part, PartState, User, Worker, WorkerHold
from labeling.selectors.events import project_ids_of
from labeling.selectors.workers import algorithms_unserved, worker_list
from labeling.services.workers import worker_hold
from labeling.web.guard import Visit, page

SHOWN_FOR = timedelta(days=1)


@dataclass(frozen=True)
class WorkerFace:
    """A worker, whether it was heard of lately, how many parts it has, and what it answers clicks with."""

    worker: Worker
    online: bool
    parts: int
    live: LiveWorker | None = None

    @property
    def state(self) -> tuple[str, str]:
        """Its state in a word, and the tone of it."""
        if not self.online:
            return "Away", ""
        if self.worker.held:
            return WorkerHold(self.worker.held).label, "warn"
        return ("At work", "info") if self.parts else ("Online", "good")

    @property
    def used(self) -> int | None:
        """Bytes of its processes."""
        used: int | None = self.worker.memory.get("used")
        return used


@page
def workers(visit: Visit) -> HttpResponse:
    """The workers that are there, and what they do; htmx asks for the tables alone."""
    return workers_shown(visit)


def workers_shown(visit: Visit) -> HttpResponse:
    context = {
        "faces": worker_faces(),
        "waiting": waiting_parts(),
        "unserved": algorithms_unserved(),
        "place": "workers",
        **at_work(visit.user),
    }
    template = "labelyard/parts/workers.html" if visit.partial else "labelyard/workers.html"
    return visit.answer(template, context)


@page
def worker_hold_page(visit: Visit, *, worker_id: int) -> HttpResponse:
    """Hold a worker back, or let it work again."""
    worker_hold(worker_id=worker_id, hold=visit.request.POST.get("hold", ""), user=visit.user)
    return workers_shown(visit)


def worker_faces() -> list[WorkerFace]:
    """Those that are there, and those held back: nobody forgets a quarantined one that went away."""
    online = set(worker_list().values_list("pk", flat=True))
    lately = Q(seen_at__gte=timezone.now() - SHOWN_FOR) & ~Q(held=WorkerHold.NONE)
    seen = Worker.objects.filter(Q(pk__in=online) | lately).select_related("held_by")
    running = Part.objects.filter(state=PartState.RUNNING).order_by().values("worker")
    parts = {row["worker"]: row["count"] for row in running.annotate(count=Count("pk"))}
    live = live_by_name()
    faces = [
        WorkerFace(worker, worker.pk in online, parts.get(worker.name, 0), live.get(worker.name))
        for worker in seen
    ]
    return sorted(faces, key=lambda face: (not face.online, face.worker.name))


def live_by_name() -> dict[str, LiveWorker]:
    """Return what answers clicks now, by the worker's name; nothing where the queue does not answer."""
    try:
        with lane_open() as store:
            return {worker.name: worker for worker in live_workers(store)}
    except LabelyardError:
        return {}


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
