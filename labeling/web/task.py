"""The task page: the facts that its scripts start from; the rest comes through the API."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from labeling.access import Permission, task_barrier
from labeling.models import ObjectClass, Role, Stage, Task
from labeling.selectors.ontologies import ontology_get
from labeling.selectors.tasks import task_get
from labeling.services.jobs import TRACKABLE
from labeling.web.guard import Visit, page

# Frames that a tracking run covers unless told, the start included.
TRACKING_FRAMES = 30


@page
def task(visit: Visit, *, task_id: int) -> HttpResponse:
    """The page that shows frames and labels, and draws, tracks and reviews."""
    found = task_get(task_id=task_id)
    ontology = ontology_get(ontology_id=found.project.ontology_id)
    classes = [one for one in ontology.classes.all() if not one.archived]
    barrier = barrier_of(visit, found)
    context = {
        "task": found,
        "project": found.project,
        "classes": classes,
        "barrier": barrier,
        "facts": facts_of(visit, found, classes, barrier),
        "may_submit": visit.may(Permission.TASK_SUBMIT) and not barrier and found.stage == Stage.ANNOTATE,
        "may_decide": visit.may(Permission.REVIEW) and found.stage == Stage.REVIEW,
        "may_reopen": visit.may(Permission.PROJECT_MANAGE) and found.stage == Stage.COMPLETE,
        "may_judge": visit.may(Permission.REVIEW) and found.stage != Stage.COMPLETE,
        "trackable": found.media.kind in TRACKABLE,
        "backwards": len(TRACKABLE.get(found.media.kind, ())) > 1,  # type: ignore[call-overload]
        "default_last": min(found.first_frame + TRACKING_FRAMES - 1, found.last_frame),
    }
    return visit.answer("labelyard/task.html", context)


def barrier_of(visit: Visit, found: Task) -> str:
    """Return why this person may only look, empty when they may change labels."""
    if visit.role is None:
        return ""
    error = task_barrier(task=found, user=visit.user, role=Role(visit.role))
    return error.sentence if error else ""


def facts_of(visit: Visit, found: Task, classes: list[ObjectClass], barrier: str) -> dict[str, Any]:
    """What the scripts are told; ``task/facts.js`` types it."""
    media = found.media
    return {
        "task": found.pk,
        "project": found.project_id,
        "media": media.pk,
        "width": media.width,
        "height": media.height,
        "first": found.first_frame,
        "last": found.last_frame,
        "fps": media.fps,
        "damaged": media.damaged,
        "seq": found.seq,
        "user": visit.user.pk,
        "mayEdit": not barrier,
        "mayJudge": visit.may(Permission.REVIEW) and found.stage != Stage.COMPLETE,
        "mayRun": visit.may(Permission.JOB_RUN) and not barrier,
        "trackingFrames": TRACKING_FRAMES,
        "trackingFramesMax": settings.EDITOR_TRACKING_FRAMES_MAX,
        "jobPage": reverse("job", kwargs={"job_id": 0}),
        "classes": [
            {
                "id": one.pk,
                "name": one.name,
                "color": one.color,
                "shape": one.shape,
                "edges": (one.skeleton or {}).get("edges", []),
            }
            for one in classes
        ],
    }
