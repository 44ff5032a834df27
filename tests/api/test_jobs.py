"""``jobs/``: ordering with a dry run, reading, steering."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from labeling.models import (
    Event,
    Instance,
    Job,
    JobInstance,
    JobState,
    Label,
    Part,
    PartState,
    Role,
    Task,
    User,
    Worker,
)
from tests import factories
from tests.api.things import error_of, make_job

pytestmark = pytest.mark.engine


def order(instance: Instance, **changes: Any) -> dict[str, Any]:
    return {"kind": "track", "instances": [instance.pk], "first_frame": 10, "last_frame": 39, **changes}


def ask(
    client: APIClient, instance: Instance, *, key: str = "", dry_run: bool = False, **changes: Any
) -> Any:
    query = "?dry_run=true" if dry_run else ""
    return client.post(
        f"/api/v1/tasks/{instance.task_id}/jobs/{query}",
        order(instance, **changes),
        format="json",
        headers={"idempotency-key": key} if key else {},
    )


def live_worker() -> None:
    now = timezone.now()
    Worker.objects.create(
        name="w1",
        capabilities=["cpu"],
        algorithms={"fast": {"version": "fast 4"}},
        started_at=now,
        seen_at=now,
    )


def test_a_dry_run_says_what_would_run_and_stores_nothing(bob_client: APIClient, instance: Instance) -> None:
    answer = ask(bob_client, instance, dry_run=True)
    assert answer.status_code == 200, answer.json()
    assert answer.json() == {
        "frames": 30,
        "frames_before": 0,
        "objects": [{"instance": instance.pk, "seed_frame": 10, "frames": 30}],
        "warnings": [],
        "protected_touched": 0,
        "waiting_for_worker": True,
        "seconds": None,
        "detector": None,
        "classes": [],
    }
    assert not Job.objects.exists()


def test_a_dry_run_judges_the_time_by_parts_that_are_done(bob_client: APIClient, instance: Instance) -> None:
    start = timezone.now()
    for speed in (5, 10, 10, 20):
        make_done_part(instance, frames=100, seconds=100 / speed, start=start)
    low, high = ask(bob_client, instance, dry_run=True).json()["seconds"]
    assert (low, high) == (1.5, 6.0)


def test_an_order_is_queued(bob: User, bob_client: APIClient, instance: Instance) -> None:
    answer = ask(bob_client, instance, priority=0.7, interval=5)
    assert answer.status_code == 201, answer.json()
    body = answer.json()
    job = Job.objects.get()
    assert (body["id"], body["state"], body["created_by"]["username"]) == (job.pk, "queued", "bob")
    assert (body["first_frame"], body["last_frame"], body["frames_total"]) == (10, 39, 30)
    assert (body["instances"], body["queue_position"], body["may_steer"]) == ([instance.pk], 1, True)
    assert (body["parameters"]["interval"], body["priority"]) == (5, 0.7)
    assert [(part["state"], part["frames_total"]) for part in body["parts"]] == [("queued", 30)]
    assert body["waiting_for_worker"] is True


def test_an_order_repeated_under_its_key_is_one_job(bob_client: APIClient, instance: Instance) -> None:
    first = ask(bob_client, instance, key="order-1")
    again = ask(bob_client, instance, key="order-1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    other = ask(bob_client, instance, key="order-1", last_frame=20)
    assert (other.status_code, error_of(other)["code"]) == (422, "idempotency_key_reused")
    assert Job.objects.count() == 1


def test_a_job_waits_for_a_worker_only_while_none_can_take_it(bob_client: APIClient, job: Job) -> None:
    address = f"/api/v1/jobs/{job.pk}/"
    assert bob_client.get(address).json()["waiting_for_worker"] is True
    live_worker()
    assert bob_client.get(address).json()["waiting_for_worker"] is False
    Worker.objects.update(seen_at=timezone.now() - timedelta(hours=1))
    assert bob_client.get(address).json()["waiting_for_worker"] is True


def test_the_place_in_the_queue_goes_by_priority_and_age(
    bob: User, bob_client: APIClient, task: Task, job: Job
) -> None:
    def queue(priority: float) -> Job:
        instance = factories.make_instance(task=task)
        factories.make_label(instance=instance, frame=10)
        return make_job(instance=instance, user=bob, priority=priority)

    urgent, later = queue(0.9), queue(0.5)
    places = [
        bob_client.get(f"/api/v1/jobs/{one.pk}/").json()["queue_position"] for one in (urgent, job, later)
    ]
    assert places == [1, 2, 3]


def test_a_job_is_paused_resumed_and_cancelled(bob_client: APIClient, job: Job) -> None:
    address = f"/api/v1/jobs/{job.pk}"
    assert bob_client.post(f"{address}/pause/").json()["state"] == "paused"
    assert bob_client.post(f"{address}/resume/").json()["state"] == "queued"
    cancelled = bob_client.post(f"{address}/cancel/", {"keep": False}, format="json").json()
    assert (cancelled["state"], cancelled["cancel_keeps"]) == ("cancelled", False)
    again = bob_client.post(f"{address}/pause/")
    assert (again.status_code, error_of(again)["code"]) == (409, "job_state")
    assert error_of(again)["details"] == {"state": "cancelled"}
    told = bob_client.get(f"{address}/events/").json()["results"]
    assert [(row["number"], row["kind"]) for row in told] == [
        (1, "job.queued"), (2, "job.paused"), (3, "job.resumed"), (4, "job.cancelling"), (5, "job.cancelled"),
    ]  # fmt: skip


def test_cancelling_has_to_say_what_becomes_of_the_labels(bob_client: APIClient, job: Job) -> None:
    answer = bob_client.post(f"/api/v1/jobs/{job.pk}/cancel/", {}, format="json")
    assert (answer.status_code, error_of(answer)["details"]) == (400, {"keep": ["This field is required."]})
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


@pytest.mark.parametrize("verb", ["pause", "cancel", "retry", "revert", "redo", "resume"])
def test_an_annotator_does_not_steer_somebody_elses_job(
    client_of: Any, project: Any, job: Job, verb: str
) -> None:
    other = factories.make_member(project=project, role=Role.ANNOTATOR, username="bert")
    answer = client_of(other).post(f"/api/v1/jobs/{job.pk}/{verb}/", {"keep": True}, format="json")
    assert (answer.status_code, error_of(answer)["code"]) == (403, "forbidden")
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


def test_a_reviewer_cancels_an_annotators_job(rita_client: APIClient, job: Job) -> None:
    answer = rita_client.post(f"/api/v1/jobs/{job.pk}/cancel/", {"keep": True}, format="json")
    assert answer.json()["state"] == "cancelled"


@pytest.fixture
def failed_job(job: Job) -> Job:
    now = timezone.now()
    Part.objects.filter(job=job).update(
        state=PartState.FAILED,
        error_code="frame_unreadable",
        error="Frame 12 cannot be read.",
        finished_at=now,
    )
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, finished_at=now)
    JobInstance.objects.filter(job=job).update(active=False)
    return job


def test_failed_parts_are_queued_again_with_other_parameters(bob_client: APIClient, failed_job: Job) -> None:
    address = f"/api/v1/jobs/{failed_job.pk}/retry/"
    answer = bob_client.post(address, {"backend": {"offload": True}}, format="json").json()
    assert answer["state"] == "queued"
    assert answer["parameters"]["backend"]["offload"] is True


def test_failed_parts_are_queued_again(bob_client: APIClient, failed_job: Job) -> None:
    job = failed_job
    shown = bob_client.get(f"/api/v1/jobs/{job.pk}/").json()["parts"][0]
    assert (shown["state"], shown["error"]) == ("failed", "Frame 12 cannot be read.")
    assert bob_client.post(f"/api/v1/jobs/{job.pk}/retry/").json()["state"] == "queued"
    assert bob_client.post(f"/api/v1/jobs/{job.pk}/retry/").status_code == 409


def test_a_job_that_ended_is_reverted_and_brought_back(bob_client: APIClient, job: Job) -> None:
    early = bob_client.post(f"/api/v1/jobs/{job.pk}/revert/")
    assert (early.status_code, error_of(early)["code"]) == (409, "job_active")
    bob_client.post(f"/api/v1/jobs/{job.pk}/cancel/", {"keep": True}, format="json")
    reverted = bob_client.post(f"/api/v1/jobs/{job.pk}/revert/").json()
    assert (reverted["removed"], reverted["kept"]) == (0, 0)
    assert reverted["job"]["reverted_by"]["username"] == "bob"
    redone = bob_client.post(f"/api/v1/jobs/{job.pk}/redo/").json()
    assert (redone["written"], redone["job"]["reverted_at"]) == (0, None)


def test_nobody_queues_on_a_task_that_is_somebody_elses(
    bob_client: APIClient, rita: User, instance: Instance
) -> None:
    Task.objects.filter(pk=instance.task_id).update(assignee=rita)
    for dry_run in (True, False):
        assert ask(bob_client, instance, dry_run=dry_run).status_code == 403
    assert not Job.objects.exists()


@pytest.fixture
def cancelled(bob: User, bob_client: APIClient, job: Job) -> Job:
    """A second job of the task, cancelled."""
    instance = factories.make_instance(task=Task.objects.get(pk=job.task_id))
    factories.make_label(instance=instance, frame=10)
    second = make_job(instance=instance, user=bob)
    bob_client.post(f"/api/v1/jobs/{second.pk}/cancel/", {"keep": True}, format="json")
    return second


@pytest.mark.parametrize(
    ("query", "found"),
    [({}, 2), ({"state": "queued"}, 1), ({"state": "cancelled"}, 1), ({"kind": "track"}, 2)],
)
def test_the_list_is_narrowed(
    bob_client: APIClient, cancelled: Job, query: dict[str, str], found: int
) -> None:
    answer = bob_client.get(f"/api/v1/projects/{cancelled.project_id}/jobs/", query)
    assert len(answer.json()["results"]) == found


def test_the_list_of_a_task_is_narrowed_to_one_s_own(
    bob_client: APIClient, rita_client: APIClient, job: Job
) -> None:
    address = f"/api/v1/tasks/{job.task_id}/jobs/"
    for client, found in ((bob_client, [job.pk]), (rita_client, [])):
        answer = client.get(address, {"mine": "true"}).json()
        assert [row["id"] for row in answer["results"]] == found


def test_the_list_asks_as_much_for_many_as_for_few(
    bob_client: APIClient, task: Task, job: Job, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bob = User.objects.get(username="bob")
    address = f"/api/v1/projects/{task.project_id}/jobs/"
    with django_assert_num_queries(6):  # session, user, role, jobs, parts that wait, workers
        bob_client.get(address)
    for _ in range(4):
        instance = factories.make_instance(task=task)
        factories.make_label(instance=instance, frame=10)
        make_job(instance=instance, user=bob)
    with django_assert_num_queries(6):
        page = bob_client.get(address).json()["results"]
    assert [row["id"] for row in page] == sorted((row["id"] for row in page), reverse=True)
    of_task = bob_client.get(f"/api/v1/tasks/{task.pk}/jobs/").json()["results"]
    assert len(page) == len(of_task) == 5


def test_workers_that_live_are_listed(victor_client: APIClient) -> None:
    live_worker()
    now = timezone.now()
    Worker.objects.create(
        name="w0", capabilities=["gpu"], algorithms={}, started_at=now, seen_at=now - timedelta(hours=1)
    )
    shown = victor_client.get("/api/v1/workers/").json()["results"]
    assert [(row["name"], row["capabilities"]) for row in shown] == [("w1", ["cpu"])]


def make_done_part(instance: Instance, *, frames: int, seconds: float, start: Any) -> None:
    """A part of a job that ended, with as many object-frames in so many seconds."""
    end = start + timedelta(seconds=seconds)
    task = instance.task
    job = Job.objects.create(
        project=task.project, task=task, kind="track", algorithm="fast", state=JobState.SUCCEEDED,
        first_frame=0, last_frame=frames - 1, finished_at=end,
    )  # fmt: skip
    Part.objects.create(
        job=job, number=0, state=PartState.DONE, capability="cpu", algorithm="fast", project=task.project,
        cost=frames, frames_total=frames, frames_done=frames, started_at=start, finished_at=end,
    )  # fmt: skip


def test_reading_a_job_leaves_labels_and_events_alone(victor_client: APIClient, job: Job) -> None:
    before = (Event.objects.count(), Label.objects.count())
    assert victor_client.get(f"/api/v1/jobs/{job.pk}/").json()["may_steer"] is False
    assert (Event.objects.count(), Label.objects.count()) == before


def test_a_job_is_ordered_again_with_changes(bob_client: APIClient, instance: Instance) -> None:
    made = ask(bob_client, instance, interval=7, priority=0.2).json()
    Job.objects.filter(pk=made["id"]).update(state=JobState.FAILED, finished_at=timezone.now())
    JobInstance.objects.update(active=False)
    address = f"/api/v1/jobs/{made['id']}/again/"
    changes = {"last_frame": 19, "interval": 9}
    told = bob_client.post(f"{address}?dry_run=true", changes, format="json")
    assert (told.status_code, Job.objects.count()) == (200, 1)
    again = [
        bob_client.post(address, changes, format="json", headers={"idempotency-key": "again"}) for _ in "12"
    ]
    assert [one.status_code for one in again] == [201, 200]
    job = again[0].json()
    assert (job["first_frame"], job["last_frame"], job["priority"]) == (10, 19, 0.2)
    assert (job["instances"], job["parameters"]["interval"]) == ([instance.pk], 9)
    assert error_of(bob_client.post(address, {"step": 2}, format="json"))["code"] == "unknown_change"
