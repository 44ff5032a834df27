"""``labelyard comments``."""

from __future__ import annotations

from collections.abc import Iterator

import click

from labelyard.client import Client
from labelyard.command.options import shown
from labelyard.comments import Comment

LINE = ("id", "parent", "kind", "frame", "author.username", "resolved_at", "text")


@click.group()
def comments() -> None:
    """Comments: remarks about a task, pinned to where they belong."""


@comments.command("list")
@click.argument("task", type=int)
@click.option("--open/--settled", "is_open", default=None, help="Only threads that are (not) settled.")
@shown(*LINE)
def comments_list(client: Client, task: int, is_open: bool | None) -> Iterator[Comment]:
    """List the comments of a task, oldest first."""
    return client.comments.list(task, resolved=None if is_open is None else not is_open)


@comments.command("add")
@click.argument("task", type=int)
@click.argument("text")
@click.option("--frame", type=click.IntRange(0), help="About this frame.")
@click.option(
    "--last", "last_frame", type=click.IntRange(0), help="About the frames from --frame to this one."
)
@click.option("--point", type=(float, float), metavar="X Y", help="About this point of the frame, in pixels.")
@click.option("instance", "--object", type=int, help="About this object.")
@shown(*LINE)
def comments_add(
    client: Client, *, task: int, text: str, frame: int | None, last_frame: int | None,
    point: tuple[float, float] | None, instance: int | None,
) -> Comment:  # fmt: skip
    """Comment on a task. @username mentions members."""
    return client.comments.create(
        task, text, frame=frame, last_frame=last_frame, point=point, instance=instance
    )


@comments.command("reply")
@click.argument("comment", type=int)
@click.argument("text")
@shown(*LINE)
def comments_reply(client: Client, comment: int, text: str) -> Comment:
    """Answer a comment."""
    return client.comments.reply(client.comments.get(comment), text)


@comments.command("resolve")
@click.argument("comment", type=int)
@shown(*LINE)
def comments_resolve(client: Client, comment: int) -> Comment:
    """Settle a thread."""
    return client.comments.resolve(comment)


@comments.command("reopen")
@click.argument("comment", type=int)
@shown(*LINE)
def comments_reopen(client: Client, comment: int) -> Comment:
    """Open a settled thread again."""
    return client.comments.resolve(comment, resolved=False)


@comments.command("delete")
@click.argument("comment", type=int)
@shown()
def comments_delete(client: Client, comment: int) -> None:
    """Delete a comment of yours, unless others replied."""
    client.comments.delete(comment)
