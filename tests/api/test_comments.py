"""``comments/``: pinned, answered, mentioned in, edited, resolved, deleted, and in the way of submitting."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from labeling.models import Comment, CommentKind, Event, Instance, Project, Role, Stage, Task, User
from tests import factories
from tests.api.things import error_of

pytestmark = pytest.mark.engine


def make(client: APIClient, task: Task, text: str = "Look here.", **body: Any) -> Any:
    return client.post(f"/api/v1/tasks/{task.pk}/comments/", {"text": text, **body}, format="json")


def made(client: APIClient, task: Task, text: str = "Look here.", **body: Any) -> dict[str, Any]:
    answer = make(client, task, text, **body)
    assert answer.status_code == 201, answer.json()
    comment: dict[str, Any] = answer.json()
    return comment


def change(client: APIClient, comment: dict[str, Any], **body: Any) -> Any:
    return client.patch(f"/api/v1/comments/{comment['id']}/", body, format="json")


def listed(client: APIClient, task: Task, **query: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.get(f"/api/v1/tasks/{task.pk}/comments/", query).json()["results"]
    return rows


def told(kind: str) -> list[dict[str, Any]]:
    return list(Event.objects.filter(kind=kind).order_by("pk").values_list("payload", flat=True))


PINS = [
    {},
    {"kind": "task"},
    {"kind": "frame", "frame": 0},
    {"kind": "point", "frame": 99, "x": 0, "y": 360},
    {"kind": "range", "frame": 5, "last_frame": 5},
]


@pytest.mark.parametrize("pin", PINS)
def test_a_comment_is_pinned_where_it_belongs(
    bob_client: APIClient, victor_client: APIClient, task: Task, pin: dict[str, Any]
) -> None:
    comment = made(bob_client, task, **pin)
    assert {name: comment[name] for name in pin} == pin
    assert comment["kind"] == pin.get("kind", "task")
    assert comment["author"]["username"] == "bob"
    assert listed(victor_client, task) == [comment]


def test_a_comment_on_an_object_outlives_it(
    rita_client: APIClient, bob_client: APIClient, task: Task, instance: Instance
) -> None:
    whole = made(rita_client, task, kind="instance", instance=instance.pk)
    there = made(rita_client, task, kind="instance", instance=instance.pk, frame=10)
    track = made(rita_client, task, kind="range", instance=instance.pk, frame=3, last_frame=9)
    for comment in (whole, there, track):
        assert (comment["instance"], comment["object_hash"]) == (instance.pk, instance.object_hash)
    bob_client.delete(f"/api/v1/instances/{instance.pk}/")
    assert [(row["instance"], row["object_hash"]) for row in listed(bob_client, task)] == [
        (None, instance.object_hash)
    ] * 3
    # An object that comes back under its hash has its comments again.
    again = Instance.objects.create(
        task=task, object_class=instance.object_class, object_hash=instance.object_hash, number=77
    )
    assert {row["instance"] for row in listed(bob_client, task)} == {again.pk}


@pytest.mark.parametrize(
    ("pin", "code"),
    [
        ({"kind": "frame"}, "pin_incomplete"),
        ({"kind": "point", "frame": 3, "x": 1}, "pin_incomplete"),
        ({"kind": "range", "frame": 3}, "pin_incomplete"),
        ({"kind": "instance", "frame": 3}, "pin_incomplete"),
        ({"frame": 3}, "pin_unfit"),
        ({"kind": "frame", "frame": 3, "x": 1, "y": 1}, "pin_unfit"),
        ({"kind": "frame", "frame": 100}, "frame_out_of_range"),
        ({"kind": "range", "frame": 3, "last_frame": 100}, "frame_out_of_range"),
        ({"kind": "range", "frame": 9, "last_frame": 3}, "range_reversed"),
        ({"kind": "point", "frame": 3, "x": 641, "y": 1}, "point_outside"),
        ({"kind": "point", "frame": 3, "x": 1, "y": -0.5}, "point_outside"),
    ],
)
def test_a_pin_that_fits_nowhere_is_refused(
    bob_client: APIClient, task: Task, pin: dict[str, Any], code: str
) -> None:
    answer = make(bob_client, task, **pin)
    assert (answer.status_code, error_of(answer)["code"]) == (422, code)
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {"text": ""},
        {"text": "   "},
        {"text": "x" * 4001},
        {"text": "a\x00b"},
        {"kind": "reply"},
        {"kind": "frame", "frame": -1},
        {"kind": "point", "frame": 1, "x": "left", "y": 0},
        {"colour": "red"},
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    bob_client: APIClient, task: Task, body: dict[str, Any]
) -> None:
    assert make(bob_client, task, **body).status_code == 400


def test_an_object_or_a_parent_of_another_task_is_not_found(bob_client: APIClient, task: Task) -> None:
    other = factories.make_task(media=task.media)
    stranger = factories.make_instance(task=other)
    there = made(bob_client, other)
    assert make(bob_client, task, kind="instance", instance=stranger.pk).status_code == 404
    assert make(bob_client, task, parent=there["id"]).status_code == 404


def test_threads_have_one_level_and_replies_no_pin_of_their_own(
    bob_client: APIClient, rita_client: APIClient, task: Task
) -> None:
    root = made(rita_client, task, kind="frame", frame=7)
    reply = made(bob_client, task, "Mended.", parent=root["id"])
    assert (reply["kind"], reply["parent"], reply["frame"]) == ("reply", root["id"], None)
    deeper = make(rita_client, task, parent=reply["id"])
    assert (deeper.status_code, error_of(deeper)["code"]) == (422, "reply_to_reply")
    pinned = make(rita_client, task, parent=root["id"], frame=7)
    assert (pinned.status_code, error_of(pinned)["code"]) == (422, "pin_unfit")
    single = change(rita_client, reply, resolved=True)
    assert (single.status_code, error_of(single)["code"]) == (422, "reply_resolved")


def test_a_thread_is_resolved_and_opened_again_by_any_writer(
    bob_client: APIClient, rita_client: APIClient, task: Task
) -> None:
    root, other = made(rita_client, task), made(rita_client, task)
    reply = made(bob_client, task, parent=root["id"])
    resolved = change(bob_client, root, resolved=True).json()
    assert resolved["resolved_by"]["username"] == "bob"
    assert resolved["resolved_at"] is not None
    assert [row["id"] for row in listed(bob_client, task, resolved="true")] == [root["id"], reply["id"]]
    assert [row["id"] for row in listed(bob_client, task, resolved="false")] == [other["id"]]
    opened = change(rita_client, root, resolved=False).json()
    assert (opened["resolved_at"], opened["resolved_by"]) == (None, None)
    assert len(listed(bob_client, task)) == 3


def test_one_edits_ones_own_words_and_managers_anybodys(
    alice_client: APIClient, bob_client: APIClient, rita_client: APIClient, task: Task
) -> None:
    comment = made(bob_client, task, "Too wid.")
    assert comment["edited_at"] is None
    own = change(bob_client, comment, text="Too wide.").json()
    assert (own["text"], own["edited_at"] is not None) == ("Too wide.", True)
    assert change(rita_client, comment, text="Fine.").status_code == 403
    assert change(alice_client, comment, text="Much too wide.").status_code == 200
    assert listed(bob_client, task)[0]["author"]["username"] == "bob"


def test_one_deletes_ones_own_words_but_not_those_of_others(
    alice_client: APIClient, bob_client: APIClient, rita_client: APIClient, task: Task
) -> None:
    lonely, thread = made(bob_client, task), made(bob_client, task)
    made(bob_client, task, parent=thread["id"])
    made(rita_client, task, parent=thread["id"])
    assert rita_client.delete(f"/api/v1/comments/{lonely['id']}/").status_code == 403
    assert bob_client.delete(f"/api/v1/comments/{lonely['id']}/").status_code == 204
    kept = bob_client.delete(f"/api/v1/comments/{thread['id']}/")
    assert (kept.status_code, error_of(kept)["code"]) == (409, "comment_has_replies")
    assert alice_client.delete(f"/api/v1/comments/{thread['id']}/").status_code == 204
    assert listed(bob_client, task) == []


def test_viewers_read_and_outsiders_do_not_know(
    bob_client: APIClient, victor_client: APIClient, charlie_client: APIClient, task: Task
) -> None:
    comment = made(bob_client, task)
    address = f"/api/v1/comments/{comment['id']}/"
    assert victor_client.get(address).json() == comment
    assert make(victor_client, task).status_code == 403
    assert change(victor_client, comment, resolved=True).status_code == 403
    assert victor_client.delete(address).status_code == 403
    assert charlie_client.get(address).status_code == 404
    assert charlie_client.get(f"/api/v1/tasks/{task.pk}/comments/").status_code == 404


def test_complete_tasks_and_those_of_others_are_commented(
    bob_client: APIClient, task: Task, rita: User
) -> None:
    Task.objects.filter(pk=task.pk).update(stage=Stage.COMPLETE, assignee=rita)
    comment = made(bob_client, task)
    assert change(bob_client, comment, resolved=True).status_code == 200


def test_members_are_mentioned_by_name_and_kept_by_id(
    bob_client: APIClient, task: Task, alice: User, charlie: User, project: Project
) -> None:
    dotted = factories.make_member(project=project, role=Role.REVIEWER, username="ana.b")
    text = "@alice, @ana.b. and @ana.b@ saw it; @charlie, @nobody and write@alice did not. @alice!"
    comment = made(bob_client, task, text)
    assert {one["username"] for one in comment["mentions"]} == {"alice", "ana.b"}
    assert Comment.objects.get().mentions == sorted([alice.pk, dotted.pk])
    alice.username = "alicia"
    alice.save()
    assert {one["username"] for one in listed(bob_client, task)[0]["mentions"]} == {"alicia", "ana.b"}
    edited = change(bob_client, comment, text="Nobody.").json()
    assert edited["mentions"] == []


def test_open_pages_are_told_what_happened(bob_client: APIClient, rita_client: APIClient, task: Task) -> None:
    root = made(rita_client, task, kind="frame", frame=7)
    reply = made(bob_client, task, parent=root["id"])
    change(bob_client, root, resolved=True)
    change(bob_client, root, resolved=True)
    rita_client.delete(f"/api/v1/comments/{root['id']}/")
    bob_client.delete(f"/api/v1/comments/{reply['id']}/")
    of_root = {"comment": root["id"], "parent": None, "frame": 7}
    of_reply = {"comment": reply["id"], "parent": root["id"], "frame": None}
    assert told("comment.made") == [{**of_root, "by": "rita"}, {**of_reply, "by": "bob"}]
    # What changes nothing is not told, and neither is what was refused.
    assert told("comment.changed") == [{**of_root, "by": "bob", "resolved": True, "settled": "resolved"}]
    assert told("comment.deleted") == [{**of_reply, "by": "bob"}]
    event = Event.objects.filter(kind="comment.made").first()
    assert event is not None
    assert (event.task_id, event.project_id) == (task.pk, task.project_id)


def test_open_comments_keep_a_task_from_being_submitted_where_the_project_says_so(
    alice_client: APIClient, bob_client: APIClient, task: Task
) -> None:
    project = f"/api/v1/projects/{task.project_id}/"
    assert alice_client.get(project).json()["comments_block"] is False
    assert alice_client.patch(project, {"comments_block": True}, format="json").json()["comments_block"]
    roots = [made(bob_client, task), made(bob_client, task)]
    made(bob_client, task, parent=roots[0]["id"])
    refused = bob_client.post(f"/api/v1/tasks/{task.pk}/submit/")
    assert (refused.status_code, error_of(refused)["code"]) == (409, "comments_open")
    assert error_of(refused)["details"] == {"count": 2}
    change(bob_client, roots[0], resolved=True)
    assert error_of(bob_client.post(f"/api/v1/tasks/{task.pk}/submit/"))["details"] == {"count": 1}
    change(bob_client, roots[1], resolved=True)
    assert bob_client.post(f"/api/v1/tasks/{task.pk}/submit/").status_code == 200


def test_open_comments_are_no_obstacle_otherwise(bob_client: APIClient, task: Task) -> None:
    made(bob_client, task)
    assert bob_client.post(f"/api/v1/tasks/{task.pk}/submit/").status_code == 200


def test_a_page_of_comments_costs_the_same_however_many_there_are(
    bob_client: APIClient,
    task: Task,
    instance: Instance,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(20):
        made(bob_client, task, "@bob", kind="instance", instance=instance.pk)
    with django_assert_max_num_queries(6):
        assert len(listed(bob_client, task)) == 20


@pytest.mark.parametrize(
    "columns",
    [
        {"kind": CommentKind.TASK, "frame": 3},
        {"kind": CommentKind.FRAME},
        {"kind": CommentKind.POINT, "frame": 3, "x": 1.0},
        {"kind": CommentKind.RANGE, "frame": 3},
        {"kind": CommentKind.RANGE, "frame": 3, "last_frame": 2},
        {"kind": CommentKind.INSTANCE},
        {"kind": CommentKind.REPLY},
        {"kind": "rumour"},
    ],
)
def test_the_database_keeps_pins_that_fit(task: Task, columns: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.create(task=task, text="Look here.", **columns)
