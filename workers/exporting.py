"""Writing exports into buckets."""

from __future__ import annotations

import logging

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from labeling.errors import LabelyardError
from labeling.media.errors import StorageError
from labeling.media.storage import Stored
from labeling.models import BucketExport, ExportState
from labeling.selectors.connections import connection_storage
from labeling.services.bucket_exports import export_event
from labeling.services.exports import export_write
from workers.announcing import holder_name
from workers.claim import lease_end
from workers.renewing import renewing

logger = logging.getLogger(__name__)


def export_next() -> bool:
    """Claim the oldest export that waits and write it; False when there is none."""
    export = claim_export()
    if export is None:
        return False
    with renewing(held(export), what=f"export {export.pk}"):
        write(export)
    return True


def claim_export() -> BucketExport | None:
    """Claim by conditional UPDATE; a race lost is tried with the next one."""
    while True:
        export = BucketExport.objects.filter(state=ExportState.QUEUED).order_by("pk").first()
        if export is None:
            return None
        waiting = BucketExport.objects.filter(pk=export.pk, state=ExportState.QUEUED, token=export.token)
        if waiting.update(
            state=ExportState.RUNNING,
            token=export.token + 1,
            holder=holder_name(),
            lease_expires_at=lease_end(),
        ):
            return BucketExport.objects.select_related("connection", "project").get(pk=export.pk)


def held(export: BucketExport) -> QuerySet[BucketExport]:
    return BucketExport.objects.filter(pk=export.pk, token=export.token, state=ExportState.RUNNING)


def write(export: BucketExport) -> None:
    """Write the file and put it into the bucket, or keep the reason why not.

    A worker that was taken for dead puts the same file under the same key, and says nothing.
    """
    try:
        done = export_write(project=export.project, form=export.form, task_id=export.task_id)
        export.not_held = done.losses
        try:
            storage = connection_storage(export.connection)
            stored = storage.put_file(done.path, key=export.key, content_type="application/json")
        finally:
            done.path.unlink(missing_ok=True)
    except (StorageError, LabelyardError) as error:
        export.error_code, export.error = error.code, error.sentence
        finish(export, ExportState.FAILED)
    else:
        finish(export, ExportState.SUCCEEDED, stored=stored)


@transaction.atomic
def finish(export: BucketExport, state: ExportState, *, stored: Stored | None = None) -> None:
    won = held(export).update(
        state=state,
        lease_expires_at=None,
        holder="",
        finished_at=Now(),
        not_held=export.not_held,
        size_bytes=stored.size if stored else None,
        sha256=stored.sha256 if stored else "",
        error_code=export.error_code,
        error=export.error,
    )
    if not won:
        logger.warning("Export %s was taken away while it was written.", export.pk)
        return
    export.state = state
    export_event(export, "export.finished")
