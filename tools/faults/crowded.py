"""Equal detecting orders on a film of things that cross and hide each other."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from zipfile import ZipFile

from PIL import Image

from labeling.geometry.shapes import ShapeKind
from labeling.models import Job, Media, Project, Task
from labeling.services.jobs import job_submit
from labeling.services.orders import DetectOrder, WantedClass
from tests.engine.clips import media_of_file
from tests.factories import make_class
from tools.bench.crowd import HUES, crowd, scenes

FRAMES, STEP = 240, 2


def crowd_media(project: Project, *, scale: int = 1) -> Media:
    """Register the film as a sequence of pictures, with a class for each look; once a project."""
    title = f"crowd-{scale}.zip"
    known = Media.objects.filter(project=project, title=title).first()
    if known is not None:
        return known
    for hue in HUES:
        make_class(ontology=project.ontology, shape=ShapeKind.BOUNDING_BOX, name=colour_name(hue))
    with tempfile.TemporaryDirectory(prefix="labelyard-crowd-") as folder:
        path = Path(folder) / title
        with ZipFile(path, "w") as archive:
            for number, scene in enumerate(scenes(crowd(5), frames=FRAMES)):
                picture = Image.fromarray(scene.rgb)
                size = picture.width * scale, picture.height * scale
                file = io.BytesIO()
                picture.resize(size, Image.Resampling.NEAREST).save(file, "JPEG", quality=92)
                archive.writestr(f"{number:04}.jpg", file.getvalue())
        media = media_of_file(project, path, uploaded_as="image_sequence")
    media.refresh_from_db()
    return media


def colour_name(hue: tuple[int, int, int]) -> str:
    """A colour as the scripted detector reads it."""
    return "#" + "".join(f"{level:02x}" for level in hue)


def crowd_task(media: Media) -> Task:
    """An empty task on the film."""
    return Task.objects.create(
        project=media.project, media=media, title=media.title, first_frame=0, last_frame=FRAMES - 1
    )


def crowd_submit(task: Task) -> Job:
    """Order all things of all looks on every second frame, linked, and what lies between filled."""
    classes = task.project.ontology.classes.filter(name__in=[colour_name(hue) for hue in HUES])
    order = DetectOrder(
        classes=tuple(WantedClass(object_class=one.pk) for one in classes),
        first_frame=0,
        last_frame=FRAMES - 1,
        step=STEP,
        link=True,
        fill="scripted",
        detector="scripted",
    )
    return job_submit(user=None, task=task, order=order).job
