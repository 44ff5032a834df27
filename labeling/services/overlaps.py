"""Which orders another job is in the way of: it is at work on their instances, or looks for their classes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from labeling.errors import LabelyardError, conflict
from labeling.models import JobClass, JobInstance, Task
from labeling.services.algorithms import Algorithm
from labeling.services.detection import DetectPlan
from labeling.services.job_rows import Plan
from labeling.services.orders import Order
from labeling.statements import places, rows_of

Claim = JobInstance | JobClass
IDS_A_READ = 5000
CLAIMED = (
    "SELECT DISTINCT instance_id FROM labeling_jobinstance WHERE active AND instance_id IN ({instances})"
)


@dataclass(frozen=True)
class Prepared:
    """An order that was checked and planned, and is not stored yet."""

    task: Task
    order: Order
    algorithm: Algorithm
    plan: Plan


def overlaps(prepared: Sequence[Prepared]) -> dict[int, LabelyardError]:
    """Return the error of each order that an active job is in the way of, by its task's id.

    Each names the first such job. Two queries, however many orders; a task has at most one of them.
    """
    found: dict[int, LabelyardError] = {}
    by_instance = claimed_instances([pk for one in prepared for pk in instances_of(one.plan)])
    by_class = claimed_classes([one.task.pk for one in prepared if isinstance(one.plan, DetectPlan)])
    for one in prepared:
        claims = claims_of(one, by_instance, by_class)
        first = one.plan.first_frame, one.plan.last_frame
        ahead = [claim for claim in claims if claim.first_frame <= first[1] and claim.last_frame >= first[0]]
        if ahead:
            found[one.task.pk] = overlap_error(min(ahead, key=lambda claim: claim.job_id))
    return found


def instances_of(plan: Plan) -> list[int]:
    return [planned.instance_id for planned in plan.objects]


def claims_of(
    one: Prepared, by_instance: Mapping[int, list[Claim]], by_class: Mapping[tuple[int, int], list[Claim]]
) -> Iterable[Claim]:
    """The active claims on what the order is about, whatever their frames."""
    if isinstance(one.plan, DetectPlan):
        keys = [(one.task.pk, wanted.object_class) for wanted in one.plan.classes]
        return [claim for key in keys for claim in by_class.get(key, ())]
    return [claim for pk in instances_of(one.plan) for claim in by_instance.get(pk, ())]


def claimed_instances(pks: Sequence[int]) -> dict[int, list[Claim]]:
    claims: dict[int, list[Claim]] = {}
    for start in range(0, len(pks), IDS_A_READ):
        some = pks[start : start + IDS_A_READ]
        # Few of many are claimed, if any: those alone are read whole.
        claimed = [pk for (pk,) in rows_of(CLAIMED.replace("{instances}", places(len(some))), some)]
        rows = JobInstance.objects.filter(active=True, instance_id__in=claimed)
        for claim in rows.select_related("instance__object_class") if claimed else ():
            claims.setdefault(claim.instance_id, []).append(claim)
    return claims


def claimed_classes(task_ids: Sequence[int]) -> dict[tuple[int, int], list[Claim]]:
    rows = JobClass.objects.filter(active=True, task_id__in=task_ids) if task_ids else JobClass.objects.none()
    claims: dict[tuple[int, int], list[Claim]] = {}
    for claim in rows.select_related("object_class"):
        claims.setdefault((claim.task_id, claim.object_class_id), []).append(claim)
    return claims


def overlap_error(claim: Claim) -> LabelyardError:
    """The error that names the active job in the way."""
    if isinstance(claim, JobClass):
        what = f"looking for “{claim.object_class}”"
    else:
        what = f"at work on {claim.instance}"
    return conflict(
        "job_overlaps",
        f"Job {claim.job_id} is already {what} over frames "
        f"{claim.first_frame} to {claim.last_frame}. Wait for it, or cancel it.",
        job=claim.job_id,
    )
