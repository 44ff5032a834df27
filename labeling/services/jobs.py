"""Ordering jobs: what is asked is validated, planned and stored, and a bell is rung."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from django.db import IntegrityError, transaction

from labeling import queue
from labeling.errors import LabelyardError, conflict, refused
from labeling.models import Direction, Job, JobInstance, Task, User
from labeling.services.algorithms import INTERPOLATION, Algorithm, algorithm_get
from labeling.services.events import job_event_numbered
from labeling.services.fairness import project_wakes
from labeling.services.interpolation import interpolate_plan
from labeling.services.job_rows import Plan, claims_store, parts_store
from labeling.services.order_checks import instances_check, modality_check, range_check, stage_check
from labeling.services.orders import Order, TrackOrder
from labeling.services.plans import track_plan
from labeling.services.spreading import objects_per_part


@dataclass(frozen=True)
class Submitted:
    """``created`` is False when the idempotency key had been used for this very order before."""

    job: Job
    created: bool


def job_dry_run(*, task: Task, order: Order) -> Plan:
    """Validate ``order`` and say what it comes to, without storing anything."""
    return validated(task=task, order=order)[1]


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
        raise overlap_error(plan) or error from error
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
    modality_check(task=task, kind=order.kind, direction=direction_of(order))
    range_check(task=task, order=order)
    algorithm = algorithm_of(order)
    instances = instances_check(task=task, ids=order.instances, kind=order.kind, algorithm=algorithm)
    first, last = order.first_frame, order.last_frame
    if isinstance(order, TrackOrder):
        plan = track_plan(
            media=task.media,
            instances=instances,
            first_frame=first,
            last_frame=last,
            direction=order.direction,
        )
        noted = (algorithm.note, *plan.warnings) if algorithm.note else plan.warnings
        return algorithm, replace(plan, warnings=noted)
    return algorithm, interpolate_plan(instances=instances, first_frame=first, last_frame=last)


def direction_of(order: Order) -> Direction:
    """Interpolation has none; its frames are filled forwards."""
    return order.direction if isinstance(order, TrackOrder) else Direction.FORWARDS


def algorithm_of(order: Order) -> Algorithm:
    return algorithm_get(order.algorithm) if isinstance(order, TrackOrder) else INTERPOLATION


def job_store(
    *,
    user: User | None,
    task: Task,
    order: Order,
    plan: Plan,
    algorithm: Algorithm,
    key: str | None,
) -> Job:
    size = order.instances_per_part or objects_per_part(objects=len(plan.objects), algorithm=algorithm)
    groups = plan.groups(size)
    direction = direction_of(order)
    project_wakes(project_id=task.project_id)
    job = Job.objects.create(
        project_id=task.project_id,
        task=task,
        kind=order.kind,
        algorithm=algorithm.name,
        direction=direction,
        first_frame=order.first_frame,
        last_frame=order.last_frame,
        priority=order.priority,
        parameters=asdict(order) | {"direction": str(direction)},
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


def overlap_error(plan: Plan) -> LabelyardError | None:
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
