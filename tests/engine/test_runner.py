"""A part from claim to finish, on a real video, with the scripted tracker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from labeling.geometry.packing import shape_unpack
from labeling.geometry.shapes import Box
from labeling.models import Direction, Instance, Job, JobState, Label, Part, Project, Task
from labeling.services.job_states import job_cancel, job_pause, job_resume
from tests import factories
from tests.engine.clips import clip_task
from tests.engine.ordering import dump, seeded_instance, track
from workers import tracking
from workers.runner import run_next
from workers.writer import Batch

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]


@pytest.fixture
def clip(project: Project, tmp_path: Path) -> Task:
    return clip_task(project, tmp_path)


def run(task: Task, *instances: Instance, script: dict[str, Any] | None = None, **words: Any) -> Job:
    job = track(task, *instances, backend={"script": script or {"dx": 1}}, **words)
    assert run_next(capability="cpu")
    job.refresh_from_db()
    return job


def tracked_frames(instance: Instance) -> list[int]:
    labels = Label.objects.filter(instance=instance, job__isnull=False)
    return sorted(labels.values_list("frame", flat=True))


def box_on(instance: Instance, frame: int) -> Box:
    geometry = Label.objects.get(instance=instance, frame=frame).geometry
    assert geometry is not None
    shape = shape_unpack(bytes(geometry))
    assert isinstance(shape, Box)
    return shape


def test_a_range_of_thirty_frames_with_its_start_makes_twenty_nine_labels(clip: Task) -> None:
    car = seeded_instance(clip)
    job = run(clip, car, last=29)
    assert job.state == JobState.SUCCEEDED
    assert (job.frames_done, job.frames_total, job.labels_written) == (30, 30, 29)
    assert tracked_frames(car) == list(range(1, 30))


def test_the_model_that_ran_is_kept_with_the_job(clip: Task) -> None:
    assert run(clip, seeded_instance(clip)).model_version.startswith("scripted")


def test_labels_are_written_only_inside_the_range(clip: Task) -> None:
    car = seeded_instance(clip, frame=2)
    run(clip, car, first=5, last=9)
    assert tracked_frames(car) == [5, 6, 7, 8, 9]


def test_backwards(clip: Task) -> None:
    car = seeded_instance(clip, frame=9)
    run(clip, car, first=3, last=9, direction=Direction.BACKWARDS)
    assert tracked_frames(car) == [3, 4, 5, 6, 7, 8]


def test_an_instance_may_start_in_mid_range(clip: Task) -> None:
    car, bus = seeded_instance(clip), seeded_instance(clip, frame=6)
    run(clip, car, bus)
    assert tracked_frames(bus) == [7, 8, 9]


def test_a_key_frame_re_seeds_and_is_left_as_it_is(clip: Task) -> None:
    car = seeded_instance(clip)
    factories.make_label(instance=car, frame=5, shape=Box(10, 10, 5, 5))
    run(clip, car, script={"dx": 1})
    assert tracked_frames(car) == [1, 2, 3, 4, 6, 7, 8, 9]
    assert box_on(car, 5) == Box(10, 10, 5, 5)
    assert box_on(car, 7) == Box(12, 10, 5, 5)


def test_an_unprotected_label_inside_is_no_key_frame(clip: Task) -> None:
    car = seeded_instance(clip)
    factories.make_label(instance=car, frame=5, shape=Box(10, 10, 5, 5), protected=False)
    run(clip, car, script={"dx": 1})
    assert box_on(car, 5) == Box(105, 100, 50, 40)


def test_an_absent_mark_stays_and_tracking_goes_on_behind_it(clip: Task) -> None:
    car = seeded_instance(clip)
    factories.make_label(instance=car, frame=5, shape=None)
    run(clip, car)
    assert tracked_frames(car) == [1, 2, 3, 4, 6, 7, 8, 9]


class TestInterval:
    """k consecutive frames without the object are tolerated; on the (k+1)-th tracking ends."""

    def frames(self, clip: Task, *, missing: tuple[int, int], interval: int) -> list[int]:
        car = seeded_instance(clip)
        run(clip, car, last=15, interval=interval, script={"missing": [list(missing)]})
        return tracked_frames(car)

    def test_exactly_k_missing_frames_are_tolerated(self, clip: Task) -> None:
        assert self.frames(clip, missing=(5, 7), interval=3) == [1, 2, 3, 4, *range(8, 16)]

    def test_one_more_ends_it(self, clip: Task) -> None:
        assert self.frames(clip, missing=(5, 8), interval=3) == [1, 2, 3, 4]

    def test_a_later_key_frame_brings_it_back(self, clip: Task) -> None:
        car = seeded_instance(clip)
        factories.make_label(instance=car, frame=12)
        run(clip, car, last=15, interval=0, script={"missing": [[5, 9]]})
        assert tracked_frames(car) == [1, 2, 3, 4, 13, 14, 15]

    def test_zero_tolerates_none(self, clip: Task) -> None:
        assert self.frames(clip, missing=(5, 5), interval=0) == [1, 2, 3, 4]


def test_tracking_stops_so_many_frames_after_the_last_key_frame(clip: Task) -> None:
    car = seeded_instance(clip)
    run(clip, car, last=15, max_frames_after_key=4)
    assert tracked_frames(car) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("limit", "frames"), [(1, [1, 7]), (2, [1, 2, 7, 8]), (5, [1, 2, 3, 4, 5, *range(7, 12)])]
)
def test_each_key_frame_counts_anew_to_where_tracking_stops(
    clip: Task, limit: int, frames: list[int]
) -> None:
    car = seeded_instance(clip)
    factories.make_label(instance=car, frame=6)
    run(clip, car, last=15, max_frames_after_key=limit)
    assert tracked_frames(car) == frames


@pytest.mark.parametrize(("interval", "frames"), [(4, [10, 11, 12]), (3, [])])
def test_frames_missing_before_the_range_count(clip: Task, interval: int, frames: list[int]) -> None:
    car = seeded_instance(clip, frame=2)
    run(clip, car, first=10, last=12, interval=interval, script={"missing": [[4, 7]]})
    assert tracked_frames(car) == frames


class TestBackwards:
    """Everything is mirrored: the start is the last frame, before is after."""

    def frames(self, clip: Task, *, seed: int, last: int = 14, **words: Any) -> list[int]:
        car = seeded_instance(clip, frame=seed)
        run(clip, car, first=3, last=last, direction=Direction.BACKWARDS, **words)
        return tracked_frames(car)

    def test_frames_after_the_range_are_tracked_through_and_not_written(self, clip: Task) -> None:
        assert self.frames(clip, seed=17, last=9) == [3, 4, 5, 6, 7, 8, 9]

    def test_so_many_missing_frames_are_tolerated(self, clip: Task) -> None:
        script = {"missing": [[7, 9]]}
        assert self.frames(clip, seed=14, interval=3, script=script) == [3, 4, 5, 6, 10, 11, 12, 13]

    def test_one_more_ends_it(self, clip: Task) -> None:
        script = {"missing": [[7, 9]]}
        assert self.frames(clip, seed=14, interval=2, script=script) == [10, 11, 12, 13]

    def test_it_stops_so_many_frames_before_the_key_frame(self, clip: Task) -> None:
        assert self.frames(clip, seed=14, max_frames_after_key=4) == [10, 11, 12, 13]


def test_a_backend_that_fails_fails_the_part_and_earlier_commits_stay(clip: Task, settings: Any) -> None:
    settings.COMMIT_SECONDS = 0.0
    car = seeded_instance(clip)
    job = run(clip, car, script={"fail_at": 6})
    assert job.state == JobState.PARTIAL
    assert "frame 6" in job.error
    assert tracked_frames(car) == [1, 2, 3, 4, 5]


def test_a_seed_that_was_deleted_meanwhile_is_said(clip: Task) -> None:
    car, bus = seeded_instance(clip), seeded_instance(clip)
    job = track(clip, car, bus)
    Label.objects.filter(instance=car).delete()
    run_next(capability="cpu")
    job.refresh_from_db()
    assert job.state == JobState.PARTIAL
    assert Part.objects.get(job=job).failures == [
        {"instance": car.pk, "sentence": "Its label to track from was deleted meanwhile."}
    ]
    assert tracked_frames(bus) == list(range(1, 10))


def at_frame(monkeypatch: pytest.MonkeyPatch, number: int, act: Callable[[], object]) -> None:
    """Do ``act`` once, when the run has stepped to frame ``number``."""
    step = tracking.step

    def stepping(course: Any, frames: Any, frame: int, batch: Batch) -> None:
        step(course, frames, frame, batch)
        if frame == number:
            monkeypatch.setattr(tracking, "step", step)
            act()

    monkeypatch.setattr(tracking, "step", stepping)


@pytest.mark.parametrize(("keep", "left"), [(True, [1, 2, 3, 4, 5]), (False, [])])
def test_cancel_in_mid_run(
    clip: Task, settings: Any, monkeypatch: pytest.MonkeyPatch, keep: bool, left: list[int]
) -> None:
    settings.COMMIT_SECONDS = 0.0
    car = seeded_instance(clip)
    job = track(clip, car, backend={"script": {"dx": 1}})
    at_frame(monkeypatch, 5, lambda: job_cancel(job=Job.objects.get(), keep=keep))
    run_next(capability="cpu")
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert tracked_frames(car) == left


def test_pause_and_resume_end_with_the_labels_of_an_undisturbed_run(
    clip: Task, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.COMMIT_SECONDS = 0.0
    script = {"dx": 2, "dy": 1, "missing": [[4, 6]]}
    undisturbed, disturbed = seeded_instance(clip), seeded_instance(clip)
    run(clip, undisturbed, last=20, script=script)
    job = track(clip, disturbed, last=20, backend={"script": script})
    at_frame(monkeypatch, 9, lambda: job_pause(job=Job.objects.get(pk=job.pk)))
    run_next(capability="cpu")
    job.refresh_from_db()
    assert (job.state, job.frames_done) == (JobState.PAUSED, 10)
    assert not run_next(capability="cpu")
    job_resume(job=job)
    run_next(capability="cpu")
    job.refresh_from_db()
    assert job.state == JobState.SUCCEEDED
    assert (job.frames_done, Part.objects.get(job=job).attempts) == (21, 2)
    rows = dump(clip)
    assert [row[1:4] for row in rows if row[0] == disturbed.pk] == [
        row[1:4] for row in rows if row[0] == undisturbed.pk
    ]
