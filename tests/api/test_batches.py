"""``batches/``: ordered, tried, watched, steered, run again."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from rest_framework.test import APIClient

from labeling.models import Batch, Job, Project, Stage, Task
from tests import factories
from tests.api.things import error_of
from tests.engine.batching import seeded_tasks, tended

pytestmark = [pytest.mark.django_db]

BACKWARDS = {"kind": "fixed", "first": 9, "last": 3}
TRACK = {"kind": "track", "algorithm": "fast", "span": {"kind": "seed", "frames": 5}}


@pytest.fixture(autouse=True)
def quiet(valkey: object) -> None:
    """Bells ring in a real queue."""


def order(client: APIClient, project: Project, *, query: str = "", key: str = "", **body: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    address = f"/api/v1/projects/{project.pk}/batches/{query}"
    return client.post(address, {"specification": TRACK, **body}, format="json", headers=headers)


def made(client: APIClient, project: Project, **body: Any) -> Batch:
    answer = order(client, project, **body)
    assert answer.status_code == 201, answer.content
    return Batch.objects.get(pk=answer.json()["id"])


def test_a_dry_run_stores_nothing_and_says_all(alice_client: APIClient, project: Project) -> None:
    _, bare = seeded_tasks(project, 2)
    bare.instances.get().labels.all().delete()
    answer = order(alice_client, project, query="?dry_run=true")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["tasks"], told["runs"], told["frames"], told["objects"]) == (2, 1, 5, 1)
    assert (told["protected_touched"], told["seconds"], told["waiting_for_worker"]) == (0, None, True)
    (group,) = told["skipped"]
    assert (group["reason"], group["count"], group["samples"][0]["task"]) == ("nothing_to_track", 1, bare.pk)
    assert not Batch.objects.exists()


def test_an_order_is_answered_before_its_jobs_are_there(alice_client: APIClient, project: Project) -> None:
    seeded_tasks(project, 3)
    answer = order(alice_client, project, name="Night")
    told = answer.json()
    assert (answer.status_code, told["state"], told["counts"]["waiting"]) == (201, "queueing", 3)
    assert (told["name"], told["items_total"]) == ("Night", 3)
    assert not Job.objects.exists()
    tended(Batch.objects.get())
    told = alice_client.get(f"/api/v1/batches/{told['id']}/").json()
    assert (told["state"], told["counts"]["queued"]) == ("running", 3)


def test_a_repeated_key_is_one_order(alice_client: APIClient, project: Project) -> None:
    seeded_tasks(project, 1)
    first = order(alice_client, project, key="night-1")
    again = order(alice_client, project, key="night-1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    other = order(alice_client, project, key="night-1", sample=1)
    assert (other.status_code, error_of(other)["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"tasks": {"search": "no such title"}}, 422, "no_task_matches"),
        ({"specification": {**TRACK, "algorithm": "magic"}}, 422, "unknown_algorithm"),
        ({"specification": {**TRACK, "object_classes": [987654]}}, 422, "foreign_class"),
        ({"specification": {**TRACK, "span": {"kind": "seed"}}}, 422, "span_frames_missing"),
        (
            {"specification": {**TRACK, "span": {"kind": "fixed", "first": 9, "last": 3}}},
            422,
            "range_reversed",
        ),
        ({"specification": {**TRACK, "first_frame": 3}}, 400, "invalid"),
        ({"specification": {"kind": "dance"}}, 400, "invalid"),
        ({"tasks": {"stage": "lunch"}}, 400, "invalid"),
        ({"sample": 0}, 400, "invalid"),
    ],
)
def test_a_bad_order_is_refused_and_keeps_nothing(
    alice_client: APIClient, project: Project, body: dict[str, Any], status: int, code: str
) -> None:
    seeded_tasks(project, 1)
    answer = order(alice_client, project, **body)
    assert (answer.status_code, error_of(answer)["code"]) == (status, code)
    assert not Batch.objects.exists()


def test_only_managers_order_and_steer(
    bob_client: APIClient, alice_client: APIClient, project: Project
) -> None:
    seeded_tasks(project, 1)
    assert order(bob_client, project).status_code == 403
    batch = made(alice_client, project)
    assert bob_client.post(f"/api/v1/batches/{batch.pk}/pause/").status_code == 403
    assert bob_client.get(f"/api/v1/batches/{batch.pk}/").status_code == 200


def test_the_filters_are_those_of_the_list_of_tasks(alice_client: APIClient, project: Project) -> None:
    first, second, third = seeded_tasks(project, 3)
    Task.objects.filter(pk=first.pk).update(stage=Stage.REVIEW)
    Task.objects.filter(pk=second.pk).update(title="North gate")
    assert made(alice_client, project, tasks={"stage": "review"}).items.get().task == first
    assert made(alice_client, project, tasks={"search": "north"}).items.get().task == second
    assert made(alice_client, project, tasks={"ids": [third.pk]}).items.get().task == third


def test_items_are_listed_by_state_and_reason_and_come_as_a_table(
    alice_client: APIClient, project: Project
) -> None:
    good, bare = seeded_tasks(project, 2)
    bare.instances.get().labels.all().delete()
    Task.objects.filter(pk=bare.pk).update(title="=1+1")
    batch = tended(made(alice_client, project))
    listed = alice_client.get(f"/api/v1/batches/{batch.pk}/items/?state=skipped").json()["results"]
    assert [(row["task"], row["reason"], row["job"]) for row in listed] == [
        (bare.pk, "nothing_to_track", None)
    ]
    (queued,) = alice_client.get(f"/api/v1/batches/{batch.pk}/items/?state=queued").json()["results"]
    assert (queued["task"], queued["job"]) == (good.pk, Job.objects.get().pk)
    answer = alice_client.get(f"/api/v1/batches/{batch.pk}/items.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode())))
    assert [(row["task"], row["state"]) for row in rows] == [
        (str(good.pk), "queued"),
        (str(bare.pk), "skipped"),
    ]
    assert rows[1]["title"] == "'=1+1"


def test_a_batch_is_run_again_with_changes_that_are_shown(alice_client: APIClient, project: Project) -> None:
    _, bare = seeded_tasks(project, 2)
    bare.instances.get().labels.all().delete()
    first = tended(made(alice_client, project))
    factories.make_label(instance=bare.instances.get(), frame=2)
    body = {"specification": {**TRACK, "interval": 5}, "states": ["skipped"]}
    answer = alice_client.post(f"/api/v1/batches/{first.pk}/again/", body, format="json")
    told = answer.json()
    assert (answer.status_code, told["parent"], told["items_total"]) == (201, first.pk, 1)
    assert told["differences"] == [{"name": "interval", "before": 30, "now": 5}]
    assert Batch.objects.get(pk=told["id"]).items.get().task == bare


def test_a_budget_is_ordered_and_raised(alice_client: APIClient, project: Project) -> None:
    seeded_tasks(project, 1)
    batch = tended(made(alice_client, project, budget_seconds=60))
    Batch.objects.filter(pk=batch.pk).update(paused=True, worker_seconds=61)
    address = f"/api/v1/batches/{batch.pk}"
    assert alice_client.get(f"{address}/").json()["worker_seconds"] == 61
    assert error_of(alice_client.post(f"{address}/resume/"))["code"] == "batch_over_budget"
    answer = alice_client.post(f"{address}/resume/", {"budget_seconds": 90}, format="json")
    assert (answer.status_code, answer.json()["budget_seconds"]) == (202, 90)


def test_steering_is_accepted_and_then_carried_out(alice_client: APIClient, project: Project) -> None:
    seeded_tasks(project, 2)
    batch = tended(made(alice_client, project))
    address = f"/api/v1/batches/{batch.pk}"
    assert alice_client.post(f"{address}/resume/").status_code == 409
    assert alice_client.post(f"{address}/pause/").json()["paused"] is True
    tended(batch)
    assert alice_client.get(f"{address}/").json()["counts"]["paused"] == 2
    assert alice_client.post(f"{address}/resume/").status_code == 202
    tended(batch)
    answer = alice_client.post(f"{address}/cancel/", {"keep": True}, format="json")
    assert (answer.status_code, answer.json()["state"]) == (202, "cancelling")
    assert alice_client.post(f"{address}/pause/").status_code == 409
    tended(batch)
    told = alice_client.get(f"{address}/").json()
    assert (told["state"], told["counts"]["cancelled"], told["verb"]) == ("cancelled", 2, "")
