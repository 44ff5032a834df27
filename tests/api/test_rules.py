"""``rules/`` and ``watches/``: made, tried, switched, changed as seen, and what came of them."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from labeling.geometry.shapes import ShapeKind
from labeling.models import Job, ObjectClass, Project
from labeling.services.tasks import task_create
from tests import factories
from tests.api.things import error_of
from workers.batches import tend_batches
from workers.rules import tend_rules

pytestmark = pytest.mark.engine


@pytest.fixture(autouse=True)
def scripted(settings: Any) -> None:
    """The scripted detector may be ordered."""
    settings.SCRIPTED_BACKEND = True


@pytest.fixture
def body(project: Project) -> dict[str, Any]:
    box = factories.class_of(ontology=project.ontology, shape=ShapeKind.BOUNDING_BOX)
    what = {"kind": "detect_all", "classes": [{"object_class": box.pk}], "detector": "scripted", "step": 5}
    return {"name": "Find boxes", "prefix": "Nörd 1/", "kinds": ["video"], "specification": what}


def made(client: APIClient, project: Project, body: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(f"/api/v1/projects/{project.pk}/rules/", body, format="json")
    assert answer.status_code == 201, answer.content
    told: dict[str, Any] = answer.json()
    return told


def test_a_rule_is_made_tried_switched_on_and_says_what_it_did(
    alice_client: APIClient, bob_client: APIClient, project: Project, body: dict[str, Any]
) -> None:
    rule = made(alice_client, project, body)
    assert (rule["state"], rule["prefix"], rule["noticed"]) == ("off", "Nörd 1/", 0)
    address = f"/api/v1/rules/{rule['id']}/"
    old = factories.make_media(project=project, title="Nörd 1/old.mp4")
    factories.make_task(media=old)
    preview = alice_client.get(f"{address}preview/").json()
    assert (preview["media"], preview["media_matching"], preview["tasks"]) == (1, 1, 1)
    assert preview["sample"][0]["media_title"] == "Nörd 1/old.mp4"
    assert alice_client.post(f"{address}on/", {}, format="json").json()["state"] == "on"
    for title in ("Nörd 1/new.mp4", "Nord 1/new.mp4"):
        task_create(user=None, media=factories.make_media(project=project, title=title))
    assert tend_rules() == 1
    tend_batches()
    told = alice_client.get(address).json()
    assert (told["noticed"], told["counts"]["queued"]) == (1, 1)
    job = Job.objects.get()
    (noticed,) = alice_client.get(f"{address}tasks/").json()["results"]
    assert (noticed["task_title"], noticed["job"], noticed["batch"]) == (
        "Nörd 1/new.mp4", job.pk, job.batch_id,
    )  # fmt: skip
    assert alice_client.get(f"/api/v1/batches/{job.batch_id}/").json()["rule"] == rule["id"]
    assert alice_client.post(f"{address}off/").json()["state"] == "off"
    assert error_of(alice_client.post(f"{address}off/"))["code"] == "rule_state"
    for method in ("get", "patch", "delete"):
        assert getattr(bob_client, method)(address).status_code == 403
    assert alice_client.delete(address).status_code == 204
    assert Job.objects.get().batch is not None


def test_what_makes_no_sense_is_refused_and_nothing_is_kept(
    alice_client: APIClient, project: Project, body: dict[str, Any]
) -> None:
    address = f"/api/v1/projects/{project.pk}/rules/"
    foreign = factories.make_connection(project=factories.make_project())
    for changes, status, code in (
        ({"budget_seconds": 0}, 400, "invalid"),
        ({"kinds": ["opaque"]}, 400, "invalid"),
        ({"connection": foreign.pk}, 422, "foreign_connection"),
        ({"specification": {**body["specification"], "classes": []}}, 422, "no_classes"),
    ):
        refusal = alice_client.post(address, {**body, **changes}, format="json")
        assert (refusal.status_code, error_of(refusal)["code"]) == (status, code)
    ObjectClass.objects.update(archived=True)
    assert error_of(alice_client.post(address, body, format="json"))["code"] == "class_archived"
    assert alice_client.get(address).json()["results"] == []


def test_tasks_of_a_prefix_are_ordered_as_a_batch(
    alice_client: APIClient, project: Project, body: dict[str, Any]
) -> None:
    for title in ("Nörd 1/a.mp4", "b.mp4"):
        factories.make_task(media=factories.make_media(project=project, title=title))
    order = {"tasks": {"prefix": "Nörd 1/", "media_kinds": ["video"]}, "specification": body["specification"]}
    address = f"/api/v1/projects/{project.pk}/batches/?dry_run=true"
    assert alice_client.post(address, order, format="json").json()["tasks"] == 1


def test_a_watch_is_made_changed_and_switched(alice_client: APIClient, project: Project) -> None:
    connection = factories.make_connection(project=project)
    address = f"/api/v1/connections/{connection.pk}/watches/"
    assert error_of(alice_client.post(address, {}, format="json"))["code"] == "rhythm_unclear"
    answer = alice_client.post(
        address, {"prefix": "ä b/", "every_minutes": 30, "kinds": ["video"]}, format="json"
    )
    assert answer.status_code == 201, answer.content
    watch = answer.json()
    assert (watch["state"], watch["next_at"], ".mp4" in watch["suffixes"]) == ("off", None, True)
    one = f"/api/v1/watches/{watch['id']}/"
    changed = alice_client.patch(one, {"at": "02:30", "kinds": ["image"]}, format="json").json()
    assert (changed["at"], changed["every_minutes"]) == ("02:30:00", None)
    assert ".mp4" not in changed["suffixes"]
    assert alice_client.post(f"{one}on/").json()["next_at"].endswith("T02:30:00Z")
    assert alice_client.post(f"{one}off/").json()["next_at"] is None
    assert alice_client.delete(one).status_code == 204
    assert alice_client.get(address).json()["results"] == []
