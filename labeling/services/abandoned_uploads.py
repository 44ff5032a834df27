"""What nobody goes on with is given up after a day, and leaves nothing in the bucket."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from labeling.models import DirectUpload, MediaState, UploadState
from labeling.selectors.direct_uploads import OPEN_FOR
from labeling.services.direct_uploads import upload_remove

BATCH = 100
KEPT_FOR = timedelta(days=7)


def abandoned_remove() -> int:
    """Give up what was abandoned, remove what is left of cancelled uploads, forget old rows; return how many
    were removed.

    Raises StorageError when the store does not answer: the rest is removed another time.
    """
    DirectUpload.objects.filter(state=UploadState.OPEN, touched_at__lt=Now() - OPEN_FOR).update(
        state=UploadState.CANCELLED
    )
    left = DirectUpload.objects.filter(state=UploadState.CANCELLED, removed=False).order_by("pk")[:BATCH]
    removed = sum(upload_remove(upload) for upload in left)
    forget()
    return removed


def forget() -> None:
    """Delete the oldest rows that nothing needs: what was promised of a media is held against it until it
    was read."""
    ended = Q(state=UploadState.CANCELLED, removed=True) | Q(
        state=UploadState.DONE, media__state=MediaState.READY
    )
    old = DirectUpload.objects.filter(ended, touched_at__lt=Now() - KEPT_FOR)
    DirectUpload.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:BATCH])).delete()
