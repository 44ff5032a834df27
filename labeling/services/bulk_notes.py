"""What came of a bulk action, as people read it: how many were done, how many were left, and why."""

from __future__ import annotations

from collections.abc import Mapping

from labeling.models import BulkAction, BulkVerb
from labeling.services.job_verbs import REFUSED

PARTICIPLES = {
    BulkVerb.PAUSE: "paused",
    BulkVerb.RESUME: "resumed",
    BulkVerb.CANCEL: "cancelled",
    BulkVerb.RETRY: "retried",
    BulkVerb.REVERT: "reverted",
}
REASONS = {
    "job_state": "Its state had changed by then.",
    "job_overlaps": "Another job is at work on the same objects and frames.",
    "job_reverted": "It was reverted; bring its labels back first.",
    "nothing_to_retry": "No part of it has failed.",
    "already_reverted": "It was reverted before.",
    "job_active": "It has not ended.",
    "task_complete": "Its task is complete; reopen it first.",
}
FOREIGN = "Only who ordered the job, reviewers and managers may do this."


def bulk_said(action: BulkAction) -> str:
    """What came of it in a sentence or some: how many were done, how many were left and why."""
    told, participle = action.outcome, PARTICIPLES[BulkVerb(action.verb)]
    kept = {True: ", keeping labels,", False: ", discarding labels,", None: ""}[action.cancel_keeps]
    done = told.get("jobs", 0)
    said = f"{participle.capitalize()}{kept} {jobs_counted(done)}"
    said += "." if action.finished_at else f" of {action.total} so far."
    sentences = reasons_of(told)
    if told.get("unfit"):
        their, them = ("its", "it") if told["unfit"] == 1 else ("their", "them")
        sentences[f"{their} state does not let {them} be {participle}."] = told["unfit"]
    if told.get("foreign"):
        sentences[FOREIGN] = told["foreign"]
    for sentence, count in sorted(sentences.items(), key=lambda pair: -pair[1]):
        said += f" {count} left as {'it is' if count == 1 else 'they are'}: {sentence}"
    return said


def reasons_of(told: Mapping[str, int]) -> dict[str, int]:
    """Why jobs were refused, as people read it, and how many each: of a tally as ``job_verbs`` counts."""
    codes = {name.removeprefix(REFUSED): count for name, count in told.items() if name.startswith(REFUSED)}
    return {REASONS.get(code, f"It was refused ({code})."): count for code, count in codes.items()}


def jobs_counted(count: int) -> str:
    return f"{count} job{'' if count == 1 else 's'}"
