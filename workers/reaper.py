"""Taking work back from the dead: leases that ran out, by the database's clock."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet, TextChoices
from django.db.models.functions import Now

from labeling import queue
from labeling.models import (
    BucketExport,
    ExportState,
    Job,
    JobState,
    Listing,
    ListingState,
    Media,
    MediaState,
    Part,
    PartState,
)
from labeling.models.lease import Leased
from labeling.services.bucket_exports import export_event
from labeling.services.events import event_write, job_event_write
from labeling.services.job_states import job_settle
from labeling.services.listings import listing_event
from workers.webhooks.retention import retention

logger = logging.getLogger(__name__)
BATCH = 200
Row = TypeVar("Row", bound=Leased)
State = TypeVar("State", bound=TextChoices)
WORKER_LOST = "Reading this file stopped the worker several times."


def reap() -> int:
    """Recover every part and probe whose holder is dead or stuck; return how many there were."""
    taken_back = reap_parts() + reap_probes() + reap_listings() + reap_exports()
    return taken_back + settle_cancelling() + retention.forget_if_due()


def reap_parts() -> int:
    return sum(recover(part) for part in dead_parts().order_by("lease_expires_at")[:BATCH])


def dead_parts() -> QuerySet[Part]:
    """Parts whose lease ran out, or that have not got on for longer than any holder may."""
    stuck = Now() - timedelta(seconds=settings.PROGRESS_DEADLINE_SECONDS + settings.LEASE_SECONDS)
    return Part.objects.filter(state=PartState.RUNNING).filter(
        Q(lease_expires_at__lt=Now()) | Q(progress_at__lt=stuck)
    )


@transaction.atomic
def recover(part: Part) -> int:
    """Queue one part again, or end it as its job asks; 0 when its holder was quicker."""
    job = Job.objects.get(pk=part.job_id)
    losses = part.losses + 1
    to, sentence = verdict(job, losses)
    ends = to in (PartState.CANCELLED, PartState.FAILED)
    changed = (
        dead_parts()
        .filter(pk=part.pk, token=part.token)
        .update(
            state=to,
            losses=losses,
            lease_expires_at=None,
            holder="",
            finished_at=Now() if ends else None,
            error_code="worker_lost" if to == PartState.FAILED else "",
            error=sentence,
        )
    )
    if not changed:
        return 0
    logger.warning("Part %s of job %s lost its worker (%s): %s", part.number, job.pk, part.holder, to.label)
    job_event_write(job=job, kind="job.worker_lost", payload={"part": part.number, "losses": losses})
    job_settle(job=job)
    if to == PartState.QUEUED:
        queue.ring_on_commit(part.capability)
    return 1


def verdict(job: Job, losses: int) -> tuple[PartState, str]:
    if job.state == JobState.CANCELLING:
        return PartState.CANCELLED, ""
    if losses > settings.LOSSES_MAX:
        return PartState.FAILED, (
            f"The worker stopped {losses} times without getting on. Look at its log, then retry the job."
        )
    return (PartState.HELD if job.state == JobState.PAUSED else PartState.QUEUED), ""


def reap_probes() -> int:
    return sum(recover_probe(media) for media in dead_probes().order_by("pk")[:BATCH])


def dead_probes() -> QuerySet[Media]:
    return Media.objects.filter(state=MediaState.PROBING, lease_expires_at__lt=Now())


@transaction.atomic
def recover_probe(media: Media) -> int:
    """Have the media read again."""
    to = lease_end(
        dead_probes(), media, again=MediaState.REGISTERED, failed=MediaState.FAILED, sentence=WORKER_LOST
    )
    if to == MediaState.REGISTERED:
        queue.ring_on_commit("media")
    elif to:
        event_write(
            kind="media.failed",
            project_id=media.project_id,
            media_id=media.pk,
            payload={"code": "worker_lost", "sentence": WORKER_LOST},
        )
    return int(bool(to))


def reap_listings() -> int:
    return sum(recover_listing(listing) for listing in dead_listings().order_by("pk")[:BATCH])


def dead_listings() -> QuerySet[Listing]:
    return Listing.objects.filter(state=ListingState.RUNNING, lease_expires_at__lt=Now())


@transaction.atomic
def recover_listing(listing: Listing) -> int:
    """Queue the listing again, to go on after its last commit."""
    sentence = "Listing this bucket stopped the worker several times."
    to = lease_end(
        dead_listings(), listing, again=ListingState.QUEUED, failed=ListingState.FAILED, sentence=sentence
    )
    if to:
        listing.refresh_from_db()
        listing_event(listing, "listing.finished" if to == ListingState.FAILED else "listing.queued")
    if to == ListingState.QUEUED:
        queue.ring_on_commit("media")
    return int(bool(to))


def reap_exports() -> int:
    return sum(recover_export(export) for export in dead_exports().order_by("pk")[:BATCH])


def dead_exports() -> QuerySet[BucketExport]:
    return BucketExport.objects.filter(state=ExportState.RUNNING, lease_expires_at__lt=Now())


@transaction.atomic
def recover_export(export: BucketExport) -> int:
    """Have the export written again, from its beginning."""
    sentence = "Writing this export stopped the worker several times."
    to = lease_end(
        dead_exports(), export, again=ExportState.QUEUED, failed=ExportState.FAILED, sentence=sentence
    )
    if to == ExportState.QUEUED:
        queue.ring_on_commit("media")
    elif to:
        export.refresh_from_db()
        export_event(export, "export.finished")
    return int(bool(to))


def lease_end(dead: QuerySet[Row], row: Row, *, again: State, failed: State, sentence: str) -> State | None:
    """Move a row of ``dead`` to ``again``, or to ``failed`` with ``sentence`` when it lost too many workers.

    Return where it went; None when its holder was quicker.
    """
    ends = row.losses + 1 > settings.LOSSES_MAX
    to = failed if ends else again
    finished = {"finished_at": Now() if ends else None} if hasattr(row, "finished_at") else {}
    changed = dead.filter(pk=row.pk, token=row.token).update(
        state=to,
        losses=F("losses") + 1,
        lease_expires_at=None,
        holder="",
        error_code="worker_lost" if ends else "",
        error=sentence if ends else "",
        **finished,
    )
    return to if changed else None


def settle_cancelling() -> int:
    """End cancelled jobs of which no part is left, should nobody else have done it."""
    waiting = Job.objects.filter(state=JobState.CANCELLING).exclude(
        parts__state__in=(PartState.QUEUED, PartState.HELD, PartState.RUNNING)
    )
    settled = 0
    for job in waiting[:BATCH]:
        with transaction.atomic():
            settled += job_settle(job=job)
    return settled
