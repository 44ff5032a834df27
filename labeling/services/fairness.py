"""Fair shares between projects: who has had how much of the workers."""

from __future__ import annotations

from django.db.models import Min

from labeling.models import FairShare, Part, PartState
from labeling.statements import row_of, run

CHARGE = "UPDATE labeling_fairshare SET served = served + %s WHERE project_id = %s"
# What has not finished has an index of its own. A least value is read off its front; any one row might be
# looked for in the table instead, through all that was ever done.
BUSY = """
SELECT COALESCE(
    (SELECT MIN(capability) FROM labeling_part
        WHERE project_id = %s AND state = 'running' AND finished_at IS NULL),
    (SELECT MIN(capability) FROM labeling_part
        WHERE project_id = %s AND state = 'queued' AND finished_at IS NULL)
)
"""
WAITING_OR_RUNNING = (PartState.QUEUED, PartState.RUNNING)


def project_wakes(*, project_id: int) -> None:
    """Level a project that had no work with the others before its new work is queued.

    Without this an idle project would save up and then starve the rest.
    """
    busy = row_of(BUSY, (project_id, project_id))
    if busy and busy[0]:
        return
    others = Part.objects.filter(state__in=WAITING_OR_RUNNING, finished_at=None).values("project_id")
    floor = FairShare.objects.filter(project_id__in=others).aggregate(least=Min("served"))["least"] or 0.0
    FairShare.objects.get_or_create(project_id=project_id)
    FairShare.objects.filter(project_id=project_id, served__lt=floor).update(served=floor)


def project_charge(*, project_id: int, cost: float, weight: float) -> None:
    """Book ``cost`` (frames times objects) on the project."""
    run(CHARGE, (cost / weight, project_id))
