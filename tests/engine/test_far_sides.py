"""Between two key frames both of them tell: a part on a real video, with a tracker that moves as scripted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from labeling.geometry.packing import shape_unpack
from labeling.geometry.shapes import Box, Shape
from labeling.media.errors import FrameUnreadable
from labeling.models import Direction, Instance, Job, JobState, Label, Media, MediaKind, Part, Project, Task
from labeling.services.job_states import job_cancel, job_pause, job_resume
from tests import factories
from tests.engine.clips import clip_task
from tests.engine.ordering import track
from workers import runner, tracking
from workers.backends.base import Tracked
from workers.backends.scripted import ScriptedTracker
from workers.far_sides import REACH, FarSides, Gap, tracked_blend
from workers.track_run import TrackRun

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]


class FromBothSides(ScriptedTracker):
    """The scripted tracker as one that gains from both sides."""

    two_sided = True


@pytest.fixture(autouse=True)
def two_sided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "offered", lambda capability: {"scripted": FromBothSides()})


@pytest.fixture
def clip(project: Project, tmp_path: Path) -> Task:
    return clip_task(project, tmp_path)


@pytest.fixture
def car(clip: Task) -> Instance:
    """A box that stands at 100 on frame 0 and at 110 on frame 10, both drawn by a person."""
    instance = factories.make_instance(task=clip)
    factories.make_label(instance=instance, frame=0, shape=Box(100, 10, 50, 40))
    factories.make_label(instance=instance, frame=10, shape=Box(110, 10, 50, 40))
    return instance


def run(task: Task, instance: Instance, **words: Any) -> Job:
    job = track(task, instance, **words)
    assert runner.run_next(capability="cpu")
    job.refresh_from_db()
    return job


def lefts(instance: Instance) -> dict[int, float]:
    """The left edge of what was tracked, by frame."""
    found = {}
    for label in Label.objects.filter(instance=instance, job__isnull=False):
        assert label.geometry is not None
        shape = shape_unpack(bytes(label.geometry))
        assert isinstance(shape, Box)
        found[label.frame] = shape.left
    return found


def test_frames_between_count_the_nearer_key_frame_more(clip: Task, car: Instance) -> None:
    """A tracker that sees no motion puts the object at 100 from one side, at 110 from the other."""
    run(clip, car, last=14)
    expected = {frame: 100.0 + frame for frame in range(1, 10)} | dict.fromkeys(range(11, 15), 110.0)
    assert lefts(car) == pytest.approx(expected)


def test_backwards_alike(clip: Task, car: Instance) -> None:
    run(clip, car, first=0, last=10, direction=Direction.BACKWARDS)
    assert lefts(car) == pytest.approx({frame: 100.0 + frame for frame in range(1, 10)})


def test_a_key_frame_behind_the_range_says_nothing(clip: Task, car: Instance) -> None:
    run(clip, car, last=9)
    assert set(lefts(car).values()) == {100.0}


def test_pictures_that_are_no_video_are_followed_from_one_side(clip: Task, car: Instance) -> None:
    Media.objects.filter(pk=clip.media_id).update(kind=MediaKind.IMAGE_SEQUENCE)
    with pytest.MonkeyPatch.context() as patch:
        reader_kind = "workers.frames.reader_kind"
        patch.setattr(reader_kind, lambda media: "video")
        run(clip, car, last=9)
    assert lefts(car)[5] == 100.0


def test_the_interval_counts_frames_without_the_object_on_either_side(clip: Task, car: Instance) -> None:
    run(clip, car, last=12, interval=2, backend={"script": {"missing": [[4, 6]]}})
    assert sorted(lefts(car)) == [1, 2, 3, 11, 12]


def test_a_run_stopped_between_key_frames_goes_on_as_if_it_had_not_been(
    clip: Task, car: Instance, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.COMMIT_SECONDS = 0.0
    run(clip, car, last=14)
    undisturbed = lefts(car)
    job = track(clip, car, last=14)
    stop_on(monkeypatch, frame=6, job=job)
    runner.run_next(capability="cpu")
    job.refresh_from_db()
    assert (job.state, Part.objects.get(job=job).position) == (JobState.PAUSED, 6)
    job_resume(job=job)
    runner.run_next(capability="cpu")
    assert lefts(car) == undisturbed


def stop_on(monkeypatch: pytest.MonkeyPatch, *, frame: int, job: Job) -> None:
    """Pause ``job`` when the run has stepped to ``frame``."""
    step = tracking.step

    def stepping(course: Any, frames: Any, number: int, batch: Any) -> None:
        step(course, frames, number, batch)
        if number == frame:
            monkeypatch.setattr(tracking, "step", step)
            job_pause(job=Job.objects.get(pk=job.pk))

    monkeypatch.setattr(tracking, "step", stepping)


def test_a_job_cancelled_while_it_looks_back_stops_there(
    clip: Task, car: Instance, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.COMMIT_SECONDS = 0.0
    looked: list[int] = []
    look_back = TrackRun.look_back

    def looking(course: TrackRun, frame: int) -> Iterator[int]:
        for seen in look_back(course, frame):
            looked.append(seen)
            if len(looked) == 3:
                job_cancel(job=Job.objects.get(), keep=True)
                runner.heartbeat.beat_safely(watching())
            yield seen

    monkeypatch.setattr(TrackRun, "look_back", looking)
    job = run(clip, car, last=14)
    assert looked == [9, 8, 7]
    assert job.state == JobState.CANCELLED
    assert lefts(car) == {}


def watching() -> Any:
    watch = runner.heartbeat.watch
    assert watch is not None
    return watch


class Pictures:
    """Frames of which one cannot be read."""

    width, height = 320, 240

    def __init__(self, *, unreadable: int | None = None) -> None:
        self.unreadable = unreadable

    def __len__(self) -> int:
        return 1000

    def reach(self, frame: int) -> None:
        if frame == self.unreadable:
            raise FrameUnreadable(frame, "It cannot be read.")

    def read_rgb(self, frame: int) -> Any:
        raise AssertionError("The scripted tracker reads no picture.")


def sides_of(keys: Mapping[int, Mapping[int, Shape]], *, unreadable: int | None = None) -> FarSides:
    pictures = Pictures(unreadable=unreadable)
    return FarSides(
        pictures=pictures, open=lambda: ScriptedTracker().open(pictures, parameters={}), keys=keys
    )


BOX = Box(100, 10, 50, 40)


class TestLookingBack:
    def frames(self, sides: FarSides, *, near: int, frame: int) -> list[int]:
        due = sides.due(frame, near={1: near})
        return [
            seen for key, ones in due.items() for seen in sides.look_back(key=key, instances=ones, to=frame)
        ]

    def test_over_the_whole_gap(self) -> None:
        assert self.frames(sides_of({1: {9: BOX}}), near=0, frame=1) == [8, 7, 6, 5, 4, 3, 2, 1]

    def test_backwards_over_the_whole_gap(self) -> None:
        assert self.frames(sides_of({1: {0: BOX}}), near=4, frame=3) == [1, 2, 3]

    def test_once(self) -> None:
        sides = sides_of({1: {9: BOX}})
        self.frames(sides, near=0, frame=1)
        assert self.frames(sides, near=0, frame=2) == []

    def test_no_further_than_its_reach(self) -> None:
        far = REACH + 100
        sides = sides_of({1: {far: BOX}})
        assert self.frames(sides, near=0, frame=100) == []
        assert len(self.frames(sides, near=0, frame=101)) == REACH - 1

    def test_a_frame_that_cannot_be_read_is_passed_over(self) -> None:
        sides = sides_of({1: {9: BOX}}, unreadable=5)
        assert len(self.frames(sides, near=0, frame=1)) == 8
        assert sorted(sides.found[1, 9]) == [1, 2, 3, 4, 6, 7, 8]

    def test_to_the_next_key_frame_only(self) -> None:
        sides = sides_of({1: {9: BOX, 20: BOX}})
        assert list(sides.due(1, near={1: 0})) == [9]
        assert list(sides.due(10, near={1: 9})) == [20]

    def test_instances_with_one_key_frame_share_a_pass(self) -> None:
        sides = sides_of({1: {9: BOX}, 2: {9: BOX}, 3: {7: BOX}})
        assert sides.due(1, near={1: 0, 2: 0, 3: 0}) == {9: [1, 2], 7: [3]}

    def test_what_was_broken_off_counts_for_nothing(self) -> None:
        sides = sides_of({1: {9: BOX}})
        next(sides.look_back(key=9, instances=[1], to=1))
        assert sides.blend(1, Tracked(None, 0.0), near=0, frame=8).shape is None


@pytest.mark.parametrize(("frame", "weight"), [(1, 0.1), (5, 0.5), (9, 0.9)])
def test_the_weight_grows_with_the_frames(frame: int, weight: float) -> None:
    assert Gap(0, 10).weight(frame) == pytest.approx(weight)


def test_over_long_gaps_the_weight_grows_within_the_reach() -> None:
    gap = Gap(0, 2 * REACH)
    assert gap.weight(REACH) == 0
    assert gap.weight(2 * REACH - REACH // 2) == pytest.approx(0.5)


class TestOnlyOneSideHasIt:
    def seen(self, first: float | None, second: float | None, *, weight: float) -> bool:
        sides: Sequence[Tracked] = [
            Tracked(None, 0.0) if one is None else Tracked(BOX, one) for one in (first, second)
        ]
        return tracked_blend(*sides, weight=weight, width=320, height=240).shape is not None

    def test_the_nearer_side_is_believed(self) -> None:
        assert self.seen(0.1, None, weight=0.4)
        assert self.seen(None, 0.1, weight=0.6)

    def test_the_other_one_only_when_it_is_rather_sure(self) -> None:
        assert self.seen(0.9, None, weight=0.9)
        assert not self.seen(0.2, None, weight=0.9)
        assert not self.seen(None, 0.2, weight=0.1)

    def test_neither_has_it(self) -> None:
        assert not self.seen(None, None, weight=0.5)
