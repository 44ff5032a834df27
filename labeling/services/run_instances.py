"""The instances that a run made: taken back with its labels, and made again with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import F, Max
from django.db.models.functions import Greatest

from labeling.models import (
    AttributeAnswer,
    ChangeKind,
    Comment,
    Instance,
    Job,
    JobInstance,
    Label,
    ReviewDecision,
    RunInstance,
    Task,
)
from labeling.services.sequence import change_record

ROWS_A_LOOK = 500


@dataclass(frozen=True)
class Instances:
    """``moved`` instances are gone (or came back, on redo): their ids. ``kept`` stay as they are."""

    moved: frozenset[int] = frozenset()
    kept: int = 0


def instances_take_back(*, job: Job, seq: int) -> Instances:
    """Remove the instances that the run made, once its labels are gone.

    One that somebody touched, or added something to, stays. To be called with the task's lock held.
    """
    moved: set[int] = set()
    kept = 0
    for made in slices(list(RunInstance.objects.filter(job=job, taken_back=False).order_by("instance_id"))):
        there = instances_there(job, made)
        free = there.keys() - touched(job, there)
        kept += len(there) - len(free)
        moved |= free
        versions_keep(job, free)
        # Not by each instance's own delete(), which forgets its number.
        Instance.objects.filter(pk__in=free).delete()
        RunInstance.objects.filter(job=job, instance_id__in=free).update(taken_back=True)
    tell(job, moved, seq=seq, kind=ChangeKind.INSTANCE_DELETED)
    return Instances(frozenset(moved), kept)


def instances_bring_back(*, job: Job, seq: int) -> Instances:
    """Make again what ``instances_take_back`` removed: the same ids, hashes and numbers."""
    moved: set[int] = set()
    kept = 0
    floor = Task.objects.values_list("version_floor", flat=True).get(pk=job.task_id)
    for made in slices(list(RunInstance.objects.filter(job=job, taken_back=True).order_by("instance_id"))):
        hashes = Instance.objects.filter(
            task_id=job.task_id, object_hash__in=[one.object_hash for one in made]
        )
        taken = set(hashes.values_list("object_hash", flat=True))
        again = [one for one in made if one.object_hash not in taken]
        kept += len(made) - len(again)
        moved |= {one.instance_id for one in again}
        make_again(job, again, floor=floor)
    tell(job, moved, seq=seq, kind=ChangeKind.INSTANCE)
    return Instances(frozenset(moved), kept)


def slices(made: Sequence[RunInstance]) -> Iterator[Sequence[RunInstance]]:
    for start in range(0, len(made), ROWS_A_LOOK):
        yield made[start : start + ROWS_A_LOOK]


def instances_there(job: Job, made: Sequence[RunInstance]) -> dict[int, RunInstance]:
    """Return those that are still there, by the ids of their instances."""
    there = Instance.objects.filter(task_id=job.task_id, pk__in=[one.instance_id for one in made])
    known = set(there.values_list("pk", flat=True))
    return {one.instance_id: one for one in made if one.instance_id in known}


def touched(job: Job, there: dict[int, RunInstance]) -> set[int]:
    """Return those that have labels, answers, decisions or comments, another class, or another job's work."""
    ids = list(there)
    found = set(Label.objects.filter(instance_id__in=ids).values_list("instance_id", flat=True))
    found |= set(AttributeAnswer.objects.filter(instance_id__in=ids).values_list("instance_id", flat=True))
    found |= set(ReviewDecision.objects.filter(instance_id__in=ids).values_list("instance_id", flat=True))
    claims = JobInstance.objects.filter(instance_id__in=ids).exclude(job=job)
    found |= set(claims.values_list("instance_id", flat=True))
    hashes = {one.object_hash: pk for pk, one in there.items()}
    comments = Comment.objects.filter(task_id=job.task_id, object_hash__in=list(hashes))
    found |= {hashes[told] for told in comments.values_list("object_hash", flat=True)}
    classes = Instance.objects.filter(pk__in=ids).values_list("pk", "object_class_id")
    return found | {pk for pk, class_id in classes if there[pk].object_class_id != class_id}


def versions_keep(job: Job, instances: set[int]) -> None:
    """Remember the versions that go, so that what comes back starts above."""
    rows = Instance.objects.filter(pk__in=instances)
    greatest = rows.aggregate(version=Max("version"), label=Max("label_floor"))
    floor = max(greatest["version"] or 0, greatest["label"] or 0)
    Task.objects.filter(pk=job.task_id).update(version_floor=Greatest(F("version_floor"), floor))


def make_again(job: Job, made: Sequence[RunInstance], *, floor: int) -> None:
    Instance.objects.bulk_create(
        Instance(
            pk=one.instance_id,
            task_id=job.task_id,
            object_class_id=one.object_class_id,
            object_hash=one.object_hash,
            number=one.number,
            version=floor + 1,
            label_floor=floor,
            created_by_job=job,
            created_at=one.created_at,
        )
        for one in made
    )
    JobInstance.objects.bulk_create(
        JobInstance(
            job=job,
            instance_id=one.instance_id,
            first_frame=job.first_frame,
            last_frame=job.last_frame,
            active=False,
        )
        for one in made
    )
    RunInstance.objects.filter(pk__in=[one.pk for one in made]).update(taken_back=False)


def tell(job: Job, moved: set[int], *, seq: int, kind: ChangeKind) -> None:
    if moved:
        change_record(task_id=job.task_id, seq=seq, kind=kind, instances=moved, job_id=job.pk)
