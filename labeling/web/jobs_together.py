"""One thing done to many jobs: those that were chosen, or all that match the filter."""

from __future__ import annotations

from django.http import HttpResponse

from labeling.errors import LabelyardError, refused
from labeling.models import BulkAction, BulkVerb
from labeling.selectors.bulk_actions import bulk_get
from labeling.selectors.job_filter import JobFilter
from labeling.services.bulk_actions import bulk_ask, bulk_reach
from labeling.services.bulk_notes import bulk_said
from labeling.web.guard import Visit, page
from labeling.web.job_filters import chosen_by, filters_of, is_id
from labeling.web.project_jobs import jobs_shown
from labeling.web.queue import queue_shown

CHOSEN_MOST = 1000
VERBS: dict[str, tuple[BulkVerb, bool | None]] = {
    "pause": (BulkVerb.PAUSE, None),
    "resume": (BulkVerb.RESUME, None),
    "cancel-keep": (BulkVerb.CANCEL, True),
    "cancel-discard": (BulkVerb.CANCEL, False),
    "retry": (BulkVerb.RETRY, None),
    "revert": (BulkVerb.REVERT, None),
}
"""What the form calls it: the verb, and whether labels are kept."""


@page
def jobs_act(visit: Visit, *, project_id: int) -> HttpResponse:
    """Do ``verb`` to the jobs ``job``, or with ``which=matching`` to all that the address's filter names."""
    said, tone = acted(visit, project_id=project_id)
    return jobs_shown(visit, project_id, said=said, tone=tone)


@page
def queue_act(visit: Visit) -> HttpResponse:
    """The same over all projects."""
    said, tone = acted(visit)
    return queue_shown(visit, said=said, tone=tone)


def acted(visit: Visit, *, project_id: int | None = None) -> tuple[str, str]:
    """Do what the form says; return what is said of it. What goes on is said by a part of its own."""
    try:
        verb, keep = verb_of(visit.request.POST.get("verb", ""))
        chosen = chosen_of(visit, project_id)
        action = bulk_ask(user=visit.user, verb=verb, chosen=chosen, keep=keep)
    except LabelyardError as error:
        return error.sentence, "bad"
    return (bulk_said(action), tone_of(action)) if action.finished_at else ("", "")


def verb_of(told: str) -> tuple[BulkVerb, bool | None]:
    if told not in VERBS:
        raise refused("unknown_verb", "Choose what is to be done to the jobs.")
    return VERBS[told]


def chosen_of(visit: Visit, project_id: int | None) -> JobFilter:
    """The jobs that are meant. Raises 422 where none was chosen."""
    if visit.request.POST.get("which") == "matching":
        return chosen_by(filters_of(visit.request.GET), user=visit.user, project_id=project_id)
    pks = tuple(int(pk) for pk in visit.request.POST.getlist("job") if is_id(pk))[:CHOSEN_MOST]
    if not pks:
        raise refused("no_jobs", "No job was chosen, so nothing was done.")
    return JobFilter(project=project_id, ids=pks)


def tone_of(action: BulkAction) -> str:
    return "good" if action.outcome.get("jobs") else "warn"


@page
def jobs_reach(visit: Visit) -> HttpResponse:
    """The button that does ``verb`` to all that match: it says to how many, before anybody presses it."""
    told = visit.request.GET
    verb, _ = verb_of(told.get("verb", ""))
    chosen = chosen_by(filters_of(told), user=visit.user)
    reach = bulk_reach(user=visit.user, verb=verb, chosen=chosen)
    return visit.answer("labelyard/parts/jobs_reach.html", {"reach": reach, "verb": verb})


@page
def bulk_action(visit: Visit, *, action_id: int) -> HttpResponse:
    """How far it is, and at last what came of it."""
    action = bulk_get(user=visit.user, action_id=action_id)
    context = {"action": action, "said": bulk_said(action), "tone": tone_of(action)}
    return visit.answer("labelyard/parts/bulk_action.html", context)
