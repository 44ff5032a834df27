"""``If-Match``: who changes what somebody else has changed meanwhile is told so, and nothing is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from labeling.models import Agent, Member, Project, Rule, Task, Watch, Webhook
from tests import factories
from tests.api.things import error_of
from tests.engine.batching import tracking

pytestmark = pytest.mark.engine

WAYS = [{"name": "good", "to": "review", "agent": None}]
Change = dict[str, Any]


def webhook_of(project: Project) -> Webhook:
    address = {"url": "https://hooks.example.org/a", "kinds": ["job.failed"], "secret": "sealed"}
    return Webhook.objects.create(project=project, name="Hook", **address)


def agent_of(project: Project) -> Agent:
    return Agent.objects.create(project=project, name="Look", pathways=WAYS, lease_seconds=60)


def member_of(project: Project) -> Member:
    return Member.objects.create(project=project, user=factories.make_user(username="new"), role="annotator")


def rule_of(project: Project) -> Rule:
    return Rule.objects.create(project=project, name="Track", specification=tracking().to_json())


def watch_of(project: Project) -> Watch:
    connection = factories.make_connection(project=project)
    return Watch.objects.create(project=project, connection=connection, every_minutes=30)


# Of each thing: its address, somebody else's change, and one's own.
THINGS: dict[str, tuple[Callable[[Task], str], Change, Change]] = {
    "project": (lambda task: f"projects/{task.project_id}/", {"guide": "Theirs"}, {"guide": "Mine"}),
    "ontology": (
        lambda task: f"ontologies/{task.project.ontology_id}/", {"name": "Theirs"}, {"name": "Mine"},
    ),
    "task": (lambda task: f"tasks/{task.pk}/", {"title": "Theirs"}, {"title": "Mine"}),
    "webhook": (
        lambda task: f"webhooks/{webhook_of(task.project).pk}/",
        {"at_once": 2}, {"kinds": ["job.partial"]},
    ),
    "connection": (
        lambda task: f"connections/{factories.make_connection(project=task.project).pk}/",
        {"name": "Theirs"}, {"name": "Mine"},
    ),
    "member": (
        lambda task: f"members/{member_of(task.project).pk}/", {"role": "viewer"}, {"role": "reviewer"},
    ),
    "agent": (
        lambda task: f"agents/{agent_of(task.project).pk}/",
        {"pathways": [*WAYS, {"name": "bad", "to": "annotate"}]}, {"lease_seconds": 120},
    ),
    "rule": (
        lambda task: f"rules/{rule_of(task.project).pk}/",
        {"prefix": "theirs/"}, {"kinds": ["video"], "budget_seconds": 60},
    ),
    "watch": (
        lambda task: f"watches/{watch_of(task.project).pk}/", {"at": "02:30"}, {"make_tasks": False},
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def own_credentials(settings: Any) -> None:
    settings.ENVIRONMENT_BUCKETS = ["nowhere"]


@pytest.mark.parametrize("name", THINGS)
def test_a_change_upon_what_is_no_longer_so_is_refused(
    name: str, task: Task, alice_client: APIClient
) -> None:
    address_of, theirs, mine = THINGS[name]
    address = f"/api/v1/{address_of(task)}"
    seen = alice_client.get(address)["ETag"]
    changed = alice_client.patch(address, theirs, format="json", headers={"if-match": seen})
    assert changed.status_code == 200, changed.content
    refusal = alice_client.patch(address, mine, format="json", headers={"if-match": seen})
    now = alice_client.get(address)
    assert refusal.status_code == 412
    error = error_of(refusal)
    assert error["code"] == "changed_meanwhile"
    assert f"this {name} " in error["sentence"]
    assert error["details"]["current"] == now.json() == changed.json()
    # The answer to a change, too, tells what the next one is upon.
    assert changed["ETag"] == now["ETag"]
    upon = alice_client.patch(address, mine, format="json", headers={"if-match": f"W/{changed['ETag']}"})
    assert upon.status_code == 200
    assert alice_client.patch(address, theirs, format="json").status_code == 200


def test_what_others_have_changed_is_not_deleted_unseen(task: Task, alice_client: APIClient) -> None:
    address = f"/api/v1/webhooks/{webhook_of(task.project).pk}/"
    seen = alice_client.get(address)["ETag"]
    alice_client.patch(address, {"name": "Still needed"}, format="json")
    assert alice_client.delete(address, headers={"if-match": seen}).status_code == 412
    now = alice_client.get(address)["ETag"]
    assert alice_client.delete(address, headers={"if-match": now}).status_code == 204


def test_a_counter_that_moved_refuses_no_change_and_is_another_answer(
    task: Task, alice_client: APIClient
) -> None:
    address = f"/api/v1/projects/{task.project_id}/"
    seen = alice_client.get(address)["ETag"]
    factories.make_task(media=task.media)
    # It counts its tasks: not the answer that was seen, but the same settings.
    assert alice_client.get(address, headers={"if-none-match": seen}).status_code == 200
    answer = alice_client.patch(address, {"name": "Renamed"}, format="json", headers={"if-match": seen})
    assert answer.status_code == 200
