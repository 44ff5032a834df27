"""A project's agents: what each does with tasks, which tasks are with them; made, changed, taken away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from labeling.errors import LabelyardError
from labeling.models import Agent, Project
from labeling.selectors.agents import agent_get, agent_list, gave_up, held_now, visits_open
from labeling.selectors.projects import project_get
from labeling.services.agents import agent_create, agent_delete, agent_update
from labeling.web.agent_forms import AgentFields, settings_of
from labeling.web.as_read import as_read, version_of
from labeling.web.guard import Visit, page
from labeling.web.turning import leaf

GAVE_UP_MOST = 20


@page
def project_agents(visit: Visit, *, project_id: int) -> HttpResponse:
    """The agents, and the tasks that wait for them or are held, oldest first; a POST makes one."""
    project = project_get(user=visit.user, project_id=project_id)
    fields = AgentFields(project, agent=None, data=posted(visit))
    if posted(visit) is not None and fields.is_valid():
        try:
            made = agent_create(project=project, **fields.values())
            messages.success(visit.request, f"“{made}” was made: number {made.pk}.", extra_tags="good")
            return redirect("project-agents", project_id=project_id)
        except LabelyardError as error:
            fields.refuse(error.sentence)
    cursor = visit.request.GET.get("cursor", "")
    context = {
        **about(project),
        "agents": with_ways(project),
        "leaf": leaf(visits_open(project_id=project_id).annotate(held_now=held_now()), cursor=cursor),
        "gave_up": gave_up(project_id=project_id)[:GAVE_UP_MOST],
        "fields": fields,
    }
    status = 200 if posted(visit) is None else 422
    return visit.answer("labelyard/project_agents.html", context, status=status)


@page
def agent(visit: Visit, *, agent_id: int) -> HttpResponse:
    """One agent's settings; a POST saves them, or deletes it."""
    found = agent_get(agent_id=agent_id)
    if visit.request.POST.get("verb") == "delete":
        return deleted(visit, found)
    fields = AgentFields(found.project, agent=found, data=posted(visit))
    if posted(visit) is not None and fields.is_valid():
        try:
            # Agents are changed with their project's row held, so that is the one to hold.
            with as_read(
                visit.request,
                found.project,
                noun="agent",
                settings=lambda: settings_of(agent_get(agent_id=agent_id)),
                written=fields.values(),
            ):
                agent_update(agent=agent_get(agent_id=agent_id), **fields.values())
            messages.success(visit.request, "The agent was saved.", extra_tags="good")
            return redirect("agent", agent_id=agent_id)
        except LabelyardError as error:
            fields.refuse(error.sentence)
    found = agent_get(agent_id=agent_id)
    seen = version_of(settings_of(found))
    context = {**about(found.project), "agent": found, "fields": fields, "seen": seen}
    status = 200 if posted(visit) is None else 422
    return visit.answer("labelyard/agent.html", context, status=status)


def deleted(visit: Visit, found: Agent) -> HttpResponse:
    try:
        agent_delete(agent=found)
    except LabelyardError as error:
        messages.error(visit.request, error.sentence, extra_tags="bad")
        return redirect("agent", agent_id=found.pk)
    messages.success(visit.request, f"“{found}” was deleted.", extra_tags="good")
    return redirect("project-agents", project_id=found.project_id)


def posted(visit: Visit) -> Any:
    return visit.request.POST if visit.request.method == "POST" else None


def about(project: Project) -> dict[str, Any]:
    return {"project": project, "tab": "agents", "place": "projects"}


def with_ways(project: Project) -> list[Agent]:
    """The agents, each with its outcomes in words (``ways``): which lead to another agent name it."""
    agents = list(agent_list(project_id=project.pk).order_by("pk"))
    names = {one.pk: one.name for one in agents}
    for one in agents:
        one.ways = [(way["name"], names.get(way["agent"], way["to"])) for way in one.pathways]  # type: ignore[attr-defined]
    return agents
