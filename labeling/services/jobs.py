"""Ordering jobs: what is asked is validated, planned and stored, and a bell is rung."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from labeling import queue
from labeling.errors import LabelyardError, conflict, refused
from labeling.frame_ranges import order_check
from labeling.geometry.shapes import ShapeKind
from labeling.models import (
    Direction,
    Instance,
    Job,
    JobInstance,
    JobKind,
    MediaKind,
    ObjectClass,
    Stage,
    Task,
    User,
)
from labeling.services.algorithms import Algorithm, algorithm_get
from labeling.services.events import job_event_numbered
from labeling.services.fairness import project_wakes
from labeling.services.job_rows import claims_store, parts_store
from labeling.services.plans import TrackPlan, track_plan
from labeling.statements import model_of, places, rows_of

NAMED = """
SELECT instance.id, instance.number, class.id, class.shape, class.name
FROM labeling_instance instance JOIN labeling_objectclass class ON class.id = instance.object_class_id
WHERE instance.task_id = %s AND instance.id IN ({ids})
"""
TRACKABLE = {
    MediaKind.VIDEO: (Direction.FORWARDS, Direction.BACKWARDS),
    MediaKind.IMAGE_GROUP: (Direction.FORWARDS,),
    MediaKind.IMAGE_SEQUENCE: (Direction.FORWARDS,),
    MediaKind.DICOM: (Direction.FORWARDS,),
}
INTERVAL_DEFAULT = 30


@dataclass(frozen=True, kw_only=True)
class TrackOrder:
    """An order to track instances over an inclusive range of frames.

    ``interval``: so many consecutive frames without the object are tolerated before its tracking
    ends. ``max_frames_after_key``: stop so many frames after the last key frame; None does not.
    ``instances_per_part``: how many instances one worker takes; None is all of them.
    """

    instances: tuple[int, ...]
    first_frame: int
    last_frame: int
    direction: Direction = Direction.FORWARDS
    algorithm: str = "fast"
    interval: int = INTERVAL_DEFAULT
    max_frames_after_key: int | None = None
    instances_per_part: int | None = None
    priority: float = 0.5
    from_editor: bool = False
    backend: dict[str, Any] = field(default_factory=dict)

    def digest(self) -> str:
        """Equal for equal orders: a repeated idempotency key must come with the same one."""
        text = json.dumps(asdict(self), sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Submitted:
    """``created`` is False when the idempotency key had been used for this very order before."""

    job: Job
    created: bool


def job_dry_run(*, task: Task, order: TrackOrder) -> TrackPlan:
    """Validate ``order`` and say what it comes to, without storing anything."""
    return validated(task=task, order=order)[1]


def job_submit(
    *, user: User | None, task: Task, order: TrackOrder, idempotency_key: str | None = None
) -> Submitted:
    """Queue ``order`` on ``task``.

    Raises 422 for an order that cannot run, ``task_complete`` (409), ``job_overlaps`` (409, with the
    id of the job in the way), ``idempotency_key_reused`` (422).
    """
    if idempotency_key:
        known = submitted_before(task=task, order=order, key=idempotency_key)
        if known:
            return known
    algorithm, plan = validated(task=task, order=order)
    try:
        with transaction.atomic():
            job = job_store(
                user=user, task=task, order=order, plan=plan, algorithm=algorithm, key=idempotency_key
            )
    except IntegrityError as error:
        if idempotency_key:
            known = submitted_before(task=task, order=order, key=idempotency_key)
            if known:
                return known
        raise overlap_error(plan) or error from error
    return Submitted(job, created=True)


def submitted_before(*, task: Task, order: TrackOrder, key: str) -> Submitted | None:
    job = Job.objects.filter(project_id=task.project_id, idempotency_key=key).first()
    if job is None:
        return None
    if job.task_id != task.pk or job.order_digest != order.digest():
        raise refused(
            "idempotency_key_reused",
            f"The idempotency key was used for another order (job {job.pk}). Use a new key.",
            job=job.pk,
        )
    return Submitted(job, created=False)


def validated(*, task: Task, order: TrackOrder) -> tuple[Algorithm, TrackPlan]:
    if task.stage == Stage.COMPLETE:
        raise conflict(
            "task_complete", "The task is complete. Reopen it before queueing jobs on it.", task=task.pk
        )
    modality_check(task=task, direction=order.direction)
    range_check(task=task, order=order)
    algorithm = algorithm_get(order.algorithm)
    instances = instances_check(task=task, ids=order.instances, algorithm=algorithm)
    plan = track_plan(
        instances=instances,
        first_frame=order.first_frame,
        last_frame=order.last_frame,
        direction=order.direction,
    )
    return algorithm, plan


def modality_check(*, task: Task, direction: Direction) -> None:
    kind = MediaKind(task.media.kind)
    allowed = TRACKABLE.get(kind, ())
    if not allowed:
        raise refused(
            "modality_not_trackable", f"Objects cannot be tracked on this modality: {kind.label.lower()}."
        )
    if direction not in allowed:
        raise refused(
            "direction_not_supported",
            f"On this modality objects are tracked forwards only: {kind.label.lower()}.",
        )


def range_check(*, task: Task, order: TrackOrder) -> None:
    first, last = order.first_frame, order.last_frame
    order_check(first, last)
    if first < task.first_frame or last > task.last_frame:
        raise refused(
            "frame_out_of_range",
            f"The range {first} to {last} lies outside the task's frames "
            f"{task.first_frame} to {task.last_frame}.",
        )
    if order.interval < 0:
        raise refused("interval_negative", "The tracking annotation interval cannot be negative.")
    if not 0 <= order.priority <= 1:
        raise refused("priority_out_of_range", "A priority lies between 0 and 1.")
    if order.instances_per_part is not None and order.instances_per_part < 1:
        raise refused("instances_per_part_too_small", "A part takes at least one instance.")
    cap = settings.EDITOR_TRACKING_FRAMES_MAX
    if order.from_editor and last - first + 1 > cap:
        raise refused(
            "range_too_long",
            f"From the editor at most {cap} frames are tracked at a time; use the drawer for longer ranges.",
        )


def instances_check(*, task: Task, ids: Sequence[int], algorithm: Algorithm) -> list[Instance]:
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        raise refused("no_instances", "Choose at least one instance to track.")
    found = instances_named(task=task, ids=wanted)
    missing = [str(pk) for pk in wanted if pk not in found]
    if missing:
        raise refused(
            "unknown_instance", f"This task has no instance {', '.join(missing)}.", instances=missing
        )
    for instance in found.values():
        shape = ShapeKind(instance.object_class.shape)
        if shape not in algorithm.shapes:
            raise refused(
                "shape_not_trackable",
                f"“{algorithm.name}” cannot track the shape of {instance}: {shape.value.replace('_', ' ')}.",
            )
    return [found[pk] for pk in wanted]


def instances_named(*, task: Task, ids: Sequence[int]) -> dict[int, Instance]:
    """Return those of ``ids`` that are in the task, with what an order asks of them: shape and name."""
    found = {}
    for pk, number, *told in rows_of(NAMED.replace("{ids}", places(len(ids))), [task.pk, *ids]):
        instance = model_of(Instance, ("id", "number"), (pk, number))
        instance.object_class = model_of(ObjectClass, ("id", "shape", "name"), tuple(told))
        found[pk] = instance
    return found


def job_store(
    *,
    user: User | None,
    task: Task,
    order: TrackOrder,
    plan: TrackPlan,
    algorithm: Algorithm,
    key: str | None,
) -> Job:
    groups = grouped(plan, order.instances_per_part)
    project_wakes(project_id=task.project_id)
    job = Job.objects.create(
        project_id=task.project_id,
        task=task,
        kind=JobKind.TRACK,
        algorithm=algorithm.name,
        direction=order.direction,
        first_frame=order.first_frame,
        last_frame=order.last_frame,
        priority=order.priority,
        parameters=asdict(order) | {"direction": str(order.direction)},
        idempotency_key=key or None,
        order_digest=order.digest() if key else "",
        warnings=list(plan.warnings),
        frames_total=sum(group.frames for group in groups),
        created_by=user,
        event_number=1,
    )
    claims_store(job=job, plan=plan)
    parts_store(job=job, groups=groups, capability=algorithm.capability)
    job_event_numbered(job=job, kind="job.queued")
    queue.ring_on_commit(algorithm.capability, times=len(groups))
    return job


def grouped(plan: TrackPlan, size: int | None) -> list[TrackPlan]:
    """Split the plan's objects into parts of ``size``."""
    size = size or len(plan.objects)
    return [
        TrackPlan(plan.first_frame, plan.last_frame, plan.direction, plan.objects[start : start + size])
        for start in range(0, len(plan.objects), size)
    ]


def overlap_error(plan: TrackPlan) -> LabelyardError | None:
    """The error that names the active job in the way, if there is one."""
    claim = (
        JobInstance.objects.filter(
            active=True,
            instance_id__in=[planned.instance_id for planned in plan.objects],
            first_frame__lte=plan.last_frame,
            last_frame__gte=plan.first_frame,
        )
        .select_related("instance__object_class")
        .order_by("job_id")
        .first()
    )
    if claim is None:
        return None
    return conflict(
        "job_overlaps",
        f"Job {claim.job_id} is already at work on {claim.instance} over frames "
        f"{claim.first_frame} to {claim.last_frame}. Wait for it, or cancel it.",
        job=claim.job_id,
    )
