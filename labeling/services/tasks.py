"""Tasks: made, assigned, moved between stages by people. A job never moves a task."""

from __future__ import annotations

import random

from django.db import transaction

from labeling.access import require, role_in, task_require_editable
from labeling.access_rules import Permission
from labeling.errors import LabelyardError, conflict, refused
from labeling.frame_ranges import order_check
from labeling.models import (
    Agent,
    ChangeKind,
    Entry,
    Media,
    MediaKind,
    MediaState,
    Member,
    NotificationKind,
    Role,
    Stage,
    Task,
    User,
)
from labeling.services.arrivals import agent_at, visit_open, visits_close
from labeling.services.comments import comments_settled_check
from labeling.services.events import event_write
from labeling.services.notifications import notify
from labeling.services.rules.noting import task_note
from labeling.services.sequence import change_record, task_take_seq


@transaction.atomic
def task_create(
    *,
    user: User | None,
    media: Media,
    first_frame: int | None = None,
    last_frame: int | None = None,
    title: str | None = None,
    assignee: User | None = None,
    priority: float = 0.5,
) -> Task:
    """Make a task of the media, or of a segment of its frames (inclusive).

    Raises ``media_not_ready`` (409), ``media_opaque``, ``range_reversed``, ``frame_out_of_range``,
    ``assignee_no_member`` (422).
    """
    if media.state != MediaState.READY:
        raise conflict("media_not_ready", f"“{media}” is {MediaState(media.state).label.lower()}.")
    if media.kind == MediaKind.OPAQUE or not media.frame_count:
        raise refused("media_opaque", f"“{media}” is {media.noun}, which has no frames to label.")
    first = 0 if first_frame is None else first_frame
    last = media.frame_count - 1 if last_frame is None else last_frame
    order_check(first, last, name="segment")
    if first < 0 or last >= media.frame_count:
        raise refused("frame_out_of_range", f"“{media}” has the frames 0 to {media.frame_count - 1}.")
    changes_check(media.project_id, {"assignee": assignee, "priority": priority})
    agent = agent_at(project_id=media.project_id, entry=Entry.CREATED)
    task = Task.objects.create(
        project_id=media.project_id,
        stage=Stage.ANNOTATE if agent is None else Stage.AGENT,
        media=media,
        title=title or media.title,
        first_frame=first,
        last_frame=last,
        assignee=assignee,
        priority=priority,
    )
    event_write(
        kind="task.created",
        project_id=task.project_id,
        task_id=task.pk,
        payload={"by": user.username if user else None},
    )
    task_note(task=task, media=media)
    if agent is not None:
        visit_open(task=task, agent=agent)
    if assignee is not None:
        assignment_tell(task)
        notify(kind=NotificationKind.ASSIGNED, user_ids=[assignee.pk], task=task, actor=user)
    return task


def changes_check(project_id: int, changes: dict[str, object]) -> None:
    assignee = changes.get("assignee")
    if isinstance(assignee, User):
        roles = (Role.ANNOTATOR, Role.REVIEWER, Role.MANAGER)
        if not Member.objects.filter(project_id=project_id, user=assignee, role__in=roles).exists():
            raise refused("assignee_no_member", f"{assignee} cannot work on tasks of this project.")
    priority = changes.get("priority", 0.5)
    if not isinstance(priority, int | float) or not 0 <= priority <= 1:
        raise refused("priority_out_of_range", "A priority lies between 0 and 1.")


@transaction.atomic
def task_update(*, user: User, task: Task, **changes: object) -> Task:
    """Change ``assignee``, ``priority`` or ``title`` (managers); annotators may take and release."""
    own_hands = set(changes) == {"assignee"} and changes["assignee"] in (user, None)
    permission = Permission.LABEL_WRITE if own_hands else Permission.PROJECT_MANAGE
    role = require(user=user, project_id=task.project_id, permission=permission)
    changes_check(task.project_id, changes)
    seq = task_take_seq(task_id=task.pk, even_complete=True)
    task.refresh_from_db()
    if own_hands and role != Role.MANAGER and task.assignee_id not in (None, user.pk):
        raise conflict("task_taken", f"The task is assigned to {task.assignee}.")
    assignee_before = task.assignee_id
    for name, value in changes.items():
        setattr(task, name, value)
    task.save(update_fields=list(changes))
    change_record(task_id=task.pk, seq=seq, kind=ChangeKind.TASK, author_id=user.pk)
    if "assignee" in changes:
        if task.assignee_id not in (None, assignee_before):
            notify(kind=NotificationKind.ASSIGNED, user_ids=[task.assignee_id], task=task, actor=user)
        assignment_tell(task)
    return task


def assignment_tell(task: Task) -> None:
    """Write the event of who has the task now."""
    payload = {"assignee": task.assignee.username if task.assignee else None}
    event_write(kind="task.assigned", project_id=task.project_id, task_id=task.pk, payload=payload)


@transaction.atomic
def task_submit(*, user: User, task: Task) -> Task:
    """Hand annotated work in: to the agent that looks at it first, where there is one, else to review, or for
    the unsampled share straight to complete.
    """
    role = require(user=user, project_id=task.project_id, permission=Permission.TASK_SUBMIT)
    to_review = random.random() < task.project.review_share  # noqa: S311  (a sample, not a secret)
    seq = task_take_seq(task_id=task.pk)
    task.refresh_from_db()
    task_require_editable(task=task, user=user, role=role)
    comments_settled_check(task=task)
    task.annotator = user
    agent = agent_at(project_id=task.project_id, entry=Entry.SUBMITTED)
    following = Stage.REVIEW if to_review else Stage.COMPLETE
    return moved(
        task=task,
        user=user,
        seq=seq,
        source=Stage.ANNOTATE,
        to=following if agent is None else Stage.AGENT,
        assignee=None,
        verb="submitted",
        agent_id=agent.pk if agent else None,
    )


@transaction.atomic
def task_accept(*, user: User, task: Task) -> Task:
    """Complete a task in review."""
    require(user=user, project_id=task.project_id, permission=Permission.REVIEW)
    seq = task_take_seq(task_id=task.pk, even_complete=True)
    task.refresh_from_db()
    return moved(
        task=task, user=user, seq=seq, source=Stage.REVIEW, to=Stage.COMPLETE, assignee=None, verb="accepted"
    )


@transaction.atomic
def task_reject(*, user: User, task: Task, comment: str = "") -> Task:
    """Send a task in review back to the annotator who submitted it."""
    require(user=user, project_id=task.project_id, permission=Permission.REVIEW)
    seq = task_take_seq(task_id=task.pk, even_complete=True)
    task.refresh_from_db()
    back_to = (
        task.annotator
        if task.annotator and role_in(user=task.annotator, project_id=task.project_id)
        else None
    )
    return moved(
        task=task,
        user=user,
        seq=seq,
        source=Stage.REVIEW,
        to=Stage.ANNOTATE,
        assignee=back_to,
        verb="rejected",
        comment=comment,
    )


@transaction.atomic
def task_reopen(*, user: User, task: Task) -> Task:
    """Open a complete task again for annotation."""
    require(user=user, project_id=task.project_id, permission=Permission.PROJECT_MANAGE)
    seq = task_take_seq(task_id=task.pk, even_complete=True)
    task.refresh_from_db()
    return moved(
        task=task,
        user=user,
        seq=seq,
        source=Stage.COMPLETE,
        to=Stage.ANNOTATE,
        assignee=task.annotator,
        verb="reopened",
    )


def moved(
    *,
    task: Task,
    user: User,
    seq: int,
    source: Stage,
    to: Stage,
    assignee: User | None,
    verb: str,
    comment: str = "",
    agent_id: int | None = None,
) -> Task:
    """Move the task, whose row is locked, and say so. ``agent_id``: at which agent it waits then."""
    if task.stage != source:
        raise wrong_stage(task, verb)
    visits_close(task=task)
    assignee_before, task.assignee = task.assignee_id, assignee
    task.stage = to
    task.save(update_fields=["stage", "assignee", "annotator"])
    change_record(task_id=task.pk, seq=seq, kind=ChangeKind.TASK, author_id=user.pk)
    event_write(
        kind="task.stage_changed",
        project_id=task.project_id,
        task_id=task.pk,
        payload={"from": str(source), "to": str(to), "by": user.username, "comment": comment},
    )
    if agent_id is not None:
        visit_open(task=task, agent=Agent.objects.get(pk=agent_id))
    if task.assignee_id != assignee_before:
        assignment_tell(task)
    if assignee is not None and to != Stage.AGENT:
        told = [assignee.pk]
        notify(kind=NotificationKind.RETURNED, user_ids=told, task=task, actor=user, note=comment)
    return task


def wrong_stage(task: Task, verb: str) -> LabelyardError:
    label = Stage(task.stage).label.lower()
    return conflict(
        "task_stage", f"The task is at the stage “{label}”, so it cannot be {verb}.", stage=task.stage
    )
