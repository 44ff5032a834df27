"""Ordering a job: what is stored, what is refused, what is said."""

from __future__ import annotations

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from labeling.errors import LabelyardError
from labeling.geometry.rle import rle_encode
from labeling.geometry.shapes import Bitmask, Box, Shape, ShapeKind
from labeling.models import (
    Direction,
    Event,
    Instance,
    Job,
    JobInstance,
    JobState,
    MediaKind,
    Part,
    Stage,
    Task,
    Worker,
)
from labeling.services.jobs import job_dry_run
from labeling.services.orders import TrackOrder
from tests import factories
from tests.engine.conftest import Bells
from tests.engine.ordering import claimed, finished_run, seeded_instance, submit, track

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def refusal(task: Task, *instances: object, **words: object) -> LabelyardError:
    with pytest.raises(LabelyardError) as caught:
        submit(task, *instances, **words)  # type: ignore[arg-type]
    assert not Job.objects.exists()
    return caught.value


def test_an_order_is_stored_with_its_parts_claims_and_event(task: Task) -> None:
    car, bus = seeded_instance(task), seeded_instance(task)

    job = track(task, car, bus, last=29)

    assert job.state == JobState.QUEUED
    assert job.frames_total == 30
    assert [part.frames_total for part in job.parts.all()] == [30]
    assert set(job.claims.values_list("instance_id", "active")) == {(car.pk, True), (bus.pk, True)}
    assert Event.objects.get(job=job).kind == "job.queued"


def test_the_bell_rings_after_the_commit(
    task: Task, bells: Bells, django_capture_on_commit_callbacks: object
) -> None:
    car = seeded_instance(task)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        track(task, car)
        assert bells.rung == []
    assert bells.rung == [("cpu", 1)]


def test_objects_are_spread_over_parts_of_the_size_asked(task: Task) -> None:
    cars = [seeded_instance(task) for _ in range(5)]
    job = track(task, *cars, instances_per_part=2)
    assert [len(part.plan["objects"]) for part in job.parts.order_by("number")] == [2, 2, 1]


def seed_of(task: Task, order: TrackOrder) -> int | None:
    """The frame that the order's only instance would be tracked from."""
    return job_dry_run(task=task, order=order)[1].objects[0].seed_frame


class TestSeed:
    """The label on the start, of any provenance; else the nearest before; else the first inside."""

    def plan(self, task: Task, *frames: int, first: int, last: int, backwards: bool = False) -> int | None:
        car = factories.make_instance(task=task)
        for frame in frames:
            factories.make_label(instance=car, frame=frame, protected=False)
        order = TrackOrder(
            instances=(car.pk,),
            first_frame=first,
            last_frame=last,
            direction=Direction.BACKWARDS if backwards else Direction.FORWARDS,
        )
        return seed_of(task, order)

    def test_on_the_first_frame(self, task: Task) -> None:
        assert self.plan(task, 5, 10, 15, first=10, last=20) == 10

    def test_nearest_before_when_the_first_frame_has_none(self, task: Task) -> None:
        assert self.plan(task, 3, 7, 15, first=10, last=20) == 7

    def test_first_inside_when_there_is_none_before(self, task: Task) -> None:
        assert self.plan(task, 15, 18, first=10, last=20) == 15

    def test_on_the_very_last_frame(self, task: Task) -> None:
        assert self.plan(task, 20, first=10, last=20) == 20

    def test_backwards_the_last_frame_is_the_start(self, task: Task) -> None:
        assert self.plan(task, 5, 20, 25, first=10, last=20, backwards=True) == 20

    def test_backwards_the_nearest_after(self, task: Task) -> None:
        assert self.plan(task, 5, 22, 25, first=10, last=20, backwards=True) == 22

    def test_an_absent_mark_is_no_seed(self, task: Task) -> None:
        car = factories.make_instance(task=task)
        factories.make_label(instance=car, frame=5)
        factories.make_label(instance=car, frame=10, shape=None)
        order = TrackOrder(instances=(car.pk,), first_frame=10, last_frame=20)
        assert seed_of(task, order) == 5


def test_frames_before_the_range_are_counted_from_the_seed(task: Task) -> None:
    car = seeded_instance(task, frame=4)
    assert track(task, car, first=10, last=20).frames_total == 17


def test_an_instance_without_a_label_is_a_warning_while_others_have_one(task: Task) -> None:
    car, ghost = seeded_instance(task), factories.make_instance(task=task)
    job = track(task, car, ghost)
    assert len(job.warnings) == 1
    assert str(ghost) in job.warnings[0]
    assert list(job.claims.values_list("instance_id", flat=True)) == [car.pk]


def test_nothing_at_all_to_track_is_refused(task: Task) -> None:
    assert refusal(task, factories.make_instance(task=task)).code == "nothing_to_track"


def test_a_label_after_the_range_is_no_seed(task: Task) -> None:
    assert refusal(task, seeded_instance(task, frame=30), last=29).code == "nothing_to_track"


class TestSeedThatShowsNoObject:
    """One that is empty or covers the frame is said, and nothing is tracked from it."""

    def seeded(self, task: Task, shape: Shape) -> Instance:
        kind = ShapeKind.BITMASK if isinstance(shape, Bitmask) else ShapeKind.BOUNDING_BOX
        thing = factories.make_instance(task=task, shape=kind)
        factories.make_label(instance=thing, frame=0, shape=shape)
        return thing

    @pytest.mark.parametrize(
        ("shape", "words"),
        [
            (Box(0, 0, 640, 360), "covers the whole frame"),
            (Bitmask(0, 0, 640, 360, rle_encode(np.ones((360, 640), np.bool_))), "covers the whole frame"),
            (Bitmask(3, 4, 2, 2, rle_encode(np.zeros((2, 2), np.bool_))), "covers nothing of the frame"),
        ],
    )
    def test_it_is_refused_with_the_frame(self, task: Task, shape: Shape, words: str) -> None:
        thing = self.seeded(task, shape)
        error = refusal(task, thing)
        assert (error.code, error.status) == ("nothing_to_track", 422)
        assert error.sentence.startswith(f"The label of {thing} on frame 0 {words}")

    def test_it_is_a_warning_while_others_have_one(self, task: Task) -> None:
        car, sky = seeded_instance(task), self.seeded(task, Box(0, 0, 640, 360))
        job = track(task, car, sky)
        assert [str(sky) in warning for warning in job.warnings] == [True]
        assert list(job.claims.values_list("instance_id", flat=True)) == [car.pk]

    def test_one_that_leaves_room_is_tracked(self, task: Task) -> None:
        assert track(task, self.seeded(task, Box(0, 0, 600, 360))).warnings == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"first": 9, "last": 3}, "range_reversed"),
        ({"last": 100}, "frame_out_of_range"),
        ({"interval": -1}, "interval_negative"),
        ({"priority": 1.5}, "priority_out_of_range"),
        ({"algorithm": "no such thing"}, "unknown_algorithm"),
        ({"instances_per_part": 0}, "instances_per_part_too_small"),
    ],
)
def test_an_order_that_cannot_run_is_refused(task: Task, words: dict[str, object], code: str) -> None:
    error = refusal(task, seeded_instance(task), **words)
    assert (error.code, error.status) == (code, 422)


def test_the_editor_has_a_cap_and_the_drawer_has_none() -> None:
    task = factories.make_task(media=factories.make_media(project=factories.make_project(), frames=400))
    car = seeded_instance(task)
    assert refusal(task, car, last=250, from_editor=True).code == "range_too_long"
    assert track(task, car, last=250).frames_total == 251


def test_exactly_the_cap_is_allowed() -> None:
    task = factories.make_task(media=factories.make_media(project=factories.make_project(), frames=400))
    assert track(task, seeded_instance(task), last=249, from_editor=True).frames_total == 250


def test_no_instance_chosen_is_refused(task: Task) -> None:
    assert refusal(task).code == "no_instances"


def test_an_instance_of_another_task_is_refused(task: Task) -> None:
    other = factories.make_task(media=factories.make_media(project=task.project))
    assert refusal(task, seeded_instance(other)).code == "unknown_instance"


def test_a_single_image_is_not_trackable() -> None:
    media = factories.make_media(project=factories.make_project(), kind=MediaKind.IMAGE)
    task = factories.make_task(media=media)
    error = refusal(task, seeded_instance(task), last=0)
    assert error.code == "modality_not_trackable"
    assert "image" in error.sentence


@pytest.mark.parametrize("shape", ShapeKind)
def test_the_fast_tracker_takes_every_shape(task: Task, shape: ShapeKind) -> None:
    car = factories.make_instance(task=task, shape=shape)
    error = refusal(task, car, algorithm="fast")
    assert error.code == "nothing_to_track"


def test_a_tracker_refuses_a_shape_that_it_does_not_offer_by_name(task: Task) -> None:
    Worker.objects.create(
        name="narrow",
        capabilities=["gpu"],
        algorithms={"boxes": {"capability": "gpu", "shapes": ["bounding_box"]}},
        started_at=timezone.now(),
        seen_at=timezone.now(),
    )
    point = factories.make_instance(task=task, shape=ShapeKind.KEYPOINT)
    error = refusal(task, point, algorithm="boxes")
    assert error.code == "shape_not_trackable"
    assert "point" in error.sentence


def test_a_complete_task_takes_no_job(task: Task) -> None:
    car = seeded_instance(task)
    task.stage = Stage.COMPLETE
    task.save()
    error = refusal(task, car)
    assert (error.code, error.status) == ("task_complete", 409)


class TestOneActiveJob:
    """One active job per instance and overlapping range."""

    def test_a_second_on_the_same_frames_names_the_first(self, task: Task) -> None:
        car = seeded_instance(task)
        first = track(task, car)
        with pytest.raises(LabelyardError) as caught:
            submit(task, car, first=9, last=20)
        assert (caught.value.code, caught.value.status) == ("job_overlaps", 409)
        assert caught.value.details == {"job": first.pk}
        assert Job.objects.count() == 1
        assert Part.objects.count() == 1

    def test_the_neighbouring_range_is_free(self, task: Task) -> None:
        car = seeded_instance(task)
        track(task, car)
        track(task, car, first=10, last=20)

    def test_another_instance_is_free(self, task: Task) -> None:
        track(task, seeded_instance(task))
        track(task, seeded_instance(task))

    def test_it_is_free_again_when_the_job_has_ended(self, task: Task) -> None:
        car = seeded_instance(task)
        finished_run(task, car)
        track(task, car)

    def test_the_database_itself_refuses(self, task: Task) -> None:
        car = seeded_instance(task)
        job = track(task, car)
        other = track(task, seeded_instance(task))
        with pytest.raises(IntegrityError), transaction.atomic():
            JobInstance.objects.create(job=other, instance=car, first_frame=5, last_frame=5)
        ended = JobInstance.objects.create(job=other, instance=car, first_frame=5, last_frame=5, active=False)
        with pytest.raises(IntegrityError), transaction.atomic():
            JobInstance.objects.filter(pk=ended.pk).update(active=True)
        assert job.claims.count() == 1


class TestIdempotency:
    def test_a_repeated_order_is_one_order(self, task: Task) -> None:
        car = seeded_instance(task)
        first = submit(task, car, key="k")
        again = submit(task, car, key="k")
        assert (first.created, again.created) == (True, False)
        assert again.job == first.job
        assert Job.objects.count() == 1

    def test_it_holds_after_the_job_has_ended(self, task: Task) -> None:
        car = seeded_instance(task)
        first = submit(task, car, key="k")
        Job.objects.filter(pk=first.job.pk).update(state=JobState.FAILED, finished_at="2026-01-01T00:00Z")
        assert submit(task, car, key="k").job == first.job

    def test_the_key_with_another_order_is_refused(self, task: Task) -> None:
        car = seeded_instance(task)
        submit(task, car, key="k")
        with pytest.raises(LabelyardError) as caught:
            submit(task, car, key="k", last=20)
        assert caught.value.code == "idempotency_key_reused"

    def test_another_project_may_use_the_same_key(self, task: Task) -> None:
        submit(task, seeded_instance(task), key="k")
        other = factories.make_task(media=factories.make_media(project=factories.make_project(name="Other")))
        assert submit(other, seeded_instance(other), key="k").created


def test_a_claim_says_who_and_until_when(task: Task) -> None:
    job = track(task, seeded_instance(task))
    lease = claimed("worker one")
    part = job.parts.get()
    job.refresh_from_db()
    assert (part.token, part.holder, part.attempts) == (lease.token, "worker one", 1)
    assert job.state == JobState.RUNNING
