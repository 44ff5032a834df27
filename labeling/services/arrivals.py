"""Tasks arrive at agents, and leave them."""

from __future__ import annotations

from django.db.models.functions import Now

from labeling.models import Agent, AgentVisit, Entry, Task, VisitState
from labeling.services.events import event_write


def agent_at(*, project_id: int, entry: Entry) -> Agent | None:
    """Return the agent that tasks go to by themselves at this point, None when there is none."""
    return Agent.objects.filter(project_id=project_id, entry=entry).first()


def visit_open(*, task: Task, agent: Agent) -> AgentVisit:
    """Let the task wait for the agent, and say so: a webhook may wake it. The caller holds the task."""
    visit = AgentVisit.objects.create(agent=agent, task=task, priority=task.priority)
    payload = {"agent": agent.pk, "name": agent.name, "visit": visit.pk}
    event_write(kind="agent.waiting", project_id=task.project_id, task_id=task.pk, payload=payload)
    return visit


def visits_close(*, task: Task) -> None:
    """End the task's stay, as it goes elsewhere; who held it has lost it. The caller holds the task's row."""
    open_visits = AgentVisit.objects.filter(task=task).exclude(state=VisitState.DONE)
    open_visits.update(state=VisitState.DONE, finished_at=Now(), lease_expires_at=None)
