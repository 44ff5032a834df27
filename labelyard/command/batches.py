"""``labelyard batches``: one order over many tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import click

from labelyard.batches import Batch, BatchDryRun, BatchItem
from labelyard.client import Client
from labelyard.command.bars import BatchBar
from labelyard.command.jobs import wanted_class
from labelyard.command.options import shown
from labelyard.command.undone import Undone, undone
from labelyard.specifications import (
    detect_specification,
    fixed,
    from_first_label,
    interpolate_specification,
    track_specification,
    whole,
)

COUNTS = tuple(
    f"counts.{name}" for name in ("waiting", "queued", "running", "succeeded", "failed", "skipped")
)
LINE = ("id", "name", "kind", "state", "items_total", *COUNTS)
DETAIL = (
    *LINE,
    "counts.partial",
    "counts.cancelled",
    "counts.paused",
    "paused",
    "worker_seconds",
    "failures",
)
Command = Callable[..., Any]


@click.group()
def batches() -> None:
    """Batches: one order over all tasks that match."""


def ordering(function: Command) -> Command:
    """Give a command the options that every batch has."""
    for option in reversed(
        [
            click.argument("project", type=int),
            click.option("--stage", help="Only tasks at this stage."),
            click.option("--assignee", help="Only those of a user's id, “me” or “none”."),
            click.option("--search", help="Only those with this in their title."),
            click.option("ids", "--task", type=int, multiple=True, help="These tasks; may be repeated."),
            click.option("--from-first-label", "frames", type=click.IntRange(1), metavar="FRAMES",
                         help="So many frames from each task's first label on."),
            click.option("--frames", "span", type=(int, int), metavar="FIRST LAST",
                         help="These frames, counted from each task's first."),
            click.option("--sample", type=click.IntRange(1), help="Try so many tasks first."),
            click.option("--name", default="", help="What to call it."),
            click.option("--budget", "budget_seconds", type=float, help="Seconds of workers at most."),
            click.option("--priority", type=click.FloatRange(0, 1), default=0.5, show_default=True),
            click.option("--dry-run", is_flag=True, help="Only say what it would come to."),
            click.option("--wait", is_flag=True, help="Wait for its end, with progress."),
            click.option("--key", help="Repeating the order under a key is one batch."),
        ]
    ):  # fmt: skip
        function = option(function)
    return function


def ordered(
    client: Client,
    specification: Callable[..., dict[str, Any]],
    *,
    project: int,
    dry_run: bool,
    wait: bool,
    frames: int | None,
    span: tuple[int, int] | None,
    told: dict[str, Any],
    **wish: Any,
) -> Batch | BatchDryRun:
    """Send the order, or ask what it comes to; wait for the batch when told to."""
    if frames is not None and span is not None:
        raise click.UsageError("Give --from-first-label or --frames, not both.")
    chosen = {name: told.pop(name) for name in ("stage", "assignee", "search", "ids")}
    tasks = {name: list(value) if name == "ids" else value for name, value in chosen.items() if value}
    over = from_first_label(frames) if frames is not None else fixed(*span) if span else whole()
    what = specification(span=over, **wish)
    if dry_run:
        return client.batches.dry_run(project, what, tasks=tasks)
    batch = client.batches.order(project, what, tasks=tasks, **told)
    return waited(client, batch) if wait else batch


def waited(client: Client, batch: Batch) -> Batch:
    """Show a bar until the batch is at rest. Raises ``Undone`` for one that was cancelled or has failures."""
    still = f"It goes on at the server. “labelyard batches wait {batch.id}” follows it again, " \
            f"“labelyard batches cancel {batch.id} --keep” ends it."  # fmt: skip
    with undone(still), closing(BatchBar(batch)) as bar:
        found = client.batches.wait(batch, progress=bar)
    failed = found.counts.get("failed", 0)
    if found.state == "cancelled":
        raise Undone("batch_cancelled", f"Batch {batch.id} was cancelled.")
    if failed:
        why = "; ".join(map(str, found.failures))
        raise Undone(
            "jobs_failed", f"{failed} of the {found.items_total} jobs of batch {batch.id} failed: {why}"
        )
    return found


def order_options(given: dict[str, Any]) -> dict[str, Any]:
    """Take what is said of the order itself out of a command's options."""
    names = ("stage", "assignee", "search", "ids", "sample", "name", "budget_seconds", "key")
    return {name: given.pop(name) for name in names}


@batches.command("list")
@click.argument("project", type=int)
@shown(*LINE)
def batches_list(client: Client, project: int) -> Iterator[Batch]:
    """List the batches of a project, newest first."""
    return client.batches.list(project)


@batches.command("show")
@click.argument("batch", type=int)
@shown(*DETAIL)
def batches_show(client: Client, batch: int) -> Batch:
    """Show a batch: how far it is, and why jobs failed."""
    return client.batches.get(batch)


@batches.command("items")
@click.argument("batch", type=int)
@click.option("--state", help="waiting, skipped, or the state of a job.")
@click.option("--error", "error_code", help="Only those that failed with this code.")
@shown("task", "task_title", "state", "job", "labels_written", "sentence", "error")
def batches_items(
    client: Client, batch: int, state: str | None, error_code: str | None
) -> Iterator[BatchItem]:
    """List the tasks of a batch with their jobs."""
    return client.batches.items(batch, state=state, error_code=error_code)


@batches.command("track")
@ordering
@click.option(
    "object_classes", "--class", type=int, multiple=True, help="Only objects of it; may be repeated."
)
@click.option("--algorithm", help="The tracker; fast unless told.")
@click.option("--interval", type=click.IntRange(0), help="Frames without the object that are tolerated.")
@shown()
def batches_track(client: Client, **given: Any) -> object:
    """Track the objects of all tasks that match."""
    return ordered(client, track_specification, told=order_options(given), **given)


@batches.command("interpolate")
@ordering
@click.option(
    "object_classes", "--class", type=int, multiple=True, help="Only objects of it; may be repeated."
)
@shown()
def batches_interpolate(client: Client, **given: Any) -> object:
    """Fill the frames between labels in all tasks that match."""
    return ordered(client, interpolate_specification, told=order_options(given), **given)


@batches.command("detect")
@ordering
@click.option(
    "wanted", "--class", multiple=True, required=True, metavar="ID[=WORDS]", help="May be repeated."
)
@click.option("--threshold", type=click.FloatRange(0, 1), help="The least confidence.")
@click.option("--step", type=click.IntRange(1), default=1, show_default=True, help="Every n-th frame.")
@click.option("--fill", help="The tracker that fills the frames between.")
@shown()
def batches_detect(client: Client, wanted: tuple[str, ...], threshold: float | None, **given: Any) -> object:
    """Find all objects of classes in all tasks that match."""
    classes = [wanted_class(one, threshold=threshold) for one in wanted]
    return ordered(client, detect_specification, told=order_options(given), classes=classes, **given)


@batches.command("again")
@click.argument("batch", type=int)
@click.option("states", "--state", multiple=True, help="Only its tasks with this outcome; may be repeated.")
@click.option("--sample", type=click.IntRange(1), help="Try so many tasks first.")
@click.option("--name", help="What to call it.")
@click.option("--wait", is_flag=True, help="Wait for its end, with progress.")
@shown(*LINE)
def batches_again(
    client: Client, *, batch: int, states: tuple[str, ...], sample: int | None, name: str | None, wait: bool
) -> Batch:
    """Run a batch once more, as a new one that is linked to it."""
    made = client.batches.again(batch, states=list(states) or None, sample=sample, name=name)
    return waited(client, made) if wait else made


@batches.command("wait")
@click.argument("batch", type=int)
@shown(*DETAIL)
def batches_wait(client: Client, batch: int) -> Batch:
    """Follow a batch to its end, or that of its sample. Exit code 4: jobs failed, or it was cancelled."""
    return waited(client, client.batches.get(batch))


@batches.command("go-on")
@click.argument("batch", type=int)
@shown(*LINE)
def batches_go_on(client: Client, batch: int) -> Batch:
    """Queue the rest after the sample."""
    return client.batches.go_on(batch)


@batches.command("pause")
@click.argument("batch", type=int)
@shown(*LINE)
def batches_pause(client: Client, batch: int) -> Batch:
    """Hold a batch back."""
    return client.batches.pause(batch)


@batches.command("resume")
@click.argument("batch", type=int)
@click.option("--budget", "budget_seconds", type=float, help="A new budget, in all.")
@shown(*LINE)
def batches_resume(client: Client, batch: int, budget_seconds: float | None) -> Batch:
    """Go on with a paused batch."""
    return client.batches.resume(batch, budget_seconds=budget_seconds)


@batches.command("cancel")
@click.argument("batch", type=int)
@click.option("--keep/--discard", default=None, help="What becomes of what the cancelled jobs wrote.")
@shown(*LINE)
def batches_cancel(client: Client, batch: int, keep: bool | None) -> Batch:
    """Stop a batch."""
    if keep is None:
        raise click.UsageError("Say what becomes of the labels of its jobs: --keep or --discard.")
    return client.batches.cancel(batch, keep=keep)


@batches.command("retry")
@click.argument("batch", type=int)
@shown(*LINE)
def batches_retry(client: Client, batch: int) -> Batch:
    """Queue the failed parts of all its jobs again."""
    return client.batches.retry(batch)


@batches.command("revert")
@click.argument("batch", type=int)
@shown(*LINE)
def batches_revert(client: Client, batch: int) -> Batch:
    """Take back what its jobs wrote."""
    return client.batches.revert(batch)
