"""What a commit may and may not do to labels."""

from __future__ import annotations

import pytest

from labeling.errors import LabelyardError
from labeling.geometry.shapes import Box
from labeling.models import (
    Job,
    JobState,
    Label,
    Part,
    PartState,
    Provenance,
    RunChunk,
    Stage,
    Task,
    TaskChange,
)
from tests import factories
from tests.engine.ordering import boxes, claimed, dump, missing, seeded_instance, track, write
from workers.claim import LeaseLost
from workers.reaper import reap

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def test_found_shapes_become_tracked_unprotected_labels(task: Task) -> None:
    car = seeded_instance(task)
    job = track(task, car)
    write(claimed(), task, boxes(car, range(1, 10)), position=9, ends=PartState.DONE)
    made = Label.objects.filter(job=job)
    assert made.count() == 9
    assert {(label.provenance, label.protected, label.confidence) for label in made} == {
        (Provenance.TRACKED, False, 0.5)
    }
    job.refresh_from_db()
    assert (job.state, job.labels_written) == (JobState.SUCCEEDED, 9)


def test_protected_labels_and_absent_marks_are_never_touched(task: Task) -> None:
    car = seeded_instance(task)
    factories.make_label(instance=car, frame=3, shape=Box(1, 2, 3, 4))
    factories.make_label(instance=car, frame=5, shape=None)
    before = dump(task)
    track(task, car)
    write(claimed(), task, boxes(car, range(1, 7)) + missing(car, range(7, 10)), position=9)
    assert [row for row in dump(task) if row[4]] == before


def test_a_missing_frame_does_not_remove_a_protected_label(task: Task) -> None:
    car = seeded_instance(task)
    factories.make_label(instance=car, frame=3)
    track(task, car)
    write(claimed(), task, missing(car, range(1, 10)), position=9)
    assert Label.objects.filter(instance=car).count() == 2


def test_an_accepted_range_is_locked_gaps_included(task: Task, rita: object) -> None:
    from labeling.models import User
    from labeling.services.reviews import review_decide

    assert isinstance(rita, User)
    car = seeded_instance(task)
    factories.make_label(instance=car, frame=3, protected=False, provenance=Provenance.TRACKED)
    track(task, car)
    lease = claimed()
    review_decide(user=rita, instance=car, first_frame=2, last_frame=5, decision="accepted")
    write(lease, task, boxes(car, range(1, 10)), position=9)
    frames = Label.objects.filter(instance=car, job__isnull=False).values_list("frame", flat=True)
    assert sorted(frames) == [1, 6, 7, 8, 9]


def test_unprotected_labels_are_replaced_and_removed_where_missing(task: Task) -> None:
    car = seeded_instance(task)
    for frame in (3, 4):
        factories.make_label(instance=car, frame=frame, protected=False, provenance=Provenance.INTERPOLATED)
    track(task, car)
    write(claimed(), task, boxes(car, range(1, 4)) + missing(car, range(4, 10)), position=9)
    assert sorted(Label.objects.filter(instance=car).values_list("frame", flat=True)) == [0, 1, 2, 3]
    assert Label.objects.get(instance=car, frame=3).provenance == Provenance.TRACKED
    assert Label.objects.get(instance=car, frame=3).version == 2


def test_a_complete_task_is_not_written_into(task: Task) -> None:
    car = seeded_instance(task)
    track(task, car)
    lease = claimed()
    Task.objects.filter(pk=task.pk).update(stage=Stage.COMPLETE)
    before = dump(task)
    with pytest.raises(LabelyardError) as caught:
        write(lease, task, boxes(car, range(1, 10)), position=9)
    assert caught.value.code == "task_complete"
    assert dump(task) == before
    assert Part.objects.get().position is None


def test_a_holder_that_wakes_after_its_lease_writes_nothing(task: Task) -> None:
    car = seeded_instance(task)
    track(task, car)
    sleeper = claimed("sleeper")
    Part.objects.update(lease_expires_at="2026-01-01T00:00Z")
    assert reap() == 1
    second = claimed("second")
    write(second, task, boxes(car, range(1, 5)), position=4)
    before = dump(task)
    with pytest.raises(LeaseLost):
        write(sleeper, task, boxes(car, range(1, 10), left=300), position=9)
    assert dump(task) == before
    write(second, task, boxes(car, range(5, 10)), position=9, ends=PartState.DONE)
    assert Job.objects.get().state == JobState.SUCCEEDED


def test_every_commit_takes_the_tasks_next_number_and_tells_the_feed(task: Task) -> None:
    car = seeded_instance(task)
    job = track(task, car)
    lease = claimed()
    task.refresh_from_db()
    start = task.seq
    write(lease, task, boxes(car, range(1, 5)), position=4)
    write(lease, task, boxes(car, range(5, 10)), position=9)
    changes = list(TaskChange.objects.filter(task=task).order_by("seq"))
    assert [(c.seq, c.instances, c.first_frame, c.last_frame, c.job_id) for c in changes] == [
        (start + 1, [car.pk], 1, 4, job.pk),
        (start + 2, [car.pk], 5, 9, job.pk),
    ]


def test_originals_never_span_a_block_of_64_frames() -> None:
    media = factories.make_media(project=factories.make_project(), frames=200)
    task = factories.make_task(media=media)
    car = seeded_instance(task, frame=60)
    track(task, car, first=60, last=130)
    write(claimed(), task, boxes(car, range(61, 131)), position=130)
    assert list(RunChunk.objects.order_by("first_frame").values_list("first_frame", "last_frame")) == [
        (61, 63),
        (64, 127),
        (128, 130),
    ]


def test_progress_is_what_is_committed(task: Task) -> None:
    car = seeded_instance(task)
    job = track(task, car)
    lease = claimed()
    write(lease, task, boxes(car, range(1, 5)), position=4)
    job.refresh_from_db()
    assert job.frames_done == 4
    assert Part.objects.get().position == 4
