"""Ordering jobs: what is asked is validated, planned and stored, and a bell is rung."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction

from labeling import queue
from labeling.errors import refused
from labeling.models import Direction, Instance, Job, Task, User
from labeling.services.algorithms import INTERPOLATION, Algorithm, algorithm_get
from labeling.services.detect_checks import detect_check
from labeling.services.detection import DetectPlan, detect_plan
from labeling.services.events import jobs_event_write
from labeling.services.fairness import project_wakes
from labeling.services.interpolation import interpolate_plan
from labeling.services.job_rows import Plan, claims_store, jobs_insert, parts_store
from labeling.services.order_checks import (
    extent_check,
    instances_check,
    modality_check,
    range_check,
    stage_check,
)
from labeling.services.orders import DetectOrder, InstancesOrder, InterpolateOrder, Order, TrackOrder
from labeling.services.overlaps import Prepared, overlaps
from labeling.services.plans import TrackPlan, track_plan
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
            project_wakes(project_id=task.project_id)
            (job,) = jobs_store(
                user=user, prepared=[Prepared(task, order, algorithm, plan)], key=idempotency_key
            )
    except IntegrityError as error:
        if idempotency_key:
            known = submitted_before(task=task, order=order, key=idempotency_key)
            if known:
                return known
        raise overlaps([Prepared(task, order, algorithm, plan)]).get(task.pk) or error from error
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
    algorithm = task_validated(task=task, order=order)
    instances = instances_check(task=task, ids=order.instances, kind=order.kind, algorithm=algorithm)
    return algorithm, instances_plan(task=task, order=order, algorithm=algorithm, instances=instances)


def task_validated(*, task: Task, order: TrackOrder | InterpolateOrder) -> Algorithm:
    """Check what an order on instances asks of the task, and return the algorithm."""
    modality_check(task=task, kind=order.kind, direction=direction_of(order))
    range_check(task=task, order=order)
    extent_check(order)
    return algorithm_get(order.algorithm) if isinstance(order, TrackOrder) else INTERPOLATION


def instances_plan(
    *,
    task: Task,
    order: TrackOrder | InterpolateOrder,
    algorithm: Algorithm,
    instances: Sequence[Instance],
) -> Plan:
    """Plan an order whose instances were checked."""
    first, last = order.first_frame, order.last_frame
    if isinstance(order, InterpolateOrder):
        return interpolate_plan(instances=instances, first_frame=first, last_frame=last)
    plan = track_plan(
        media=task.media,
        instances=instances,
        first_frame=first,
        last_frame=last,
        direction=direction_of(order),
    )
    return noted(plan, algorithm)


def noted(plan: TrackPlan, algorithm: Algorithm) -> TrackPlan:
    """The plan with what people should know of its algorithm."""
    return replace(plan, warnings=(algorithm.note, *plan.warnings)) if algorithm.note else plan


def direction_of(order: Order) -> Direction:
    """Only tracking has one; other jobs go through their frames forwards."""
    return order.direction if isinstance(order, TrackOrder) else Direction.FORWARDS


def groups_of(order: Order, plan: Plan, algorithm: Algorithm, *, alone: bool = False) -> Sequence[Plan]:
    """Split the plan into what one worker takes each. Linking needs all frames in their order.

    With ``alone`` one worker takes all of it.
    """
    if alone:
        return plan.groups(None)
    if isinstance(plan, DetectPlan):
        linked = isinstance(order, DetectOrder) and order.link
        return plan.groups(None if linked else frames_per_part(frames=plan.frames, algorithm=algorithm))
    told = order.instances_per_part if isinstance(order, InstancesOrder) else None
    return plan.groups(told or objects_per_part(objects=len(plan.objects), algorithm=algorithm))


def parameters_of(order: Order, plan: Plan) -> dict[str, Any]:
    """The order as it was understood: what was left out is said."""
    told = asdict(order) if isinstance(order, DetectOrder) else vars(order)
    parameters = {**told, "direction": str(direction_of(order))}
    if isinstance(plan, DetectPlan):
        parameters |= {"detector": plan.detector.name, "classes": [asdict(one) for one in plan.classes]}
    return parameters


def jobs_store(
    *, user: User | None, prepared: Sequence[Prepared], key: str | None = None, batch_id: int | None = None
) -> list[Job]:
    """Queue what was prepared, in as many statements however many jobs; within the caller's transaction.

    All are of one project, which was woken. Jobs of a batch are one part each: other jobs keep the
    workers busy. Raises ``IntegrityError`` when another job is at work on something of them.
    """
    groups = [groups_of(one.order, one.plan, one.algorithm, alone=batch_id is not None) for one in prepared]
    jobs = [
        job_of(one, frames=sum(part.frames for part in parts), user=user, key=key, batch_id=batch_id)
        for one, parts in zip(prepared, groups, strict=True)
    ]
    jobs_insert(jobs)
    claims_store([(job, one.plan) for job, one in zip(jobs, prepared, strict=True)])
    parts_store([(job, parts, one.algorithm) for job, parts, one in zip(jobs, groups, prepared, strict=True)])
    jobs_event_write(job_ids=[job.pk for job in jobs], kind="job.queued", payload={"state": "queued"})
    bells: Counter[str] = Counter()
    for one, parts in zip(prepared, groups, strict=True):
        bells[one.algorithm.capability] += len(parts)
    for capability, times in bells.items():
        queue.ring_on_commit(capability, times=times)
    return jobs


def job_of(
    prepared: Prepared, *, frames: int, user: User | None, key: str | None, batch_id: int | None
) -> Job:
    """Return the row of a job, which is not stored yet."""
    task, order, algorithm, plan = prepared.task, prepared.order, prepared.algorithm, prepared.plan
    return Job(
        project_id=task.project_id,
        task=task,
        batch_id=batch_id,
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
        frames_total=frames,
        created_by_id=user.pk if user else None,
        event_number=1,
    )
