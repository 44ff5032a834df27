"""A whole batch paused, resumed, cancelled, retried and reverted; its counts against a recount."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress

import pytest

from labeling.errors import LabelyardError
from labeling.models import (
    Batch,
    BatchState,
    Event,
    Job,
    JobState,
    Label,
    Part,
    PartState,
    Project,
    Stage,
    Task,
    User,
)
from labeling.services.batches.steering import (
    batch_cancel,
    batch_go_on,
    batch_pause,
    batch_resume,
    batch_retry,
    batch_revert,
)
from labeling.services.job_states import job_cancel, job_pause, job_resume, job_retry
from tests.engine.batching import counts, ordered, queued, recount, seeded_tasks, tended
from tests.engine.ordering import boxes, claim, claimed, write
from workers.batches import tend_batches
from workers.claim import Lease
from workers.reaper import reap
from workers.runner import STOPPED_TO
from workers.writer import part_fail, part_release

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def commit(lease: Lease, *, last: int = 4, ends: PartState | None = None) -> None:
    """Write boxes up to frame ``last``."""
    task = Job.objects.select_related("task").get(pk=lease.job_id).task
    write(lease, task, boxes(task.instances.get(), range(1, last + 1)), position=last, ends=ends)


def stop(lease: Lease) -> None:
    """Give the part back as its job's state asks."""
    state = JobState(Job.objects.get(pk=lease.job_id).state)
    part_release(lease=lease, to=STOPPED_TO.get(state, PartState.QUEUED))


def test_a_paused_batch_gives_no_part_and_a_resumed_one_all(project: Project) -> None:
    seeded_tasks(project, 4)
    batch = queued(project)
    running = claimed()
    tended(batch_pause(batch=batch))
    assert claim() is None
    commit(running)
    stop(running)
    assert counts(batch) == recount(batch) == {"paused": 4}
    tended(batch_resume(batch=batch))
    assert counts(batch) == recount(batch) == {"queued": 3, "running": 1}
    assert len(list(iter(claim, None))) == 4


def test_pausing_holds_back_what_has_no_job_yet(project: Project) -> None:
    seeded_tasks(project, 3)
    batch = ordered(project)
    tended(batch_pause(batch=batch))
    assert counts(batch) == {"waiting": 3}
    assert counts(tended(batch_resume(batch=batch))) == {"queued": 3}


@pytest.mark.parametrize("keep", [True, False])
def test_cancelling_ends_what_waits_and_keeps_or_discards_what_ran(project: Project, keep: bool) -> None:
    seeded_tasks(project, 4)
    batch = queued(project)
    done, running = claimed(), claimed()
    commit(done, last=9, ends=PartState.DONE)
    commit(running)
    tended(batch_cancel(batch=batch, keep=keep))
    assert counts(batch) == {"succeeded": 1, "cancelling": 1, "cancelled": 2}
    stop(running)
    assert counts(batch) == recount(batch) == {"succeeded": 1, "cancelled": 3}
    assert batch.state == BatchState.CANCELLED
    assert Label.objects.filter(job_id=done.job_id).count() == 9
    assert Label.objects.filter(job_id=running.job_id).count() == (4 if keep else 0)
    assert not Part.objects.exclude(state__in=(PartState.DONE, PartState.CANCELLED)).exists()


def test_cancelling_frees_the_objects_for_others(project: Project) -> None:
    seeded_tasks(project, 2)
    tended(batch_cancel(batch=queued(project), keep=True))
    assert counts(queued(project)) == {"queued": 2}


def test_tasks_that_wait_when_it_is_cancelled_get_no_job(project: Project) -> None:
    seeded_tasks(project, 5)
    batch = queued(project, sample=2)
    tended(batch_cancel(batch=batch, keep=True))
    assert counts(batch) == recount(batch) == {"cancelled": 2, "skipped": 3}
    assert batch.state == BatchState.CANCELLED
    assert set(batch.items.exclude(reason="").values_list("reason", flat=True)) == {"batch_cancelled"}


def test_retry_queues_only_what_failed_and_the_batch_runs_again(project: Project) -> None:
    seeded_tasks(project, 3)
    batch = queued(project)
    for lease in (claimed(), claimed()):
        part_fail(lease=lease, code="backend_failed", sentence="It broke.")
    commit(claimed(), last=9, ends=PartState.DONE)
    assert counts(batch) == {"failed": 2, "succeeded": 1}
    assert batch.state == BatchState.FINISHED
    tended(batch_retry(batch=batch))
    assert counts(batch) == recount(batch) == {"queued": 2, "succeeded": 1}
    assert (batch.state, batch.finished_at) == (BatchState.RUNNING, None)
    assert batch.verb_outcome == {"jobs": 2}


def test_reverting_takes_all_back_and_says_what_stayed(project: Project, alice: User) -> None:
    tasks = seeded_tasks(project, 3)
    batch = queued(project)
    while lease := claim():
        commit(lease, last=9, ends=PartState.DONE)
    Label.objects.filter(task=tasks[0], frame=3).update(protected=True)
    Task.objects.filter(pk=tasks[2].pk).update(stage=Stage.COMPLETE)
    batch.refresh_from_db()
    tended(batch_revert(batch=batch, user=alice))
    assert batch.verb_outcome == {
        "jobs": 2, "removed": 17, "kept": 1, "refused": 1, "refused: task_complete": 1,
    }  # fmt: skip
    assert Label.objects.filter(job__batch=batch, task=tasks[2]).count() == 9
    assert Job.objects.filter(batch=batch, reverted_by=alice).count() == 2


def test_one_thing_is_done_at_a_time(project: Project) -> None:
    seeded_tasks(project, 2)
    batch = queued(project)
    batch_pause(batch=batch)
    with pytest.raises(LabelyardError) as caught:
        batch_resume(batch=batch)
    assert (caught.value.code, caught.value.status) == ("batch_busy", 409)
    batch_cancel(batch=batch, keep=True)
    assert counts(tended(batch)) == {"cancelled": 2}


class Chance:
    """What workers and people do to a batch, in any order."""

    def __init__(self, batch: Batch, tasks: list[Task], *, user: User, seed: int) -> None:
        self.random = random.Random(seed)
        self.batch = batch
        self.tasks = tasks
        self.user = user
        self.leases: list[Lease] = []

    def take(self) -> None:
        self.leases.extend(filter(None, [claim()]))

    def end(self) -> None:
        if self.leases:
            commit(self.leases.pop(), last=9, ends=PartState.DONE)

    def fail(self) -> None:
        if self.leases:
            part_fail(lease=self.leases.pop(), code="backend_failed", sentence="It broke.")

    def give_up(self) -> None:
        if self.leases:
            stop(self.leases.pop())

    def die(self) -> None:
        Part.objects.filter(state=PartState.RUNNING).update(lease_expires_at="2026-01-01T00:00Z")
        self.leases.clear()
        reap()

    def job(self) -> Job:
        jobs = list(Job.objects.filter(batch=self.batch))
        if not jobs:
            raise Job.DoesNotExist
        return self.random.choice(jobs)

    def stage(self) -> None:
        task = self.random.choice(self.tasks)
        Task.objects.filter(pk=task.pk).update(stage=self.random.choice(Stage.values))

    def any(self) -> None:
        """Do something; what the state of things does not allow is refused."""
        batch = self.batch
        verbs: list[Callable[[], object]] = [
            self.take, self.take, self.take, self.end, self.end, self.fail, self.give_up, self.die,
            self.stage, tend_batches, tend_batches, tend_batches,
            lambda: batch_go_on(batch=batch),
            lambda: batch_pause(batch=batch),
            lambda: batch_resume(batch=batch),
            lambda: batch_retry(batch=batch),
            lambda: batch_revert(batch=batch, user=self.user),
            lambda: job_pause(job=self.job()),
            lambda: job_resume(job=self.job()),
            lambda: job_retry(job=self.job()),
            lambda: job_cancel(job=self.job(), keep=self.random.random() < 0.5),
        ]  # fmt: skip
        with suppress(LabelyardError, Job.DoesNotExist):
            self.random.choice(verbs)()


@pytest.mark.parametrize("seed", range(4))
def test_the_counts_equal_a_recount_whatever_happens(project: Project, alice: User, seed: int) -> None:
    tasks = seeded_tasks(project, 8)
    batch = ordered(project, sample=(None, 3)[seed % 2])
    chance = Chance(batch, tasks, user=alice, seed=seed)
    for _ in range(60):
        chance.any()
        assert counts(batch) == recount(batch)
    if batch.state in (BatchState.QUEUEING, BatchState.TRYING, BatchState.RUNNING):
        batch_cancel(batch=batch, keep=True)
    tended(batch)
    chance.die()
    assert counts(tended(batch)) == recount(batch)
    assert batch.state in (BatchState.FINISHED, BatchState.CANCELLED)
    assert Event.objects.filter(kind="batch.finished").exists()
