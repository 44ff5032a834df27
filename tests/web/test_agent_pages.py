"""The pages of agents: made, changed and deleted by form."""

from __future__ import annotations

import pytest
from django.urls import reverse

from labeling.models import Agent, AgentVisit, Project, Task, User
from tests.web.conftest import SignedIn, seen_on

pytestmark = pytest.mark.django_db


def fields(*ways: tuple[str, str], **changes: object) -> dict[str, object]:
    """What the form sends: outcomes with where they lead."""
    told: dict[str, object] = {"name": "Look", "entry": "submitted", "lease_seconds": 60, "returns_max": 3}
    told |= {"pathway-TOTAL_FORMS": len(ways), "pathway-INITIAL_FORMS": 0}
    for number, (name, to) in enumerate(ways):
        told |= {f"pathway-{number}-name": name, f"pathway-{number}-to": to}
    return {**told, **changes}


def test_a_manager_makes_agents_changes_one_and_deletes_it(
    signed_in: SignedIn, alice: User, project: Project
) -> None:
    client = signed_in(alice)
    address = reverse("project-agents", args=[project.pk])
    page = client.post(address, fields(("good", "review"), ("", ""), ("bad", "annotate")), follow=True)
    first = Agent.objects.get()
    assert f"“Look” was made: number {first.pk}." in page.content.decode()
    assert [(way["name"], way["to"]) for way in first.pathways] == [("good", "review"), ("bad", "annotate")]
    assert (first.entry, first.lease_seconds, first.returns_max) == ("submitted", 60, 3)
    client.post(address, fields(("on", f"agent:{first.pk}"), name="Second", entry="sent"))
    second = Agent.objects.get(name="Second")
    assert "on → Look" in client.get(address).content.decode()
    client.post(reverse("agent", args=[second.pk]), fields(("done", "complete"), name="Last", entry="sent"))
    second.refresh_from_db()
    assert (second.name, second.pathways) == ("Last", [{"name": "done", "to": "complete", "agent": None}])
    client.post(reverse("agent", args=[second.pk]), {"verb": "delete"})
    assert list(Agent.objects.all()) == [first]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (fields(), "An agent has one pathway at least"),
        (fields(("good", "")), "An outcome has a name, and a place that it leads to."),
        (fields(("good", "review"), lease_seconds=1), "greater than or equal to 10"),
        (fields(("good", "nowhere")), "Select a valid choice."),
    ],
)
def test_what_is_refused_says_why_and_keeps_what_was_typed(
    signed_in: SignedIn, alice: User, project: Project, sent: dict[str, object], sentence: str
) -> None:
    answer = signed_in(alice).post(reverse("project-agents", args=[project.pk]), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="Look"' in page
    assert not Agent.objects.exists()


def test_an_agent_that_somebody_else_saved_meanwhile_is_not_overwritten_unseen(
    signed_in: SignedIn, alice: User, project: Project
) -> None:
    client = signed_in(alice)
    client.post(reverse("project-agents", args=[project.pk]), fields(("good", "review")))
    agent = Agent.objects.get()
    address = reverse("agent", args=[agent.pk])
    seen = seen_on(client.get(address).content.decode())
    rows = {"pathway-INITIAL_FORMS": 1}
    theirs = {**fields(("good", "review"), ("bad", "annotate"), **rows), "seen": seen}
    assert client.post(address, theirs).status_code == 302
    answer = client.post(address, {**fields(("good", "complete"), **rows), "seen": seen})
    assert answer.status_code == 422
    assert "Other than yours is now: pathways." in answer.content.decode()
    agent.refresh_from_db()
    assert [way["to"] for way in agent.pathways] == ["review", "annotate"]


def test_an_agent_that_has_tasks_stays_and_the_page_says_so(
    signed_in: SignedIn, alice: User, project: Project, task: Task
) -> None:
    agent = Agent.objects.create(project=project, name="Look", pathways=[])
    AgentVisit.objects.create(agent=agent, task=task)
    page = signed_in(alice).post(reverse("agent", args=[agent.pk]), {"verb": "delete"}, follow=True)
    assert "A task is with the agent “Look”. Send what is there elsewhere first." in page.content.decode()


def test_who_does_not_manage_sees_no_form_and_makes_none(
    signed_in: SignedIn, bob: User, project: Project
) -> None:
    client = signed_in(bob)
    address = reverse("project-agents", args=[project.pk])
    assert "New agent" not in client.get(address).content.decode()
    assert client.post(address, fields(("good", "review"))).status_code == 403
    assert not Agent.objects.exists()
