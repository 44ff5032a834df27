"""``jobs/`` over projects: listed for members, many steered at once, filters kept, when a job is done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from labeling.models import Job, JobState, Part, Project, User, Worker
from tests import factories
from tests.api.things import error_of
from tests.engine.batching import queued, seeded_tasks

pytestmark = [pytest.mark.django_db]

ACTIONS = "/api/v1/jobs/actions/"


@pytest.fixture(autouse=True)
def quiet(valkey: object, settings: object, project: Project) -> None:
    """Bells ring in a real queue; three jobs of Alice's project wait, and one of a project of nobody here."""
    settings.SCRIPTED_BACKEND = True  # type: ignore[attr-defined]
    for one, count in ((project, 3), (factories.make_project(), 1)):
        seeded_tasks(one, count)
        queued(one)


def test_only_jobs_of_ones_projects_are_listed_and_steered(
    alice_client: APIClient, bob_client: APIClient, project: Project
) -> None:
    listed = alice_client.get("/api/v1/jobs/?state=active").json()["results"]
    assert {job["project"] for job in listed} == {project.pk}
    assert len(listed) == 3
    asked = {"verb": "cancel", "keep": True, "jobs": {"state": "queued"}}
    told = alice_client.post(f"{ACTIONS}?dry_run=true", asked, format="json")
    assert (told.status_code, told.json()) == (200, {"matching": 3, "able": 3, "unfit": 0, "foreign": 0})
    told = alice_client.post(ACTIONS, {**asked, "keep": None}, format="json")
    assert (told.status_code, error_of(told)["code"]) == (422, "keep_unclear")
    told = alice_client.post(ACTIONS, asked, format="json")
    assert (told.status_code, told.json()["said"]) == (202, "Cancelled, keeping labels, 3 jobs.")
    assert list(Job.objects.filter(state=JobState.QUEUED).values_list("project", flat=True)) != [project.pk]
    own = f"{ACTIONS}{told.json()['id']}/"
    assert alice_client.get(own).json()["outcome"] == {"jobs": 3}
    assert bob_client.get(own).status_code == 404


def test_filters_are_kept_and_forgotten(alice_client: APIClient, bob_client: APIClient) -> None:
    mine = "/api/v1/me/filters/"
    for query in ("state=failed", "state=queued"):
        kept = alice_client.post(mine, {"name": "Mine", "query": query}, format="json").json()
    assert alice_client.get(mine).json()["results"] == [
        {"id": kept["id"], "name": "Mine", "query": "state=queued"}
    ]
    assert bob_client.delete(f"{mine}{kept['id']}/").status_code == 404
    assert alice_client.delete(f"{mine}{kept['id']}/").status_code == 204


def test_a_job_says_when_it_has_its_turn_and_when_it_is_done(
    alice_client: APIClient, alice: User, project: Project
) -> None:
    """Parts of ten frames that took ten seconds: the second in the line needs twenty of one worker."""
    second = Job.objects.filter(project=project).order_by("pk")[1]
    address = f"/api/v1/jobs/{second.pk}/"
    told = alice_client.get(address).json()
    assert (told["queue_position"], told["seconds_left"]) == (2, None)
    now = timezone.now()
    done = Job.objects.filter(project=project).order_by("pk").last()
    assert done is not None
    for number in range(1, 4):
        Part.objects.create(
            job=done, number=number, state="done", capability="cpu", algorithm="scripted", project=project,
            cost=10, frames_total=10, frames_done=10, started_at=now - timedelta(seconds=10), finished_at=now,
        )  # fmt: skip
    offers = {"scripted": {"capability": "cpu", "shapes": []}}
    Worker.objects.create(name="w", capabilities=["cpu"], algorithms=offers, started_at=now, seen_at=now)
    assert alice_client.get(address).json()["seconds_left"] == [20, 20]
