"""``me/notifications/``: told to whom it concerns, once, and to nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from labeling.models import Event, Media, Member, Notification, NotificationKind, Stage, Task, User
from tests import factories

pytestmark = pytest.mark.engine

ADDRESS = "/api/v1/me/notifications/"


def told(client: APIClient, **query: Any) -> list[tuple[str, str]]:
    """The kinds and texts, newest first."""
    return [(row["kind"], row["text"]) for row in client.get(ADDRESS, query).json()["results"]]


def unread(client: APIClient) -> int:
    count: int = client.get(ADDRESS).json()["unread"]
    return count


def say(client: APIClient, task: Task, text: str, **body: Any) -> int:
    answer = client.post(f"/api/v1/tasks/{task.pk}/comments/", {"text": text, **body}, format="json")
    assert answer.status_code == 201, answer.json()
    number: int = answer.json()["id"]
    return number


def assign(client: APIClient, task: Task, user: User | None) -> None:
    body = {"assignee": user.pk if user else None}
    assert client.patch(f"/api/v1/tasks/{task.pk}/", body, format="json").status_code == 200


def test_who_is_assigned_a_task_is_told(
    alice_client: APIClient, bob_client: APIClient, task: Task, bob: User
) -> None:
    assign(alice_client, task, bob)
    (row,) = bob_client.get(ADDRESS).json()["results"]
    assert row["kind"] == "assigned"
    assert row["task"] == {"id": task.pk, "title": task.title}
    assert row["project"] == {"id": task.project_id, "name": task.project.name}
    assert row["actor"]["username"] == "alice"
    assert (row["comment"], row["frame"], row["text"], row["read_at"]) == (None, None, "", None)
    # The same again is no news, and neither is a change of something else.
    assign(alice_client, task, bob)
    alice_client.patch(f"/api/v1/tasks/{task.pk}/", {"priority": 0.9}, format="json")
    assert unread(bob_client) == 1
    assert unread(alice_client) == 0


def test_a_task_that_is_made_for_somebody_is_told_them(
    alice_client: APIClient, bob_client: APIClient, media: Media, bob: User
) -> None:
    body = {"media": media.pk, "assignee": bob.pk}
    alice_client.post(f"/api/v1/projects/{media.project_id}/tasks/", body, format="json")
    assert told(bob_client) == [("assigned", "")]


def test_who_takes_a_task_is_not_told(bob_client: APIClient, task: Task, bob: User) -> None:
    assign(bob_client, task, bob)
    assign(bob_client, task, None)
    assert told(bob_client) == []


def test_a_rejected_task_is_told_its_annotator_with_the_reason(
    bob_client: APIClient, rita_client: APIClient, task: Task
) -> None:
    bob_client.post(f"/api/v1/tasks/{task.pk}/submit/")
    assert told(bob_client) == []
    body = {"comment": "The lorry is missing."}
    rita_client.post(f"/api/v1/tasks/{task.pk}/reject/", body, format="json")
    assert told(bob_client) == [("returned", "The lorry is missing.")]


def test_a_reopened_task_is_told_its_annotator(
    alice_client: APIClient, bob_client: APIClient, task: Task, bob: User
) -> None:
    Task.objects.filter(pk=task.pk).update(stage=Stage.COMPLETE, annotator=bob)
    alice_client.post(f"/api/v1/tasks/{task.pk}/reopen/")
    assert told(bob_client) == [("returned", "")]


def test_who_is_mentioned_is_told_where(
    bob_client: APIClient, rita_client: APIClient, alice_client: APIClient, task: Task
) -> None:
    comment = say(rita_client, task, "@bob and @rita: see @bob", kind="frame", frame=7)
    (row,) = bob_client.get(ADDRESS).json()["results"]
    assert (row["kind"], row["comment"], row["frame"]) == ("mentioned", comment, 7)
    assert row["text"] == "@bob and @rita: see @bob"
    assert told(rita_client) == []
    # An edit tells only those who are new in it.
    body = {"text": "@bob and @alice: see"}
    rita_client.patch(f"/api/v1/comments/{comment}/", body, format="json")
    assert told(bob_client) == [("mentioned", "@bob and @alice: see")]
    assert told(alice_client) == [("mentioned", "@bob and @alice: see")]


def test_a_reply_is_told_to_those_of_the_thread_once(
    alice_client: APIClient, bob_client: APIClient, rita_client: APIClient, task: Task
) -> None:
    root = say(rita_client, task, "Too wide.", kind="frame", frame=7)
    say(bob_client, task, "Mended, @rita.", parent=root)
    assert told(rita_client) == [("mentioned", "Mended, @rita.")]
    say(alice_client, task, "Good.", parent=root)
    assert told(rita_client)[0] == ("replied", "Good.")
    assert told(bob_client) == [("replied", "Good.")]
    # A reply has no frame of its own: it leads to its thread's.
    assert bob_client.get(ADDRESS).json()["results"][0]["frame"] == 7
    assert told(alice_client) == []


def test_what_was_read_is_marked_one_by_one_or_up_to_one(
    bob_client: APIClient, rita_client: APIClient, task: Task
) -> None:
    for number in range(5):
        say(rita_client, task, f"@bob {number}")
    rows = bob_client.get(ADDRESS).json()["results"]
    newest, oldest = rows[0]["id"], rows[-1]["id"]
    assert bob_client.post(ADDRESS, {"read": [oldest]}, format="json").json() == {"unread": 4}
    assert bob_client.post(ADDRESS, {"up_to": newest - 1}, format="json").json() == {"unread": 1}
    assert told(bob_client, unread="true") == [("mentioned", "@bob 4")]
    assert len(told(bob_client)) == 5
    # What is somebody else's stays unread.
    assert rita_client.post(ADDRESS, {"read": [newest], "up_to": newest}, format="json").json() == {
        "unread": 0
    }
    assert unread(bob_client) == 1


def test_a_page_at_a_time_newest_first(
    bob_client: APIClient,
    rita_client: APIClient,
    task: Task,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(12):
        say(rita_client, task, f"@bob {number}")
    with django_assert_max_num_queries(6):
        first = bob_client.get(ADDRESS, {"limit": 10}).json()
    assert [row["text"] for row in first["results"]] == [f"@bob {number}" for number in range(11, 1, -1)]
    assert first["unread"] == 12
    second = bob_client.get(ADDRESS, {"limit": 10, "cursor": first["next"]}).json()
    assert [row["text"] for row in second["results"]] == ["@bob 1", "@bob 0"]
    assert second["next"] is None


def test_who_has_left_the_project_is_not_shown_what_was_said(
    bob_client: APIClient, rita_client: APIClient, task: Task, bob: User
) -> None:
    say(rita_client, task, "@bob, a secret of this project")
    Member.objects.filter(user=bob).delete()
    assert told(bob_client) == []
    assert unread(bob_client) == 0


def test_open_pages_of_the_person_are_told(rita_client: APIClient, task: Task, bob: User) -> None:
    say(rita_client, task, "@bob")
    event = Event.objects.get(kind="notification.made")
    assert event.payload == {"to": bob.pk, "kind": "mentioned"}
    assert event.task_id == task.pk


def test_the_database_tells_a_comment_once(task: Task, bob: User, rita: User) -> None:
    comment = factories.make_comment(task_id=task.pk, author=rita)
    Notification.objects.create(user=bob, kind=NotificationKind.MENTIONED, task=task, comment=comment)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notification.objects.create(user=bob, kind=NotificationKind.REPLIED, task=task, comment=comment)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notification.objects.create(user=bob, kind=NotificationKind.MENTIONED, task=task)
