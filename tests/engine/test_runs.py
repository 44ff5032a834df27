"""A run as one unit: reverted, redone, and what a person touched since stays."""

from __future__ import annotations

import pytest

from labeling.errors import LabelyardError
from labeling.models import Label, PartState, Provenance, Stage, Task, User
from labeling.services.labels import label_mark_absent, label_put
from labeling.services.reviews import review_decide
from labeling.services.runs import job_redo, job_revert
from tests import factories
from tests.engine.ordering import boxes, claimed, dump, finished_run, missing, seeded_instance, track, write

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
BOX = {"left": 1, "top": 2, "width": 30, "height": 40}


def test_a_reverted_run_leaves_no_trace(task: Task, alice: User) -> None:
    car = seeded_instance(task)
    before = dump(task)
    outcome = job_revert(job=finished_run(task, car), user=alice)
    assert (outcome.removed, outcome.kept) == (9, 0)
    assert dump(task) == before


def test_what_it_replaced_and_removed_comes_back(task: Task, alice: User) -> None:
    car = seeded_instance(task)
    for frame in (2, 3, 8):
        factories.make_label(instance=car, frame=frame, protected=False, provenance=Provenance.INTERPOLATED)
    before = dump(task)
    job = track(task, car)
    found = boxes(car, range(1, 6)) + missing(car, range(6, 10))
    write(claimed(), task, found, position=9, ends=PartState.DONE)
    job.refresh_from_db()
    assert dump(task) != before
    job_revert(job=job, user=alice)
    assert dump(task) == before


def test_what_it_wrote_and_took_back_itself_leaves_no_trace(task: Task, alice: User) -> None:
    car = seeded_instance(task)
    before = dump(task)
    job = track(task, car)
    part = claimed()
    write(part, task, boxes(car, range(1, 6)), position=5)
    write(part, task, missing(car, range(3, 10)), position=9, ends=PartState.DONE)
    after = dump(task)
    job.refresh_from_db()
    assert [len(after), len(before)] == [3, 1]
    job_revert(job=job, user=alice)
    assert dump(task) == before
    job_redo(job=job, user=alice)
    assert dump(task) == after


def test_what_a_person_touched_since_stays_and_is_counted(task: Task, alice: User, rita: User) -> None:
    car = seeded_instance(task)
    job = finished_run(task, car)
    label_put(user=alice, instance=car, frame=3, shape_json=BOX)
    label_mark_absent(user=alice, instance=car, frame=4)
    review_decide(user=rita, instance=car, first_frame=6, last_frame=7, decision="accepted")
    outcome = job_revert(job=job, user=alice)
    assert (outcome.removed, outcome.kept, outcome.kept_own) == (5, 4, 2)
    assert sorted(Label.objects.filter(instance=car).values_list("frame", flat=True)) == [0, 3, 4, 6, 7]


def test_redo_brings_the_same_labels_back(task: Task, alice: User) -> None:
    car = seeded_instance(task)
    factories.make_label(instance=car, frame=2, protected=False, provenance=Provenance.INTERPOLATED)
    job = finished_run(task, car)
    after = dump(task)
    job_revert(job=job, user=alice)
    outcome = job_redo(job=job, user=alice)
    assert (outcome.removed, outcome.kept) == (9, 0)
    assert dump(task) == after
    assert job.reverted_at is None


def test_revert_and_redo_can_be_repeated(task: Task, alice: User) -> None:
    car = seeded_instance(task)
    before = dump(task)
    job = finished_run(task, car)
    after = dump(task)
    for _ in range(3):
        job_revert(job=job, user=alice)
        assert dump(task) == before
        job_redo(job=job, user=alice)
        assert dump(task) == after


def test_redo_leaves_alone_where_somebody_has_been_since(task: Task, alice: User) -> None:
    car = seeded_instance(task)
    job = finished_run(task, car)
    job_revert(job=job, user=alice)
    label_put(user=alice, instance=car, frame=3, shape_json=BOX)
    mine = dump(task)[1]
    outcome = job_redo(job=job, user=alice)
    assert (outcome.removed, outcome.kept, outcome.kept_own) == (8, 1, 1)
    assert mine in dump(task)


def test_redo_leaves_alone_what_another_run_wrote_since(task: Task, alice: User) -> None:
    car = seeded_instance(task)
    first = finished_run(task, car)
    job_revert(job=first, user=alice)
    second = finished_run(task, car)
    outcome = job_redo(job=first, user=alice)
    assert (outcome.removed, outcome.kept) == (0, 9)
    assert Label.objects.filter(job=second).count() == 9


def test_a_run_over_a_run_is_taken_back_in_any_order(task: Task, alice: User) -> None:
    car = seeded_instance(task)
    before = dump(task)
    first = finished_run(task, car)
    second = finished_run(task, car)
    assert job_revert(job=first, user=alice).kept == 9
    job_revert(job=second, user=alice)
    assert [row for row in dump(task) if row[5] is None] == before


def test_a_running_job_is_not_reverted(task: Task, alice: User) -> None:
    job = track(task, seeded_instance(task))
    with pytest.raises(LabelyardError) as caught:
        job_revert(job=job, user=alice)
    assert caught.value.code == "job_active"


def test_twice_is_refused(task: Task, alice: User) -> None:
    job = finished_run(task, seeded_instance(task))
    with pytest.raises(LabelyardError) as caught:
        job_redo(job=job, user=alice)
    assert caught.value.code == "not_reverted"
    job_revert(job=job, user=alice)
    with pytest.raises(LabelyardError) as caught:
        job_revert(job=job, user=alice)
    assert caught.value.code == "already_reverted"


def test_a_complete_task_is_not_changed_by_either(task: Task, alice: User) -> None:
    job = finished_run(task, seeded_instance(task))
    Task.objects.update(stage=Stage.COMPLETE)
    before = dump(task)
    with pytest.raises(LabelyardError) as caught:
        job_revert(job=job, user=alice)
    assert caught.value.code == "task_complete"
    assert dump(task) == before
