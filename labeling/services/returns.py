"""Tasks that an agent keeps giving back undone: they go on to people, who are told."""

from __future__ import annotations

from django.db.models import F
from django.db.models.functions import Now

from labeling.models import Agent, AgentVisit, Member, NotificationKind, Role, Stage, Task, User, VisitState
from labeling.services.events import event_write
from labeling.services.notifications import notify
from labeling.services.sequence import task_take_seq
from labeling.services.tasks import moved

NOTE_MOST = 2000


def worn_out_go_on(*, user: User, agent: Agent) -> None:
    """Send on what nobody brought to an end before its lease ran out, often enough. Whoever asks for work
    next finds that out; ``user`` is who asks.
    """
    ran_out = AgentVisit.objects.filter(
        agent=agent, state=VisitState.HELD, lease_expires_at__lt=Now(), losses__gte=agent.returns_max - 1
    )
    for visit in ran_out.order_by("task_id").select_related("agent"):
        seq = task_take_seq(task_id=visit.task_id, even_complete=True)
        if ran_out.filter(pk=visit.pk).update(**gone()):
            task_go_on(user=user, visit=visit, seq=seq, last="The last time, its lease ran out.")


def gone() -> dict[str, object]:
    """What a visit is once its task has gone on."""
    return {
        "state": VisitState.DONE,
        "finished_at": Now(),
        "lease_expires_at": None,
        "losses": F("losses") + 1,
    }


def task_go_on(*, user: User, visit: AgentVisit, seq: int, last: str) -> None:
    """Move the task to where people see it, and tell managers why. The caller holds its row, and has ended
    the visit: submitted work goes to review, other work is annotated by hand.
    """
    visit.refresh_from_db()
    task = Task.objects.select_related("project", "annotator", "assignee").get(pk=visit.task_id)
    sentence = (
        f"The agent “{visit.agent}” gave it back {visit.losses} times without an outcome. {last}".strip()
    )
    AgentVisit.objects.filter(pk=visit.pk).update(note=sentence[:NOTE_MOST])
    event_write(
        kind="agent.gave_up",
        project_id=task.project_id,
        task_id=task.pk,
        payload={
            "agent": visit.agent_id,
            "name": visit.agent.name,
            "visit": visit.pk,
            "losses": visit.losses,
            "sentence": sentence,
        },
    )
    to = Stage.REVIEW if task.annotator else Stage.ANNOTATE
    moved(
        task=task,
        user=user,
        seq=seq,
        source=Stage.AGENT,
        to=to,
        assignee=task.assignee if to == Stage.ANNOTATE else None,
        verb="given up",
        comment=sentence,
    )
    managers = Member.objects.filter(project_id=task.project_id, role=Role.MANAGER)
    ids = list(managers.values_list("user_id", flat=True))
    notify(kind=NotificationKind.GAVE_UP, user_ids=ids, task=task, actor=user, note=sentence)
