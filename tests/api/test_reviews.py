"""``reviews/`` and ``changes/``."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from rest_framework.test import APIClient

from labeling.models import Instance, Label
from tests import factories
from tests.api.things import BOX, error_of

pytestmark = pytest.mark.engine


def test_a_track_is_accepted_locked_and_opened_again(
    rita_client: APIClient, bob_client: APIClient, instance: Instance
) -> None:
    address = f"/api/v1/tasks/{instance.task_id}/reviews/"
    body = {"instance": instance.pk, "first_frame": 0, "last_frame": 49, "decision": "accepted"}
    answer = rita_client.post(address, body, format="json")
    assert answer.status_code == 201, answer.json()
    held = [(row["first_frame"], row["last_frame"], row["decision"]) for row in answer.json()["results"]]
    assert held == [(0, 49, "accepted")]
    label = f"/api/v1/instances/{instance.pk}/labels/10/"
    locked = bob_client.put(label, {"shape": BOX}, format="json")
    assert (locked.status_code, error_of(locked)["code"]) == (409, "label_accepted")
    window = bob_client.get(f"/api/v1/tasks/{instance.task_id}/labels/").json()["labels"]
    assert [row["review"] for row in window] == ["accepted"]
    rita_client.post(address, {**body, "decision": "cleared"}, format="json")
    assert rita_client.get(address).json()["results"] == []
    assert bob_client.put(label, {"shape": BOX}, format="json").status_code == 200


def test_a_rejection_says_why_and_ends_when_the_label_is_drawn_anew(
    rita_client: APIClient, bob_client: APIClient, instance: Instance
) -> None:
    rita_client.post(
        f"/api/v1/tasks/{instance.task_id}/reviews/",
        {"instance": instance.pk, "decision": "rejected", "reason": "Too wide."},
        format="json",
    )
    shown = bob_client.get(f"/api/v1/tasks/{instance.task_id}/reviews/").json()["results"]
    assert [(row["reason"], row["author"]["username"]) for row in shown] == [("Too wide.", "rita")]
    window = f"/api/v1/tasks/{instance.task_id}/labels/"
    assert bob_client.get(window).json()["labels"][0]["review"] == "rejected"
    bob_client.put(f"/api/v1/instances/{instance.pk}/labels/10/", {"shape": BOX}, format="json")
    assert bob_client.get(window).json()["labels"][0]["review"] == "unreviewed"


def test_an_instance_of_another_task_is_not_reviewed_here(rita_client: APIClient, instance: Instance) -> None:
    other = factories.make_instance(task=factories.make_task(media=instance.task.media))
    answer = rita_client.post(
        f"/api/v1/tasks/{instance.task_id}/reviews/",
        {"instance": other.pk, "decision": "accepted"},
        format="json",
    )
    assert answer.status_code == 404


def test_changes_since_a_number_are_told_in_order(bob_client: APIClient, instance: Instance) -> None:
    label = f"/api/v1/instances/{instance.pk}/labels"
    address = f"/api/v1/tasks/{instance.task_id}/changes/"
    bob_client.put(f"{label}/11/", {"shape": BOX}, format="json")
    first = bob_client.get(address).json()
    bob_client.put(f"{label}/12/", {"shape": BOX}, format="json")
    bob_client.delete(f"{label}/11/")
    later = bob_client.get(address, {"since": first["seq"]}).json()
    assert [(row["kind"], row["first_frame"], row["instances"]) for row in later["changes"]] == [
        ("labels", 12, [instance.pk]),
        ("labels", 11, [instance.pk]),
    ]
    assert later["seq"] == Label.objects.get(instance=instance, frame=11).seq
    nothing = bob_client.get(address, {"since": later["seq"]}).json()
    assert nothing == {"changes": [], "seq": later["seq"]}


def moved(client: APIClient, instance: Instance, *, left: float) -> str:
    """Move the label on frame 10 by an edit; return the edit's key."""
    key = str(uuid.uuid4())
    put = {"op": "label.put", "instance": instance.object_hash, "frame": 10, "shape": {**BOX, "left": left}}
    body = {"key": key, "title": "Move it", "operations": [put]}
    assert client.post(f"/api/v1/tasks/{instance.task_id}/edits/", body, format="json").status_code == 201
    return key


def turned(client: APIClient, instance: Instance, key: str, way: str) -> Any:
    answer = client.post(f"/api/v1/tasks/{instance.task_id}/edits/{key}/{way}/")
    assert answer.status_code == 200, answer.json()
    return answer.json()


def rejected(client: APIClient, instance: Instance) -> None:
    address = f"/api/v1/tasks/{instance.task_id}/reviews/"
    assert (
        client.post(address, {"instance": instance.pk, "decision": "rejected"}, format="json").status_code
        == 201
    )


def state(client: APIClient, instance: Instance) -> str:
    (label,) = client.get(f"/api/v1/tasks/{instance.task_id}/labels/").json()["labels"]
    return str(label["review"])


def test_a_rejected_label_that_was_moved_and_put_back_is_rejected_still(
    rita_client: APIClient, bob_client: APIClient, instance: Instance
) -> None:
    rejected(rita_client, instance)
    key = moved(bob_client, instance, left=3)
    assert state(bob_client, instance) == "unreviewed"
    for _ in range(2):
        answer = turned(bob_client, instance, key, "undo")
        assert state(bob_client, instance) == "rejected"
        assert answer["touched"]["reviews"] == [instance.pk]
        assert {row["decision"] for row in answer["reviews"]} == {"rejected"}
        turned(bob_client, instance, key, "redo")
        assert state(bob_client, instance) == "unreviewed"


def test_a_label_that_was_mended_after_its_rejection_does_not_become_rejected_by_undo(
    rita_client: APIClient, bob_client: APIClient, instance: Instance
) -> None:
    rejected(rita_client, instance)
    moved(bob_client, instance, left=3)
    turned(bob_client, instance, moved(bob_client, instance, left=4), "undo")
    assert state(bob_client, instance) == "unreviewed"


def test_a_rejection_that_came_after_the_edit_does_not_hold_for_what_was_before_it(
    rita_client: APIClient, bob_client: APIClient, instance: Instance
) -> None:
    key = moved(bob_client, instance, left=3)
    rejected(rita_client, instance)
    turned(bob_client, instance, key, "undo")
    assert state(bob_client, instance) == "unreviewed"
