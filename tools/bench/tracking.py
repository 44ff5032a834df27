"""A tracking job through the queue against a bare loop of the same backend over the same frames.

The bare loop decodes with the same reader and does nothing but step; the job adds claim, commits,
checkpoints, heartbeats and the queue. Both are timed alternately, on the demo's film.
"""

from __future__ import annotations

from tools import ready  # noqa: F401

# isort: split
import os
import tempfile
import time
from pathlib import Path

from labeling.demo.video import FIRST_FRAME, LAST_FRAME, RIDER, VAN, demo_video
from labeling.geometry.packing import shape_pack
from labeling.geometry.shapes import Shape, ShapeKind
from labeling.geometry.wire import shape_from_json
from labeling.label_rows import LabelRow
from labeling.models import Job, Project, Provenance, Task
from labeling.services.jobs import job_submit
from labeling.services.label_rows import labels_upsert
from labeling.services.orders import TrackOrder
from tests.engine.clips import media_of_file
from tests.factories import make_instance, make_ontology
from tools.bench.lines import figure, median
from tools.faults.orders import all_ended
from tools.faults.shop import Shop, wait_for
from workers.backends.base import Seed
from workers.backends.registry import tracker_get
from workers.frames import frames_of_media

ROUNDS = 3
SHAPES: dict[ShapeKind, Shape] = {
    kind: shape_from_json(kind, value, width=640, height=272)
    for kind, value in ((ShapeKind.BOUNDING_BOX, VAN), (ShapeKind.POLYGON, RIDER))
}


def main() -> None:
    project = Project.objects.create(name="Bench", ontology=make_ontology())
    task = Task.objects.get(media=media_of_file(project, demo_video()))
    bare, queued = [], []
    with (
        tempfile.TemporaryDirectory() as logs,
        Shop(environment=dict(os.environ), workers=1, logs=Path(logs), hasty=False),
    ):
        queued_run(task)  # the worker's first job pays for its imports
        for _ in range(ROUNDS):
            bare.append(bare_loop(task))
            queued.append(queued_run(task))
    frames = LAST_FRAME - FIRST_FRAME + 1
    figure(
        "tracking_through_queue",
        frames / median(queued),
        "frames/s",
        ratio=median(bare) / median(queued),
        reference=f"a bare loop of {frames / median(bare):.3g} frames/s",
    )


def queued_run(task: Task, *, algorithm: str = "fast") -> float:
    """Seconds from the order to the job's end, for the demo's van and rider as new instances."""
    instances = seeded(task)
    start = time.monotonic()
    order = TrackOrder(
        instances=instances, first_frame=FIRST_FRAME, last_frame=LAST_FRAME, algorithm=algorithm
    )
    job = job_submit(user=None, task=task, order=order).job
    wait_for(lambda: all_ended([job]), seconds=300, what="the end of the job")
    seconds = time.monotonic() - start
    job = Job.objects.get(pk=job.pk)
    if job.state != "succeeded":
        raise AssertionError(job.error)
    return seconds


def seeded(task: Task) -> tuple[int, ...]:
    task.refresh_from_db()
    made = []
    for kind, shape in SHAPES.items():
        instance = make_instance(task=task, shape=kind)
        row = LabelRow(instance.pk, FIRST_FRAME, shape_pack(shape), Provenance.MANUAL, protected=True)
        labels_upsert(task_id=task.pk, seq=1, rows=[row])
        made.append(instance.pk)
    return tuple(made)


def bare_loop(task: Task, *, algorithm: str = "fast") -> float:
    """Seconds that the backend alone takes over the same frames."""
    start = time.monotonic()
    with frames_of_media(task.media) as frames:
        session = tracker_get(algorithm).open(frames, parameters={})
        seeds = [Seed(number, shape) for number, shape in enumerate(SHAPES.values())]
        session.seed(frame=FIRST_FRAME, seeds=seeds)
        for frame in range(FIRST_FRAME + 1, LAST_FRAME + 1):
            session.step(frame=frame)
        session.close()
    return time.monotonic() - start


if __name__ == "__main__":
    main()
