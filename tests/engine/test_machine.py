"""Any order of claim, write, expiry, finish, failure, cancel, pause, retry, revert and human hands.

Hypothesis drives the engine and a plain model side by side; after each step the labels in the
database are those of the model, and the job's state is the model's.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from labeling.errors import LabelyardError
from labeling.geometry.packing import shape_pack, shape_unpack
from labeling.geometry.shapes import Box
from labeling.models import Job, JobInstance, JobState, Label, Part, PartState, Role
from labeling.services.job_states import job_cancel, job_pause, job_resume, job_retry
from labeling.services.labels import label_put
from labeling.services.reviews import review_decide
from labeling.services.runs import job_redo, job_revert
from tests import factories
from tests.engine.model import Mark, Run, World
from tests.engine.ordering import claim, submit
from workers.claim import Lease, LeaseLost
from workers.heartbeat import Watch, beat
from workers.reaper import reap
from workers.writer import Batch, Found, commit, part_fail, part_release

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
FRAMES = 12
frames = st.integers(0, FRAMES - 1)


class Machine(RuleBasedStateMachine):
    leases = Bundle("leases")

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        project = factories.make_project()
        self.person = factories.make_member(project=project, role=Role.MANAGER)
        self.task = factories.make_task(media=factories.make_media(project=project, frames=FRAMES))
        self.instances = [factories.make_instance(task=self.task) for _ in range(2)]
        self.world = World()
        self.runs: dict[int, Run] = {}
        for instance in self.instances:
            self.person_draws(instance.pk, 0, 1.0)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    def person_draws(self, instance_id: int, frame: int, value: float) -> None:
        instance = next(one for one in self.instances if one.pk == instance_id)
        box = {"left": value, "top": 1, "width": 5, "height": 5}
        label_put(user=self.person, instance=instance, frame=frame, shape_json=box)
        self.world.labels[instance_id, frame] = Mark(value, None, protected=True, at=self.world.tick())

    def refused(self, code: str, act: Callable[[], object]) -> None:
        with pytest.raises(LabelyardError) as caught, transaction.atomic():
            act()
        assert caught.value.code == code

    def some_run(self, number: int) -> tuple[Job, Run] | None:
        if not self.runs:
            return None
        pk = sorted(self.runs)[number % len(self.runs)]
        return Job.objects.get(pk=pk), self.runs[pk]

    def settle(self, run: Run) -> None:
        """What the model says when the job's only part has just ended or been stopped."""
        if run.state == "cancelling" and run.part == "cancelled":
            run.state = "cancelled"
            if not run.keeps:
                job = next(pk for pk, one in self.runs.items() if one is run)
                self.world.revert(job, run)
        elif run.part == "done":
            run.state = "succeeded"
        elif run.part == "failed":
            run.state = "partial" if run.written else "failed"

    @rule(which=st.integers(0, 1), ends=st.tuples(frames, frames))
    def order(self, which: int, ends: tuple[int, int]) -> None:
        instance = self.instances[which]
        first, last = min(ends), max(ends)
        busy = any(
            run.active and run.instance == instance.pk and run.first <= last and run.last >= first
            for run in self.runs.values()
        )
        if busy:
            self.refused("job_overlaps", lambda: submit(self.task, instance, first=first, last=last))
            return
        job = submit(self.task, instance, first=first, last=last).job
        self.runs[job.pk] = Run(instance.pk, first, last)

    @rule(target=leases)
    def take(self) -> object:
        lease = claim()
        waiting = [pk for pk, run in self.runs.items() if run.part == "queued"]
        if lease is None:
            assert waiting == []
            return multiple()
        assert lease.job_id == min(waiting)
        run = self.runs[lease.job_id]
        run.part, run.token, run.state, run.started = "running", lease.token, "running", True
        return lease

    def holds(self, lease: Lease) -> bool:
        run = self.runs[lease.job_id]
        return run.part == "running" and run.token == lease.token

    @rule(lease=leases, count=st.integers(1, 5), gap=st.booleans(), ends=st.booleans())
    def write(self, lease: Lease, count: int, gap: bool, ends: bool) -> None:
        run = self.runs[lease.job_id]
        span = range(run.next_frame, min(run.next_frame + count, run.last + 1))
        if not span:
            return
        value = float(lease.job_id % 50 + 2)
        found = {(run.instance, frame): None if gap and frame % 3 == 0 else value for frame in span}
        batch = Batch(
            position=span[-1],
            checkpoint=b"",
            frames=0,
            found=[
                Found(instance, frame, None if one is None else shape_pack(Box(one, 1, 5, 5)), 0.5)
                for (instance, frame), one in found.items()
            ],
        )
        to = PartState.DONE if ends else None
        if not self.holds(lease):
            with pytest.raises(LeaseLost), transaction.atomic():
                commit(lease=lease, task_id=self.task.pk, batch=batch, ends=to)
            return
        state = commit(lease=lease, task_id=self.task.pk, batch=batch, ends=to)
        self.world.job_writes(lease.job_id, run, found)
        run.position = span[-1]
        if ends:
            self.end_well(run)
        else:
            assert state == run.state

    def end_well(self, run: Run) -> None:
        run.part = "done"
        if run.state == "cancelling":
            run.state = "cancelled"
            if not run.keeps:
                self.world.revert(next(pk for pk, one in self.runs.items() if one is run), run)
        else:
            run.state = "succeeded"

    @rule(lease=leases)
    def heartbeat(self, lease: Lease) -> None:
        watch = Watch(lease)
        beat(watch)
        assert watch.lost == (not self.holds(lease))

    @rule(lease=leases)
    def fail(self, lease: Lease) -> None:
        if not self.holds(lease):
            with pytest.raises(LeaseLost), transaction.atomic():
                part_fail(lease=lease, code="x", sentence="It broke.")
            return
        part_fail(lease=lease, code="x", sentence="It broke.")
        run = self.runs[lease.job_id]
        run.part = "failed"
        if run.state == "cancelling":
            run.part = "cancelled"
        self.settle(run)
        if run.state == "cancelled":
            run.part = "failed"

    @rule(lease=leases)
    def stop_when_asked(self, lease: Lease) -> None:
        run = self.runs[lease.job_id]
        if not self.holds(lease) or run.state not in ("paused", "cancelling"):
            return
        to = PartState.HELD if run.state == "paused" else PartState.CANCELLED
        part_release(lease=lease, to=to)
        run.part = str(to)
        self.settle(run)

    @rule()
    def leases_run_out(self) -> None:
        Part.objects.filter(state=PartState.RUNNING).update(lease_expires_at="2020-01-01T00:00Z", losses=0)
        reap()
        for run in self.runs.values():
            if run.part == "running":
                run.part = {"cancelling": "cancelled", "paused": "held"}.get(run.state, "queued")
                self.settle(run)

    @rule(number=st.integers(0, 20), keep=st.booleans())
    def cancel(self, number: int, keep: bool) -> None:
        some = self.some_run(number)
        if some is None:
            return
        job, run = some
        if run.state not in ("queued", "running", "paused"):
            self.refused("job_state", lambda: job_cancel(job=job, keep=keep))
            return
        job_cancel(job=job, keep=keep)
        run.state, run.keeps = "cancelling", keep
        if run.part in ("queued", "held"):
            run.part = "cancelled"
        self.settle(run)

    @rule(number=st.integers(0, 20))
    def pause_or_resume(self, number: int) -> None:
        some = self.some_run(number)
        if some is None:
            return
        job, run = some
        if run.state in ("queued", "running"):
            job_pause(job=job)
            run.state = "paused"
            run.part = "held" if run.part == "queued" else run.part
        elif run.state == "paused":
            job_resume(job=job)
            run.state = "running" if run.started else "queued"
            run.part = "queued" if run.part == "held" else run.part
        else:
            self.refused("job_state", lambda: job_pause(job=job))

    @rule(number=st.integers(0, 20))
    def retry(self, number: int) -> None:
        some = self.some_run(number)
        if some is None:
            return
        job, run = some
        if run.state not in ("failed", "partial") or run.part != "failed" or run.reverted_at:
            return
        taken = any(
            other.active
            and other.instance == run.instance
            and other.first <= run.last
            and other.last >= run.first
            for other in self.runs.values()
        )
        if taken:
            self.refused("job_overlaps", lambda: job_retry(job=job))
            return
        job_retry(job=job)
        run.state = run.part = "queued"

    @rule(number=st.integers(0, 20))
    def revert_or_redo(self, number: int) -> None:
        some = self.some_run(number)
        if some is None:
            return
        job, run = some
        if run.active:
            self.refused("job_active", lambda: job_revert(job=job, user=self.person))
        elif run.reverted_at:
            outcome = job_redo(job=job, user=self.person)
            assert (outcome.removed, outcome.kept) == self.world.redo(job.pk, run)
        else:
            outcome = job_revert(job=job, user=self.person)
            assert (outcome.removed, outcome.kept) == self.world.revert(job.pk, run)

    @rule(which=st.integers(0, 1), frame=frames, value=st.integers(60, 90))
    def person_draws_somewhere(self, which: int, frame: int, value: int) -> None:
        instance = self.instances[which]
        if (instance.pk, frame) in self.world.accepted:
            box = {"left": 1, "top": 1, "width": 5, "height": 5}
            self.refused(
                "label_accepted",
                lambda: label_put(user=self.person, instance=instance, frame=frame, shape_json=box),
            )
        else:
            self.person_draws(instance.pk, frame, float(value))

    @rule(which=st.integers(0, 1), ends=st.tuples(frames, frames), accept=st.booleans())
    def review(self, which: int, ends: tuple[int, int], accept: bool) -> None:
        instance, first, last = self.instances[which], min(ends), max(ends)
        decision = "accepted" if accept else "cleared"
        review_decide(
            user=self.person, instance=instance, first_frame=first, last_frame=last, decision=decision
        )
        keys = {(instance.pk, frame) for frame in range(first, last + 1)}
        self.world.accepted = self.world.accepted | keys if accept else self.world.accepted - keys
        self.world.tick()

    @invariant()
    def labels_are_the_models(self) -> None:
        stored = {}
        for label in Label.objects.filter(task=self.task):
            assert label.geometry is not None
            box = shape_unpack(bytes(label.geometry))
            assert isinstance(box, Box)
            stored[label.instance_id, label.frame] = (box.left, label.job_id, label.protected)
        assert stored == {key: (m.value, m.job, m.protected) for key, m in self.world.labels.items()}

    @invariant()
    def jobs_are_the_models(self) -> None:
        for job in Job.objects.filter(task=self.task):
            run = self.runs[job.pk]
            assert (job.state, bool(job.reverted_at)) == (run.state, run.reverted_at is not None)
            assert Part.objects.get(job=job).state == run.part
            assert JobInstance.objects.get(job=job).active == run.active
            assert (job.finished_at is None) == (job.state not in set(JobState) - set(ACTIVE))


ACTIVE = {JobState.QUEUED, JobState.RUNNING, JobState.PAUSED, JobState.CANCELLING}


def test_any_order_of_steps_keeps_labels_and_jobs_as_the_model_says() -> None:
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=40,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
