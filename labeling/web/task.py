"""The workbench: the facts that its scripts start from; the rest comes through the API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.urls import reverse

from labeling.access import task_barrier
from labeling.access_rules import Permission
from labeling.models import AttributeDefinition, Media, Member, ObjectClass, Role, Stage, Task
from labeling.selectors.media import frame_sizes
from labeling.selectors.ontologies import ontology_get
from labeling.selectors.tasks import task_get
from labeling.services.algorithms import advanced_barrier, shapes_tracked
from labeling.services.order_checks import TRACKABLE
from labeling.services.preferences import preferences_of
from labeling.web.guard import Visit, page

STYLES = "labeling/css/workbench"


@page
def task(visit: Visit, *, task_id: int) -> HttpResponse:
    """The page that shows frames and labels, and draws, tracks and reviews."""
    found = task_get(task_id=task_id)
    barrier = barrier_of(visit, found)
    context = {
        "task": found,
        "project": found.project,
        "barrier": barrier,
        "facts": facts_of(visit, found, barrier),
        "rooms": styles(),
        "may_submit": visit.may(Permission.TASK_SUBMIT) and not barrier and found.stage == Stage.ANNOTATE,
        "may_decide": visit.may(Permission.REVIEW) and found.stage == Stage.REVIEW,
        "may_reopen": visit.may(Permission.PROJECT_MANAGE) and found.stage == Stage.COMPLETE,
    }
    return visit.answer("labelyard/workbench.html", context)


def styles() -> list[str]:
    """The style sheets of the workbench's rooms, the layout first."""
    folder = Path(str(finders.find(STYLES)))
    names = sorted(path.name for path in folder.glob("*.css"))
    names.sort(key=lambda name: name != "layout.css")
    return [f"{STYLES}/{name}" for name in names]


def barrier_of(visit: Visit, found: Task) -> str:
    """Return why this person may only look, empty when they may change labels."""
    if visit.role is None:
        return ""
    error = task_barrier(task=found, user=visit.user, role=Role(visit.role))
    return error.sentence if error else ""


def facts_of(visit: Visit, found: Task, barrier: str) -> dict[str, Any]:
    """What the scripts are told; ``editor/types.js`` types it."""
    ontology = ontology_get(ontology_id=found.project.ontology_id)
    return {
        "task": found.pk,
        "title": found.title,
        "stage": found.stage,
        "project": found.project_id,
        "first": found.first_frame,
        "last": found.last_frame,
        "seq": found.seq,
        "user": {"id": visit.user.pk, "name": visit.user.username},
        "role": visit.role or "",
        "barrier": barrier,
        "mayEdit": not barrier,
        "mayJudge": visit.may(Permission.REVIEW) and found.stage != Stage.COMPLETE,
        "mayRun": visit.may(Permission.JOB_RUN) and not barrier,
        "mayComment": visit.may(Permission.COMMENT),
        "trackingFramesMax": settings.EDITOR_TRACKING_FRAMES_MAX,
        "directions": [str(direction) for direction in TRACKABLE.get(found.media.kind, ())],  # type: ignore[call-overload]
        "advancedBarrier": advanced_barrier(),
        "shapesTracked": shapes_tracked(),
        "jobPage": reverse("job", kwargs={"job_id": 0}),
        "classes": [class_fact(one) for one in ontology.classes.all()],
        "classifications": [
            {
                "id": one.pk,
                "name": one.name,
                "archived": one.archived,
                "attributes": [attribute_fact(attribute) for attribute in one.attributes.all()],
            }
            for one in ontology.classifications.all()
        ],
        "members": members(found.project_id),
        "preferences": preferences_of(visit.user),
        **media_facts(found.media),
    }


def media_facts(media: Media) -> dict[str, Any]:
    return {
        "media": media.pk,
        "kind": media.kind,
        "noun": media.noun,
        "width": media.width,
        "height": media.height,
        "sizes": frame_sizes(media),
        "window": media.window,
        "fps": media.fps,
        "damaged": media.damaged,
    }


def members(project_id: int) -> list[dict[str, Any]]:
    rows = Member.objects.filter(project_id=project_id).order_by("user__username")
    return [
        {"id": user, "name": name, "role": role}
        for user, name, role in rows.values_list("user_id", "user__username", "role")
    ]


def class_fact(one: ObjectClass) -> dict[str, Any]:
    return {
        "id": one.pk,
        "name": one.name,
        "color": one.color,
        "shape": one.shape,
        "archived": one.archived,
        "skeleton": one.skeleton,
        "attributes": [attribute_fact(attribute) for attribute in one.attributes.all()],
    }


def attribute_fact(one: AttributeDefinition) -> dict[str, Any]:
    return {
        "id": one.pk,
        "name": one.name,
        "kind": one.kind,
        "dynamic": one.dynamic,
        "required": one.required,
        "options": [{"value": option["value"], "label": option["label"]} for option in one.options],
    }
