"""What agents do: take tasks that wait, keep them for a while, hand them back with an outcome.

The lease is by the database's clock; the token grows with every taking and fences off who held the task
before. Rows are locked in one order: task, visit.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Case, F, IntegerField, Q, QuerySet, When
from django.db.models.functions import Now

from labeling.access import require
from labeling.access_rules import Permission
from labeling.errors import conflict, forbidden, refused
from labeling.models import Agent, AgentVisit, Role, Stage, Task, User, VisitState
from labeling.services.events import event_write
from labeling.services.returns import gone, task_go_on, worn_out_go_on
from labeling.services.sequence import task_take_seq
from labeling.services.tasks import moved

TAKE_MAX = 100


def agent_require(*, user: User, project_id: int) -> None:
    """Raise unless this person may do an agent's work: service accounts that may label, and managers."""
    role = require(user=user, project_id=project_id, permission=Permission.LABEL_WRITE)
    if not user.is_service and role != Role.MANAGER:
        raise forbidden("Only service accounts and managers take and hand back the tasks of agents.")


def free() -> Q:
    """What may be taken: what waits, and what somebody held until their lease ran out."""
    return Q(state=VisitState.WAITING) | Q(state=VisitState.HELD, lease_expires_at__lt=Now())


@transaction.atomic
def visits_take(
    *, user: User, agent: Agent, count: int = 1, lease_seconds: int | None = None
) -> list[AgentVisit]:
    """Take up to ``count`` tasks that wait for the agent, by priority and age; none where none waits.

    Those that were lost ``agent.returns_max`` times go on to people instead.
    """
    agent_require(user=user, project_id=agent.project_id)
    worn_out_go_on(user=user, agent=agent)
    waiting = AgentVisit.objects.select_for_update(skip_locked=True).filter(free(), agent=agent)
    chosen = list(waiting.order_by("-priority", "pk").values_list("pk", flat=True)[:count])
    held = When(state=VisitState.HELD, then=F("losses") + 1)
    AgentVisit.objects.filter(free(), pk__in=chosen).update(
        losses=Case(held, default=F("losses"), output_field=IntegerField()),
        state=VisitState.HELD,
        token=F("token") + 1,
        taker=user,
        holder=user.username[:120],
        lease_expires_at=Now() + timedelta(seconds=lease_seconds or agent.lease_seconds),
    )
    taken = AgentVisit.objects.filter(pk__in=chosen).select_related("task__media", "task__assignee", "taker")
    return list(taken.order_by("-priority", "pk"))


def held_by(*, user: User, visit: AgentVisit, token: int) -> QuerySet[AgentVisit]:
    """The visit, if this person still holds it under this token: the condition of all that they write."""
    return AgentVisit.objects.filter(
        pk=visit.pk, taker=user, token=token, state=VisitState.HELD, lease_expires_at__gte=Now()
    )


def lost(visit: AgentVisit) -> Exception:
    sentence = (
        f"You no longer hold “{visit.task}” for the agent “{visit.agent}”: the lease ran out, or the task "
        "went elsewhere. What you found was not taken."
    )
    return conflict("lease_lost", sentence, visit=visit.pk)


@transaction.atomic
def visit_renew(*, user: User, visit: AgentVisit, token: int, lease_seconds: int | None = None) -> None:
    """Keep the task for longer, from now. Raises ``lease_lost`` (409)."""
    seconds = lease_seconds or visit.agent.lease_seconds
    rows = held_by(user=user, visit=visit, token=token)
    if not rows.update(lease_expires_at=Now() + timedelta(seconds=seconds)):
        raise lost(visit)


@transaction.atomic
def visit_release(*, user: User, visit: AgentVisit, token: int, note: str = "") -> None:
    """Give the task back to the queue, undone; the last of ``returns_max`` times it goes on to people.

    Raises ``lease_lost`` (409).
    """
    rows = held_by(user=user, visit=visit, token=token)
    if visit.losses + 1 >= visit.agent.returns_max:
        seq = task_take_seq(task_id=visit.task_id, even_complete=True)
        if not rows.update(**gone()):
            raise lost(visit)
        last = f"The last time, it said: {note}" if note else ""
        task_go_on(user=user, visit=visit, seq=seq, last=last)
    elif not rows.update(state=VisitState.WAITING, lease_expires_at=None, note=note, losses=F("losses") + 1):
        raise lost(visit)


@transaction.atomic
def visit_hand_back(*, user: User, visit: AgentVisit, token: int, outcome: str, note: str = "") -> Task:
    """Hand the task back: it goes where the outcome's pathway leads.

    Raises ``lease_lost`` (409) for who comes too late, ``unknown_outcome`` (422).
    """
    agent_require(user=user, project_id=visit.agent.project_id)
    seq = task_take_seq(task_id=visit.task_id, even_complete=True)
    pathways = {one["name"]: one for one in visit.agent.pathways}
    pathway = pathways.get(outcome)
    if pathway is None:
        known = ", ".join(f"“{name}”" for name in pathways)
        raise refused(
            "unknown_outcome", f"The agent “{visit.agent}” has no outcome “{outcome}”; it has {known}."
        )
    rows = held_by(user=user, visit=visit, token=token)
    ended = {"state": VisitState.DONE, "finished_at": Now(), "lease_expires_at": None}
    if not rows.update(**ended, outcome=outcome, note=note):
        raise lost(visit)
    task = Task.objects.select_related("project", "annotator", "assignee").get(pk=visit.task_id)
    payload = {"agent": visit.agent_id, "name": visit.agent.name, "visit": visit.pk, "outcome": outcome}
    event_write(kind="agent.done", project_id=task.project_id, task_id=task.pk, payload=payload)
    to = Stage(pathway["to"])
    return moved(
        task=task,
        user=user,
        seq=seq,
        source=Stage.AGENT,
        to=to,
        assignee=(task.annotator or task.assignee) if to == Stage.ANNOTATE else None,
        verb="handed back",
        comment=note,
        agent_id=pathway["agent"],
    )


@transaction.atomic
def task_send(*, user: User, task: Task, agent: Agent | None, stage: str = Stage.AGENT) -> Task:
    """Send a task to an agent, or away from one to ``stage``. For managers.

    Raises ``foreign_agent`` (422), ``task_stage`` (409): from an agent to a stage, and to an agent from
    everywhere but from a complete task.
    """
    require(user=user, project_id=task.project_id, permission=Permission.PROJECT_MANAGE)
    seq = task_take_seq(task_id=task.pk)
    task.refresh_from_db()
    if (agent is None) == (stage == Stage.AGENT):
        raise refused("foreign_agent", "Name an agent, or the stage that the task goes to.")
    if agent is not None and agent.project_id != task.project_id:
        raise refused("foreign_agent", f"This project has no agent {agent.pk}.")
    source = Stage(task.stage) if agent is not None else Stage.AGENT
    return moved(
        task=task, user=user, seq=seq, source=source, to=Stage(stage), assignee=task.assignee,
        verb="sent", agent_id=agent.pk if agent else None,
    )  # fmt: skip
