"""Time of workers: booked as it is committed; budgets that stop batch and project; workers held back."""

from __future__ import annotations

import pytest
from django.utils import timezone

from labeling.errors import LabelyardError
from labeling.models import (
    Event,
    FairShare,
    Job,
    JobState,
    Part,
    PartState,
    Project,
    Task,
    User,
    Worker,
    WorkerHold,
)
from labeling.selectors.workers import jobs_without_worker
from labeling.services.batches.steering import batch_resume
from labeling.services.workers import worker_hold
from tests.engine.batching import counts, queued, recount, seeded_tasks, tended
from tests.engine.ordering import boxes, claim, claimed, seeded_instance, track, write
from workers.claim import Lease, claim_part
from workers.writer import part_fail, part_release

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def after(lease: Lease, seconds: float) -> Lease:
    """The lease as if ``seconds`` had passed since its last commit, and none goes by any more."""
    now = lease.meter.since + seconds
    lease.meter.clock = lambda: now
    return lease


def worked(lease: Lease, seconds: float, *, ends: PartState | None = PartState.DONE) -> None:
    part = Part.objects.select_related("job__task").get(pk=lease.part_id)
    task, last = part.job.task, 9 if ends else 4
    found = boxes(task.instances.get(), range((part.position or 0) + 1, last + 1))
    write(after(lease, seconds), task, found, position=last, ends=ends)


def make_worker(name: str = "w", *, gpu: bool = False) -> Worker:
    now = timezone.now()
    offers = {"scripted": {"capability": "cpu", "shapes": []}}
    return Worker.objects.create(
        name=name, capabilities=["cpu"], algorithms=offers, has_gpu=gpu, started_at=now, seen_at=now
    )


def test_each_second_is_booked_once_on_job_and_project(task: Task) -> None:
    job = track(task, seeded_instance(task))
    lease = claimed()
    worked(lease, 3.0, ends=None)
    worked(lease, 2.0)
    job.refresh_from_db()
    assert job.worker_seconds == pytest.approx(5.0)
    assert job.gpu_seconds == 0
    assert FairShare.objects.get(project=task.project).worker_seconds == pytest.approx(job.worker_seconds)


@pytest.mark.parametrize("end", ["fail", "release"])
def test_what_failed_or_was_given_back_cost_its_time_too(task: Task, end: str) -> None:
    job = track(task, seeded_instance(task))
    lease = after(claimed(), 4.0)
    if end == "fail":
        part_fail(lease=lease, code="backend_failed", sentence="It broke.")
    else:
        part_release(lease=lease, to=PartState.QUEUED)
    job.refresh_from_db()
    assert job.worker_seconds == pytest.approx(4.0)


def test_time_on_a_gpu_is_told_apart(task: Task) -> None:
    make_worker(gpu=True)
    job = track(task, seeded_instance(task))
    job.parts.update(capability="gpu")
    lease = claim_part(capability="gpu", holder="h", algorithms=["scripted"], worker="w")
    assert lease is not None
    worked(lease, 3.0)
    job.refresh_from_db()
    assert job.gpu_seconds == job.worker_seconds == pytest.approx(3.0)
    assert job.parts.get().worker == "w"


def test_a_batch_whose_budget_is_spent_is_paused_and_says_so(project: Project) -> None:
    seeded_tasks(project, 4)
    batch = queued(project)
    batch.budget_seconds = 10.0
    batch.save()
    worked(claimed(), 6.0)
    assert counts(batch) == {"succeeded": 1, "queued": 3}
    worked(claimed(), 6.0)
    tended(batch)
    assert (batch.paused, counts(batch)) == (True, recount(batch))
    assert counts(batch) == {"succeeded": 2, "paused": 2}
    assert claim() is None
    told = Event.objects.get(kind="batch.over_budget").payload
    assert (told["batch"], told["budget_seconds"]) == (batch.pk, 10.0)
    with pytest.raises(LabelyardError) as caught:
        batch_resume(batch=batch)
    assert caught.value.code == "batch_over_budget"
    tended(batch_resume(batch=batch, budget_seconds=20.0))
    assert counts(batch) == {"succeeded": 2, "queued": 2}


def test_a_project_whose_budget_is_spent_gets_no_part_and_others_do(project: Project, task: Task) -> None:
    Project.objects.filter(pk=project.pk).update(budget_seconds=5.0)
    first, second = track(task, seeded_instance(task)), track(task, seeded_instance(task))
    lease = after(claimed(), 6.0)
    write(lease, task, [], position=9, ends=PartState.DONE)
    assert claim() is None
    other = seeded_tasks(Project.objects.create(name="Other", ontology=project.ontology), 1)[0]
    theirs = track(other, other.instances.get())
    assert claimed().job_id == theirs.pk
    Project.objects.filter(pk=project.pk).update(budget_seconds=50.0)
    assert claimed().job_id == second.pk
    assert Job.objects.get(pk=first.pk).state == JobState.SUCCEEDED


@pytest.mark.parametrize("hold", [WorkerHold.DRAINED, WorkerHold.QUARANTINED])
def test_a_worker_that_is_held_back_finishes_and_takes_nothing_new(
    task: Task, alice: User, hold: WorkerHold
) -> None:
    worker = make_worker()
    job, waiting = track(task, seeded_instance(task)), track(task, seeded_instance(task))

    def ask(name: str) -> Lease | None:
        return claim_part(capability="cpu", holder="h", algorithms=["scripted"], worker=name)

    lease = ask("w")
    assert lease is not None
    worker_hold(worker_id=worker.pk, hold=hold, user=alice)
    write(lease, task, [], position=9, ends=PartState.DONE)
    assert Job.objects.get(pk=job.pk).state == JobState.SUCCEEDED
    assert ask("w") is None
    assert jobs_without_worker([waiting.pk]) == {waiting.pk}
    make_worker("another")
    assert jobs_without_worker([waiting.pk]) == set()
    assert ask("another") is not None
    worker_hold(worker_id=worker.pk, hold=WorkerHold.NONE, user=alice)
    track(task, seeded_instance(task))
    assert ask("w") is not None


def test_ten_thousand_tasks_wait_behind_nothing_but_one_part_of_each_worker(project: Project) -> None:
    """Scaled: what a batch has queued does not count, only what its workers have begun."""
    seeded_tasks(project, 40)
    queued(project)
    for worker in ("a", "b"):
        claimed(worker)
    single = seeded_tasks(Project.objects.create(name="Single", ontology=project.ontology), 1)[0]
    job = track(single, single.instances.get())
    turns = [claimed(worker).job_id for worker in ("a", "b")]
    assert job.pk in turns
