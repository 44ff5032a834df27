"""The transitions of a job, each arrow and each refusal."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from labeling.errors import LabelyardError
from labeling.models import FINAL_STATES, Job, JobState, Label, Part, PartState, Stage, Task
from labeling.services.job_states import job_cancel, job_pause, job_resume, job_retry
from tests.engine.ordering import boxes, claim, claimed, finished_run, seeded_instance, track, write
from workers.reaper import reap
from workers.writer import Batch, commit, part_fail, part_release

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def expire() -> None:
    Part.objects.filter(state=PartState.RUNNING).update(lease_expires_at="2026-01-01T00:00Z")


def test_a_paused_job_is_not_claimed_until_it_is_resumed(task: Task) -> None:
    job = job_pause(job=track(task, seeded_instance(task)))
    assert job.state == JobState.PAUSED
    assert claim() is None
    job_resume(job=job)
    assert claim() is not None


def test_a_running_part_hears_of_the_pause_at_its_commit_and_is_held(task: Task) -> None:
    car = seeded_instance(task)
    job = track(task, car)
    lease = claimed()
    job_pause(job=job)
    assert write(lease, task, boxes(car, range(1, 5)), position=4) == JobState.PAUSED
    part_release(lease=lease, to=PartState.HELD)
    assert claim() is None
    resumed = job_resume(job=job)
    assert resumed.state == JobState.RUNNING
    assert Part.objects.get(pk=claimed().part_id).position == 4


def test_cancelling_a_queued_job_ends_it_at_once(task: Task) -> None:
    job = job_cancel(job=track(task, seeded_instance(task)), keep=True)
    assert job.state == JobState.CANCELLED
    assert job.finished_at is not None
    assert not job.claims.filter(active=True).exists()


@pytest.mark.parametrize("keep", [True, False])
def test_a_running_job_is_cancelled_by_its_holder_and_keeps_or_discards(task: Task, keep: bool) -> None:
    car = seeded_instance(task)
    job = track(task, car)
    lease = claimed()
    write(lease, task, boxes(car, range(1, 5)), position=4)
    assert job_cancel(job=job, keep=keep).state == JobState.CANCELLING
    part_release(lease=lease, to=PartState.CANCELLED)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert Label.objects.filter(job=job).count() == (4 if keep else 0)


@pytest.mark.parametrize("keep", [True, False])
def test_the_reaper_finishes_a_cancelled_job_whose_worker_died(task: Task, keep: bool) -> None:
    car = seeded_instance(task)
    job = track(task, car)
    write(claimed(), task, boxes(car, range(1, 5)), position=4)
    job_cancel(job=job, keep=keep)
    expire()
    reap()
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert Label.objects.filter(job=job).count() == (4 if keep else 0)


def test_discarding_leaves_a_task_alone_that_was_completed_meanwhile(task: Task) -> None:
    car = seeded_instance(task)
    job = track(task, car)
    lease = claimed()
    write(lease, task, boxes(car, range(1, 5)), position=4)
    job_cancel(job=job, keep=False)
    Task.objects.update(stage=Stage.COMPLETE)
    part_release(lease=lease, to=PartState.CANCELLED)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert Label.objects.filter(job=job).count() == 4
    assert "completed" in job.events.get(kind="job.cancelled").payload["sentence"]


def test_a_lost_part_is_queued_again_and_goes_on_from_its_last_commit(task: Task) -> None:
    car = seeded_instance(task)
    track(task, car)
    write(claimed(), task, boxes(car, range(1, 5)), position=4)
    expire()
    assert reap() == 1
    part = Part.objects.get(pk=claimed().part_id)
    assert (part.position, part.losses, part.attempts) == (4, 1, 2)


def test_a_part_that_is_lost_again_and_again_fails_with_a_sentence(task: Task, settings: object) -> None:
    settings.LOSSES_MAX = 2  # type: ignore[attr-defined]
    job = track(task, seeded_instance(task))
    for _ in range(3):
        claimed()
        expire()
        reap()
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert job.error_code == "worker_lost"
    assert "3 times" in job.error


def test_a_commit_forgives_earlier_losses(task: Task, settings: object) -> None:
    settings.LOSSES_MAX = 1  # type: ignore[attr-defined]
    car = seeded_instance(task)
    job = track(task, car)
    for frame in range(1, 5):
        write(claimed(), task, boxes(car, range(frame, frame + 1)), position=frame)
        expire()
        reap()
    job.refresh_from_db()
    assert job.state == JobState.RUNNING


def test_a_live_lease_is_left_alone(task: Task) -> None:
    track(task, seeded_instance(task))
    claimed()
    assert reap() == 0


def test_a_failed_part_fails_the_job_and_retry_runs_it_again(task: Task) -> None:
    job = track(task, seeded_instance(task))
    part_fail(lease=claimed(), code="backend_failed", sentence="It broke on frame 3.")
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, "It broke on frame 3.")
    assert claim() is None
    assert job_retry(job=job).state == JobState.QUEUED
    assert claim() is not None


def test_one_failed_part_of_two_makes_a_partial_job_and_only_it_is_retried(task: Task) -> None:
    car, bus = seeded_instance(task), seeded_instance(task)
    job = track(task, car, bus, instances_per_part=1)
    write(claimed(), task, boxes(car, range(1, 10)), position=9, ends=PartState.DONE)
    part_fail(lease=claimed(), code="backend_failed", sentence="It broke.")
    job.refresh_from_db()
    assert job.state == JobState.PARTIAL
    job_retry(job=job)
    states = list(Part.objects.order_by("number").values_list("state", flat=True))
    assert states == [PartState.DONE, PartState.QUEUED]


def test_retry_gives_way_to_a_job_that_took_the_instances_meanwhile(task: Task) -> None:
    car = seeded_instance(task)
    job = track(task, car)
    part_fail(lease=claimed(), code="backend_failed", sentence="It broke.")
    track(task, car)
    job.refresh_from_db()
    with pytest.raises(LabelyardError) as caught:
        job_retry(job=job)
    assert caught.value.code == "job_overlaps"
    job.refresh_from_db()
    assert job.state == JobState.FAILED


@pytest.mark.parametrize("state", FINAL_STATES)
def test_a_final_job_is_neither_paused_resumed_nor_cancelled(task: Task, state: JobState) -> None:
    job = track(task, seeded_instance(task))
    keeps = True if state == JobState.CANCELLED else None
    Job.objects.filter(pk=job.pk).update(state=state, finished_at="2026-01-01T00:00Z", cancel_keeps=keeps)
    job.refresh_from_db()
    verbs: list[Callable[[], object]] = [
        lambda: job_pause(job=job),
        lambda: job_resume(job=job),
        lambda: job_cancel(job=job, keep=True),
    ]
    for verb in verbs:
        with pytest.raises(LabelyardError) as caught:
            verb()
        assert caught.value.status == 409
    assert Job.objects.get().state == state


def test_nothing_is_retried_of_a_job_that_succeeded(task: Task) -> None:
    job = finished_run(task, seeded_instance(task))
    with pytest.raises(LabelyardError) as caught:
        job_retry(job=job)
    assert caught.value.code == "nothing_to_retry"


def test_events_of_a_job_are_numbered_without_gaps(task: Task) -> None:
    car = seeded_instance(task)
    job = track(task, car)
    lease = claimed()
    write(lease, task, boxes(car, range(1, 5)), position=4)
    write(lease, task, boxes(car, range(5, 10)), position=9, ends=PartState.DONE)
    told = list(job.events.exclude(number=None).order_by("number").values_list("number", "kind"))
    assert told == [(1, "job.queued"), (2, "job.started"), (3, "job.progress"), (4, "job.succeeded")]


def test_what_failed_before_a_retry_is_still_told_after_it(task: Task) -> None:
    car = seeded_instance(task)
    job = track(task, car)
    lease = claimed()
    failures: list[dict[str, object]] = [{"frame": 2, "sentence": "It cannot be read."}]
    commit(
        lease=lease,
        task_id=task.pk,
        batch=Batch(position=4, checkpoint=b"", frames=5, found=boxes(car, range(3, 5)), failures=failures),
    )
    part_fail(lease=lease, code="backend_failed", sentence="It broke.")
    job.refresh_from_db()
    job_retry(job=job)
    write(claimed(), task, boxes(car, range(5, 10)), position=9, ends=PartState.DONE)
    job.refresh_from_db()
    assert job.state == JobState.PARTIAL
    assert Part.objects.get().failures == failures
