"""Reading batches, their items, and what went wrong in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Avg, Count, Max, Min, QuerySet

from labeling.errors import not_found
from labeling.models import Batch, BatchItem, Job, JobState, Label

GROUPS_SHOWN = 50
CSV_COLUMNS = (
    "position", "task", "title", "state", "job", "reason", "sentence", "job_in_the_way", "error_code",
    "error", "frames_done", "frames_total", "labels_written", "started_at", "finished_at",
)  # fmt: skip


def batch_list(*, project_id: int) -> QuerySet[Batch]:
    """Return the batches of a project with who ordered them."""
    return Batch.objects.filter(project_id=project_id).select_related("created_by", "parent")


def batch_get(*, batch_id: int) -> Batch:
    """Return a batch with its project and who ordered it. Raises ``not_found``."""
    rows = Batch.objects.select_related("created_by", "parent", "project")
    batch = rows.filter(pk=batch_id).first()
    if batch is None:
        raise not_found("batch")
    return batch


def item_list(
    *, batch: Batch, state: str | None = None, reason: str | None = None, error_code: str | None = None
) -> QuerySet[BatchItem]:
    """Return the items of a batch with task and job, narrowed by what is given.

    ``state`` is one of what a batch counts: ``waiting``, ``skipped``, or a state of a job.
    """
    rows = BatchItem.objects.filter(batch=batch).select_related("task", "job")
    if state == "waiting":
        rows = rows.filter(job=None, reason="")
    elif state == "skipped":
        rows = rows.exclude(reason="")
    elif state:
        rows = rows.filter(job__state=state)
    if reason:
        rows = rows.filter(reason=reason)
    if error_code:
        rows = rows.filter(job__error_code=error_code)
    return rows


def skip_groups(*, batch: Batch) -> list[dict[str, object]]:
    """Return why items were skipped, the most frequent reason first, each with a sample."""
    rows = BatchItem.objects.filter(batch=batch).exclude(reason="").order_by()
    groups = rows.values("reason").annotate(count=Count("pk"), first=Min("pk")).order_by("-count", "reason")
    found = list(groups[:GROUPS_SHOWN])
    samples = BatchItem.objects.select_related("task").in_bulk([group["first"] for group in found])
    return [
        {
            "reason": group["reason"],
            "count": group["count"],
            "sentence": samples[group["first"]].sentence,
            "task": samples[group["first"]].task_id,
            "task_title": samples[group["first"]].task.title,
        }
        for group in found
    ]


def error_groups(*, batch: Batch) -> list[dict[str, object]]:
    """Return why jobs failed, in whole or in part, the most frequent code first, each with a sample."""
    failed = Job.objects.filter(batch=batch, state__in=(JobState.FAILED, JobState.PARTIAL)).order_by()
    groups = failed.values("error_code").annotate(count=Count("pk"), last=Max("pk"))
    found = list(groups.order_by("-count", "error_code")[:GROUPS_SHOWN])
    samples = Job.objects.select_related("task").in_bulk([group["last"] for group in found])
    return [
        {
            "error_code": group["error_code"],
            "count": group["count"],
            "sentence": samples[group["last"]].error
            or "Some frames or objects failed; the job's page says which.",
            "job": group["last"],
            "task": samples[group["last"]].task_id,
            "task_title": samples[group["last"]].task.title,
        }
        for group in found
    ]


def lowest_scores(*, batch: Batch, most: int) -> list[dict[str, object]]:
    """Return the tasks whose results are least sure: by their lowest label, then their mean."""
    rows = (
        Label.objects.filter(job__batch=batch, protected=False)
        .order_by()
        .values("task_id", "task__title", "job_id")
        .annotate(lowest=Min("confidence"), mean=Avg("confidence"), labels=Count("pk"))
        .order_by("lowest", "mean", "task_id")
    )
    return [
        {
            "task": row["task_id"],
            "task_title": row["task__title"],
            "job": row["job_id"],
            "lowest": row["lowest"],
            "mean": row["mean"],
            "labels": row["labels"],
        }
        for row in rows[:most]
    ]


def csv_rows(*, batch: Batch) -> Iterator[tuple[object, ...]]:
    """Yield the items as rows of ``CSV_COLUMNS``, in their order."""
    items = BatchItem.objects.filter(batch=batch).select_related("task", "job").order_by("position")
    for item in items.iterator(chunk_size=500):
        job = item.job
        of_job: tuple[object, ...] = ("",) * 7
        if job is not None:
            of_job = (
                job.error_code, job.error, job.frames_done, job.frames_total, job.labels_written,
                stamp(job.started_at), stamp(job.finished_at),
            )  # fmt: skip
        yield (
            item.position, item.task_id, plain(item.task.title), item.state, item.job_id, item.reason,
            plain(item.sentence), item.job_in_the_way, *of_job,
        )  # fmt: skip


def stamp(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def plain(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
