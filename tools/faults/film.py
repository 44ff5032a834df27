"""Equal orders for the fast tracker on a real film, with key frames on the way."""

from __future__ import annotations

from labeling.demo.video import FIRST_FRAME, LAST_FRAME, RIDER, VAN, demo_video
from labeling.geometry.masks import mask_to_shape, shape_to_mask
from labeling.geometry.packing import shape_pack
from labeling.geometry.shapes import Shape, ShapeKind
from labeling.label_rows import LabelRow
from labeling.models import Instance, Job, Media, Project, Provenance, Task
from labeling.services.instances import new_object_hash
from labeling.services.jobs import job_submit
from labeling.services.label_rows import labels_upsert
from labeling.services.orders import TrackOrder
from tests.engine.clips import media_of_file

KEY_FRAME = FIRST_FRAME + 12
LAST = FIRST_FRAME + 24
WIDTH, HEIGHT = 640, 272


def film_media(project: Project) -> Media:
    """Register the demo's film, read by the worker's own probe; once a project."""
    known = Media.objects.filter(project=project, title=demo_video().name).first()
    media = known or media_of_file(project, demo_video())
    media.refresh_from_db()
    return media


def film_shapes() -> dict[ShapeKind, Shape]:
    """The van as a box, the rider as a polygon and as a bitmask."""
    mask = mask_to_shape(shape_to_mask(RIDER, width=WIDTH, height=HEIGHT), ShapeKind.BITMASK)
    assert mask is not None
    return {ShapeKind.BOUNDING_BOX: VAN, ShapeKind.POLYGON: RIDER, ShapeKind.BITMASK: mask}


def film_task(media: Media) -> Task:
    """A task with the objects on the shot's first frame and again, hardly moved, on a key frame."""
    task = Task.objects.create(
        project=media.project,
        media=media,
        title=media.title,
        first_frame=FIRST_FRAME,
        last_frame=LAST_FRAME,
        instance_count=len(film_shapes()),
    )
    for number, (kind, shape) in enumerate(film_shapes().items(), start=1):
        object_class = media.project.ontology.classes.filter(shape=kind.value)[0]
        instance = Instance.objects.create(
            task=task, object_class=object_class, object_hash=new_object_hash(), number=number
        )
        rows = [
            LabelRow(instance.pk, frame, shape_pack(shape), Provenance.MANUAL, protected=True)
            for frame in (FIRST_FRAME, KEY_FRAME)
        ]
        labels_upsert(task_id=task.pk, seq=1, rows=rows)
    Task.objects.filter(pk=task.pk).update(seq=1)
    return task


def film_submit(task: Task) -> Job:
    """Order the fast tracker over the shot."""
    instances = Instance.objects.filter(task=task).order_by("number").values_list("pk", flat=True)
    order = TrackOrder(instances=tuple(instances), first_frame=FIRST_FRAME, last_frame=LAST, algorithm="fast")
    return job_submit(user=None, task=task, order=order).job
