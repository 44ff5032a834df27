"""The fast tracker over image groups, image sequences and DICOM series, through the queue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labeling.errors import LabelyardError
from labeling.geometry.packing import shape_pack, shape_unpack
from labeling.geometry.shapes import Box, ShapeKind
from labeling.models import Direction, Instance, Job, JobState, Label, Part, Project, Task
from labeling.services.jobs import job_submit
from labeling.services.labels import geometry_of
from labeling.services.orders import InterpolateOrder
from tests import factories
from tests.backends.scenes import Scene, Thing, straight
from tests.clips.dicom import dicom_bytes, dicom_dataset
from tests.clips.encoding import picture_bytes
from tests.clips.series import zipped
from tests.engine.clips import series_task
from tests.engine.ordering import track
from workers.runner import run_next

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]

LENGTH = 10
THING = Thing(straight(80, 100, 5), round=False)


def scene(*, width: int = 320) -> Scene:
    return Scene([THING], length=LENGTH, width=width)


def pictures(folder: Path, *, widths: list[int]) -> Path:
    """An archive of the scene's frames, each of its own width; the thing is at the same place in all."""
    files = {
        f"f{frame}.png": picture_bytes(scene(width=width).read_rgb(frame), form="PNG")
        for frame, width in enumerate(widths)
    }
    path = folder / "pictures.zip"
    path.write_bytes(zipped(files))
    return path


def slices(folder: Path) -> Path:
    """The scene in 12 bits of grey, the slices along the third axis."""
    films = scene()
    files = {}
    for frame in range(LENGTH):
        grey = films.read_rgb(frame).astype(np.float64).mean(axis=2)
        pixels = np.rint(grey * 12 + 500).astype(np.uint16)
        place = {
            "ImagePositionPatient": [0.0, 0.0, float(frame)],
            "ImageOrientationPatient": [1.0, 0.0, 0.0, 0.0, 1.0, 0.0],
        }
        files[f"{LENGTH - frame}.dcm"] = dicom_bytes(dicom_dataset(pixels, **place))
    path = folder / "slices.zip"
    path.write_bytes(zipped(files))
    return path


def truth(frame: int) -> Box:
    box = THING.box(frame)
    return Box(box.left, box.top, box.width, box.height)


def seeded(task: Task, *frames: int) -> Instance:
    instance = factories.make_instance(task=task, shape=ShapeKind.BOUNDING_BOX)
    for frame in frames:
        factories.make_label(instance=instance, frame=frame, shape=truth(frame))
    return instance


def run(task: Task, *instances: Instance, **words: Any) -> Job:
    job = track(task, *instances, algorithm="fast", last=LENGTH - 1, **words)
    assert run_next(capability="cpu")
    job.refresh_from_db()
    return job


def tracked(instance: Instance) -> dict[int, Box]:
    found = {}
    for label in Label.objects.filter(instance=instance, job__isnull=False).order_by("frame"):
        assert label.geometry is not None
        shape = shape_unpack(bytes(label.geometry))
        assert isinstance(shape, Box)
        found[label.frame] = shape
    return found


def overlap(first: Box, second: Box) -> float:
    across = min(first.left + first.width, second.left + second.width) - max(first.left, second.left)
    down = min(first.top + first.height, second.top + second.height) - max(first.top, second.top)
    shared = max(0.0, across) * max(0.0, down)
    return shared / (first.width * first.height + second.width * second.height - shared)


def assert_true(found: dict[int, Box], frames: range) -> None:
    assert list(found) == list(frames)
    assert min(overlap(box, truth(frame)) for frame, box in found.items()) > 0.7


def test_an_image_sequence_is_tracked_forwards(project: Project, tmp_path: Path) -> None:
    task = series_task(project, pictures(tmp_path, widths=[320] * LENGTH), kind="image_sequence")
    car = seeded(task, 0)
    job = run(task, car)
    assert (job.state, job.frames_done, job.frames_total) == (JobState.SUCCEEDED, LENGTH, LENGTH)
    assert_true(tracked(car), range(1, LENGTH))


def test_a_dicom_series_is_tracked_forwards(project: Project, tmp_path: Path) -> None:
    task = series_task(project, slices(tmp_path), kind="dicom")
    car = seeded(task, 0)
    assert run(task, car).state == JobState.SUCCEEDED
    assert_true(tracked(car), range(1, LENGTH))


@pytest.mark.parametrize("kind", ["image_group", "image_sequence"])
def test_series_are_not_tracked_backwards(project: Project, tmp_path: Path, kind: Any) -> None:
    task = series_task(project, pictures(tmp_path, widths=[320] * LENGTH), kind=kind)
    with pytest.raises(LabelyardError, match="forwards only"):
        run(task, seeded(task, 9), direction=Direction.BACKWARDS)


def test_in_a_group_tracking_ends_where_the_size_changes_and_says_so(
    project: Project, tmp_path: Path
) -> None:
    task = series_task(project, pictures(tmp_path, widths=[320] * 5 + [280] * 5), kind="image_group")
    car = seeded(task, 0)
    job = run(task, car)
    assert job.state == JobState.PARTIAL
    assert_true(tracked(car), range(1, 5))
    (failure,) = Part.objects.get(job=job).failures
    assert (failure["instance"], failure["frame"]) == (car.pk, 5)
    assert failure["sentence"] == (
        "Tracking ends here: the picture has 280 x 240 pixels, that of frame 4 has 320 x 240. "
        "Draw the object on it and track on from there."
    )


def test_a_key_frame_behind_the_change_goes_on(project: Project, tmp_path: Path) -> None:
    task = series_task(project, pictures(tmp_path, widths=[320] * 5 + [280] * 5), kind="image_group")
    on_it, behind_it = seeded(task, 0, 5), seeded(task, 0, 7)
    job = run(task, on_it, behind_it)
    assert job.state == JobState.PARTIAL
    failures = Part.objects.get(job=job).failures
    assert [(one["instance"], one["frame"]) for one in failures] == [(behind_it.pk, 5)]
    assert sorted(tracked(on_it)) == [1, 2, 3, 4, 6, 7, 8, 9]
    assert sorted(tracked(behind_it)) == [1, 2, 3, 4, 8, 9]
    assert min(overlap(box, truth(frame)) for frame, box in tracked(on_it).items()) > 0.7


def test_unlabeled_pictures_of_other_sizes_end_nothing(project: Project, tmp_path: Path) -> None:
    """Nothing is followed yet where the sizes change."""
    task = series_task(project, pictures(tmp_path, widths=[280, 300] + [320] * 8), kind="image_group")
    car = seeded(task, 2)
    assert run(task, car).state == JobState.SUCCEEDED
    assert_true(tracked(car), range(3, LENGTH))


def test_a_picture_that_cannot_be_read_is_reported_and_passed_over(project: Project, tmp_path: Path) -> None:
    whole = pictures(tmp_path, widths=[320] * LENGTH)
    noise = np.random.default_rng(1).integers(0, 256, (240, 320, 3), dtype=np.uint8)
    broken = picture_bytes(noise, form="PNG")[:9000]
    files = {f"f{frame}.png": picture_bytes(scene().read_rgb(frame), form="PNG") for frame in range(LENGTH)}
    whole.write_bytes(zipped({**files, "f4.png": broken}))
    task = series_task(project, whole, kind="image_sequence")
    car = seeded(task, 0)
    job = run(task, car)
    assert job.state == JobState.PARTIAL
    (failure,) = Part.objects.get(job=job).failures
    assert failure["frame"] == 4
    assert "cannot be decoded" in failure["sentence"]
    assert sorted(tracked(car)) == [1, 2, 3, 5, 6, 7, 8, 9]


def test_a_shape_is_measured_by_its_own_picture(project: Project, tmp_path: Path) -> None:
    task = series_task(project, pictures(tmp_path, widths=[320] * 5 + [280] * 5), kind="image_group")
    box = factories.class_of(ontology=project.ontology, shape=ShapeKind.BOUNDING_BOX)
    wide = {"left": 285, "top": 10, "width": 30, "height": 30}
    assert geometry_of(box, task, wide, frame=4) == shape_pack(Box(285, 10, 30, 30))
    with pytest.raises(LabelyardError) as caught:
        geometry_of(box, task, wide, frame=5)
    assert caught.value.code == "invalid_shape"


def test_pictures_of_different_sizes_are_not_interpolated_over(project: Project, tmp_path: Path) -> None:
    archive = pictures(tmp_path, widths=[320] * 5 + [280] * 5)
    task = series_task(project, archive, kind="image_group")
    car = seeded(task, 0, 3, 6, 9)
    order = InterpolateOrder(instances=(car.pk,), first_frame=0, last_frame=9)
    job = job_submit(user=None, task=task, order=order).job
    assert run_next(capability="cpu")
    job.refresh_from_db()
    assert job.state == JobState.PARTIAL
    assert sorted(Label.objects.filter(job=job).values_list("frame", flat=True)) == [1, 2, 7, 8]
    assert Part.objects.get(job=job).failures == [
        {
            "instance": car.pk,
            "frame": 4,
            "sentence": "Frames 4 to 5 stay open: the pictures between have different sizes.",
        }
    ]


class TestAPictureThatCannotBeDecoded:
    """Reported, counted as missing, and passed over; the job is partly done."""

    def broken(self, project: Project, folder: Path, *frames: int) -> Task:
        files = {
            f"f{frame}.png": picture_bytes(scene().read_rgb(frame), form="PNG") for frame in range(LENGTH)
        }
        for frame in frames:
            files[f"f{frame}.png"] = files[f"f{frame}.png"][:300]
        path = folder / "pictures.zip"
        path.write_bytes(zipped(files))
        return series_task(project, path, kind="image_sequence")

    def test_the_frames_around_it_are_tracked(self, project: Project, tmp_path: Path) -> None:
        task = self.broken(project, tmp_path, 4)
        car = seeded(task, 0)
        job = run(task, car)
        assert job.state == JobState.PARTIAL
        (failure,) = Part.objects.get(job=job).failures
        assert failure["frame"] == 4
        frames = sorted(Label.objects.filter(job=job).values_list("frame", flat=True))
        assert frames == [1, 2, 3, 5, 6, 7, 8, 9]

    def test_it_counts_as_missing_within_the_interval(self, project: Project, tmp_path: Path) -> None:
        task = self.broken(project, tmp_path, 4, 5)
        job = run(task, seeded(task, 0), interval=2)
        assert sorted(Label.objects.filter(job=job).values_list("frame", flat=True))[-1] == 9
        job = run(task, seeded(task, 0), interval=1)
        assert sorted(Label.objects.filter(job=job).values_list("frame", flat=True)) == [1, 2, 3]

    def test_what_stands_on_it_stays(self, project: Project, tmp_path: Path) -> None:
        task = self.broken(project, tmp_path, 4)
        car = seeded(task, 0)
        factories.make_label(instance=car, frame=4, shape=truth(4), protected=False)
        run(task, car)
        assert Label.objects.get(instance=car, frame=4).job is None
