"""Listings: orders to register what lies in a bucket, and the objects that they saw."""

from __future__ import annotations

from django.db import models

from labeling.models.connection import Connection
from labeling.models.lease import Leased
from labeling.models.media import MediaKind
from labeling.models.project import Project


class ListingState(models.TextChoices):
    """``queued → running → succeeded | failed | cancelled``. A turn that is over, a pause that the store asks
    for and a lost worker lead back to queued; ``failed → queued`` on retry, from the last key."""

    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    SUCCEEDED = "succeeded", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


ACTIVE_LISTINGS = (ListingState.QUEUED, ListingState.RUNNING)


class WhenChanged(models.TextChoices):
    """What becomes of an object that is no longer the one that was registered."""

    SAY = "say", "Say so"
    REGISTER = "register", "Say so, and register it as new media"


FOLDER_CHOICES = [
    (MediaKind.IMAGE_SEQUENCE.value, MediaKind.IMAGE_SEQUENCE.label),
    (MediaKind.IMAGE_GROUP.value, MediaKind.IMAGE_GROUP.label),
]
"""What the pictures of a folder may be together."""


class Listing(Leased):
    """One pass over the objects below ``prefix``, a page a transaction.

    ``cursor`` is the last key that is committed. When all pages are, ``folded`` goes over the folders by id,
    to make media of those that are whole now, and ``compared`` over the known objects, to find those that
    were not seen.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="listings")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="listings")
    # The watch that ordered it.
    watch = models.ForeignKey("labeling.Watch", null=True, on_delete=models.SET_NULL, related_name="listings")
    state = models.CharField(max_length=9, choices=ListingState.choices, default=ListingState.QUEUED)
    prefix = models.CharField(max_length=1024, blank=True, default="")
    # Endings of keys that are taken, with their dots, in lower case; none: all.
    suffixes = models.JSONField(default=list)
    # The pictures of each folder are one media of this kind; blank: each is one of its own.
    folders_as = models.CharField(max_length=14, choices=FOLDER_CHOICES, blank=True, default="")
    when_changed = models.CharField(max_length=8, choices=WhenChanged.choices, default=WhenChanged.SAY)
    make_tasks = models.BooleanField(default=True)
    cursor = models.CharField(max_length=1024, blank=True, default="")
    all_listed = models.BooleanField(default=False)
    folded = models.BigIntegerField(default=0)
    compared = models.BigIntegerField(default=0)
    seen = models.BigIntegerField(default=0)
    added = models.BigIntegerField(default=0)
    known = models.BigIntegerField(default=0)
    same = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    vanished = models.BigIntegerField(default=0)
    skipped = models.BigIntegerField(default=0)
    # Why objects were passed over, to how many.
    reasons = models.JSONField(default=dict)
    # Times in a row that the store asked for a pause or could not be reached.
    waits = models.PositiveSmallIntegerField(default=0)
    # Not to be taken before; null is now.
    due_at = models.DateTimeField(null=True, blank=True)
    error_code = models.CharField(max_length=60, blank=True, default="")
    error = models.TextField(blank=True, default="")
    created_by = models.ForeignKey("labeling.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection"],
                condition=models.Q(state__in=ACTIVE_LISTINGS),
                name="listing_one_active_a_connection",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ListingState.values), name="listing_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(when_changed__in=WhenChanged.values), name="listing_when_changed_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state=ListingState.RUNNING, lease_expires_at__isnull=False)
                | (~models.Q(state=ListingState.RUNNING) & models.Q(lease_expires_at__isnull=True)),
                name="listing_running_is_leased",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="listing_active", condition=models.Q(state__in=ACTIVE_LISTINGS))
        ]

    def __str__(self) -> str:
        return f"listing {self.pk} of {self.connection}"


class BucketObject(models.Model):
    """An object of a connection's bucket as a listing saw it last, and the media that it became.

    Objects of the same bytes share a media.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="objects_seen")
    key = models.CharField(max_length=1024)
    etag = models.CharField(max_length=200)
    size_bytes = models.BigIntegerField()
    media = models.ForeignKey("labeling.Media", on_delete=models.CASCADE, related_name="bucket_objects")
    # The listing that saw it last.
    listing = models.ForeignKey(Listing, null=True, on_delete=models.SET_NULL, related_name="+")
    vanished = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "key"], name="object_once")]
        indexes = [
            models.Index(fields=["connection", "etag"], name="object_by_etag"),
            models.Index(fields=["connection", "id"], name="object_in_order"),
        ]

    def __str__(self) -> str:
        return self.key
