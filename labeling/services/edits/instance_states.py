"""An instance apart from what is said of it, as JSON, and made again from it."""

from __future__ import annotations

from datetime import datetime

from labeling.models import Instance, Job, JobInstance, Task, User
from labeling.services.edits.journal import InstanceState


def instance_state(instance: Instance) -> InstanceState:
    """Return what has to be known to make the instance again under its own id."""
    claims = JobInstance.objects.filter(instance=instance, active=False).order_by("job_id")
    told = claims.values_list("job_id", "first_frame", "last_frame")
    return {**new_instance_state(instance), "claims": [list(claim) for claim in told]}


def new_instance_state(instance: Instance) -> InstanceState:
    """Return the same of one that no job can have claimed yet."""
    return {
        "object_class": instance.object_class_id,
        "object_hash": instance.object_hash,
        "number": instance.number,
        "created_by": instance.created_by_id,
        "created_by_job": instance.created_by_job_id,
        "created_at": instance.created_at.isoformat(),
        "claims": [],
    }


def instance_again(*, pk: int, task_id: int, state: InstanceState) -> Instance:
    """Make a deleted instance again: the same id, hash and number; versions above all that it had."""
    floor = Task.objects.values_list("version_floor", flat=True).get(pk=task_id)
    created_by, created_by_job = state["created_by"], state["created_by_job"]
    instance = Instance.objects.create(
        pk=pk,
        task_id=task_id,
        object_class_id=state["object_class"],
        object_hash=state["object_hash"],
        number=state["number"],
        version=floor + 1,
        label_floor=floor,
        created_by_id=created_by if User.objects.filter(pk=created_by).exists() else None,
        created_by_job_id=created_by_job if Job.objects.filter(pk=created_by_job).exists() else None,
        created_at=datetime.fromisoformat(state["created_at"]),
    )
    known = set(Job.objects.filter(pk__in=[job for job, *_ in state["claims"]]).values_list("pk", flat=True))
    JobInstance.objects.bulk_create(
        JobInstance(job_id=job, instance=instance, first_frame=first, last_frame=last, active=False)
        for job, first, last in state["claims"]
        if job in known
    )
    return instance
