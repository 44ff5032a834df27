"""``agents/`` and ``visits/``: tasks wait for workers from outside, are taken, and come back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from labeling.models import AgentVisit, Event, Instance, Member, Project, Role, Task, User, VisitState
from labeling.services.tasks import task_create, task_submit
from labeling.services.tokens import token_create
from labeling.services.users import user_create
from tests import factories
from tests.api.conftest import As
from tests.api.things import BOX, error_of

pytestmark = pytest.mark.engine

WAYS = [
    {"name": "good", "to": "review"},
    {"name": "bad", "to": "annotate"},
    {"name": "sure", "to": "complete"},
]


@pytest.fixture
def robot(project: Project) -> User:
    """A service account that may label."""
    robot = user_create(username="robot", is_service=True)
    Member.objects.create(project=project, user=robot, role=Role.ANNOTATOR)
    return robot


@pytest.fixture
def robot_client(robot: User) -> APIClient:
    return APIClient(headers={"authorization": f"Bearer {token_create(user=robot, name='robot').secret}"})


@pytest.fixture
def agent(project: Project, alice_client: APIClient) -> int:
    """An agent that gets submitted tasks."""
    return make(alice_client, project, entry="submitted")


def make(client: APIClient, project: Project, **more: Any) -> int:
    body = {"name": "Look", "pathways": WAYS, **more}
    answer = client.post(f"/api/v1/projects/{project.pk}/agents/", body, format="json")
    assert answer.status_code == 201, answer.content
    return int(answer.json()["id"])


def take(client: APIClient, agent: int, **body: Any) -> list[dict[str, Any]]:
    answer = client.post(f"/api/v1/agents/{agent}/take/", body, format="json")
    assert answer.status_code == 200, answer.content
    taken: list[dict[str, Any]] = answer.json()["results"]
    return taken


def hand_back(client: APIClient, visit: dict[str, Any], outcome: str, **more: Any) -> Any:
    body = {"token": visit["token"], "outcome": outcome, **more}
    return client.post(f"/api/v1/visits/{visit['id']}/hand-back/", body, format="json")


def run_out() -> None:
    AgentVisit.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("outcome", "stage"), [("good", "review"), ("bad", "annotate"), ("sure", "complete")]
)
def test_a_submitted_task_waits_is_taken_and_goes_where_its_outcome_leads(
    outcome: str, stage: str, *, agent: int, task: Task, bob: User, robot_client: APIClient
) -> None:
    task_submit(user=bob, task=task)
    assert Task.objects.get().stage == "agent"
    waiting = Event.objects.get(kind="agent.waiting")
    assert waiting.payload == {"agent": agent, "name": "Look", "visit": AgentVisit.objects.get().pk}
    (visit,) = take(robot_client, agent)
    assert (visit["task"]["id"], visit["state"], visit["taker"]["username"]) == (task.pk, "held", "robot")
    answer = hand_back(robot_client, visit, outcome, note="As it should be.")
    assert (answer.status_code, answer.json()["state"], answer.json()["outcome"]) == (200, "done", outcome)
    task.refresh_from_db()
    assert (task.stage, task.assignee) == (stage, bob if stage == "annotate" else None)
    assert Event.objects.get(kind="agent.done").payload["outcome"] == outcome
    assert take(robot_client, agent) == []


def test_new_tasks_wait_before_anybody_annotates_them(
    project: Project, alice: User, alice_client: APIClient, bob_client: APIClient, robot_client: APIClient
) -> None:
    agent = make(alice_client, project, entry="created")
    media = factories.make_media(project=project)
    task = task_create(user=alice, media=media)
    page = bob_client.get(f"/api/v1/tasks/{task.pk}/").json()
    assert (page["stage"], page["may_edit"]) == ("agent", False)
    assert "agent" in page["reason"]
    (visit,) = take(robot_client, agent)
    hand_back(robot_client, visit, "bad")
    assert bob_client.get(f"/api/v1/tasks/{task.pk}/").json()["may_edit"] is True


def test_who_holds_a_task_labels_it_and_nobody_else(
    agent: int, instance: Instance, bob: User, bob_client: APIClient, robot_client: APIClient
) -> None:
    task_submit(user=bob, task=instance.task)
    address = f"/api/v1/instances/{instance.pk}/labels/20/"
    assert robot_client.put(address, {"shape": BOX}, format="json").status_code == 403
    take(robot_client, agent)
    assert robot_client.put(address, {"shape": BOX}, format="json").status_code == 200
    assert bob_client.put(address, {"shape": BOX}, format="json").status_code == 403
    run_out()
    refused = robot_client.put(address, {"shape": BOX}, format="json")
    assert (refused.status_code, error_of(refused)["code"]) == (403, "forbidden")


def test_a_lease_that_ran_out_gives_the_task_to_another_and_the_late_one_is_refused(
    agent: int, task: Task, bob: User, robot_client: APIClient, alice_client: APIClient
) -> None:
    task_submit(user=bob, task=task)
    (late,) = take(robot_client, agent)
    assert take(alice_client, agent) == []
    run_out()
    refused = hand_back(robot_client, late, "sure")
    assert (refused.status_code, error_of(refused)["code"]) == (409, "lease_lost")
    (second,) = take(alice_client, agent)
    assert (second["id"], second["losses"], second["token"]) == (late["id"], 1, late["token"] + 1)
    assert hand_back(robot_client, late, "sure").status_code == 409
    assert robot_client.post(
        f"/api/v1/visits/{late['id']}/renew/", {"token": late["token"]}, format="json"
    ).status_code == 409  # fmt: skip
    assert Task.objects.get().stage == "agent"
    assert hand_back(alice_client, second, "good").status_code == 200
    assert hand_back(alice_client, second, "good").status_code == 409


def test_the_same_account_that_took_it_again_is_told_apart_by_the_token(
    agent: int, task: Task, bob: User, robot_client: APIClient
) -> None:
    task_submit(user=bob, task=task)
    (first,) = take(robot_client, agent)
    run_out()
    (second,) = take(robot_client, agent)
    assert hand_back(robot_client, first, "sure").status_code == 409
    assert hand_back(robot_client, second, "good").status_code == 200


def test_renewing_keeps_it_and_releasing_gives_it_back(
    agent: int, task: Task, bob: User, robot_client: APIClient
) -> None:
    task_submit(user=bob, task=task)
    (visit,) = take(robot_client, agent, lease_seconds=10)
    address = f"/api/v1/visits/{visit['id']}"
    kept = robot_client.post(
        f"{address}/renew/", {"token": visit["token"], "lease_seconds": 900}, format="json"
    ).json()
    assert kept["lease_expires_at"] > visit["lease_expires_at"]
    body = {"token": visit["token"], "note": "No memory left."}
    given = robot_client.post(f"{address}/release/", body, format="json").json()
    assert (given["state"], given["losses"], given["note"]) == ("waiting", 1, "No memory left.")
    (again,) = take(robot_client, agent)
    assert again["token"] == visit["token"] + 1


def test_a_task_that_is_given_back_too_often_goes_on_to_people_who_read_why(
    *, agent: int, task: Task, bob: User, robot_client: APIClient, client_of: As, alice_client: APIClient
) -> None:
    task_submit(user=bob, task=task)
    alice_client.patch(f"/api/v1/agents/{agent}/", {"returns_max": 2}, format="json")
    for note in ("No memory left.", "Still none."):
        (visit,) = take(robot_client, agent)
        body = {"token": visit["token"], "note": note}
        given = robot_client.post(f"/api/v1/visits/{visit['id']}/release/", body, format="json").json()
    sentence = "The agent “Look” gave it back 2 times without an outcome. The last time, it said: Still none."
    assert (given["state"], given["losses"], given["outcome"], given["note"]) == ("done", 2, "", sentence)
    assert take(robot_client, agent) == []
    task.refresh_from_db()
    assert task.stage == "review"
    assert Event.objects.get(kind="agent.gave_up").payload["sentence"] == sentence
    (told,) = alice_client.get("/api/v1/me/notifications/").json()["results"]
    assert (told["kind"], told["task"]["id"], told["text"]) == ("gave_up", task.pk, sentence)
    assert sentence in client_of(bob).get(f"/projects/{task.project_id}/agents/").content.decode()


def test_a_task_that_agents_die_of_goes_on_to_be_annotated(
    project: Project, alice: User, alice_client: APIClient, robot_client: APIClient
) -> None:
    agent = make(alice_client, project, entry="created", returns_max=2)
    task = task_create(user=alice, media=factories.make_media(project=project))
    for _ in range(2):
        assert len(take(robot_client, agent)) == 1
        run_out()
    other = task_create(user=alice, media=factories.make_media(project=project))
    assert [one["task"]["id"] for one in take(robot_client, agent)] == [other.pk]
    task.refresh_from_db()
    assert task.stage == "annotate"
    assert "its lease ran out" in AgentVisit.objects.get(task=task).note


def test_what_waits_is_taken_by_priority_then_age(
    agent: int, project: Project, alice: User, robot_client: APIClient
) -> None:
    tasks = []
    for priority in (0.5, 0.9, 0.5):
        media = factories.make_media(project=project)
        tasks.append(task_create(user=alice, media=media, priority=priority))
        task_submit(user=alice, task=tasks[-1])
    taken = take(robot_client, agent, count=2) + take(robot_client, agent)
    assert [visit["task"]["id"] for visit in taken] == [tasks[1].pk, tasks[0].pk, tasks[2].pk]


def test_only_service_accounts_and_managers_take(
    agent: int,
    task: Task,
    bob: User,
    bob_client: APIClient,
    victor_client: APIClient,
) -> None:
    task_submit(user=bob, task=task)
    asked = [
        one.post(f"/api/v1/agents/{agent}/take/", {}, format="json") for one in (bob_client, victor_client)
    ]
    assert [answer.status_code for answer in asked] == [403, 403]
    assert AgentVisit.objects.get().state == VisitState.WAITING


def test_a_manager_sends_tasks_to_an_agent_and_away_from_it(
    project: Project, task: Task, alice_client: APIClient, robot_client: APIClient
) -> None:
    agent = make(alice_client, project)
    address = f"/api/v1/tasks/{task.pk}/send/"
    assert alice_client.post(address, {"agent": agent}, format="json").json()["stage"] == "agent"
    (visit,) = take(robot_client, agent)
    assert alice_client.post(address, {"stage": "review"}, format="json").json()["stage"] == "review"
    assert hand_back(robot_client, visit, "sure").status_code == 409
    again = alice_client.post(address, {"stage": "annotate"}, format="json")
    assert (again.status_code, error_of(again)["code"]) == (409, "task_stage")


def test_a_pathway_leads_to_the_next_agent(
    project: Project, task: Task, alice_client: APIClient, robot_client: APIClient
) -> None:
    second = make(alice_client, project, name="Second")
    ways = [{"name": "on", "to": "agent", "agent": second}]
    first = make(alice_client, project, name="First", pathways=ways)
    alice_client.post(f"/api/v1/tasks/{task.pk}/send/", {"agent": first}, format="json")
    (visit,) = take(robot_client, first)
    assert hand_back(robot_client, visit, "on").status_code == 200
    assert [one["task"]["id"] for one in take(robot_client, second)] == [task.pk]
    needed = alice_client.delete(f"/api/v1/agents/{second}/")
    assert (needed.status_code, error_of(needed)["code"]) == (409, "agent_busy")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"pathways": []}, 400, "invalid"),
        ({"pathways": [WAYS[0], WAYS[0]]}, 422, "bad_pathways"),
        ({"pathways": [{"name": "x", "to": "agent"}]}, 422, "bad_pathways"),
        ({"pathways": [{"name": "x", "to": "agent", "agent": 99}]}, 422, "bad_pathways"),
        ({"pathways": [{"name": "x", "to": "review", "agent": 1}]}, 422, "bad_pathways"),
        ({"name": "Look"}, 409, "agent_name_taken"),
        ({"entry": "submitted"}, 409, "agent_entry_taken"),
        ({"lease_seconds": 1}, 400, "invalid"),
    ],
)
def test_an_agent_that_cannot_be_is_refused(
    change: dict[str, Any], status: int, code: str, *, agent: int, project: Project, alice_client: APIClient
) -> None:
    body = {"name": "Another", "pathways": WAYS, **change}
    answer = alice_client.post(f"/api/v1/projects/{project.pk}/agents/", body, format="json")
    assert (answer.status_code, error_of(answer)["code"]) == (status, code)


def test_an_outcome_that_the_agent_does_not_have_is_refused_and_the_task_stays_held(
    agent: int, task: Task, bob: User, robot_client: APIClient
) -> None:
    task_submit(user=bob, task=task)
    (visit,) = take(robot_client, agent)
    refused = hand_back(robot_client, visit, "perfect")
    assert (refused.status_code, error_of(refused)["code"]) == (422, "unknown_outcome")
    assert "“good”" in error_of(refused)["sentence"]
    assert hand_back(robot_client, visit, "good").status_code == 200


def test_a_task_is_with_one_agent_at_a_time_whoever_writes(agent: int, task: Task) -> None:
    AgentVisit.objects.create(agent_id=agent, task=task)
    with pytest.raises(IntegrityError, match=r"visit_open_once|UNIQUE"), transaction.atomic():
        AgentVisit.objects.create(agent_id=agent, task=task)


def test_the_page_tells_agents_and_what_is_with_them(
    agent: int, task: Task, bob: User, client_of: As, robot_client: APIClient
) -> None:
    task_submit(user=bob, task=task)
    address = f"/projects/{task.project_id}/agents/"
    page = client_of(bob).get(address).content.decode()
    assert task.title in page
    assert "Waiting</span>" in page
    assert "good → review" in page
    (visit,) = take(robot_client, agent)
    assert "Held by robot" in client_of(bob).get(address).content.decode()
    hand_back(robot_client, visit, "good")
    assert "No task is with an agent." in client_of(bob).get(address).content.decode()


def test_its_history_is_listed(agent: int, task: Task, bob: User, robot_client: APIClient) -> None:
    task_submit(user=bob, task=task)
    hand_back(robot_client, take(robot_client, agent)[0], "bad")
    task_submit(user=bob, task=Task.objects.select_related("project").get())
    rows = robot_client.get(f"/api/v1/agents/{agent}/visits/").json()["results"]
    assert [(row["state"], row["outcome"]) for row in rows] == [("waiting", ""), ("done", "bad")]
    counted = robot_client.get(f"/api/v1/agents/{agent}/").json()
    assert (counted["waiting"], counted["held"]) == (1, 0)
