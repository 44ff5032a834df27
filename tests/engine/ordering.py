"""Short words for the engine's tests: order, claim, write."""

from __future__ import annotations

from typing import Any

from labeling.geometry.packing import shape_pack
from labeling.geometry.shapes import Box
from labeling.models import Instance, Job, Label, Part, PartState, Task
from labeling.services.jobs import Submitted, job_submit
from labeling.services.orders import TrackOrder
from tests import factories
from workers.claim import Lease, claim_part
from workers.writer import Batch, Found, commit


def seeded_instance(task: Task, *, frame: int = 0) -> Instance:
    """An instance with a person's box on ``frame``."""
    instance = factories.make_instance(task=task)
    factories.make_label(instance=instance, frame=frame)
    return instance


def track(task: Task, *instances: Instance, first: int = 0, last: int = 9, **words: Any) -> Job:
    """Queue a tracking job."""
    return submit(task, *instances, first=first, last=last, **words).job


def submit(
    task: Task, *instances: Instance, first: int = 0, last: int = 9, key: str | None = None, **words: Any
) -> Submitted:
    """Order tracking of ``instances`` over an inclusive range."""
    words.setdefault("algorithm", "scripted")
    order = TrackOrder(
        instances=tuple(instance.pk for instance in instances), first_frame=first, last_frame=last, **words
    )
    return job_submit(user=None, task=task, order=order, idempotency_key=key)


def claim(holder: str = "a worker") -> Lease | None:
    """Claim whatever is next."""
    return claim_part(capability="cpu", holder=holder, algorithms=["scripted", "fast"])


def claimed(holder: str = "a worker") -> Lease:
    """Claim, and there is something to claim."""
    lease = claim(holder)
    assert lease is not None
    return lease


def boxes(instance: Instance, frames: range, *, left: float = 10.0) -> list[Found]:
    """A found box on each frame."""
    return [Found(instance.pk, frame, shape_pack(Box(left + frame, 20, 30, 40)), 0.5) for frame in frames]


def missing(instance: Instance, frames: range) -> list[Found]:
    """The instance missing on each frame."""
    return [Found(instance.pk, frame, None, 0.0) for frame in frames]


def write(
    lease: Lease, task: Task, found: list[Found], *, position: int, ends: PartState | None = None
) -> str:
    """Commit ``found``; the part stands at ``position`` then."""
    done = Part.objects.values_list("frames_done", flat=True).get(pk=lease.part_id)
    frames = len({one.frame for one in found})
    total = Part.objects.values_list("frames_total", flat=True).get(pk=lease.part_id)
    batch = Batch(position=position, checkpoint=b"", frames=min(frames, total - done), found=found)
    return commit(lease=lease, task_id=task.pk, batch=batch, ends=ends)


def finished_run(task: Task, instance: Instance, *, first: int = 0, last: int = 9) -> Job:
    """A job that wrote a box on each frame after its seed on ``first``, and succeeded."""
    job = track(task, instance, first=first, last=last)
    lease = claimed()
    write(lease, task, boxes(instance, range(first + 1, last + 1)), position=last, ends=PartState.DONE)
    job.refresh_from_db()
    return job


def dump(task: Task) -> list[tuple[int, int, bytes | None, int, bool, int | None]]:
    """All labels of the task as plain values: instance, frame, geometry, provenance, protected, job."""
    labels = Label.objects.filter(task=task).order_by("instance_id", "frame")
    return [
        (
            label.instance_id, label.frame, None if label.geometry is None else bytes(label.geometry),
            label.provenance, label.protected, label.job_id,
        )
        for label in labels
    ]  # fmt: skip
