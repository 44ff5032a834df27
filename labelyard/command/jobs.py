"""``labelyard jobs``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import click

from labelyard.client import Client
from labelyard.command.bars import JobBar
from labelyard.command.options import shown
from labelyard.command.undone import undone
from labelyard.connection import given
from labelyard.jobs import DryRun, Job, Taken, detect_order, interpolate_order, track_order
from labelyard.options import WantedClass

LINE = ("id", "kind", "algorithm", "state", "task_title", "frames_done", "frames_total", "labels_written")
DETAIL = (*LINE, "queue_position", "waiting_for_worker", "warnings", "error")
Command = Callable[..., Any]


@click.group()
def jobs() -> None:
    """Jobs: automated labeling by queue."""


def ordering(function: Command) -> Command:
    """Give a command the options that every order has."""
    for option in reversed(
        [
            click.argument("task", type=int),
            click.option("--first", "first_frame", type=int, required=True, help="First frame, inclusive."),
            click.option("--last", "last_frame", type=int, required=True, help="Last frame, inclusive."),
            click.option("--priority", type=click.FloatRange(0, 1), default=0.5, show_default=True),
            click.option("--dry-run", is_flag=True, help="Only say what it would come to."),
            click.option("--wait", is_flag=True, help="Wait for its end, with progress."),
            click.option("--key", help="Repeating the order under a key is one job."),
        ]
    ):
        function = option(function)
    return function


def ordered(
    client: Client, task: int, order: dict[str, Any], *, dry_run: bool, wait: bool, key: str | None
) -> Job | DryRun:
    """Send the order, or ask what it comes to; wait for the job when told to."""
    if dry_run:
        return client.jobs.dry_run(task, order)
    job = client.jobs.order(task, order, key=key)
    return waited(client, job) if wait else job


def waited(client: Client, job: Job) -> Job:
    """Show a bar until the job has ended."""
    still = f"Job {job.id} goes on at the server. “labelyard jobs wait {job.id}” follows it again, " \
            f"“labelyard jobs cancel {job.id} --keep” ends it."  # fmt: skip
    with undone(still), closing(JobBar(job)) as bar:
        return client.jobs.wait(job, progress=bar)


@jobs.command("list")
@click.argument("project", type=int)
@click.option("--state", help="queued, running, paused, succeeded, partial, failed or cancelled.")
@click.option("--task", type=int, help="Of one task.")
@click.option("--kind", help="track, interpolate or detect_all.")
@shown(*LINE)
def jobs_list(
    client: Client, project: int, state: str | None, task: int | None, kind: str | None
) -> Iterator[Job]:
    """List the jobs of a project, newest first."""
    return client.jobs.list(project, state=state, task=task, kind=kind)


@jobs.command("show")
@click.argument("job", type=int)
@shown(*DETAIL)
def jobs_show(client: Client, job: int) -> Job:
    """Show a job: its progress, its place in the queue, its errors."""
    return client.jobs.get(job)


@jobs.command("track")
@ordering
@click.option("instances", "--object", type=int, multiple=True, required=True, help="May be repeated.")
@click.option("--direction", type=click.Choice(["forwards", "backwards"]), default="forwards")
@click.option("--algorithm", help="The tracker; fast unless told.")
@click.option("--interval", type=click.IntRange(0), help="Frames without the object that are tolerated.")
@shown()
def jobs_track(client: Client, task: int, dry_run: bool, wait: bool, key: str | None, **order: Any) -> object:
    """Follow objects over a range of frames."""
    return ordered(client, task, track_order(**order), dry_run=dry_run, wait=wait, key=key)


@jobs.command("interpolate")
@ordering
@click.option("instances", "--object", type=int, multiple=True, required=True, help="May be repeated.")
@shown()
def jobs_interpolate(
    client: Client, task: int, dry_run: bool, wait: bool, key: str | None, **order: Any
) -> object:
    """Fill the frames between labels."""
    return ordered(client, task, interpolate_order(**order), dry_run=dry_run, wait=wait, key=key)


@jobs.command("detect")
@ordering
@click.option(
    "classes", "--class", multiple=True, required=True, metavar="ID[=WORDS]", help="May be repeated."
)
@click.option("--threshold", type=click.FloatRange(0, 1), help="The least confidence.")
@click.option("--step", type=click.IntRange(1), default=1, show_default=True, help="Every n-th frame.")
@click.option("--fill", help="The tracker that fills the frames between.")
@shown()
def jobs_detect(
    client: Client, *, task: int, dry_run: bool, wait: bool, key: str | None, classes: tuple[str, ...],
    threshold: float | None, **order: Any,
) -> object:  # fmt: skip
    """Find all objects of classes, by their names or by WORDS."""
    wanted = [wanted_class(one, threshold=threshold) for one in classes]
    return ordered(client, task, detect_order(classes=wanted, **order), dry_run=dry_run, wait=wait, key=key)


def wanted_class(text: str, *, threshold: float | None) -> WantedClass:
    number, equals, words = text.partition("=")
    if not number.isdigit():
        raise click.UsageError("A class is its id, and words after “=” if you like: --class 4=“parked car”.")
    return WantedClass(object_class=int(number), words=words if equals else None, threshold=threshold)


@jobs.command("wait")
@click.argument("job", type=int)
@shown(*DETAIL)
def jobs_wait(client: Client, job: int) -> Job:
    """Follow a job to its end. Exit code 4 when it fails or was cancelled."""
    return waited(client, client.jobs.get(job))


@jobs.command("pause")
@click.argument("job", type=int)
@shown(*LINE)
def jobs_pause(client: Client, job: int) -> Job:
    """Hold a job back."""
    return client.jobs.pause(job)


@jobs.command("resume")
@click.argument("job", type=int)
@shown(*LINE)
def jobs_resume(client: Client, job: int) -> Job:
    """Go on with a paused job."""
    return client.jobs.resume(job)


@jobs.command("cancel")
@click.argument("job", type=int)
@click.option("--keep/--discard", default=None, help="What becomes of its labels.")
@shown(*LINE)
def jobs_cancel(client: Client, job: int, keep: bool | None) -> Job:
    """Stop a job."""
    if keep is None:
        raise click.UsageError("Say what becomes of the job's labels: --keep or --discard.")
    return client.jobs.cancel(job, keep=keep)


@jobs.command("retry")
@click.argument("job", type=int)
@shown(*LINE)
def jobs_retry(client: Client, job: int) -> Job:
    """Queue the failed parts again."""
    return client.jobs.retry(job)


@jobs.command("again")
@click.argument("job", type=int)
@click.option("--first", "first_frame", type=int, help="First frame, inclusive.")
@click.option("--last", "last_frame", type=int, help="Last frame, inclusive.")
@click.option("--priority", type=click.FloatRange(0, 1))
@click.option("--algorithm", help="The tracker.")
@click.option("--interval", type=click.IntRange(0), help="Frames without the object that are tolerated.")
@click.option("--step", type=click.IntRange(1), help="Look on every n-th frame.")
@click.option("--wait", is_flag=True, help="Wait for its end, with progress.")
@click.option("--key", help="Repeating the order under a key is one job.")
@shown(*LINE)
def jobs_again(client: Client, job: int, wait: bool, key: str | None, **changes: Any) -> Job:
    """Order the same once more, with what is changed here."""
    made = client.jobs.again(job, key=key, **given(**changes))
    return waited(client, made) if wait else made


@jobs.command("revert")
@click.argument("job", type=int)
@shown("removed", "kept", "job.id", "job.state")
def jobs_revert(client: Client, job: int) -> Taken:
    """Take back what a job wrote."""
    return client.jobs.revert(job)


@jobs.command("redo")
@click.argument("job", type=int)
@shown("written", "kept", "job.id", "job.state")
def jobs_redo(client: Client, job: int) -> Taken:
    """Bring a reverted job's labels back."""
    return client.jobs.redo(job)
