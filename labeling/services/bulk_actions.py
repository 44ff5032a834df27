"""One thing asked of many jobs of any projects: how many it reaches, and carrying it out.

Asking stores a row. A few jobs are done at once, many behind the request (``workers.bulk_actions``).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Now

from labeling.errors import refused
from labeling.models import BulkAction, BulkVerb, Job, Member, Role, User
from labeling.selectors.job_filter import JobFilter, job_filter_read
from labeling.services.bulk_notes import bulk_said
from labeling.services.job_verbs import ALONE, JOB_VERBS, Asked, JobVerb, Tally, carried_alone, fresh_jobs
from labeling.services.notifications import bulk_notify

AT_ONCE = 50
"""So many jobs are done within the request that asks."""


@dataclass(frozen=True)
class Reach:
    """Of the jobs that match: how many can have it done, whose state forbids it, who may not do it."""

    matching: int
    able: int
    unfit: int
    foreign: int


def bulk_reach(*, user: User, verb: BulkVerb, chosen: JobFilter) -> Reach:
    """Say how many jobs the action would touch now."""
    matching = chosen.narrow(Job.objects.all(), user=user)
    mine = matching.filter(steerable(user))
    count, steered = matching.count(), mine.count()
    able = mine.filter(JOB_VERBS[verb].fit).count()
    return Reach(count, able, steered - able, count - steered)


def steerable(user: User) -> Q:
    """The jobs that this person may steer, as ``access.job_require_steerable`` has it for one."""
    roles = Member.objects.filter(user=user)
    all_of = roles.filter(role__in=(Role.MANAGER, Role.REVIEWER)).values("project")
    own_of = roles.filter(role=Role.ANNOTATOR).values("project")
    return Q(project__in=all_of) | Q(project__in=own_of, created_by=user)


def bulk_ask(*, user: User, verb: BulkVerb, chosen: JobFilter, keep: bool | None = None) -> BulkAction:
    """Do ``verb`` to all jobs that match now, at once or behind the request; the row says what came of it.

    ``keep`` says what becomes of labels where jobs are cancelled. Raises ``no_jobs`` (422).
    """
    if (verb == BulkVerb.CANCEL) != (keep is not None):
        raise refused("keep_unclear", "Say whether labels are kept where jobs are cancelled, and only there.")
    reach = bulk_reach(user=user, verb=verb, chosen=chosen)
    if not reach.matching:
        raise refused("no_jobs", "No job matches, so nothing was done.")
    action = BulkAction.objects.create(
        user=user,
        verb=verb,
        cancel_keeps=keep,
        filter=chosen.to_json(),
        until=Job.objects.aggregate(newest=Max("pk"))["newest"],
        total=reach.able,
        outcome={
            name: count for name, count in vars(reach).items() if name in ("unfit", "foreign") and count
        },
    )
    if reach.able <= AT_ONCE:
        while bulk_carry_next(action=action):
            pass
    return action


def bulk_carry_next(*, action: BulkAction) -> int:
    """Do the next of it; return how many jobs that were, 0 when it is done.

    Whoever moves ``steps`` first has done the step; what is asked of a job twice is refused the second time.
    """
    verb = JOB_VERBS[action.verb]
    asked = Asked(user=action.user, keep=bool(action.cancel_keeps))
    rows = jobs_left(action, verb)
    fresh = fresh_jobs(verb, rows)
    if fresh:
        return carried_together(action, verb, fresh, asked)
    some = list(rows.filter(pk__gt=action.after)[:ALONE])
    tally: Counter[str] = Counter()
    for job in some:
        tally.update(carried_alone(verb, job, asked))
    with transaction.atomic():
        step(action, tally, after=some[-1].pk if some else action.after, ended=len(some) < ALONE)
    return len(some) if action.finished_at is None else 0


def jobs_left(action: BulkAction, verb: JobVerb) -> QuerySet[Job]:
    """The jobs that it can be done to now, of those that were meant: rights are asked anew at each step."""
    chosen = job_filter_read(action.filter)
    # What it is done to no longer has the state that was looked for, so this looks at what a verb fits.
    rows = chosen.narrow(Job.objects.filter(verb.fit, steerable(action.user)), user=action.user)
    return rows.filter(pk__lte=action.until).order_by("pk")


def carried_together(action: BulkAction, verb: JobVerb, jobs: list[int], asked: Asked) -> int:
    """Do it to jobs that nobody has begun; return how many were looked at."""
    with transaction.atomic():
        if step(action, {}, after=action.after, ended=False):
            tallied(action, {"jobs": verb.together(jobs, asked)})
    return len(jobs)


def step(action: BulkAction, tally: Tally, *, after: int, ended: bool) -> bool:
    """Move the row on, if nobody else has; say whether this call did. Within the caller's transaction.

    Who asked is told of the end, unless the request that asked waited for it.
    """
    rows = BulkAction.objects.filter(pk=action.pk, steps=action.steps, finished_at=None)
    changes = {"finished_at": Now()} if ended else {}
    won = rows.update(steps=F("steps") + 1, after=after, **changes)
    action.refresh_from_db()
    if won and tally:
        tallied(action, tally)
    if won and ended and action.total > AT_ONCE:
        projects = job_filter_read(action.filter).projects(action.user)
        bulk_notify(action=action, project_id=min(projects, default=None), note=bulk_said(action))
    return bool(won)


def tallied(action: BulkAction, tally: Tally) -> None:
    """Add to what came of it; the caller's UPDATE holds the row."""
    action.outcome = dict(Counter(action.outcome) + Counter(tally))
    action.save(update_fields=["outcome"])
