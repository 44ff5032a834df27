"""What people should know of a run besides its labels and its failures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from django.db import transaction

from labeling.models import Job, JobKind, JobState

COUNTED = {
    "overlapping": (
        "{n} detection{s} lay on labels of the same class that were there before, and {was} skipped."
    ),
    "excluded": "{n} detection{s} {was} skipped: other bitmasks left nothing of {them}.",
    "filled_over": (
        "On {n} frame{s} between detections nothing was filled in: a label of the same class "
        "was there before."
    ),
    "capped": "On {n} frame{s} more objects of a class were found than are kept; the surest were.",
}
"""What a tally counts, as it is said."""
NOTHING_FILLED = (
    "Nothing was filled: the frames that lay open when this was ordered are labelled or accepted by now, or "
    "the labels around them are gone."
)


@transaction.atomic
def job_note(*, job_id: int, sentences: Sequence[str]) -> None:
    """Add sentences to the job's warnings, each once."""
    job = Job.objects.select_for_update().only("warnings").get(pk=job_id)
    job.warnings = list(dict.fromkeys([*job.warnings, *sentences]))
    job.save(update_fields=["warnings"])


@transaction.atomic
def job_count(*, job_id: int, tally: Mapping[str, int]) -> None:
    """Add to what the job has counted."""
    job = Job.objects.select_for_update().only("tally").get(pk=job_id)
    job.tally = dict(Counter(job.tally) + Counter(tally))
    job.save(update_fields=["tally"])


def job_warnings(job: Job) -> list[str]:
    """Return all that people should know of the job: what was noted, what was counted, and that it came to
    nothing."""
    tallied = (counted(name, n) for name, n in job.tally.items() if name in COUNTED)
    return [*job.warnings, *tallied, *([NOTHING_FILLED] if filled_nothing(job) else [])]


def filled_nothing(job: Job) -> bool:
    """Whether it ended well and yet wrote nothing, for which there would be no other word."""
    ended_well = job.kind == JobKind.INTERPOLATE and job.state == JobState.SUCCEEDED
    return ended_well and not job.labels_written


def counted(name: str, n: int) -> str:
    one = n == 1
    return COUNTED[name].format(
        n=n, s="" if one else "s", was="was" if one else "were", them="it" if one else "them"
    )
