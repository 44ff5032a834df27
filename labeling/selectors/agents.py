"""Reading agents, and what is with them."""

from __future__ import annotations

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Now

from labeling.errors import not_found
from labeling.models import Agent, AgentVisit, VisitState


def agent_list(*, project_id: int) -> QuerySet[Agent]:
    """Return the agents of a project, each with how many tasks wait for it (``waiting``) and are held.

    Those whose lease ran out wait.
    """
    held = Q(visits__state=VisitState.HELD, visits__lease_expires_at__gte=Now())
    open_visits = Q(visits__state__in=[VisitState.WAITING, VisitState.HELD])
    return Agent.objects.filter(project_id=project_id).annotate(
        held=Count("visits", filter=held), waiting=Count("visits", filter=open_visits & ~held)
    )


def held_now() -> ExpressionWrapper[Q]:
    """Whether somebody holds the task now, by the database's clock."""
    condition = Q(state=VisitState.HELD, lease_expires_at__gte=Now())
    return ExpressionWrapper(condition, output_field=BooleanField())


def agent_get(*, agent_id: int) -> Agent:
    """Return an agent with those counts. Raises ``not_found``."""
    project_id = Agent.objects.filter(pk=agent_id).values_list("project_id", flat=True).first()
    if project_id is None:
        raise not_found("agent")
    return agent_list(project_id=project_id).select_related("project").get(pk=agent_id)


def visit_list(*, agent_id: int, state: str | None = None) -> QuerySet[AgentVisit]:
    """Return the stays of tasks with an agent."""
    rows = AgentVisit.objects.filter(agent=agent_id)
    rows = rows.filter(state=state) if state else rows
    return rows.select_related("task__media", "task__assignee", "taker")


def visit_get(*, visit_id: int) -> AgentVisit:
    """Return one stay. Raises ``not_found``."""
    rows = AgentVisit.objects.select_related("agent", "task__media", "task__assignee", "taker")
    visit = rows.filter(pk=visit_id).first()
    if visit is None:
        raise not_found("visit")
    return visit


def visits_open(*, project_id: int) -> QuerySet[AgentVisit]:
    """Return the stays that have not ended, with their agent and task."""
    rows = AgentVisit.objects.filter(agent__project_id=project_id).exclude(state=VisitState.DONE)
    return rows.select_related("agent", "task")


def gave_up(*, project_id: int) -> QuerySet[AgentVisit]:
    """Return the stays that ended without an outcome because the task came back too often, newest first."""
    rows = AgentVisit.objects.filter(
        agent__project_id=project_id, state=VisitState.DONE, outcome="", losses__gte=F("agent__returns_max")
    )
    return rows.select_related("agent", "task").order_by("-finished_at", "-pk")
