"""A project's agents: what each does with tasks, and which tasks are with them."""

from __future__ import annotations

from django.http import HttpResponse

from labeling.models import AgentVisit, VisitState
from labeling.selectors.agents import agent_list, held_now
from labeling.selectors.projects import project_get
from labeling.web.guard import Visit, page
from labeling.web.turning import leaf


@page
def project_agents(visit: Visit, *, project_id: int) -> HttpResponse:
    """The agents, and the tasks that wait for them or are held, newest first."""
    rows = AgentVisit.objects.filter(agent__project_id=project_id).exclude(state=VisitState.DONE)
    context = {
        "project": project_get(user=visit.user, project_id=project_id),
        "tab": "agents",
        "place": "projects",
        "agents": agent_list(project_id=project_id).order_by("pk"),
        "leaf": leaf(
            rows.select_related("agent", "task").annotate(held_now=held_now()),
            cursor=visit.request.GET.get("cursor", ""),
        ),
    }
    return visit.answer("labelyard/project_agents.html", context)
