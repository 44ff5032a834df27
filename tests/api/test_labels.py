"""``labels/``: windows, one label put and taken away, many imported."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from labeling.geometry.packing import shape_unpack
from labeling.geometry.shapes import Box, ShapeKind
from labeling.models import Instance, Label, Provenance, Task, TaskChange, User
from tests import factories
from tests.api.things import BOX, error_of

pytestmark = pytest.mark.engine


def put(client: APIClient, instance: Instance, frame: int, *, version: int | None = None, **body: Any) -> Any:
    headers = {} if version is None else {"if-match": str(version)}
    return client.put(
        f"/api/v1/instances/{instance.pk}/labels/{frame}/",
        {"shape": BOX, **body},
        format="json",
        headers=headers,
    )


def test_a_window_holds_the_labels_of_its_frames(bob_client: APIClient, instance: Instance) -> None:
    task = instance.task
    for frame in (11, 12, 90):
        factories.make_label(instance=instance, frame=frame)
    factories.make_label(instance=instance, frame=13, shape=None)
    window = bob_client.get(f"/api/v1/tasks/{task.pk}/labels/", {"first": 10, "last": 13}).json()
    assert [label["frame"] for label in window["labels"]] == [10, 11, 12, 13]
    task.refresh_from_db()
    assert window["seq"] == task.seq
    first, *_, absent = window["labels"]
    assert first["shape"] == {"left": 100.0, "top": 100.0, "width": 50.0, "height": 40.0}
    assert (first["provenance"], first["protected"], first["version"]) == ("manual", True, 1)
    assert (first["review"], first["job"], first["instance"]) == ("unreviewed", None, instance.pk)
    assert absent["shape"] is None


def test_a_window_asks_as_much_for_many_labels_as_for_few(
    bob_client: APIClient, instance: Instance, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = f"/api/v1/tasks/{instance.task_id}/labels/"
    with django_assert_num_queries(6):  # session, user, role, task, labels, decisions
        bob_client.get(address)
    for frame in range(20, 60):
        factories.make_label(instance=instance, frame=frame)
    with django_assert_num_queries(6):
        assert len(bob_client.get(address).json()["labels"]) == 41


def test_drawing_makes_a_protected_label(bob: User, bob_client: APIClient, instance: Instance) -> None:
    answer = put(bob_client, instance, 20, version=0, occluded=True, z_order=3, provenance="prompted")
    assert answer.status_code == 200, answer.json()
    label = Label.objects.get(instance=instance, frame=20)
    assert label.geometry is not None
    assert shape_unpack(label.geometry) == Box(10, 20, 30, 40)
    assert (label.protected, label.provenance, label.author) == (True, Provenance.PROMPTED, bob)
    assert answer.json()["shape"] == BOX
    assert (answer.json()["occluded"], answer.json()["z_order"], answer.json()["version"]) == (True, 3, 1)
    assert TaskChange.objects.filter(task=instance.task, first_frame=20, last_frame=20).exists()


def test_a_stale_version_is_refused_and_shows_what_is_there(
    bob_client: APIClient, rita_client: APIClient, instance: Instance
) -> None:
    assert put(rita_client, instance, 10, version=1).status_code == 200
    answer = put(bob_client, instance, 10, version=1, shape={**BOX, "left": 99})
    error = error_of(answer)
    assert (answer.status_code, error["code"]) == (409, "stale_version")
    assert error["details"]["current"]["version"] == 2
    assert error["details"]["current"]["shape"] == BOX
    missing = put(bob_client, instance, 50, version=4)
    assert error_of(missing)["details"]["current"] is None


def test_deleting_marks_the_object_absent(bob_client: APIClient, instance: Instance) -> None:
    address = f"/api/v1/instances/{instance.pk}/labels/10/"
    answer = bob_client.delete(address, headers={"if-match": '"1"'})
    assert (answer.status_code, answer.json()["shape"], answer.json()["protected"]) == (200, None, True)
    assert Label.objects.get(instance=instance, frame=10).geometry is None
    assert bob_client.delete(address + "?mark=false").status_code == 204
    assert not Label.objects.filter(instance=instance).exists()
    assert bob_client.delete(address + "?mark=false").status_code == 404


def test_an_annotator_does_not_write_into_somebody_elses_task(
    bob_client: APIClient, rita: User, instance: Instance
) -> None:
    Task.objects.filter(pk=instance.task_id).update(assignee=rita)
    assert put(bob_client, instance, 10).status_code == 403
    assert Label.objects.get(instance=instance).version == 1


def test_labels_are_imported_with_new_and_known_instances(
    alice_client: APIClient, task: Task, instance: Instance
) -> None:
    polygon = factories.class_of(ontology=task.project.ontology, shape=ShapeKind.POLYGON)
    ring = {"polygons": [[[[1, 1], [9, 1], [9, 9]]]]}
    rows = [
        {"instance": instance.pk, "frame": 10, "shape": BOX},
        {"instance": instance.pk, "frame": 11, "shape": BOX, "confidence": 0.5},
        {"object_class": polygon.pk, "ref": "a", "frame": 0, "shape": ring},
        {"object_class": polygon.pk, "ref": "a", "frame": 1, "shape": ring},
        {"object_class": polygon.pk, "ref": "b", "frame": 1, "shape": ring, "provenance": "imported"},
    ]
    answer = alice_client.post(f"/api/v1/tasks/{task.pk}/labels/", {"labels": rows}, format="json")
    assert answer.status_code == 201, answer.json()
    body = answer.json()
    assert (body["written"], body["skipped"], sorted(body["instances"])) == (4, 1, ["a", "b"])
    assert Label.objects.get(instance=instance, frame=10).provenance == Provenance.MANUAL
    imported = Label.objects.get(instance=instance, frame=11)
    assert (imported.provenance, imported.protected, imported.confidence) == (Provenance.IMPORTED, False, 0.5)
    first = Instance.objects.get(pk=body["instances"]["a"])
    assert (first.labels.count(), first.object_class) == (2, polygon)
    numbers = list(Instance.objects.filter(task=task).order_by("number").values_list("number", flat=True))
    assert numbers == [1, 2, 3]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"frame": 1, "shape": BOX}, "row_without_instance"),
        ({"instance": 999_999, "frame": 1, "shape": BOX}, "unknown_instance"),
        ({"object_class": 999_999, "ref": "a", "frame": 1, "shape": BOX}, "foreign_class"),
        ({"frame": 100, "shape": BOX}, "frame_out_of_range"),
        ({"frame": 1, "shape": {"left": 1}}, "invalid_shape"),
    ],
)
def test_an_import_with_one_bad_row_writes_nothing(
    alice_client: APIClient, task: Task, instance: Instance, row: dict[str, Any], code: str
) -> None:
    if code in ("frame_out_of_range", "invalid_shape"):
        row = {**row, "instance": instance.pk}
    polygon = factories.class_of(ontology=task.project.ontology, shape=ShapeKind.POLYGON)
    new = {
        "object_class": polygon.pk,
        "ref": "n",
        "frame": 0,
        "shape": {"polygons": [[[[1, 1], [9, 1], [9, 9]]]]},
    }
    answer = alice_client.post(f"/api/v1/tasks/{task.pk}/labels/", {"labels": [new, row]}, format="json")
    assert (answer.status_code, error_of(answer)["code"]) == (422, code)
    assert Label.objects.count() == 1
    assert Instance.objects.count() == 1
