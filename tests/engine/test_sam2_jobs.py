"""SAM 2 on jobs: the micro model, a real video, the worker's own code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from labeling.geometry.packing import shape_unpack
from labeling.geometry.rle import rle_encode
from labeling.geometry.shapes import Bitmask, Box, Polygon, Polyline, RotatedBox, Shape, ShapeKind
from labeling.models import Instance, Job, JobState, Label, Part, Project, Task, Worker
from labeling.services.job_states import job_pause, job_resume, job_retry
from labeling.services.jobs import job_dry_run
from labeling.services.orders import TrackOrder
from labeling.web.job_faces import JobFace, job_rows
from tests import factories
from tests.backends.sam2_micro import micro_options, need_sam2
from tests.backends.shapes import disk_bitmask
from tests.engine.clips import clip_task
from tests.engine.ordering import track
from tests.engine.test_runner import at_frame, tracked_frames
from workers import announcing
from workers.announcing import offer
from workers.backends.registry import tracker_add, tracker_withdraw
from workers.backends.sam2.pointed import NOTE
from workers.backends.sam2.tracker import Sam2Tracker
from workers.runner import run_next
from workers.sam2 import ON_CPU

pytestmark = pytest.mark.django_db(transaction=True)

SHAPES: dict[ShapeKind, Shape] = {
    ShapeKind.BITMASK: disk_bitmask(60, 40, 41),
    ShapeKind.BOUNDING_BOX: Box(50, 40, 50, 40),
    ShapeKind.ROTATABLE_BOUNDING_BOX: RotatedBox(50, 40, 50, 40, 20.0),
}


@pytest.fixture(scope="session")
def micro_tracker(scratch: Path) -> Sam2Tracker:
    need_sam2()
    folder = scratch / "micro"
    folder.mkdir(exist_ok=True)
    return Sam2Tracker(micro_options(folder))


@pytest.fixture(autouse=True)
def _offered(micro_tracker: Sam2Tracker, transactional_db: None) -> Iterator[None]:
    """This process offers the micro model, and a worker has told so."""
    tracker_add("sam2", lambda: micro_tracker)
    announcing.trackers.cache_clear()
    now = timezone.now()
    Worker.objects.create(
        name="gpu@here",
        capabilities=["gpu"],
        algorithms=offer(["sam2"]),
        started_at=now,
        seen_at=now,
    )
    yield
    tracker_withdraw("sam2")
    announcing.trackers.cache_clear()


@pytest.fixture
def clip(project: Project, tmp_path: Path) -> Task:
    return clip_task(project, tmp_path)


def seeded(task: Task, kind: ShapeKind, *, shape: Shape | None = None, frame: int = 0) -> Instance:
    instance = factories.make_instance(task=task, shape=kind)
    factories.make_label(instance=instance, frame=frame, shape=shape or SHAPES[kind])
    return instance


def order(task: Task, *instances: Instance, **words: Any) -> Job:
    return track(task, *instances, algorithm="sam2", **words)


def run(job: Job) -> Job:
    assert run_next(capability="gpu")
    job.refresh_from_db()
    return job


def shapes_of(instance: Instance) -> list[Shape]:
    labels = Label.objects.filter(instance=instance, job__isnull=False)
    return [shape_unpack(bytes(label.geometry)) for label in labels if label.geometry is not None]


def test_every_shape_with_an_area_comes_back_as_its_class_draws_it(clip: Task) -> None:
    square = factories.make_instance(task=clip, shape=ShapeKind.POLYGON)
    corners = np.array([[50, 40], [100, 40], [100, 80], [50, 80]], float)
    factories.make_label(instance=square, frame=0, shape=Polygon(((corners,),)))
    others = {kind: seeded(clip, kind) for kind in SHAPES}
    job = run(order(clip, square, *others.values(), last=4))
    assert (job.state, job.error) == (JobState.SUCCEEDED, "")
    assert job.model_version.startswith("micro on cpu, float32")
    assert {type(shape) for shape in shapes_of(square)} == {Polygon}
    assert {type(shape) for shape in shapes_of(others[ShapeKind.BITMASK])} == {Bitmask}
    assert {type(shape) for shape in shapes_of(others[ShapeKind.BOUNDING_BOX])} == {Box}
    assert {type(shape) for shape in shapes_of(others[ShapeKind.ROTATABLE_BOUNDING_BOX])} == {RotatedBox}


def test_an_interrupted_job_goes_on_and_says_so(
    clip: Task, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.COMMIT_SECONDS = 0.0
    car = seeded(clip, ShapeKind.BITMASK)
    job = order(clip, car, last=9)
    at_frame(monkeypatch, 5, lambda: job_pause(job=Job.objects.get()))
    assert run(job).state == JobState.PAUSED
    assert job.warnings == []
    job_resume(job=job)
    assert run(job).state == JobState.SUCCEEDED
    assert tracked_frames(car) == list(range(1, 10))
    assert len(job.warnings) == 1
    assert "interrupted after frame 5" in job.warnings[0]


def test_an_undisturbed_job_says_nothing(clip: Task) -> None:
    assert run(order(clip, seeded(clip, ShapeKind.BITMASK))).warnings == []


def test_a_key_frame_that_covers_the_frame_is_told_and_the_others_go_on(clip: Task) -> None:
    """Seeds like this are refused before the queue; key frames are only met in the run."""
    width, height = clip.media.width, clip.media.height
    assert width is not None
    assert height is not None
    whole = Bitmask(0, 0, width, height, rle_encode(np.ones((height, width), np.bool_)))
    sky, car = seeded(clip, ShapeKind.BITMASK), seeded(clip, ShapeKind.BITMASK)
    factories.make_label(instance=sky, frame=5, shape=whole)
    job = run(order(clip, sky, car))
    assert job.state == JobState.PARTIAL
    failures = Part.objects.get(job=job).failures
    assert [(one["instance"], one["frame"]) for one in failures] == [(sky.pk, 5)]
    assert "covers the whole picture" in failures[0]["sentence"]
    assert tracked_frames(sky) == [1, 2, 3, 4]
    assert tracked_frames(car) == list(range(1, 10))


def exhaust_after(monkeypatch: pytest.MonkeyPatch, tracker: Sam2Tracker, pictures: int) -> None:
    """Let the device have memory for so many pictures and none for the next, as PyTorch would say it."""
    import torch

    predictor = tracker._model().predictor
    encode = predictor.forward_image
    encoded: list[int] = []

    def encoding(picture: Any) -> Any:
        encoded.append(1)
        if len(encoded) > pictures:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
        return encode(picture)

    monkeypatch.setattr(predictor, "forward_image", encoding)


def test_a_gpu_out_of_memory_keeps_what_was_committed_and_offers_to_do_with_less(
    clip: Task, micro_tracker: Sam2Tracker, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.COMMIT_SECONDS = 0.0
    cars = [seeded(clip, ShapeKind.BITMASK) for _ in range(2)]
    job = order(clip, *cars)
    with monkeypatch.context() as patch:
        exhaust_after(patch, micro_tracker, 6)
        run(job)
    assert (job.state, job.error_code) == (JobState.PARTIAL, "gpu_out_of_memory")
    for part in ("frame 6", "2 objects", f"{clip.media.width} x {clip.media.height}", "offload"):
        assert part in job.error
    assert [tracked_frames(car) for car in cars] == [[1, 2, 3, 4, 5]] * 2
    assert JobFace(job_rows().get(pk=job.pk), steerable=True, waiting=False).can["offload"]
    job_retry(job=job, backend={"offload": True})
    assert run(job).state == JobState.SUCCEEDED
    assert job.parameters["backend"] == {"offload": True}
    assert [tracked_frames(car) for car in cars] == [list(range(1, 10))] * 2


def test_on_a_cpu_it_is_said_before_anything_is_queued(clip: Task) -> None:
    car = seeded(clip, ShapeKind.BITMASK)
    asked = TrackOrder(instances=(car.pk,), first_frame=0, last_frame=9, algorithm="sam2")
    assert job_dry_run(task=clip, order=asked)[1].warnings == ()
    worker = Worker.objects.get()
    worker.algorithms["sam2"]["note"] = ON_CPU
    worker.save()
    assert job_dry_run(task=clip, order=asked)[1].warnings == (ON_CPU,)


def test_a_worker_with_a_gpu_makes_that_needless(clip: Task) -> None:
    now = timezone.now()
    slow = {"sam2": {**offer(["sam2"])["sam2"], "note": ON_CPU}}
    Worker.objects.create(name="cpu@here", algorithms=slow, started_at=now, seen_at=now)
    car = seeded(clip, ShapeKind.BITMASK)
    asked = TrackOrder(instances=(car.pk,), first_frame=0, last_frame=9, algorithm="sam2")
    assert job_dry_run(task=clip, order=asked)[1].warnings == ()


def test_a_polyline_is_followed_by_its_points_and_the_job_says_so(clip: Task) -> None:
    line = seeded(clip, ShapeKind.POLYLINE, shape=Polyline(np.array([[10.0, 10.0], [40.0, 40.0]])))
    job = run(order(clip, line, last=4))
    assert (job.state, job.warnings) == (JobState.SUCCEEDED, [NOTE])
    assert {type(shape) for shape in shapes_of(line)} <= {Polyline}
