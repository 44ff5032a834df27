"""Batches: from a filter to jobs, what is skipped, and how they end."""

from __future__ import annotations

import pytest

from labeling.errors import LabelyardError
from labeling.geometry.shapes import ShapeKind
from labeling.models import (
    Batch,
    BatchState,
    Event,
    Job,
    ObjectClass,
    PartState,
    Project,
    Stage,
    Task,
)
from labeling.selectors.tasks import TaskFilter
from labeling.services.batches.dry_run import batch_dry_run
from labeling.services.batches.specification import BatchSpan, SpanKind
from labeling.services.batches.steering import batch_go_on
from labeling.services.jobs import job_submit
from labeling.services.orders import InterpolateOrder, TrackOrder
from tests import factories
from tests.engine.batching import counts, ordered, queued, recount, seeded_tasks, specified, tended, tracking
from tests.engine.ordering import boxes, claim, seeded_instance, track, write
from workers.batches import tend_batches
from workers.writer import part_fail

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def finish_all(*, fails: int = 0) -> None:
    """Run whatever is queued to its end; the first ``fails`` parts fail."""
    while lease := claim():
        job = Job.objects.select_related("task").get(pk=lease.job_id)
        if fails:
            fails -= 1
            part_fail(lease=lease, code="backend_failed", sentence="It broke on frame 3.")
            continue
        instance = job.task.instances.get()
        write(lease, job.task, boxes(instance, range(1, 4)), position=9, ends=PartState.DONE)


def test_every_task_that_matches_gets_a_job(project: Project) -> None:
    tasks = seeded_tasks(project, 5)
    batch = queued(project)
    assert counts(batch) == {"queued": 5}
    assert batch.state == BatchState.RUNNING
    jobs = Job.objects.filter(batch=batch)
    assert {job.task_id for job in jobs} == {task.pk for task in tasks}
    assert {(job.first_frame, job.last_frame, job.frames_total) for job in jobs} == {(0, 9, 10)}
    assert {item.job_id for item in batch.items.all()} == {job.pk for job in jobs}
    assert Event.objects.filter(kind="job.queued").count() == 5


def test_the_jobs_are_those_that_single_orders_make(project: Project) -> None:
    task, twin = seeded_tasks(project, 2)
    single = track(twin, twin.instances.get())
    queued(project, chosen=TaskFilter(ids=(task.pk,)))
    told = ("kind", "algorithm", "state", "direction", "priority", "warnings", "frames_total", "event_number")
    batched = Job.objects.get(task=task)
    assert [getattr(batched, name) for name in told] == [getattr(single, name) for name in told]
    parts = [
        {
            name: value
            for name, value in job.parts.values().get().items()
            if name not in ("id", "job_id", "plan")
        }
        for job in (batched, single)
    ]
    assert parts[0] == parts[1]


def test_the_list_is_frozen_when_it_is_ordered(project: Project) -> None:
    seeded_tasks(project, 3)
    batch = ordered(project)
    seeded_tasks(project, 2)
    assert counts(tended(batch)) == {"queued": 3}


def test_the_filter_narrows(project: Project) -> None:
    first, *_ = seeded_tasks(project, 3)
    Task.objects.filter(pk=first.pk).update(stage=Stage.REVIEW)
    assert counts(queued(project, chosen=TaskFilter(stage=Stage.REVIEW))) == {"queued": 1}


def test_a_filter_that_matches_nothing_is_refused_and_keeps_nothing(project: Project) -> None:
    seeded_tasks(project, 1)
    with pytest.raises(LabelyardError) as caught:
        ordered(project, chosen=TaskFilter(search="no such title"))
    assert (caught.value.code, caught.value.status) == ("no_task_matches", 422)
    assert not Batch.objects.exists()


def test_tasks_without_a_seed_or_completed_are_skipped_with_their_reason(project: Project) -> None:
    _, bare, empty, done = seeded_tasks(project, 4)
    bare.instances.get().labels.all().delete()
    empty.instances.all().delete()
    Task.objects.filter(pk=done.pk).update(stage=Stage.COMPLETE)
    batch = queued(project)
    assert counts(batch) == {"queued": 1, "skipped": 3}
    reasons = dict(batch.items.exclude(reason="").values_list("task_id", "reason"))
    assert reasons == {bare.pk: "nothing_to_track", empty.pk: "no_instances", done.pk: "task_complete"}
    assert all(batch.items.exclude(reason="").values_list("sentence", flat=True))


def test_a_task_completed_after_the_order_is_skipped(project: Project) -> None:
    first, _ = seeded_tasks(project, 2)
    batch = ordered(project)
    Task.objects.filter(pk=first.pk).update(stage=Stage.COMPLETE)
    tended(batch)
    assert batch.items.get(task=first).reason == "task_complete"


def test_a_second_batch_over_the_same_tasks_names_the_first_ones_jobs(project: Project) -> None:
    tasks = seeded_tasks(project, 3)
    first = queued(project)
    second = queued(project)
    assert counts(second) == {"skipped": 3}
    assert second.state == BatchState.FINISHED
    for task in tasks:
        item = second.items.get(task=task)
        assert (item.reason, item.job_in_the_way) == ("job_overlaps", first.items.get(task=task).job_id)


def test_a_job_that_comes_between_plan_and_store_costs_only_its_own_task(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from labeling.services.batches import queueing

    tasks = seeded_tasks(project, 12)
    batch = ordered(project)
    planned = queueing.outcomes_of
    late: list[Job] = []

    def interrupted(batch: Batch, some: list[Task]) -> object:
        found = planned(batch, some)
        if not late:
            late.append(track(tasks[5], tasks[5].instances.get()))
        return found

    monkeypatch.setattr(queueing, "outcomes_of", interrupted)
    assert counts(tended(batch)) == {"queued": 11, "skipped": 1}
    assert batch.items.get(task=tasks[5]).job_in_the_way == late[0].pk


def test_the_same_key_is_the_same_batch_and_another_order_is_refused(project: Project) -> None:
    seeded_tasks(project, 2)
    first = ordered(project, key="once")
    assert ordered(project, key="once") == first
    with pytest.raises(LabelyardError) as caught:
        ordered(project, key="once", sample=1)
    assert caught.value.code == "idempotency_key_reused"
    assert Batch.objects.count() == 1


def test_a_class_deleted_between_dry_run_and_order_is_refused_by_name(project: Project) -> None:
    seeded_tasks(project, 1)
    gone = factories.make_class(ontology=project.ontology, shape=ShapeKind.BOUNDING_BOX, name="gone")
    specification = tracking(classes=(gone.pk,))
    batch_dry_run(project=project, chosen=TaskFilter(), specification=specification)
    ObjectClass.objects.filter(pk=gone.pk).delete()
    with pytest.raises(LabelyardError) as caught:
        ordered(project, specification=specification)
    assert caught.value.code == "foreign_class"


def test_a_sample_is_tried_and_the_rest_waits_for_go_on(project: Project) -> None:
    seeded_tasks(project, 6)
    batch = queued(project, sample=2)
    assert (batch.state, counts(batch)) == (BatchState.TRYING, {"queued": 2, "waiting": 4})
    finish_all()
    assert Event.objects.filter(kind="batch.sample_ended").count() == 1
    assert counts(batch) == {"succeeded": 2, "waiting": 4}
    tended(batch_go_on(batch=batch))
    assert (batch.state, counts(batch)) == (BatchState.RUNNING, {"succeeded": 2, "queued": 4})


def test_the_sample_follows_from_the_seed_that_is_kept(project: Project) -> None:
    from labeling.services.batches.orders import sample_of

    seeded_tasks(project, 20)
    batch = ordered(project, sample=5)
    first = set(batch.items.filter(position__lte=5).values_list("task_id", flat=True))
    rows = TaskFilter().rows(project_id=project.pk).select_related(None).order_by().values("id")
    statement, values = rows.query.sql_with_params()
    assert set(sample_of(batch, statement, values, count=20)) == first
    others = []
    for seed in range(1, 6):
        batch.seed = seed
        others.append(frozenset(sample_of(batch, statement, values, count=20)))
    assert len(set(others)) > 1
    assert all(len(one) == 5 for one in others)


def test_the_last_job_ends_the_batch_once(project: Project) -> None:
    seeded_tasks(project, 3)
    batch = queued(project)
    finish_all(fails=1)
    assert (counts(batch), batch.state) == ({"succeeded": 2, "failed": 1}, BatchState.FINISHED)
    assert batch.finished_at is not None
    told = Event.objects.get(kind="batch.finished").payload
    assert (told["batch"], told["counts"]["failed"]) == (batch.pk, 1)


def test_a_chunk_that_is_killed_is_done_by_the_next_one(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from labeling.services.batches import queueing

    seeded_tasks(project, 7)
    batch = ordered(project)
    monkeypatch.setattr(queueing, "CHUNK", 3)
    tend_batches()
    store = queueing.skips_store

    def killed(*_: object) -> None:
        raise SystemExit

    monkeypatch.setattr(queueing, "skips_store", killed)
    with pytest.raises(SystemExit):
        tend_batches()
    assert counts(batch) == recount(batch) == {"queued": 3, "waiting": 4}
    monkeypatch.setattr(queueing, "skips_store", store)
    assert counts(tended(batch)) == recount(batch) == {"queued": 7}


def test_whoever_comes_second_to_a_chunk_does_nothing(project: Project) -> None:
    from labeling.services.batches.queueing import batch_queue_next

    seeded_tasks(project, 2)
    batch = ordered(project)
    late = Batch.objects.get(pk=batch.pk)
    assert batch_queue_next(batch=batch) == 2
    assert batch_queue_next(batch=late) == 0
    assert Job.objects.count() == 2


@pytest.mark.parametrize(
    ("span", "frames"),
    [
        (BatchSpan(), (0, 19)),
        (BatchSpan(SpanKind.SEED, frames=5), (4, 8)),
        (BatchSpan(SpanKind.SEED, frames=50), (4, 19)),
        (BatchSpan(SpanKind.FIXED, first=3, last=7), (3, 7)),
        (BatchSpan(SpanKind.FIXED, first=3, last=700), (3, 19)),
    ],
)
def test_ranges_are_relative_to_each_task(project: Project, span: BatchSpan, frames: tuple[int, int]) -> None:
    task = factories.make_task(media=factories.make_media(project=project, frames=20))
    seeded_instance(task, frame=4)
    queued(project, specification=tracking(span=span))
    job = Job.objects.get()
    assert (job.first_frame, job.last_frame) == frames


def test_a_range_beyond_a_task_skips_it(project: Project) -> None:
    seeded_tasks(project, 1, frames=20)
    batch = queued(project, specification=tracking(span=BatchSpan(SpanKind.FIXED, first=20, last=30)))
    assert batch.items.get().reason == "frame_out_of_range"


def test_only_instances_of_the_classes_are_tracked(project: Project) -> None:
    (task,) = seeded_tasks(project, 1)
    polygon = factories.make_instance(task=task, shape=ShapeKind.POLYGON)
    factories.make_label(instance=polygon, frame=0)
    box = task.instances.get(object_class__shape="bounding_box")
    queued(project, specification=tracking(classes=(box.object_class_id,)))
    assert list(Job.objects.get().claims.values_list("instance_id", flat=True)) == [box.pk]


def test_gaps_are_filled_in_many_tasks(project: Project) -> None:
    first, second = seeded_tasks(project, 2)
    factories.make_label(instance=first.instances.get(), frame=9)
    order = InterpolateOrder(instances=(), first_frame=0, last_frame=0)
    batch = queued(project, specification=specified(order, BatchSpan(SpanKind.FIXED, first=2, last=5)))
    assert batch.items.get(task=second).reason == "nothing_to_interpolate"
    assert Job.objects.get().frames_total == 4


def test_a_dry_run_says_what_the_order_then_does(project: Project) -> None:
    _, bare, busy = seeded_tasks(project, 3)
    bare.instances.get().labels.all().delete()
    in_the_way = track(busy, busy.instances.get())
    told = batch_dry_run(project=project, chosen=TaskFilter(), specification=tracking())
    assert (told.tasks, told.runs, told.frames, told.objects) == (3, 1, 10, 1)
    assert {group.reason: group.count for group in told.skips()} == {"nothing_to_track": 1, "job_overlaps": 1}
    (sample,) = told.skipped["job_overlaps"].samples
    assert (sample["task"], sample["job"]) == (busy.pk, in_the_way.pk)
    assert (told.protected_touched, told.seconds, told.waiting_for_worker) == (0, None, True)
    assert not Batch.objects.exists()
    batch = queued(project)
    assert counts(batch) == {"queued": 1, "skipped": 2}
    assert sum(Job.objects.filter(batch=batch).values_list("frames_total", flat=True)) == told.frames


def test_the_plan_of_many_tasks_is_that_of_each(project: Project) -> None:
    tasks = seeded_tasks(project, 3)
    factories.make_label(instance=seeded_instance(tasks[1], frame=6), frame=8)
    queued(project)
    for task in tasks:
        job = Job.objects.get(task=task)
        part = job.parts.get()
        pks = tuple(task.instances.order_by("number").values_list("pk", flat=True))
        plan = dict(part.plan)
        job.delete()
        single = job_submit(
            user=None,
            task=task,
            order=TrackOrder(instances=pks, first_frame=0, last_frame=9, algorithm="scripted"),
        ).job
        assert single.parts.get().plan == plan
