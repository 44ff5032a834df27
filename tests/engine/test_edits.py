"""Edits: done once, undone where nobody has been since, and kept out of what is locked."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from labeling.errors import LabelyardError
from labeling.geometry.boxes import shape_bounds
from labeling.geometry.packing import shape_pack, shape_unpack
from labeling.geometry.shapes import Box, ShapeKind
from labeling.label_rows import LabelRow
from labeling.models import (
    AttributeDefinition,
    Edit,
    Instance,
    Label,
    Provenance,
    ReviewDecision,
    Stage,
    Task,
    TaskChange,
    User,
)
from labeling.services.answers import answer_put
from labeling.services.edits.edits import edit_apply
from labeling.services.edits.turning import edit_redo, edit_undo
from labeling.services.imports import ImportRow, rows_import
from labeling.services.instances import instance_delete
from labeling.services.label_rows import labels_upsert
from labeling.services.labels import label_put
from labeling.services.reviews import review_decide
from labeling.services.runs import job_revert
from labeling.services.sequence import task_take_seq
from tests import factories
from tests.engine.editing import BOX, box, do, everything, labels_dump, put
from tests.engine.ordering import finished_run, seeded_instance, track

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def refused(code: str, *args: Any) -> dict[str, Any]:
    """Do it, see that it is refused under this code and writes nothing, and return the details."""
    _, task, *_ = args
    before = everything(task), Edit.objects.count(), Task.objects.get(pk=task.pk).seq
    with pytest.raises(LabelyardError) as caught:
        do(*args)
    assert caught.value.code == code
    assert (everything(task), Edit.objects.count(), Task.objects.get(pk=task.pk).seq) == before
    return dict(caught.value.details)


def test_a_tracked_label_that_was_moved_is_tracked_and_unprotected_again(task: Task, alice: User) -> None:
    car = seeded_instance(task)
    job = finished_run(task, car)
    before = everything(task)
    done = do(alice, task, put(car, 5, 99))
    moved = Label.objects.get(instance=car, frame=5)
    assert (moved.protected, moved.job_id, moved.version) == (True, None, 2)
    undone = edit_undo(user=alice, edit=done.edit)
    assert undone.kept == 0
    back = Label.objects.get(instance=car, frame=5)
    assert (back.provenance, back.protected, back.confidence) == (Provenance.TRACKED, False, 0.5)
    assert (back.job_id, back.version, back.seq) == (job.pk, 3, undone.seq)
    assert everything(task) == before


def test_a_label_that_was_removed_comes_back_with_a_new_version(task: Task, alice: User) -> None:
    car = seeded_instance(task)
    done = do(alice, task, {"op": "label.remove", "instance": car.object_hash, "frame": 0})
    edit_undo(user=alice, edit=done.edit)
    assert Label.objects.get(instance=car).version == 2
    edit_redo(user=alice, edit=done.edit)
    label_put(user=alice, instance=car, frame=0, shape_json=BOX, expected_version=0)
    assert Label.objects.get(instance=car).version == 3


def test_what_somebody_touched_since_stays_and_is_counted(task: Task, alice: User, bob: User) -> None:
    car = seeded_instance(task)
    done = do(bob, task, *(put(car, frame, 50) for frame in range(1, 5)))
    label_put(user=alice, instance=car, frame=2, shape_json=box(70))
    edit_undo_outcome = edit_undo(user=bob, edit=done.edit)
    assert edit_undo_outcome.kept == 1
    assert [row[1] for row in labels_dump(task)] == [0, 2]
    assert edit_redo(user=bob, edit=done.edit).kept == 1
    lefts = {row[1]: shape_bounds(shape_unpack(row[2])).left for row in labels_dump(task)}
    assert lefts == {0: 100, 1: 50, 2: 70, 3: 50, 4: 50}


def test_twice_is_refused(task: Task, alice: User) -> None:
    done = do(alice, task, put(seeded_instance(task), 1))
    for turn, code in ((edit_redo, "not_undone"), (edit_undo, ""), (edit_undo, "already_undone")):
        if not code:
            turn(user=alice, edit=done.edit)
            continue
        with pytest.raises(LabelyardError) as caught:
            turn(user=alice, edit=done.edit)
        assert caught.value.code == code


def test_a_deleted_instance_comes_back_with_all_that_was_said_of_it(
    task: Task, alice: User, rita: User
) -> None:
    car = seeded_instance(task)
    job = finished_run(task, car)
    kind = AttributeDefinition.objects.get(name="kind")
    answer_put(user=alice, instance=car, definition=kind, value="truck")
    review_decide(user=rita, instance=car, first_frame=2, last_frame=4, decision="rejected", reason="Off.")
    before = everything(task)
    done = do(alice, task, {"op": "instance.delete", "instance": car.object_hash})
    assert not Instance.objects.exists()
    assert everything(task)["decisions"] == []
    assert edit_undo(user=alice, edit=done.edit).kept == 0
    assert everything(task) == before
    # The run knows its instance again.
    assert job_revert(job=job, user=alice).removed == 9


def test_an_instance_that_somebody_added_to_is_not_unmade(task: Task, alice: User, bob: User) -> None:
    object_class = factories.class_of(ontology=task.project.ontology, shape=ShapeKind.BOUNDING_BOX)
    create = {"op": "instance.create", "instance": "newnewne", "object_class": object_class.pk}
    done = do(bob, task, create, put("newnewne", 3))
    other = do(alice, task, put("newnewne", 9))
    undone = edit_undo(user=bob, edit=done.edit)
    assert undone.kept == 1
    assert [row[1] for row in labels_dump(task)] == [9]
    edit_redo(user=bob, edit=done.edit)
    edit_undo(user=alice, edit=other.edit)
    assert edit_undo(user=bob, edit=done.edit).kept == 0
    assert not Instance.objects.exists()


def test_accepted_frames_are_left_alone_by_undo(task: Task, alice: User, rita: User) -> None:
    car = seeded_instance(task)
    done = do(alice, task, put(car, 1, 50), put(car, 2, 50))
    review_decide(user=rita, instance=car, first_frame=2, last_frame=9, decision="accepted")
    assert edit_undo(user=alice, edit=done.edit).kept == 1
    assert [row[1] for row in labels_dump(task)] == [0, 2]


def test_an_acceptance_of_the_same_edit_is_no_lock(task: Task, rita: User) -> None:
    Task.objects.filter(pk=task.pk).update(stage=Stage.REVIEW)
    car = seeded_instance(task)
    before = everything(task)
    accept = {
        "op": "review.decide",
        "instance": car.object_hash,
        "decision": "accepted",
        "first": 0,
        "last": 9,
    }
    done = do(rita, task, put(car, 1, 50), accept)
    after = everything(task)
    assert edit_undo(user=rita, edit=done.edit).kept == 0
    assert everything(task) == before
    assert edit_redo(user=rita, edit=done.edit).kept == 0
    assert everything(task) == after


def test_while_a_job_is_at_work_an_instance_stays_as_it_is(task: Task, alice: User) -> None:
    object_class = factories.class_of(ontology=task.project.ontology, shape=ShapeKind.BOUNDING_BOX)
    polygon = factories.class_of(ontology=task.project.ontology, shape=ShapeKind.POLYGON)
    create = {"op": "instance.create", "instance": "newnewne", "object_class": object_class.pk}
    done = do(alice, task, create, put("newnewne", 0), put("newnewne", 50))
    task.refresh_from_db()
    other = seeded_instance(task)
    job = track(task, Instance.objects.get(object_hash="newnewne"))
    for told in (
        {"op": "instance.delete"},
        {"op": "instance.change", "object_class": object_class.pk},
        {"op": "instance.convert", "object_class": polygon.pk},
        {"op": "instance.split", "frame": 20, "into": "into0000"},
        {"op": "instance.merge", "others": [other.object_hash]},
    ):
        details = refused("job_active", alice, task, {"instance": "newnewne", **told})
        assert (details["job"], details["operation"]) == (job.pk, 0)
    refused(
        "job_active",
        alice,
        task,
        {"op": "instance.merge", "instance": other.object_hash, "others": ["newnewne"]},
    )
    with pytest.raises(LabelyardError) as caught:
        edit_undo(user=alice, edit=done.edit)
    assert (caught.value.code, caught.value.details["job"]) == ("job_active", job.pk)
    assert Label.objects.filter(instance__object_hash="newnewne").count() == 2


def test_an_accepted_instance_is_not_deleted_converted_or_merged_away(
    task: Task, alice: User, rita: User
) -> None:
    car, other = seeded_instance(task), seeded_instance(task, frame=4)
    review_decide(user=rita, instance=car, first_frame=0, last_frame=4, decision="accepted")
    polygon = factories.class_of(ontology=task.project.ontology, shape=ShapeKind.POLYGON)
    name, another = car.object_hash, other.object_hash
    refused("label_accepted", alice, task, {"op": "instance.delete", "instance": name})
    refused(
        "label_accepted",
        alice,
        task,
        {"op": "instance.convert", "instance": name, "object_class": polygon.pk},
    )
    refused("label_accepted", alice, task, {"op": "instance.merge", "instance": another, "others": [name]})
    # Nor is a label put where it is accepted and has none.
    refused("label_accepted", alice, task, {"op": "instance.merge", "instance": name, "others": [another]})
    removal = {"op": "labels.remove", "instance": name, "first": 0, "last": 9, "mark": True}
    refused("label_accepted", alice, task, removal)


def test_nothing_is_undone_in_a_complete_task(task: Task, alice: User) -> None:
    done = do(alice, task, put(seeded_instance(task), 1))
    Task.objects.update(stage=Stage.COMPLETE)
    with pytest.raises(LabelyardError) as caught:
        edit_undo(user=alice, edit=done.edit)
    assert caught.value.code == "task_complete"


def test_others_edits_are_undone_by_reviewers_and_managers_only(
    task: Task, alice: User, bob: User, rita: User
) -> None:
    car = seeded_instance(task)
    done = do(alice, task, put(car, 1))
    with pytest.raises(LabelyardError) as caught:
        edit_undo(user=bob, edit=done.edit)
    assert caught.value.status == 403
    edit_undo(user=rita, edit=done.edit)
    assert Edit.objects.get(pk=done.edit.pk).undone_by == rita


def test_an_annotator_does_not_review(task: Task, bob: User) -> None:
    car = seeded_instance(task)
    told = {"op": "review.decide", "instance": car.object_hash, "decision": "accepted", "first": 0, "last": 9}
    refused("forbidden", bob, task, told)


def test_a_decision_cuts_others_and_undo_joins_them_again(task: Task, rita: User) -> None:
    car = seeded_instance(task)
    review_decide(user=rita, instance=car, decision="accepted")
    (whole,) = ReviewDecision.objects.values_list("pk", flat=True)
    before = everything(task)
    told = {
        "op": "review.decide",
        "instance": car.object_hash,
        "decision": "rejected",
        "first": 40,
        "last": 50,
    }
    done = do(rita, task, told)
    ends = [(row.first_frame, row.last_frame) for row in ReviewDecision.objects.order_by("first_frame")]
    assert ends == [(0, 39), (40, 50), (51, 99)]
    edit_undo(user=rita, edit=done.edit)
    assert everything(task) == before
    assert ReviewDecision.objects.get().pk != whole


def test_one_key_is_one_edit(task: Task, alice: User, bob: User) -> None:
    car = seeded_instance(task)
    key = uuid.uuid4()
    done = do(alice, task, put(car, 1), key=key)
    again = do(alice, task, put(car, 1), key=key)
    assert (again.again, again.edit, again.journal.labels.keys()) == (
        True,
        done.edit,
        done.journal.labels.keys(),
    )
    assert Label.objects.get(instance=car, frame=1).version == 1
    for user, told in ((alice, put(car, 2)), (bob, put(car, 1))):
        with pytest.raises(LabelyardError) as caught:
            do(user, task, told, key=key)
        assert caught.value.code == "key_reused"


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_the_same_time_is_one_edit(task: Task, alice: User) -> None:
    car = seeded_instance(task)
    key = uuid.uuid4()
    start = threading.Barrier(4)
    told: list[tuple[bool, int]] = []

    def send() -> None:
        try:
            mine = Task.objects.select_related("project", "media").get(pk=task.pk)
            start.wait()
            done = edit_apply(user=alice, task=mine, key=key, title="Once", operations=[put(car, 1)])
            told.append((done.again, done.seq))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    task.refresh_from_db()
    assert sorted(told) == [(False, task.seq), *[(True, task.seq)] * 3]
    assert Label.objects.get(instance=car, frame=1).version == 1
    assert Edit.objects.count() == 1


def test_a_stale_version_writes_nothing_of_the_edit(task: Task, alice: User) -> None:
    car = seeded_instance(task)
    details = refused("stale_version", alice, task, put(car, 1, version=0), put(car, 0, version=7))
    assert (details["operation"], details["version"]) == (1, 1)
    change = {"op": "instance.change", "instance": car.object_hash, "object_class": car.object_class_id}
    assert refused("stale_version", alice, task, {**change, "version": 9})["version"] == 1


def test_the_feed_tells_once_a_kind(task: Task, alice: User) -> None:
    car, other = seeded_instance(task), seeded_instance(task, frame=60)
    plate = AttributeDefinition.objects.get(name="plate")
    answer = {"op": "answer.put", "instance": car.object_hash, "definition": plate.pk, "value": "B"}
    done = do(
        alice,
        task,
        put(car, 7),
        put(other, 3),
        {**answer, "first": 10, "last": 20},
        {**answer, "first": 30, "last": 40},
        {"op": "instance.change", "instance": other.object_hash, "object_class": other.object_class_id},
    )
    told = TaskChange.objects.filter(seq=done.seq).order_by("kind")
    assert [(row.kind, row.instances, row.first_frame, row.last_frame) for row in told] == [
        ("answers", [car.pk], 10, 40),
        ("instance", [other.pk], None, None),
        ("labels", [car.pk, other.pk], 3, 7),
    ]


def test_merged_tracks_become_one(task: Task, alice: User) -> None:
    car, rear = seeded_instance(task), factories.make_instance(task=task)
    do(alice, task, put(car, 5, 1), {"op": "label.absent", "instance": car.object_hash, "frame": 6})
    do(alice, task, *(put(rear, frame, 2) for frame in (5, 6, 7)))
    plate = AttributeDefinition.objects.get(name="plate")
    answer_put(user=alice, instance=rear, definition=plate, value="B", first_frame=0, last_frame=9)
    answer_put(user=alice, instance=car, definition=plate, value="C", first_frame=0, last_frame=5)
    before = everything(task)
    done = do(
        alice, task, {"op": "instance.merge", "instance": car.object_hash, "others": [rear.object_hash]}
    )
    assert [row[:2] for row in labels_dump(task)] == [(car.pk, frame) for frame in (0, 5, 6, 7)]
    lefts = [shape_bounds(shape_unpack(row[2])).left for row in labels_dump(task)]
    assert lefts == [100, 1, 2, 2]
    assert [row[2:5] for row in everything(task)["answers"]] == [("C", 0, 5), ("B", 6, 9)]
    assert not Instance.objects.filter(pk=rear.pk).exists()
    edit_undo(user=alice, edit=done.edit)
    assert everything(task) == before


def test_a_split_track_becomes_two(task: Task, alice: User, rita: User) -> None:
    car = seeded_instance(task)
    finished_run(task, car)
    kind, plate = (AttributeDefinition.objects.get(name=name) for name in ("kind", "plate"))
    answer_put(user=alice, instance=car, definition=kind, value="car")
    answer_put(user=alice, instance=car, definition=plate, value="B", first_frame=2, last_frame=8)
    review_decide(user=rita, instance=car, first_frame=0, last_frame=9, decision="accepted")
    before = everything(task)
    split = {"op": "instance.split", "instance": car.object_hash, "frame": 5, "into": "into0000"}
    done = do(alice, task, split)
    new = Instance.objects.get(object_hash="into0000")
    frames = {pk: [row[1] for row in labels_dump(task) if row[0] == pk] for pk in (car.pk, new.pk)}
    assert frames == {car.pk: [0, 1, 2, 3, 4], new.pk: [5, 6, 7, 8, 9]}
    said = [(row[0], row[2], row[3], row[4]) for row in everything(task)["answers"]]
    assert sorted(said, key=str) == sorted(
        [
            (car.pk, "car", None, None),
            (car.pk, "B", 2, 4),
            (new.pk, "car", None, None),
            (new.pk, "B", 5, 8),
        ],
        key=str,
    )
    ends = [(row[0], row[1], row[2]) for row in everything(task)["decisions"]]
    assert ends == [(car.pk, 0, 4), (new.pk, 5, 9)]
    refused("nothing_to_split", alice, task, {**split, "frame": 50, "into": "into0001"})
    refused("hash_taken", alice, task, {**split, "frame": 3})
    assert edit_undo(user=alice, edit=done.edit).kept == 0
    assert everything(task) == before


def test_a_track_is_drawn_with_another_shape(task: Task, alice: User) -> None:
    car = seeded_instance(task)
    job = finished_run(task, car)
    before = everything(task)
    polygon = factories.class_of(ontology=task.project.ontology, shape=ShapeKind.POLYGON)
    done = do(
        alice, task, {"op": "instance.convert", "instance": car.object_hash, "object_class": polygon.pk}
    )
    labels = Label.objects.filter(instance=car).order_by("frame")
    assert {(label.protected, label.author_id) for label in labels} == {(True, alice.pk)}
    assert all(polygon.draws(bytes(label.geometry or b"")) for label in labels)
    assert labels[3].provenance == Provenance.TRACKED
    # The run is not taken back over what a person converted.
    assert job_revert(job=job, user=alice).kept == 9
    edit_undo(user=alice, edit=done.edit)
    assert everything(task) == before


def test_a_shape_that_cannot_be_converted_is_named_with_its_frame(task: Task, alice: User) -> None:
    car = seeded_instance(task)
    label_put(user=alice, instance=car, frame=7, shape_json={**BOX, "left": 3.6, "width": 0.2})
    bitmask = factories.class_of(ontology=task.project.ontology, shape=ShapeKind.BITMASK)
    skeleton = factories.class_of(ontology=task.project.ontology, shape=ShapeKind.SKELETON)
    told = {"op": "instance.convert", "instance": car.object_hash}
    details = refused("not_convertible", alice, task, {**told, "object_class": bitmask.pk})
    assert details["frame"] == 7
    assert refused("not_convertible", alice, task, {**told, "object_class": skeleton.pk})["frame"] == 0


def test_a_conversion_with_a_shape_added_since_is_not_undone(task: Task, alice: User) -> None:
    car = seeded_instance(task)
    polygon = factories.class_of(ontology=task.project.ontology, shape=ShapeKind.POLYGON)
    done = do(
        alice, task, {"op": "instance.convert", "instance": car.object_hash, "object_class": polygon.pk}
    )
    ring = {"polygons": [[[[1, 1], [9, 1], [9, 9]]]]}
    do(alice, task, {"op": "label.put", "instance": car.object_hash, "frame": 30, "shape": ring})
    before = everything(task)
    assert edit_undo(user=alice, edit=done.edit).kept == 2
    assert everything(task) == before


def test_from_here_on_leaves_marks_where_labels_were(task: Task, alice: User) -> None:
    car = seeded_instance(task)
    finished_run(task, car)
    told = {"op": "labels.remove", "instance": car.object_hash, "first": 5, "last": 99}
    done = do(alice, task, {**told, "mark": True})
    marks = Label.objects.filter(instance=car, geometry__isnull=True)
    assert sorted(marks.values_list("frame", flat=True)) == [5, 6, 7, 8, 9]
    edit_undo(user=alice, edit=done.edit)
    do(alice, task, {**told, "mark": False})
    assert [row[1] for row in labels_dump(task)] == [0, 1, 2, 3, 4]
    refused("range_reversed", alice, task, {**told, "first": 9, "last": 5, "mark": True})


def test_the_doors_of_one_thing_make_edits_too(task: Task, alice: User, rita: User) -> None:
    car = seeded_instance(task)
    rows_import(user=alice, task=task, rows=[ImportRow(frame=3, shape=BOX, instance=car.pk)])
    label_put(user=alice, instance=car, frame=5, shape_json=BOX)
    review_decide(user=rita, instance=car, decision="rejected")
    instance_delete(user=alice, instance=car)
    for edit in Edit.objects.order_by("-seq"):
        assert edit_undo(user=rita, edit=edit).kept == 0
    assert [row[:2] for row in labels_dump(task)] == [(car.pk, 0)]
    assert everything(task)["decisions"] == []


def test_ten_thousand_labels_are_removed_and_brought_back_at_once(
    alice: User, task: Task, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    frames = 10_000
    long = factories.make_task(media=factories.make_media(project=task.project, frames=frames))
    car = factories.make_instance(task=long)
    geometry = shape_pack(Box(1, 2, 3, 4))
    rows = [LabelRow(car.pk, frame, geometry, Provenance.TRACKED, 0.5) for frame in range(frames)]
    labels_upsert(task_id=long.pk, seq=task_take_seq(task_id=long.pk), rows=rows)
    before = labels_dump(long)
    told = {"op": "labels.remove", "instance": car.object_hash, "first": 0, "last": frames - 1}
    for mark in (False, True):
        with django_assert_max_num_queries(60):
            done = do(alice, long, {**told, "mark": mark})
        assert not Label.objects.filter(instance=car, geometry__isnull=False).exists()
        edit_undo(user=alice, edit=done.edit)
        assert labels_dump(long) == before
