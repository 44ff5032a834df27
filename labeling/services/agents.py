"""Agents of a project: made, changed, taken away. What they do is in ``labeling.services.visits``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from labeling.errors import conflict, refused
from labeling.models import Agent, AgentVisit, Entry, Project, Stage, VisitState

# Seconds.
LEASE_MIN, LEASE_MAX = 10, 86_400
RETURNS_MAX = 100

Pathways = Sequence[Mapping[str, Any]]


@transaction.atomic
def agent_create(
    *,
    project: Project,
    name: str,
    entry: str = Entry.SENT,
    pathways: Pathways,
    lease_seconds: int = 300,
    returns_max: int = 5,
) -> Agent:
    """Make an agent. Raises ``agent_name_taken``, ``agent_entry_taken`` (409), ``bad_pathways`` (422)."""
    agent = Agent(
        project=project, name=name, entry=entry, lease_seconds=lease_seconds, returns_max=returns_max
    )
    return kept(agent, pathways)


@transaction.atomic
def agent_update(*, agent: Agent, pathways: Pathways | None = None, **changes: Any) -> Agent:
    """Change ``name``, ``entry``, ``lease_seconds``, ``returns_max``, ``pathways``.

    Raises as ``agent_create`` does.
    """
    for name, value in changes.items():
        setattr(agent, name, value)
    return kept(agent, agent.pathways if pathways is None else pathways)


def kept(agent: Agent, pathways: Pathways) -> Agent:
    """Store the agent once it is checked, with the project's row held: names and entries are single."""
    Project.objects.select_for_update().get(pk=agent.project_id)
    others = Agent.objects.filter(project_id=agent.project_id).exclude(pk=agent.pk)
    if others.filter(name=agent.name).exists():
        raise conflict("agent_name_taken", f"This project has an agent “{agent.name}” already.")
    taken = others.filter(entry=agent.entry).exclude(entry=Entry.SENT).first()
    if taken is not None:
        sentence = f"“{Entry(agent.entry).label}” go to the agent “{taken}” already."
        raise conflict("agent_entry_taken", sentence, agent=taken.pk)
    agent.pathways = [pathway_checked(one, agent=agent) for one in pathways]
    names = [one["name"] for one in agent.pathways]
    if not names or len(set(names)) < len(names):
        raise refused("bad_pathways", "An agent has one pathway at least, and each a name of its own.")
    agent.save()
    return agent


def pathway_checked(told: Mapping[str, Any], *, agent: Agent) -> dict[str, Any]:
    """Return the pathway as it is stored. Raises ``bad_pathways`` (422)."""
    name, to, following = told["name"], told["to"], told.get("agent")
    if (to == Stage.AGENT) != (following is not None):
        raise refused(
            "bad_pathways", f"The pathway “{name}” names the next agent if, and only if, it leads to one."
        )
    if following is not None:
        rows = Agent.objects.filter(project_id=agent.project_id, pk=following).exclude(pk=agent.pk)
        if not rows.exists():
            raise refused("bad_pathways", f"The pathway “{name}” leads to no other agent of this project.")
    return {"name": name, "to": str(to), "agent": following}


@transaction.atomic
def agent_delete(*, agent: Agent) -> None:
    """Take an agent away with its history. Raises ``agent_busy``, ``agent_needed`` (409)."""
    Project.objects.select_for_update().get(pk=agent.project_id)
    waiting = AgentVisit.objects.filter(agent=agent).exclude(state=VisitState.DONE).count()
    if waiting:
        told = "A task is" if waiting == 1 else f"{waiting} tasks are"
        sentence = f"{told} with the agent “{agent}”. Send what is there elsewhere first."
        raise conflict("agent_busy", sentence, count=waiting)
    for other in Agent.objects.filter(project_id=agent.project_id):
        if any(one["agent"] == agent.pk for one in other.pathways):
            raise conflict("agent_needed", f"A pathway of “{other}” leads to “{agent}”.", agent=other.pk)
    agent.delete()
