"""``labelyard tasks``."""

from __future__ import annotations

from collections.abc import Iterator

import click

from labelyard.client import Client
from labelyard.command.options import shown
from labelyard.tasks import Instance, Task

COLUMNS = ("id", "title", "stage", "first_frame", "last_frame", "instance_count", "priority")


@click.group()
def tasks() -> None:
    """Tasks: a media, or a segment of its frames."""


@tasks.command("list")
@click.argument("project", type=int)
@click.option("--stage", help="annotate, review or complete.")
@click.option("--assignee", help="A user's id, “me” or “none”.")
@click.option("--search", help="Part of the title.")
@shown(*COLUMNS)
def tasks_list(
    client: Client, project: int, stage: str | None, assignee: str | None, search: str | None
) -> Iterator[Task]:
    """List the tasks of a project."""
    return client.tasks.list(project, stage=stage, assignee=assignee, search=search)


@tasks.command("show")
@click.argument("task", type=int)
@shown(*COLUMNS, "media.title", "media.width", "media.height")
def tasks_show(client: Client, task: int) -> Task:
    """Show a task."""
    return client.tasks.get(task)


@tasks.command("objects")
@click.argument("task", type=int)
@shown("id", "name", "object_class", "labelled.count", "labelled.first", "labelled.last")
def tasks_objects(client: Client, task: int) -> Iterator[Instance]:
    """List the objects of a task, and on which frames they are labelled."""
    return client.instances.list(task)


@tasks.command("create")
@click.argument("project", type=int)
@click.argument("media", type=int)
@click.option("--first", "first_frame", type=click.IntRange(0), help="First frame, inclusive.")
@click.option("--last", "last_frame", type=click.IntRange(0), help="Last frame, inclusive.")
@click.option("--title", help="What to call it; by default as the media.")
@shown(*COLUMNS)
def tasks_create(
    client: Client, *, project: int, media: int, first_frame: int | None, last_frame: int | None,
    title: str | None,
) -> Task:  # fmt: skip
    """Make a task of a media, or of a segment of its frames."""
    return client.tasks.create(
        project, media=media, first_frame=first_frame, last_frame=last_frame, title=title
    )


@tasks.command("reopen")
@click.argument("task", type=int)
@shown("id", "title", "stage")
def tasks_reopen(client: Client, task: int) -> Task:
    """Open a complete task again."""
    return client.tasks.reopen(task)


@tasks.command("submit")
@click.argument("task", type=int)
@shown("id", "title", "stage")
def tasks_submit(client: Client, task: int) -> Task:
    """Hand the work in."""
    return client.tasks.submit(task)


@tasks.command("accept")
@click.argument("task", type=int)
@shown("id", "title", "stage")
def tasks_accept(client: Client, task: int) -> Task:
    """Complete a task in review."""
    return client.tasks.accept(task)


@tasks.command("reject")
@click.argument("task", type=int)
@click.option("--comment", default="", help="What to mend.")
@shown("id", "title", "stage")
def tasks_reject(client: Client, task: int, comment: str) -> Task:
    """Send a task in review back to its annotator."""
    return client.tasks.reject(task, comment=comment)
