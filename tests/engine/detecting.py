"""Short words for the tests of detecting jobs: pictures with flat things, orders, what came of them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from labeling.geometry.rle import rle_encode
from labeling.geometry.shapes import ShapeKind
from labeling.media.kinds import SeriesKind
from labeling.models import Job, Label, ObjectClass, Project, Task
from labeling.services.jobs import job_submit
from labeling.services.orders import DetectOrder, WantedClass
from tests import factories
from tests.engine.clips import media_of_file, series_task
from workers.backends.scripted_detector import COLOURS
from workers.runner import run_next

Place = tuple[int, int, int, int]
"""Left, top, width, height in whole pixels."""

Scene = Mapping[str, Sequence[Place]]
"""Colour to the places of its things."""

GREY = (90, 90, 90)


def painted(scene: Scene, *, width: int = 160, height: int = 90) -> NDArray[np.uint8]:
    """A grey picture with flat things."""
    picture = np.full((height, width, 3), GREY, np.uint8)
    for colour, places in scene.items():
        for left, top, wide, high in places:
            picture[top : top + high, left : left + wide] = COLOURS[colour]
    return picture


def png_of(picture: NDArray[np.uint8]) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    return file.getvalue()


def full(width: int, height: int) -> bytes:
    """The counts of a bitmask without a hole."""
    return rle_encode(np.ones((height, width), np.bool_))


def image_task(project: Project, folder: Path, scene: Scene, **size: int) -> Task:
    """A task on a single image that was read."""
    path = folder / f"scene-{factories.new_hash()}.png"
    path.write_bytes(png_of(painted(scene, **size)))
    return Task.objects.get(media=media_of_file(project, path))


def scenes_task(
    project: Project,
    folder: Path,
    scenes: Sequence[Scene],
    *,
    kind: SeriesKind = "image_sequence",
    broken: Sequence[int] = (),
) -> Task:
    """A task on a series of pictures that was read; of those that are ``broken`` only the head is there."""
    path = folder / f"scenes-{factories.new_hash()}.zip"
    with ZipFile(path, "w") as archive:
        for number, scene in enumerate(scenes):
            png = png_of(painted(scene))
            archive.writestr(f"{number:04}.png", png[:60] if number in broken else png)
    return series_task(project, path, kind=kind)


def class_named(project: Project, name: str, shape: ShapeKind = ShapeKind.BOUNDING_BOX) -> ObjectClass:
    """A class whose name is a colour that the scripted detector knows."""
    return factories.make_class(ontology=project.ontology, shape=shape, name=name)


def order_of(task: Task, *classes: ObjectClass | WantedClass, **words: Any) -> DetectOrder:
    wanted = [one if isinstance(one, WantedClass) else WantedClass(object_class=one.pk) for one in classes]
    words = {
        "first_frame": task.first_frame, "last_frame": task.last_frame, "detector": "scripted", "link": False,
        **words,
    }  # fmt: skip
    return DetectOrder(classes=tuple(wanted), **words)


def submit(task: Task, *classes: ObjectClass | WantedClass, **words: Any) -> Job:
    return job_submit(user=None, task=task, order=order_of(task, *classes, **words)).job


def detect(task: Task, *classes: ObjectClass | WantedClass, **words: Any) -> Job:
    """Order, and run all parts."""
    job = submit(task, *classes, **words)
    return run_all(job)


def run_all(job: Job) -> Job:
    while run_next(capability="cpu"):
        pass
    job.refresh_from_db()
    return job


def told(task: Task) -> list[tuple[int, str, str, int, bytes, float, str]]:
    """All labels as plain values, ids aside: number, class, hash, frame, geometry, confidence, provenance."""
    labels = Label.objects.filter(task=task).select_related("instance__object_class")
    return sorted(
        (
            label.instance.number, label.instance.object_class.name, label.instance.object_hash, label.frame,
            bytes(label.geometry or b""), label.confidence, label.get_provenance_display(),
        )
        for label in labels
    )  # fmt: skip
