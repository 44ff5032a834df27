"""Taking work back from the dead: leases that ran out, by the database's clock."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from labeling import queue
from labeling.models import Job, JobState, Listing, ListingState, Media, MediaState, Part, PartState
from labeling.services.events import event_write, job_event_write
from labeling.services.job_states import job_settle
from labeling.services.listings import listing_event
from workers.webhooks.retention import retention

logger = logging.getLogger(__name__)
BATCH = 200
WORKER_LOST = "Reading this file stopped the worker several times."


def reap() -> int:
    """Recover every part and probe whose holder is dead or stuck; return how many there were."""
    taken_back = reap_parts() + reap_probes() + reap_listings()
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
    failed = media.losses + 1 > settings.LOSSES_MAX
    changed = (
        dead_probes()
        .filter(pk=media.pk, token=media.token)
        .update(
            state=MediaState.FAILED if failed else MediaState.REGISTERED,
            losses=F("losses") + 1,
            lease_expires_at=None,
            holder="",
            error_code="worker_lost" if failed else "",
            error=WORKER_LOST if failed else "",
        )
    )
    if changed and not failed:
        queue.ring_on_commit("media")
    if changed and failed:
        event_write(
            kind="media.failed",
            project_id=media.project_id,
            media_id=media.pk,
            payload={"code": "worker_lost", "sentence": WORKER_LOST},
        )
    return int(changed)


def reap_listings() -> int:
    return sum(recover_listing(listing) for listing in dead_listings().order_by("pk")[:BATCH])


def dead_listings() -> QuerySet[Listing]:
    return Listing.objects.filter(state=ListingState.RUNNING, lease_expires_at__lt=Now())


@transaction.atomic
def recover_listing(listing: Listing) -> int:
    """Queue the listing again, to go on after its last commit."""
    failed = listing.losses + 1 > settings.LOSSES_MAX
    changed = (
        dead_listings()
        .filter(pk=listing.pk, token=listing.token)
        .update(
            state=ListingState.FAILED if failed else ListingState.QUEUED,
            losses=F("losses") + 1,
            lease_expires_at=None,
            holder="",
            finished_at=Now() if failed else None,
            error_code="worker_lost" if failed else "",
            error="Listing this bucket stopped the worker several times." if failed else "",
        )
    )
    if changed:
        listing.refresh_from_db()
        listing_event(listing, "listing.finished" if failed else "listing.queued")
        if not failed:
            queue.ring_on_commit("media")
    return int(changed)


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
