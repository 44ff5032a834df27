"""What people should know of a run besides its labels and its failures."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from labeling.models import Job


@transaction.atomic
def job_note(*, job_id: int, sentences: Sequence[str]) -> None:
    """Add sentences to the job's warnings, each once."""
    job = Job.objects.select_for_update().only("warnings").get(pk=job_id)
    job.warnings = list(dict.fromkeys([*job.warnings, *sentences]))
    job.save(update_fields=["warnings"])
