"""``presence/``: a soft lease of one holder, that runs out, is taken over, and refuses no save."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from labeling.models import Event, Instance, Presence, Role, Stage, Task, User
from labeling.services.presence import presence_keep
from tests.api.things import BOX, error_of

pytestmark = pytest.mark.engine


def come(client: APIClient, task: Task, **body: Any) -> dict[str, Any]:
    answer = client.put(f"/api/v1/tasks/{task.pk}/presence/", body, format="json")
    assert answer.status_code == 200, answer.json()
    there: dict[str, Any] = answer.json()
    return there


def names(there: dict[str, Any]) -> tuple[str | None, list[str]]:
    """Who holds, and who else is there."""
    return (there["holder"] or {}).get("name"), [one["name"] for one in there["others"]]


def run_out(*people: User) -> None:
    """Let the time of these people pass."""
    past = timezone.now() - timedelta(seconds=1)
    Presence.objects.filter(user__in=people).update(expires_at=past)


def told() -> list[dict[str, Any]]:
    rows = Event.objects.filter(kind="presence.changed").order_by("pk")
    return [
        {name: payload[name] for name in ("holder", "taken_from")}
        for payload in rows.values_list("payload", flat=True)
    ]


def test_the_first_to_come_holds_and_the_next_sees_it(
    alice_client: APIClient, bob_client: APIClient, task: Task, bob: User
) -> None:
    first = come(bob_client, task)
    assert (first["holder"], first["mine"], first["others"]) == ({"id": bob.pk, "name": "bob"}, True, [])
    left = datetime.fromisoformat(first["until"]) - timezone.now()
    assert timedelta(seconds=25) < left <= timedelta(seconds=31)
    second = come(alice_client, task)
    assert (names(second), second["mine"]) == (("bob", []), False)
    assert names(come(bob_client, task)) == ("bob", ["alice"])


def test_a_lease_that_is_not_renewed_is_free(
    alice_client: APIClient, bob_client: APIClient, task: Task, bob: User
) -> None:
    come(bob_client, task)
    run_out(bob)
    there = come(alice_client, task)
    assert (names(there), there["mine"]) == (("alice", []), True)
    # Who comes back finds it taken.
    assert names(come(bob_client, task)) == ("alice", [])


def test_a_lease_that_is_renewed_lasts(bob_client: APIClient, task: Task) -> None:
    come(bob_client, task)
    nearly = timezone.now() + timedelta(seconds=1)
    Presence.objects.update(expires_at=nearly)
    assert datetime.fromisoformat(come(bob_client, task)["until"]) > nearly + timedelta(seconds=20)


def test_who_takes_over_holds_and_the_former_holder_is_told(
    alice_client: APIClient, bob_client: APIClient, task: Task, alice: User, bob: User
) -> None:
    come(bob_client, task)
    come(alice_client, task)
    there = come(alice_client, task, take_over=True)
    assert (names(there), there["mine"]) == (("alice", ["bob"]), True)
    assert told()[-1] == {"holder": alice.pk, "taken_from": bob.pk}
    assert names(come(bob_client, task)) == ("alice", [])


def test_only_coming_going_and_taking_are_told(
    alice_client: APIClient, bob_client: APIClient, task: Task, alice: User, bob: User
) -> None:
    come(bob_client, task)
    come(bob_client, task)
    come(alice_client, task)
    come(bob_client, task)
    bob_client.delete(f"/api/v1/tasks/{task.pk}/presence/")
    bob_client.delete(f"/api/v1/tasks/{task.pk}/presence/")
    come(alice_client, task)
    assert [one["holder"] for one in told()] == [bob.pk, bob.pk, None, alice.pk]
    event = Event.objects.filter(kind="presence.changed").first()
    assert event is not None
    assert (event.task_id, event.payload["people"]) == (task.pk, [bob.pk])


def test_who_only_looks_is_seen_and_never_holds(
    victor_client: APIClient, bob_client: APIClient, task: Task
) -> None:
    assert names(come(victor_client, task)) == (None, [])
    assert names(come(bob_client, task)) == ("bob", ["victor"])
    refused = victor_client.put(f"/api/v1/tasks/{task.pk}/presence/", {"take_over": True}, format="json")
    assert (refused.status_code, error_of(refused)["code"]) == (403, "forbidden")
    assert names(come(victor_client, task)) == ("bob", [])


def test_who_may_not_edit_any_more_lets_go(
    alice_client: APIClient, bob_client: APIClient, task: Task
) -> None:
    come(bob_client, task)
    Task.objects.filter(pk=task.pk).update(stage=Stage.COMPLETE)
    assert names(come(bob_client, task)) == (None, [])
    answer = alice_client.put(f"/api/v1/tasks/{task.pk}/presence/", {"take_over": True}, format="json")
    assert (answer.status_code, error_of(answer)["code"]) == (409, "task_complete")


def test_it_refuses_no_save(alice_client: APIClient, bob_client: APIClient, instance: Instance) -> None:
    come(alice_client, instance.task)
    answer = bob_client.put(f"/api/v1/instances/{instance.pk}/labels/11/", {"shape": BOX}, format="json")
    assert answer.status_code == 200


def test_the_database_has_one_holder_a_task(task: Task, alice: User, bob: User) -> None:
    later = timezone.now() + timedelta(seconds=30)
    Presence.objects.create(task=task, user=alice, holds=True, expires_at=later)
    with pytest.raises(IntegrityError), transaction.atomic():
        Presence.objects.create(task=task, user=bob, holds=True, expires_at=later)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_come_at_once_one_holds(task: Task, alice: User, bob: User, rita: User) -> None:
    people = [(alice, Role.MANAGER), (bob, Role.ANNOTATOR), (rita, Role.REVIEWER)]
    start = threading.Barrier(len(people))
    failed: list[Exception] = []

    def comes(user: User, role: Role) -> None:
        try:
            start.wait(10)
            for _ in range(10):
                presence_keep(user=user, role=role, task=task, take_over=True)
        except Exception as error:  # noqa: BLE001  (told below)
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=comes, args=one) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    assert Presence.objects.filter(task=task).count() == 3
    assert Presence.objects.filter(task=task, holds=True).count() == 1
