"""Who is at a task: a soft lease that advises, and never keeps anybody from saving."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from labeling.access import task_barrier
from labeling.models import Presence, Role, Task, User
from labeling.services.events import event_write
from labeling.statements import row_of, rows_of, run

# Held for 30 seconds by the database's clock; pages renew it every ten.
EXPIRE = "DELETE FROM labeling_presence WHERE task_id = %s AND expires_at < {now} RETURNING user_id"
COME = """
INSERT INTO labeling_presence (task_id, user_id, holds, expires_at)
VALUES (%s, %s, %s, {in 30 seconds})
ON CONFLICT (task_id, user_id) DO UPDATE SET expires_at = excluded.expires_at
RETURNING holds
"""
TAKE_AWAY = """
UPDATE labeling_presence SET holds = %s WHERE task_id = %s AND holds AND user_id <> %s RETURNING user_id
"""
GIVE_UP = "UPDATE labeling_presence SET holds = %s WHERE task_id = %s AND user_id = %s AND holds"
HOLD = """
UPDATE labeling_presence SET holds = %s
WHERE task_id = %s AND user_id = %s AND NOT holds
  AND NOT EXISTS (SELECT 1 FROM labeling_presence AS held WHERE held.task_id = %s AND held.holds)
"""
LEAVE = "DELETE FROM labeling_presence WHERE task_id = %s AND user_id = %s RETURNING holds"

People = dict[int, bool]
"""User id to whether they hold the lease."""


@dataclass(frozen=True)
class AtTask:
    """Who is at a task: who edits it, until when unless renewed, and the others but the one who asks."""

    holder: User | None
    mine: bool
    others: list[User]
    until: datetime | None


def presence_keep(*, user: User, role: Role, task: Task, take_over: bool = False) -> AtTask:
    """Say that the user is at the task; take the lease when it is free, or from its holder on request.

    Who may not change the task is seen and does not hold. Taking over raises what keeps the user
    from changing it. Others are told by an event when somebody comes, goes, or takes the lease.
    """
    barrier = task_barrier(task=task, user=user, role=role)
    if take_over and barrier:
        raise barrier
    with transaction.atomic():
        before = standing(task)
        rows_of(EXPIRE, (task.pk,))
        row_of(COME, (task.pk, user.pk, False))
        former = None
        if barrier:
            run(GIVE_UP, (False, task.pk, user.pk))
        else:
            former = row_of(TAKE_AWAY, (False, task.pk, user.pk)) if take_over else None
            hold(task, user)
        after = standing(task)
        if before != after:
            tell(task, by=user, people=after, taken_from=former[0] if former else None)
    return at_task(task, user)


def presence_leave(*, user: User, task: Task) -> None:
    """Say that the user has left the task; the lease is free then."""
    with transaction.atomic():
        if row_of(LEAVE, (task.pk, user.pk)) is not None:
            tell(task, by=user, people=standing(task))


def hold(task: Task, user: User) -> None:
    # The constraint decides between two who take a free lease at once; the other one asks again anyway.
    with suppress(IntegrityError), transaction.atomic():
        run(HOLD, (True, task.pk, user.pk, task.pk))


def standing(task: Task) -> People:
    """Who is there, and whether they hold the lease."""
    return dict(Presence.objects.filter(task=task).order_by("user_id").values_list("user_id", "holds"))


def tell(task: Task, *, by: User, people: People, taken_from: int | None = None) -> None:
    holder = next((one for one, holds in people.items() if holds), None)
    event_write(
        kind="presence.changed",
        project_id=task.project_id,
        task_id=task.pk,
        payload={"by": by.pk, "holder": holder, "taken_from": taken_from, "people": list(people)},
    )


def at_task(task: Task, user: User) -> AtTask:
    rows = list(Presence.objects.filter(task=task).select_related("user").order_by("user__username"))
    held = next((row for row in rows if row.holds), None)
    return AtTask(
        holder=held.user if held else None,
        mine=held is not None and held.user_id == user.pk,
        others=[row.user for row in rows if row is not held and row.user_id != user.pk],
        until=held.expires_at if held else None,
    )
