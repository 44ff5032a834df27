"""Ordering jobs: what is asked is validated, planned and stored, and a bell is rung."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction

from labeling import queue
from labeling.errors import LabelyardError, conflict, refused
from labeling.models import Direction, Job, JobClass, JobInstance, Task, User
from labeling.services.algorithms import INTERPOLATION, Algorithm, algorithm_get
from labeling.services.detect_checks import detect_check
from labeling.services.detection import DetectPlan, detect_plan
from labeling.services.events import job_event_numbered
from labeling.services.fairness import project_wakes
from labeling.services.interpolation import interpolate_plan
from labeling.services.job_rows import Plan, claims_store, parts_store
from labeling.services.order_checks import (
    extent_check,
    instances_check,
    modality_check,
    range_check,
    stage_check,
)
from labeling.services.orders import DetectOrder, InstancesOrder, InterpolateOrder, Order, TrackOrder
from labeling.services.plans import track_plan
from labeling.services.spreading import frames_per_part, objects_per_part


@dataclass(frozen=True)
class Submitted:
    """``created`` is False when the idempotency key had been used for this very order before."""

    job: Job
    created: bool


def job_dry_run(*, task: Task, order: Order) -> tuple[Algorithm, Plan]:
    """Validate ``order`` and say what would run it and what it comes to, without storing anything."""
    return validated(task=task, order=order)


def job_submit(
    *, user: User | None, task: Task, order: Order, idempotency_key: str | None = None
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
        raise overlap_error(plan, task=task) or error from error
    return Submitted(job, created=True)


def submitted_before(*, task: Task, order: Order, key: str) -> Submitted | None:
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


def validated(*, task: Task, order: Order) -> tuple[Algorithm, Plan]:
    """Check the order and plan it. Raises 409 and 422 with a sentence."""
    stage_check(task)
    if isinstance(order, DetectOrder):
        classes = detect_check(task=task, order=order)
        range_check(task=task, order=order)
        plan = detect_plan(task=task, order=order, classes=classes)
        return plan.algorithm, plan
    if isinstance(order, TrackOrder | InterpolateOrder):
        return instances_validated(task=task, order=order)
    raise AssertionError(f"No plan is made of {order.kind}.")


def instances_validated(*, task: Task, order: TrackOrder | InterpolateOrder) -> tuple[Algorithm, Plan]:
    """``validated`` for an order on instances that are there."""
    direction = direction_of(order)
    modality_check(task=task, kind=order.kind, direction=direction)
    range_check(task=task, order=order)
    extent_check(order)
    first, last = order.first_frame, order.last_frame
    algorithm = algorithm_get(order.algorithm) if isinstance(order, TrackOrder) else INTERPOLATION
    instances = instances_check(task=task, ids=order.instances, kind=order.kind, algorithm=algorithm)
    if isinstance(order, InterpolateOrder):
        return algorithm, interpolate_plan(instances=instances, first_frame=first, last_frame=last)
    plan = track_plan(
        media=task.media, instances=instances, first_frame=first, last_frame=last, direction=direction
    )
    noted = (algorithm.note, *plan.warnings) if algorithm.note else plan.warnings
    return algorithm, replace(plan, warnings=noted)


def direction_of(order: Order) -> Direction:
    """Only tracking has one; other jobs go through their frames forwards."""
    return order.direction if isinstance(order, TrackOrder) else Direction.FORWARDS


def groups_of(order: Order, plan: Plan, algorithm: Algorithm) -> Sequence[Plan]:
    """Split the plan into what one worker takes each. Linking needs all frames in their order."""
    if isinstance(plan, DetectPlan):
        alone = isinstance(order, DetectOrder) and order.link
        return plan.groups(None if alone else frames_per_part(frames=plan.frames, algorithm=algorithm))
    told = order.instances_per_part if isinstance(order, InstancesOrder) else None
    return plan.groups(told or objects_per_part(objects=len(plan.objects), algorithm=algorithm))


def parameters_of(order: Order, plan: Plan) -> dict[str, Any]:
    """The order as it was understood: what was left out is said."""
    parameters = asdict(order) | {"direction": str(direction_of(order))}
    if isinstance(plan, DetectPlan):
        parameters |= {"detector": plan.detector.name, "classes": [asdict(one) for one in plan.classes]}
    return parameters


def job_store(
    *,
    user: User | None,
    task: Task,
    order: Order,
    plan: Plan,
    algorithm: Algorithm,
    key: str | None,
) -> Job:
    groups = groups_of(order, plan, algorithm)
    project_wakes(project_id=task.project_id)
    job = Job.objects.create(
        project_id=task.project_id,
        task=task,
        kind=order.kind,
        algorithm=plan.detector.name if isinstance(plan, DetectPlan) else algorithm.name,
        direction=direction_of(order),
        first_frame=order.first_frame,
        last_frame=order.last_frame,
        priority=order.priority,
        parameters=parameters_of(order, plan),
        idempotency_key=key or None,
        order_digest=order.digest() if key else "",
        warnings=list(plan.warnings),
        frames_total=sum(group.frames for group in groups),
        created_by=user,
        event_number=1,
    )
    claims_store(job=job, plan=plan)
    parts_store(job=job, groups=groups, algorithm=algorithm)
    job_event_numbered(job=job, kind="job.queued")
    queue.ring_on_commit(algorithm.capability, times=len(groups))
    return job


def overlap_error(plan: Plan, *, task: Task) -> LabelyardError | None:
    """The error that names the active job in the way, if there is one."""
    claim: JobInstance | JobClass | None
    if isinstance(plan, DetectPlan):
        claim = class_claimed(plan, task=task)
        what = f"looking for “{claim.object_class}”" if claim else ""
    else:
        claim = instance_claimed(plan)
        what = f"at work on {claim.instance}" if claim else ""
    if claim is None:
        return None
    return conflict(
        "job_overlaps",
        f"Job {claim.job_id} is already {what} over frames "
        f"{claim.first_frame} to {claim.last_frame}. Wait for it, or cancel it.",
        job=claim.job_id,
    )


def instance_claimed(plan: Plan) -> JobInstance | None:
    claims = JobInstance.objects.filter(
        active=True,
        instance_id__in=[planned.instance_id for planned in plan.objects],
        first_frame__lte=plan.last_frame,
        last_frame__gte=plan.first_frame,
    )
    return claims.select_related("instance__object_class").order_by("job_id").first()


def class_claimed(plan: DetectPlan, *, task: Task) -> JobClass | None:
    claims = JobClass.objects.filter(
        active=True,
        task=task,
        object_class_id__in=[planned.object_class for planned in plan.classes],
        first_frame__lte=plan.last_frame,
        last_frame__gte=plan.first_frame,
    )
    return claims.select_related("object_class").order_by("job_id").first()
