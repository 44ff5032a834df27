"""Interpolating jobs: which frames are filled, with what, and what is never touched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from labeling.errors import LabelyardError
from labeling.geometry.boxes import shape_bounds
from labeling.geometry.packing import shape_pack, shape_unpack
from labeling.geometry.rle import rle_encode
from labeling.geometry.shapes import (
    Bitmask,
    Box,
    Keypoint,
    Polygon,
    Polyline,
    RotatedBox,
    Shape,
    ShapeKind,
    Skeleton,
    Visibility,
)
from labeling.models import (
    Instance,
    Job,
    JobState,
    Label,
    MediaKind,
    Part,
    Provenance,
    Stage,
    Task,
    User,
)
from labeling.services.job_notes import job_warnings
from labeling.services.job_states import job_cancel, job_pause, job_resume
from labeling.services.jobs import job_dry_run, job_submit
from labeling.services.orders import InterpolateOrder
from labeling.services.reviews import review_decide
from labeling.services.runs import job_redo, job_revert
from tests import factories
from tests.engine.ordering import dump, track
from workers import interpolating
from workers.interpolating import Fill
from workers.runner import run_next
from workers.writer import Found

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]
SEEN = Visibility.VISIBLE


def labelled(task: Task, *frames: int, shape: ShapeKind = ShapeKind.BOUNDING_BOX) -> Instance:
    """An instance with a person's box on each frame, as far to the right as the frame's number."""
    car = factories.make_instance(task=task, shape=shape)
    for frame in frames:
        factories.make_label(instance=car, frame=frame, shape=Box(float(frame), 20, 30, 40))
    return car


def order_of(*instances: Instance, first: int = 0, last: int = 99, **words: Any) -> InterpolateOrder:
    pks = tuple(instance.pk for instance in instances)
    return InterpolateOrder(instances=pks, first_frame=first, last_frame=last, **words)


def submit(task: Task, *instances: Instance, **words: Any) -> Job:
    return job_submit(user=None, task=task, order=order_of(*instances, **words)).job


def run(task: Task, *instances: Instance, **words: Any) -> Job:
    job = submit(task, *instances, **words)
    assert run_next(capability="cpu")
    job.refresh_from_db()
    return job


def refusal(task: Task, *instances: Instance, **words: Any) -> LabelyardError:
    with pytest.raises(LabelyardError) as caught:
        submit(task, *instances, **words)
    assert not Job.objects.exists()
    return caught.value


def filled(instance: Instance) -> list[int]:
    labels = Label.objects.filter(instance=instance, provenance=Provenance.INTERPOLATED)
    return sorted(labels.values_list("frame", flat=True))


def shape_on(instance: Instance, frame: int) -> Shape:
    geometry = Label.objects.get(instance=instance, frame=frame).geometry
    assert geometry is not None
    return shape_unpack(bytes(geometry))


def test_the_frames_between_two_labels_are_filled_evenly(task: Task) -> None:
    car = labelled(task, 10, 14)
    job = run(task, car)
    assert (job.kind, job.algorithm, job.state) == ("interpolate", "interpolation", JobState.SUCCEEDED)
    assert (job.frames_total, job.frames_done, job.labels_written) == (3, 3, 3)
    assert filled(car) == [11, 12, 13]
    assert shape_on(car, 12) == Box(12, 20, 30, 40)
    labels = Label.objects.filter(instance=car, job=job)
    assert set(labels.values_list("confidence", "protected")) == {(0.99, False)}


def test_neighbouring_frames_have_no_gap_between(task: Task) -> None:
    error = refusal(task, labelled(task, 10, 11))
    assert (error.code, error.status) == ("nothing_to_interpolate", 422)


def test_one_labelled_frame_is_not_enough(task: Task) -> None:
    car = labelled(task, 10)
    error = refusal(task, car)
    assert error.code == "nothing_to_interpolate"
    assert str(car) in error.sentence


def test_an_instance_with_nothing_to_fill_is_a_warning_while_others_have_something(task: Task) -> None:
    car, ghost = labelled(task, 0, 5), labelled(task, 3)
    job = run(task, car, ghost)
    assert [str(ghost) in warning for warning in job.warnings] == [True]
    assert filled(car) == [1, 2, 3, 4]


def test_labels_of_any_provenance_but_interpolated_are_neighbours(task: Task) -> None:
    car = labelled(task, 0)
    for frame, provenance in ((4, Provenance.TRACKED), (6, Provenance.DETECTED), (9, Provenance.IMPORTED)):
        factories.make_label(instance=car, frame=frame, provenance=provenance, protected=False)
    factories.make_label(instance=car, frame=12, provenance=Provenance.INTERPOLATED, protected=False)
    run(task, car)
    assert filled(car) == [1, 2, 3, 5, 7, 8, 12]


def test_an_interpolated_label_that_is_accepted_is_a_neighbour(task: Task, rita: User) -> None:
    car = labelled(task, 0, 10)
    run(task, car)
    accepted = shape_on(car, 5)
    review_decide(user=rita, instance=car, first_frame=5, last_frame=5, decision="accepted")
    Label.objects.filter(instance=car, frame=10).update(geometry=shape_pack(Box(100, 20, 30, 40)))
    run(task, car)
    assert shape_on(car, 5) == accepted
    assert shape_on(car, 4) == Box(4, 20, 30, 40)
    assert shape_on(car, 9) == Box(81, 20, 30, 40)


def test_frames_of_an_accepted_range_stay_open(task: Task, rita: User) -> None:
    car = labelled(task, 0, 10)
    review_decide(user=rita, instance=car, first_frame=4, last_frame=6, decision="accepted")
    job = run(task, car)
    assert filled(car) == [1, 2, 3, 7, 8, 9]
    assert job.frames_total == 6


def test_nothing_is_filled_across_an_absent_mark(task: Task) -> None:
    car = labelled(task, 0, 10, 13)
    factories.make_label(instance=car, frame=5, shape=None)
    run(task, car)
    assert filled(car) == [11, 12]


@pytest.mark.parametrize(
    ("first", "last", "frames"),
    [(0, 99, [*range(11, 20)]), (11, 19, [*range(11, 20)]), (13, 15, [13, 14, 15]), (19, 19, [19])],
)
def test_it_fills_only_inside_the_range_and_uses_labels_outside(
    task: Task, first: int, last: int, frames: list[int]
) -> None:
    car = labelled(task, 10, 20)
    run(task, car, first=first, last=last)
    assert filled(car) == frames
    assert shape_on(car, frames[0]) == Box(float(frames[0]), 20, 30, 40)


@pytest.mark.parametrize(("first", "last"), [(0, 10), (20, 99), (10, 10)])
def test_a_range_beside_the_gap_has_nothing_to_fill(task: Task, first: int, last: int) -> None:
    assert refusal(task, labelled(task, 10, 20), first=first, last=last).code == "nothing_to_interpolate"


def test_running_again_replaces_only_interpolated_labels(task: Task) -> None:
    car = labelled(task, 0, 10)
    run(task, car)
    Label.objects.filter(instance=car, frame=5).update(
        provenance=Provenance.TRACKED, geometry=shape_pack(Box(50, 20, 30, 40))
    )
    run(task, car)
    assert shape_on(car, 5) == Box(50, 20, 30, 40)
    assert shape_on(car, 4) == Box(40, 20, 30, 40)
    assert Label.objects.get(instance=car, frame=5).provenance == Provenance.TRACKED


def test_what_somebody_put_there_since_the_gaps_were_read_stays(
    task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    car = labelled(task, 0, 6)
    put = Fill.put

    def putting(fill: Fill, found: Found) -> None:
        if found.frame == 1:
            factories.make_label(instance=car, frame=3, shape=Box(7, 7, 7, 7))
            factories.make_label(
                instance=car, frame=4, shape=Box(8, 8, 8, 8), protected=False, provenance=Provenance.IMPORTED
            )
        put(fill, found)

    monkeypatch.setattr(Fill, "put", putting)
    job = run(task, car)
    assert filled(car) == [1, 2, 5]
    assert (shape_on(car, 3), shape_on(car, 4)) == (Box(7, 7, 7, 7), Box(8, 8, 8, 8))
    assert job.labels_written == 3


def skeleton(x: float) -> Skeleton:
    return Skeleton(np.array([[x, 0.0], [x, 10.0], [x, 20.0], [x, 30.0]]), (SEEN,) * 4)


def square(x: float) -> Polygon:
    return Polygon(((np.array([[x, 10], [x + 20, 10], [x + 20, 30], [x, 30]], np.float64),),))


ONES = rle_encode(np.ones((3, 4), np.bool_))
SHAPES: dict[ShapeKind, tuple[Shape, Shape]] = {
    ShapeKind.BOUNDING_BOX: (Box(0, 0, 10, 10), Box(20, 0, 10, 10)),
    ShapeKind.ROTATABLE_BOUNDING_BOX: (RotatedBox(0, 0, 10, 10, 350), RotatedBox(20, 0, 10, 10, 10)),
    ShapeKind.POLYGON: (square(0), square(20)),
    ShapeKind.BITMASK: (Bitmask(0, 0, 4, 3, ONES), Bitmask(20, 0, 4, 3, ONES)),
    ShapeKind.POLYLINE: (Polyline(np.array([[0, 0], [10, 0.0]])), Polyline(np.array([[20, 0], [30, 0.0]]))),
    ShapeKind.KEYPOINT: (Keypoint(0, 5), Keypoint(20, 5)),
    ShapeKind.SKELETON: (skeleton(0), skeleton(20)),
}


@pytest.mark.parametrize("kind", list(ShapeKind))
def test_every_shape_is_interpolated(task: Task, kind: ShapeKind) -> None:
    thing = factories.make_instance(task=task, shape=kind)
    for frame, shape in zip((0, 4), SHAPES[kind], strict=True):
        factories.make_label(instance=thing, frame=frame, shape=shape)
    run(task, thing)
    assert filled(thing) == [1, 2, 3]
    half = shape_on(thing, 2)
    assert type(half) is type(SHAPES[kind][0])
    bounds = [shape_bounds(shape) for shape in (SHAPES[kind][0], half)]
    middle = [box.left + box.width / 2 for box in bounds]
    assert middle[1] == pytest.approx(middle[0] + 10, abs=1e-4)


@pytest.mark.parametrize(
    "kind", [MediaKind.VIDEO, MediaKind.IMAGE_GROUP, MediaKind.IMAGE_SEQUENCE, MediaKind.DICOM]
)
def test_every_frame_modality_is_interpolated(kind: MediaKind) -> None:
    media = factories.make_media(project=factories.make_project())
    media.kind = kind
    media.save()
    task = factories.make_task(media=media)
    car = labelled(task, 0, 4)
    assert run(task, car).state == JobState.SUCCEEDED
    assert filled(car) == [1, 2, 3]


@pytest.mark.parametrize(
    ("kind", "name"), [(MediaKind.IMAGE, "an image"), (MediaKind.OPAQUE, "a file without pictures")]
)
def test_a_modality_without_frames_is_refused_by_name(kind: MediaKind, name: str) -> None:
    task = factories.make_task(media=factories.make_media(project=factories.make_project(), kind=kind))
    error = refusal(task, factories.make_instance(task=task), last=0)
    assert error.code == "modality_not_interpolatable"
    assert name in error.sentence


def test_ends_that_cannot_be_joined_are_reported_and_the_rest_is_filled(task: Task) -> None:
    car = labelled(task, 0, 4, 8)
    factories.make_label(instance=car, frame=12, shape=Keypoint(3, 3))
    job = run(task, car)
    assert job.state == JobState.PARTIAL
    assert filled(car) == [1, 2, 3, 5, 6, 7]
    (failure,) = Part.objects.get(job=job).failures
    assert (failure["instance"], failure["frame"]) == (car.pk, 9)
    assert failure["sentence"].startswith("Frames 9 to 11 stay open: ")


def test_a_run_is_taken_back_and_brought_back_as_one(task: Task, alice: User) -> None:
    car, bus = labelled(task, 0, 70), labelled(task, 5, 9)
    before = dump(task)
    job = run(task, car, bus)
    after = dump(task)
    assert job_revert(job=job, user=alice).removed == 72
    assert dump(task) == before
    assert job_redo(job=job, user=alice).removed == 72
    assert dump(task) == after


def test_what_it_replaced_comes_back(task: Task, alice: User) -> None:
    car = labelled(task, 0, 10)
    run(task, car)
    Label.objects.filter(instance=car, frame=10).update(geometry=shape_pack(Box(100, 20, 30, 40)))
    before = dump(task)
    second = run(task, car)
    assert dump(task) != before
    job_revert(job=second, user=alice)
    assert dump(task) == before


def test_the_dry_run_counts_the_labels_of_each_object(task: Task) -> None:
    car, bus = labelled(task, 0, 10), labelled(task, 0, 3, 5)
    plan = job_dry_run(task=task, order=order_of(car, bus))[1]
    assert [(one.instance_id, one.frames) for one in plan.objects] == [(car.pk, 9), (bus.pk, 3)]
    assert plan.frames == 12


def test_objects_are_spread_over_parts_of_the_size_asked(task: Task) -> None:
    cars = [labelled(task, 0, 5) for _ in range(3)]
    job = submit(task, *cars, instances_per_part=2)
    while run_next(capability="cpu"):
        pass
    job.refresh_from_db()
    assert (job.state, job.parts.count(), job.labels_written) == (JobState.SUCCEEDED, 2, 12)


def test_tracking_of_the_same_frames_is_in_the_way(task: Task) -> None:
    car = labelled(task, 0, 10)
    first = track(task, car, last=5)
    with pytest.raises(LabelyardError) as caught:
        submit(task, car)
    assert (caught.value.code, caught.value.details) == ("job_overlaps", {"job": first.pk})


def test_a_task_that_was_completed_meanwhile_is_not_written(task: Task) -> None:
    car = labelled(task, 0, 10)
    job = submit(task, car)
    Task.objects.update(stage=Stage.COMPLETE)
    run_next(capability="cpu")
    job.refresh_from_db()
    assert (job.state, job.error_code) == (JobState.FAILED, "task_complete")
    assert filled(car) == []


def at_frame(monkeypatch: pytest.MonkeyPatch, number: int, act: Any) -> None:
    """Do ``act`` once, when the run has come to frame ``number``."""
    real = interpolating.open_frames

    def opening(fill: Fill) -> Iterator[Any]:
        for one in real(fill):
            if one[1] == number:
                monkeypatch.setattr(interpolating, "open_frames", real)
                act()
            yield one

    monkeypatch.setattr(interpolating, "open_frames", opening)


@pytest.mark.parametrize("keep", [True, False])
def test_cancel_in_mid_run_keeps_or_discards(
    task: Task, settings: Any, monkeypatch: pytest.MonkeyPatch, keep: bool
) -> None:
    settings.COMMIT_SECONDS = 0.0
    car = labelled(task, 0, 50)
    job = submit(task, car)
    at_frame(monkeypatch, 20, lambda: job_cancel(job=Job.objects.get(), keep=keep))
    run_next(capability="cpu")
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert filled(car) == (list(range(1, 21)) if keep else [])


def test_pause_and_resume_end_with_the_labels_of_an_undisturbed_run(
    task: Task, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.COMMIT_SECONDS = 0.0
    undisturbed, disturbed = labelled(task, 0, 30, 40), labelled(task, 0, 30, 40)
    second = labelled(task, 0, 5)
    run(task, undisturbed)
    job = submit(task, disturbed, second)
    at_frame(monkeypatch, 12, lambda: job_pause(job=Job.objects.get(pk=job.pk)))
    run_next(capability="cpu")
    job.refresh_from_db()
    assert (job.state, job.frames_done) == (JobState.PAUSED, 12)
    job_resume(job=job)
    run_next(capability="cpu")
    job.refresh_from_db()
    assert (job.state, job.frames_done, job.frames_total) == (JobState.SUCCEEDED, 42, 42)
    rows = dump(task)
    assert [row[1:4] for row in rows if row[0] == disturbed.pk] == [
        row[1:4] for row in rows if row[0] == undisturbed.pk
    ]
    assert filled(second) == [1, 2, 3, 4]


def test_a_run_that_finds_nothing_left_to_fill_says_so(task: Task) -> None:
    car = labelled(task, 0, 10)
    job = submit(task, car)
    Label.objects.filter(instance=car, frame=10).delete()
    assert run_next(capability="cpu")
    job.refresh_from_db()
    assert (job.state, job.labels_written) == (JobState.SUCCEEDED, 0)
    [sentence] = job_warnings(job)
    assert sentence.startswith("Nothing was filled:")


def test_labels_deleted_since_the_order_leave_less_to_do_and_the_job_ends(task: Task) -> None:
    car = labelled(task, 0, 10, 20)
    job = submit(task, car)
    Label.objects.filter(instance=car, frame=20).delete()
    run_next(capability="cpu")
    job.refresh_from_db()
    assert (job.state, job.labels_written) == (JobState.SUCCEEDED, 9)
    assert job.frames_done == job.frames_total
