"""SAM 3 on detecting jobs: the micro model, a real video, the worker's own code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.utils import timezone

from labeling.geometry.masks import bitmask_to_mask, mask_to_shape
from labeling.geometry.packing import shape_pack, shape_unpack
from labeling.geometry.shapes import Bitmask, ShapeKind
from labeling.models import Instance, Job, JobState, Label, Part, PartState, Project, Task, Worker
from labeling.services.jobs import job_submit
from labeling.services.orders import WantedClass
from tests.backends.sam3_micro import micro_options, need_sam3
from tests.backends.sam3_stock import Stock
from tests.engine.clips import clip_task
from tests.engine.detecting import class_named, order_of, told
from workers.announcing import detectors_found, detectors_told
from workers.backends.base import RgbFrame
from workers.backends.detectors import detector_add, detector_withdraw
from workers.backends.sam3.detector import Sam3Detector
from workers.backends.sam3.options import Sam3Options
from workers.backends.sam3.picture import EncodedPicture
from workers.frames import frames_of_media
from workers.reaper import reap
from workers.runner import run_next

pytestmark = pytest.mark.django_db(transaction=True)

LAST, STEP, MOST = 14, 2, 4
WORDS = {"car": ShapeKind.BITMASK, "dog": ShapeKind.BOUNDING_BOX}


class KilledError(BaseException):
    """Nobody catches it: the process is gone, and its lease runs out."""


@pytest.fixture(scope="module")
def options(scratch: Path) -> Sam3Options:
    need_sam3()
    return micro_options(scratch / "micro3")


@pytest.fixture(autouse=True)
def _offered(options: Sam3Options, transactional_db: None) -> Iterator[None]:
    """This process offers the micro model, and a worker has told so."""
    detector_add("sam3", lambda: Sam3Detector(options))
    detectors_found.cache_clear()
    now = timezone.now()
    detectors = {"sam3": detectors_told()["sam3"]}
    Worker.objects.create(
        name="gpu@here", capabilities=["gpu"], detectors=detectors, started_at=now, seen_at=now
    )
    yield
    detector_withdraw("sam3")
    detectors_found.cache_clear()


@pytest.fixture
def clip(project: Project, tmp_path: Path) -> Task:
    for name, shape in WORDS.items():
        class_named(project, name, shape)
    return clip_task(project, tmp_path)


def submit(task: Task, **words: Any) -> Job:
    """Order both classes on every second frame; nobody names a detector."""
    classes = task.project.ontology.classes.filter(name__in=WORDS).order_by("name")
    wanted = [WantedClass(object_class=one.pk, threshold=0.0, most=MOST) for one in classes]
    told = {"last_frame": LAST, "step": STEP, "detector": None, "overlap": 1.0, **words}
    return job_submit(user=None, task=task, order=order_of(task, *wanted, **told)).job


def run(job: Job) -> Job:
    while run_next(capability="gpu"):
        pass
    job.refresh_from_db()
    return job


def labels(task: Task) -> dict[tuple[str, int], list[tuple[bytes, float]]]:
    """By class and frame: shapes and scores."""
    found: dict[tuple[str, int], list[tuple[bytes, float]]] = defaultdict(list)
    for label in Label.objects.filter(task=task).select_related("instance__object_class"):
        place = label.instance.object_class.name, label.frame
        found[place].append((bytes(label.geometry or b""), round(label.confidence, 5)))
    return {place: sorted(ones) for place, ones in found.items()}


def by_the_library(task: Task, folder: Path) -> dict[tuple[str, int], list[tuple[bytes, float]]]:
    """What the library says of each picture when it is called directly."""
    stock, expected = Stock.load(folder), {}
    with frames_of_media(task.media) as frames:
        for frame in range(0, LAST + 1, STEP):
            for name, kind in WORDS.items():
                scores, masks = stock.find(frames.read_rgb(frame), name)
                pairs = sorted(zip(scores, masks, strict=True), key=lambda pair: -pair[0])
                shapes = [(mask_to_shape(mask, kind), score) for score, mask in pairs if mask.any()][:MOST]
                expected[name, frame] = sorted(
                    (shape_pack(shape), round(float(score), 5)) for shape, score in shapes if shape
                )
    return {place: ones for place, ones in expected.items() if ones}


def test_a_job_by_words_writes_what_the_library_finds(clip: Task, options: Sam3Options) -> None:
    job = run(submit(clip))
    assert (job.state, job.error, job.algorithm) == (JobState.SUCCEEDED, "", "sam3")
    assert job.model_version.startswith("micro3 on cpu, float32, transformers")
    assert labels(clip) == by_the_library(clip, options.folder)
    assert {frame for _, frame in labels(clip)} <= set(range(0, LAST + 1, STEP))
    assert Instance.objects.count() == job.labels_written


def test_linked_detections_become_instances_and_bitmasks_share_no_pixel(clip: Task) -> None:
    job = run(submit(clip, link=True, exclude_bitmasks=True))
    assert job.state == JobState.SUCCEEDED
    assert Instance.objects.count() < job.labels_written
    shares = []
    for frame in range(0, LAST + 1, STEP):
        shapes = [shape_unpack(bytes(one.geometry or b"")) for one in Label.objects.filter(frame=frame)]
        masks = [
            bitmask_to_mask(one, width=clip.media.width or 0, height=clip.media.height or 0)
            for one in shapes
            if isinstance(one, Bitmask)
        ]
        shares.append(int(np.sum(masks, axis=0).max(initial=0)))
    assert set(shares) == {1}


def test_a_job_whose_worker_is_killed_goes_on_as_if_nothing_had_happened(
    clip: Task, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "COMMIT_SECONDS", 0.0)
    other = clip_task(Project.objects.create(name="Other", ontology=project.ontology), tmp_path)
    run(submit(other, link=True, exclude_bitmasks=True))
    opened, seen = Sam3Detector.open, []

    def killed(self: Sam3Detector, rgb: RgbFrame) -> EncodedPicture:
        seen.append(rgb)
        if len(seen) == 5:
            raise KilledError
        return opened(self, rgb)

    monkeypatch.setattr(Sam3Detector, "open", killed)
    job = submit(clip, link=True, exclude_bitmasks=True)
    with pytest.raises(KilledError):
        run_next(capability="gpu")
    part = Part.objects.get(job=job)
    assert (part.state, part.position) == (PartState.RUNNING, 6)
    Part.objects.filter(pk=part.pk).update(lease_expires_at=timezone.now() - timedelta(minutes=1))
    assert reap() == 1
    job = run(job)
    assert (job.state, len(seen)) == (JobState.SUCCEEDED, LAST // STEP + 2)
    assert apart_from_hashes(clip) == apart_from_hashes(other)


def apart_from_hashes(task: Task) -> list[tuple[object, ...]]:
    """Hashes follow from the job; all else is the same."""
    return [(number, name, *rest) for number, name, _, *rest in told(task)]
