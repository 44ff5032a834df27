"""``tasks/``: lists, making, assigning, stages."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from labeling.models import Media, Project, Stage, Task, User
from tests import factories
from tests.api.things import error_of

pytestmark = pytest.mark.engine


def test_a_task_tells_what_a_page_needs(bob_client: APIClient, task: Task) -> None:
    shown = bob_client.get(f"/api/v1/tasks/{task.pk}/").json()
    assert shown["media"] == {
        "id": task.media_id, "title": task.media.title, "kind": "video", "state": "ready", "width": 640,
        "height": 360, "frame_count": 100, "fps": 25.0, "duration_seconds": 4.0, "damaged": [],
    }  # fmt: skip
    assert (shown["ontology"], shown["role"]) == (task.project.ontology_id, "annotator")
    assert (shown["may_edit"], shown["reason"]) == (True, None)


def test_a_task_of_somebody_else_may_be_seen_and_not_edited(
    bob_client: APIClient, task: Task, rita: User
) -> None:
    Task.objects.filter(pk=task.pk).update(assignee=rita)
    shown = bob_client.get(f"/api/v1/tasks/{task.pk}/").json()
    assert shown["may_edit"] is False
    assert shown["reason"] == "The task is assigned to somebody else."
    assert shown["assignee"] == {"id": rita.pk, "username": "rita"}


def test_a_segment_of_a_media_becomes_a_task(alice_client: APIClient, media: Media, bob: User) -> None:
    body = {
        "media": media.pk, "first_frame": 10, "last_frame": 19, "title": "Ten", "assignee": bob.pk,
        "priority": 0.9,
    }  # fmt: skip
    answer = alice_client.post(f"/api/v1/projects/{media.project_id}/tasks/", body, format="json")
    assert answer.status_code == 201, answer.json()
    task = Task.objects.get()
    assert (task.first_frame, task.last_frame, task.title, task.assignee, task.priority) == (
        10, 19, "Ten", bob, 0.9,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({}, ["one", "two", "three"]),
        ({"stage": "review"}, ["two"]),
        ({"assignee": "me"}, ["three"]),
        ({"assignee": "none"}, ["one", "two"]),
        ({"search": "THR"}, ["three"]),
        ({"limit": 2}, ["one", "two"]),
    ],
)
def test_the_list_is_narrowed(
    bob_client: APIClient, bob: User, media: Media, query: dict[str, str], titles: list[str]
) -> None:
    for title, stage, assignee in [
        ("one", Stage.ANNOTATE, None),
        ("two", Stage.REVIEW, None),
        ("three", Stage.ANNOTATE, bob),
    ]:
        task = factories.make_task(media=media, stage=stage, assignee=assignee)
        Task.objects.filter(pk=task.pk).update(title=title)
    page = bob_client.get(f"/api/v1/projects/{media.project_id}/tasks/", query).json()
    assert [row["title"] for row in page["results"]] == titles


def test_the_list_asks_as_much_for_many_as_for_few(
    bob_client: APIClient, media: Media, project: Project, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = f"/api/v1/projects/{project.pk}/tasks/"
    factories.make_task(media=media)
    with django_assert_num_queries(4):  # session, user, role, tasks
        bob_client.get(address)
    for _ in range(5):
        factories.make_task(media=factories.make_media(project=project))
    with django_assert_num_queries(4):
        assert len(bob_client.get(address).json()["results"]) == 6


def test_an_annotator_takes_a_task_and_releases_it(bob_client: APIClient, bob: User, task: Task) -> None:
    address = f"/api/v1/tasks/{task.pk}/"
    assert bob_client.patch(address, {"assignee": bob.pk}, format="json").json()["assignee"]["id"] == bob.pk
    assert bob_client.patch(address, {"assignee": None}, format="json").json()["assignee"] is None


def test_an_annotator_assigns_nobody_else_and_sets_no_priority(
    bob_client: APIClient, rita: User, task: Task
) -> None:
    address = f"/api/v1/tasks/{task.pk}/"
    for changes in ({"assignee": rita.pk}, {"priority": 1}, {"title": "Mine"}):
        assert bob_client.patch(address, changes, format="json").status_code == 403
    before = (task.assignee_id, task.priority, task.title)
    task.refresh_from_db()
    assert (task.assignee_id, task.priority, task.title) == before


def test_a_manager_assigns_members_only(
    alice_client: APIClient, charlie: User, victor: User, task: Task
) -> None:
    for person in (charlie, victor):
        answer = alice_client.patch(f"/api/v1/tasks/{task.pk}/", {"assignee": person.pk}, format="json")
        assert (answer.status_code, error_of(answer)["code"]) == (422, "assignee_no_member")


def test_a_task_goes_to_review_back_and_to_its_end(
    bob: User, bob_client: APIClient, rita_client: APIClient, alice_client: APIClient, task: Task
) -> None:
    address = f"/api/v1/tasks/{task.pk}"
    assert bob_client.post(f"{address}/submit/").json()["stage"] == "review"
    returned = rita_client.post(f"{address}/reject/", {"comment": "Look at frame 3."}, format="json").json()
    assert (returned["stage"], returned["assignee"]["id"]) == ("annotate", bob.pk)
    bob_client.post(f"{address}/submit/")
    assert rita_client.post(f"{address}/accept/").json()["stage"] == "complete"
    assert alice_client.post(f"{address}/reopen/").json()["stage"] == "annotate"


def test_a_step_that_does_not_fit_the_stage_is_refused(rita_client: APIClient, task: Task) -> None:
    answer = rita_client.post(f"/api/v1/tasks/{task.pk}/accept/")
    assert (answer.status_code, error_of(answer)["code"]) == (409, "task_stage")
    task.refresh_from_db()
    assert task.stage == Stage.ANNOTATE
