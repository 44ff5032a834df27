"""Equal tasks with equal orders, so that any two runs must end with equal labels."""

from __future__ import annotations

from collections.abc import Sequence

from labeling.geometry.packing import shape_pack
from labeling.geometry.shapes import Box, ShapeKind
from labeling.label_rows import LabelRow
from labeling.models import FINAL_STATES, Instance, Job, Media, Provenance, Task
from labeling.services.instances import new_object_hash
from labeling.services.jobs import job_submit
from labeling.services.label_rows import labels_upsert
from labeling.services.orders import TrackOrder

OBJECTS = 3
FRAMES = 60
KEY_FRAME = 25
ABSENT_FRAME = 40
# A pace at which a kill finds a part at work; gaps, a key frame and an absent mark on the way.
SCRIPT = {"dx": 0.4, "dy": 0.2, "missing": [[10, 13]], "confidence": [[0, 1.0], [59, 0.4]]}


def make_task(media: Media) -> Task:
    """A task with a few boxes on frame 0, a key frame and an absent mark, always the same."""
    task = Task.objects.create(
        project=media.project, media=media, title=media.title, first_frame=0, last_frame=FRAMES - 1,
        instance_count=OBJECTS,
    )  # fmt: skip
    box_class = media.project.ontology.classes.filter(shape=ShapeKind.BOUNDING_BOX.value)[0]
    for number in range(1, OBJECTS + 1):
        instance = Instance.objects.create(
            task=task, object_class=box_class, object_hash=new_object_hash(), number=number
        )
        labels_upsert(task_id=task.pk, seq=1, rows=hand_made(instance, number))
    Task.objects.filter(pk=task.pk).update(seq=1)
    return task


def hand_made(instance: Instance, number: int) -> list[LabelRow]:
    shapes = {
        0: shape_pack(Box(10 * number, 20, 20, 30)),
        KEY_FRAME: shape_pack(Box(8 * number, 30, 18, 28)),
        ABSENT_FRAME: None,
    }
    return [
        LabelRow(instance.pk, frame, geometry, Provenance.MANUAL, protected=True)
        for frame, geometry in shapes.items()
    ]


def submit(task: Task, *, delay: float = 0.01, instances_per_part: int | None = None) -> Job:
    """Order the run; ``delay`` seconds a frame is all that may differ between runs."""
    order = TrackOrder(
        instances=tuple(Instance.objects.filter(task=task).order_by("number").values_list("pk", flat=True)),
        first_frame=0,
        last_frame=FRAMES - 1,
        algorithm="scripted",
        instances_per_part=instances_per_part,
        backend={"script": {**SCRIPT, "delay_seconds": delay}},
    )
    return job_submit(user=None, task=task, order=order).job


def all_ended(jobs: Sequence[Job]) -> bool:
    """True when every job is in a final state."""
    return not Job.objects.filter(pk__in=[job.pk for job in jobs]).exclude(state__in=FINAL_STATES).exists()
