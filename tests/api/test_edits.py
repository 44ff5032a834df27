"""``edits/``, ``history/``, ``original/`` and the answers of a task."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from labeling.geometry.shapes import ShapeKind
from labeling.models import AttributeDefinition, Instance, Label, PartState, Task, User
from labeling.services.runs import job_redo, job_revert
from tests import factories
from tests.api.things import BOX, error_of
from tests.engine.ordering import boxes, claimed, track, write

pytestmark = pytest.mark.engine


def send(client: APIClient, task: Task, *operations: dict[str, Any], **body: Any) -> Any:
    told = {"key": str(uuid.uuid4()), "title": "Draw Car 1", "operations": operations, **body}
    return client.post(f"/api/v1/tasks/{task.pk}/edits/", told, format="json")


def turn(client: APIClient, task: Task, key: str, way: str) -> Any:
    return client.post(f"/api/v1/tasks/{task.pk}/edits/{key}/{way}/")


def put(instance: Instance | str, frame: int, **words: Any) -> dict[str, Any]:
    name = instance if isinstance(instance, str) else instance.object_hash
    return {"op": "label.put", "instance": name, "frame": frame, "shape": BOX, **words}


def test_an_object_is_drawn_undone_and_drawn_again(bob: User, bob_client: APIClient, task: Task) -> None:
    object_class = factories.class_of(ontology=task.project.ontology, shape=ShapeKind.BOUNDING_BOX)
    create = {"op": "instance.create", "instance": "Ab-_0019", "object_class": object_class.pk}
    answer = send(bob_client, task, create, put("Ab-_0019", 3, version=0, provenance="prompted"))
    assert answer.status_code == 201, answer.json()
    done = answer.json()
    (instance,) = done["instances"]
    assert (instance["object_hash"], instance["number"], instance["labelled"]["count"]) == ("Ab-_0019", 1, 1)
    (label,) = done["labels"]
    assert (label["instance"], label["frame"], label["version"]) == (instance["id"], 3, 1)
    assert (label["provenance"], label["shape"], label["seq"]) == ("prompted", BOX, done["seq"])
    key = done["edit"]["key"]
    assert done["edit"] | {"at": ""} == {
        "key": key,
        "title": "Draw Car 1",
        "seq": done["seq"],
        "author": {"id": bob.pk, "username": "bob"},
        "at": "",
        "undone": False,
    }
    undone = turn(bob_client, task, key, "undo")
    assert undone.status_code == 200, undone.json()
    assert (undone.json()["deleted"], undone.json()["kept"]) == ([instance["id"]], 0)
    assert (undone.json()["edit"]["undone"], undone.json()["seq"]) == (True, done["seq"] + 1)
    assert error_of(turn(bob_client, task, key, "undo"))["code"] == "already_undone"
    redone = turn(bob_client, task, key, "redo").json()
    assert redone["instances"][0] | {"version": 0} == instance | {"version": 0}
    assert redone["labels"][0]["version"] == 2
    assert error_of(turn(bob_client, task, key, "redo"))["code"] == "not_undone"


def test_a_repeated_send_answers_the_same(bob_client: APIClient, task: Task, instance: Instance) -> None:
    key = str(uuid.uuid4())
    first = send(bob_client, task, put(instance, 3), key=key)
    again = send(bob_client, task, put(instance, 3), key=key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    other = send(bob_client, task, put(instance, 4), key=key)
    assert (other.status_code, error_of(other)["code"]) == (409, "key_reused")


def test_everything_that_was_said_is_answered(rita_client: APIClient, task: Task, instance: Instance) -> None:
    kind, plate, sky = (AttributeDefinition.objects.get(name=name) for name in ("kind", "plate", "sky"))
    name, span = instance.object_hash, {"first": 2, "last": 5}
    answer = send(
        rita_client,
        task,
        {"op": "answer.put", "instance": name, "definition": kind.pk, "value": "truck"},
        {"op": "answer.put", "instance": name, "definition": plate.pk, "value": "B 42", **span},
        {"op": "classification.put", "definition": sky.pk, "value": "clear", **span},
        {"op": "review.decide", "instance": name, "decision": "rejected", "reason": "Off.", **span},
    )
    assert answer.status_code == 201, answer.json()
    done = answer.json()
    said = [(row["instance"], row["definition"], row["value"]) for row in done["answers"]]
    assert said == [(instance.pk, kind.pk, "truck"), (instance.pk, plate.pk, "B 42")]
    assert [(row["value"], row["first_frame"], row["last_frame"]) for row in done["classifications"]] == [
        ("clear", 2, 5)
    ]
    assert [(row["decision"], row["reason"]) for row in done["reviews"]] == [("rejected", "Off.")]
    assert done["touched"] == {
        "answers": [instance.pk], "classifications": [sky.pk], "reviews": [instance.pk]
    }  # fmt: skip
    everything = rita_client.get(f"/api/v1/tasks/{task.pk}/answers/").json()
    task.refresh_from_db()
    assert everything == {"results": done["answers"], "seq": task.seq}
    undone = turn(rita_client, task, done["edit"]["key"], "undo").json()
    assert (undone["answers"], undone["classifications"], undone["reviews"]) == ([], [], [])
    assert undone["touched"] == done["touched"]


def test_a_stale_version_shows_what_stands_there(
    bob_client: APIClient, rita_client: APIClient, task: Task, instance: Instance
) -> None:
    send(rita_client, task, put(instance, 10, version=1))
    error = error_of(send(bob_client, task, put(instance, 3, version=0), put(instance, 10, version=1)))
    assert (error["code"], error["details"]["operation"], error["details"]["version"]) == (
        "stale_version",
        1,
        2,
    )
    assert error["details"]["current"]["shape"] == BOX
    assert not Label.objects.filter(frame=3).exists()
    missing = error_of(send(bob_client, task, put(instance, 50, version=4)))
    assert missing["details"]["current"] is None
    change = {
        "op": "instance.change",
        "instance": instance.object_hash,
        "object_class": instance.object_class_id,
    }
    stale = error_of(send(bob_client, task, {**change, "version": 5}))
    assert stale["details"]["current"]["version"] == 1


@pytest.mark.parametrize(
    ("operation", "told"),
    [
        ({"op": "label.fly", "instance": "00000000"}, (400, "invalid")),
        ({"op": ["label.put"]}, (400, "invalid")),
        ("label.put", (400, "invalid")),
        ({"op": "label.absent", "instance": "short", "frame": 1}, (400, "invalid")),
        ({"op": "label.absent", "instance": "00000000\n", "frame": 1}, (400, "invalid")),
        ({"op": "label.absent", "instance": "00000000", "frame": 1, "colour": "red"}, (400, "invalid")),
        ({"op": "label.absent", "instance": "00000000", "frame": 1}, (422, "unknown_instance")),
        ({"op": "label.absent", "frame": 100}, (422, "frame_out_of_range")),
        ({"op": "label.remove", "frame": 9}, (404, "not_found")),
        ({"op": "label.put", "frame": 1, "shape": {"left": 1}}, (422, "invalid_shape")),
        ({"op": "labels.remove", "first": 5, "last": 4, "mark": True}, (422, "range_reversed")),
        ({"op": "instance.change", "object_class": 10**6}, (422, "foreign_class")),
        ({"op": "instance.merge", "others": ["00000000"]}, (422, "unknown_instance")),
        ({"op": "answer.put", "definition": 10**6, "value": 1}, (422, "foreign_attribute")),
        ({"op": "answer.put", "definition": 1, "value": "a\x00b"}, (400, "invalid")),
        (
            {"op": "review.decide", "decision": "accepted", "first": 0, "last": 1},
            (403, "forbidden"),
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(
    bob_client: APIClient, task: Task, instance: Instance, operation: Any, told: tuple[int, str]
) -> None:
    status, code = told
    if isinstance(operation, dict) and status != 400:
        operation = {"instance": instance.object_hash, **operation}
    before = task.seq
    answer = send(bob_client, task, put(instance, 3), operation)
    error = error_of(answer)
    assert (answer.status_code, error["code"]) == (status, code)
    if status != 400:
        assert error["details"]["operation"] == 1
    else:
        assert any(field.startswith("operations.1") for field in error["details"])
    assert not Label.objects.filter(frame=3).exists()
    task.refresh_from_db()
    assert task.seq == before


def test_an_edit_holds_some_operations_and_not_too_many(
    bob_client: APIClient, task: Task, instance: Instance
) -> None:
    assert send(bob_client, task).status_code == 400
    assert send(bob_client, task, *[put(instance, 3)] * 501).status_code == 400
    assert send(bob_client, task, put(instance, 3), key="no uuid").status_code == 400


def test_many_labels_are_read_anew(bob_client: APIClient, alice: User, project: Any) -> None:
    task = factories.make_task(media=factories.make_media(project=project, frames=1200))
    car = factories.make_instance(task=task)
    for frame in range(1001):
        factories.make_label(instance=car, frame=frame)
    removal = {"op": "labels.remove", "instance": car.object_hash, "first": 0, "last": 1000}
    marked = send(bob_client, task, {**removal, "mark": True}).json()
    assert (marked["labels"], marked["removed"]) == (None, [])
    removed = send(bob_client, task, {**removal, "mark": False}).json()
    assert (removed["labels"], removed["removed"]) == ([], None)


def test_edits_are_listed_newest_first(
    bob_client: APIClient, rita_client: APIClient, task: Task, instance: Instance
) -> None:
    for client, title in ((bob_client, "One"), (rita_client, "Two"), (bob_client, "Three")):
        send(client, task, put(instance, 3), title=title)
    address = f"/api/v1/tasks/{task.pk}/edits/"
    assert [row["title"] for row in bob_client.get(address).json()["results"]] == ["Three", "Two", "One"]
    mine = bob_client.get(address, {"mine": "true", "limit": "1"}).json()
    assert [row["title"] for row in mine["results"]] == ["Three"]
    following = bob_client.get(address, {"mine": "true", "limit": "1", "cursor": mine["next"]}).json()
    assert ([row["title"] for row in following["results"]], following["next"]) == (["One"], None)


def test_an_edit_of_another_task_is_not_found(bob_client: APIClient, task: Task, instance: Instance) -> None:
    key = send(bob_client, task, put(instance, 3)).json()["edit"]["key"]
    other = factories.make_task(media=task.media)
    assert turn(bob_client, other, key, "undo").status_code == 404
    assert error_of(send(bob_client, other, put(instance, 3)))["code"] == "unknown_instance"


def test_drawing_asks_the_database_a_few_times(
    bob_client: APIClient,
    task: Task,
    instance: Instance,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    # Session, user, role and task; the key, twice; lock, stage, role; instance, label, acceptance; label,
    # feed, edit, chunk; what it wrote; and the savepoint of the test's transaction.
    with django_assert_max_num_queries(22):
        assert send(bob_client, task, put(instance, 10)).status_code == 201


def test_a_label_has_its_history(bob_client: APIClient, alice: User, task: Task, instance: Instance) -> None:
    address = f"/api/v1/instances/{instance.pk}/labels/12/history/"
    assert bob_client.get(address).json() == {"results": []}
    job = track(task, instance, first=10, last=19, algorithm="fast")
    write(claimed(), task, boxes(instance, range(11, 20)), position=19, ends=PartState.DONE)
    job.refresh_from_db()
    job_revert(job=job, user=alice)
    job.refresh_from_db()
    job_redo(job=job, user=alice)
    moved = send(bob_client, task, put(instance, 12), title="Move it").json()
    job.refresh_from_db()
    job_revert(job=job, user=alice)
    turn(bob_client, task, moved["edit"]["key"], "undo")
    happened = bob_client.get(address).json()["results"]
    assert [(one["kind"], one["job"], one["label"] and one["label"]["provenance"]) for one in happened] == [
        ("undo", None, "tracked"),
        ("edit", None, "manual"),
        ("rerun", job.pk, "tracked"),
        ("revert", job.pk, None),
        ("run", job.pk, "tracked"),
    ]
    assert [one["title"] for one in happened[:2]] == ["Undo: Move it", "Move it"]
    assert [one["author"] and one["author"]["username"] for one in happened] == [
        "bob",
        "bob",
        "alice",
        "alice",
        None,
    ]
    assert happened[1]["label"]["shape"] == BOX
    found = bob_client.get(f"/api/v1/instances/{instance.pk}/labels/10/history/").json()["results"]
    assert [(one["kind"], one["title"], one["job"]) for one in found] == [("found", "Manual", None)]


def test_what_a_run_wrote_is_read_whatever_became_of_it(
    bob_client: APIClient, task: Task, instance: Instance
) -> None:
    job = track(task, instance, first=10, last=19, algorithm="fast")
    write(claimed(), task, boxes(instance, range(11, 20)), position=19, ends=PartState.DONE)
    send(
        bob_client,
        task,
        put(instance, 12),
        {"op": "label.absent", "instance": instance.object_hash, "frame": 13},
    )
    address = f"/api/v1/jobs/{job.pk}/original/"
    labels = bob_client.get(address, {"first": 12, "last": 13}).json()["labels"]
    assert [(one["frame"], one["shape"]["left"], one["job"]) for one in labels] == [
        (12, 22.0, job.pk),
        (13, 23.0, job.pk),
    ]
    assert len(bob_client.get(address).json()["labels"]) == 9
    assert error_of(bob_client.get(address, {"first": 5, "last": 4}))["code"] == "range_reversed"
    assert error_of(bob_client.get(address, {"first": 0, "last": 512}))["code"] == "window_too_long"
