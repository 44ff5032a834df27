"""``instances/``, the answers about them, and what is said of frames."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from labeling.geometry.shapes import ShapeKind
from labeling.models import AttributeDefinition, Instance, Job, Label, Task
from tests import factories
from tests.api.things import error_of

pytestmark = pytest.mark.engine


def test_an_instance_is_made_and_listed_with_its_frames(
    bob_client: APIClient, task: Task, instance: Instance
) -> None:
    box = factories.class_of(ontology=task.project.ontology, shape=ShapeKind.BOUNDING_BOX)
    made = bob_client.post(f"/api/v1/tasks/{task.pk}/instances/", {"object_class": box.pk}, format="json")
    assert made.status_code == 201
    assert (made.json()["number"], made.json()["version"]) == (2, 1)
    factories.make_label(instance=instance, frame=30)
    factories.make_label(instance=instance, frame=31, shape=None)
    listed = bob_client.get(f"/api/v1/tasks/{task.pk}/instances/").json()
    task.refresh_from_db()
    assert listed["seq"] == task.seq
    assert [row["labelled"] for row in listed["results"]] == [
        {"first": 10, "last": 30, "count": 2},
        {"first": None, "last": None, "count": 0},
    ]
    assert listed["results"][0]["name"] == "bounding_box 1"


def test_the_list_asks_as_much_for_many_as_for_few(
    bob_client: APIClient, instance: Instance, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = f"/api/v1/tasks/{instance.task_id}/instances/"
    with django_assert_num_queries(5):  # session, user, role, task, instances
        bob_client.get(address)
    task = Task.objects.get(pk=instance.task_id)
    for _ in range(5):
        factories.make_instance(task=task)
    with django_assert_num_queries(5):
        assert len(bob_client.get(address).json()["results"]) == 6


def test_a_class_is_changed_by_who_saw_the_newest_version(bob_client: APIClient, instance: Instance) -> None:
    other = factories.make_class(ontology=instance.task.project.ontology, shape=ShapeKind.BOUNDING_BOX)
    address = f"/api/v1/instances/{instance.pk}/"
    body = {"object_class": other.pk}
    changed = bob_client.patch(address, body, format="json", headers={"if-match": "1"})
    assert (changed.status_code, changed.json()["version"], changed.json()["object_class"]) == (
        200,
        2,
        other.pk,
    )
    stale = bob_client.patch(address, body, format="json", headers={"if-match": "1"})
    error = error_of(stale)
    assert (stale.status_code, error["code"]) == (409, "stale_version")
    assert error["details"]["current"]["version"] == 2


def test_an_instance_is_deleted_with_its_labels(bob_client: APIClient, instance: Instance) -> None:
    assert bob_client.delete(f"/api/v1/instances/{instance.pk}/").status_code == 204
    assert not Instance.objects.exists()
    assert not Label.objects.exists()


def test_an_instance_is_kept_while_a_job_is_at_work_on_it(
    bob_client: APIClient, instance: Instance, job: Job
) -> None:
    answer = bob_client.delete(f"/api/v1/instances/{instance.pk}/")
    assert (answer.status_code, error_of(answer)["code"]) == (409, "job_active")
    assert error_of(answer)["details"]["job"] == job.pk
    assert Label.objects.count() == 1


def test_questions_about_an_object_are_answered(bob_client: APIClient, instance: Instance) -> None:
    kind = AttributeDefinition.objects.get(name="kind")
    plate = AttributeDefinition.objects.get(name="plate")
    address = f"/api/v1/instances/{instance.pk}/answers/"
    bob_client.put(address, {"definition": kind.pk, "value": "truck"}, format="json")
    answer = bob_client.put(
        address, {"definition": plate.pk, "value": "B 42", "first_frame": 5, "last_frame": 9}, format="json"
    )
    assert answer.status_code == 200, answer.json()
    assert bob_client.get(address).json() == answer.json()
    said = [
        (row["definition"], row["value"], row["first_frame"], row["last_frame"])
        for row in answer.json()["results"]
    ]
    assert said == [(kind.pk, "truck", None, None), (plate.pk, "B 42", 5, 9)]
    gone = bob_client.put(address, {"definition": kind.pk, "value": None}, format="json")
    assert [row["definition"] for row in gone.json()["results"]] == [plate.pk]


def test_an_answer_that_cannot_be_stored_is_refused(bob_client: APIClient, instance: Instance) -> None:
    plate = AttributeDefinition.objects.get(name="plate")
    answer = bob_client.put(
        f"/api/v1/instances/{instance.pk}/answers/",
        {"definition": plate.pk, "value": "a\x00b", "first_frame": 1, "last_frame": 2},
        format="json",
    )
    assert (answer.status_code, error_of(answer)["code"]) == (400, "invalid")


def test_frames_are_classified_in_ranges(bob_client: APIClient, task: Task) -> None:
    sky = AttributeDefinition.objects.get(name="sky")
    address = f"/api/v1/tasks/{task.pk}/classifications/"
    bob_client.put(
        address, {"definition": sky.pk, "value": "clear", "first_frame": 0, "last_frame": 99}, format="json"
    )
    answer = bob_client.put(
        address, {"definition": sky.pk, "value": "cloudy", "first_frame": 40, "last_frame": 59}, format="json"
    )
    said = [(row["value"], row["first_frame"], row["last_frame"]) for row in answer.json()["results"]]
    assert said == [("clear", 0, 39), ("cloudy", 40, 59), ("clear", 60, 99)]
    assert bob_client.get(address).json() == answer.json()
