"""``labelyard media``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from labelyard.client import Client
from labelyard.command.bars import byte_bar
from labelyard.command.options import shown
from labelyard.command.undone import undone
from labelyard.media import Media

COLUMNS = ("id", "title", "kind", "state", "frame_count", "width", "height", "error")


@click.group()
def media() -> None:
    """Media: videos, pictures and series."""


@media.command("list")
@click.argument("project", type=int)
@click.option("--state", type=click.Choice(["registered", "probing", "ready", "failed"]))
@shown(*COLUMNS)
def media_list(client: Client, project: int, state: str | None) -> Iterator[Media]:
    """List the media of a project, newest first."""
    return client.media.list(project, state=state)


@media.command("show")
@click.argument("media", type=int)
@shown()
def media_show(client: Client, media: int) -> Media:
    """Show one media."""
    return client.media.get(media)


@media.command("upload")
@click.argument("project", type=int)
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--kind", type=click.Choice(["image_group", "image_sequence", "dicom"]), help="The files are one media."
)
@click.option("--title", help="What to call it; by default the file's name.")
@click.option("--task/--no-task", default=True, help="Make a task of it once it is read.")
@click.option("--wait/--no-wait", default=True, help="Wait until it is read.")
@shown(*COLUMNS)
def media_upload(
    client: Client, *, project: int, files: tuple[Path, ...], kind: str | None, title: str | None, task: bool,
    wait: bool,
) -> list[Media]:  # fmt: skip
    """Upload files: each becomes a media, or with --kind all of them one."""
    sendings = [files] if kind else [(file,) for file in files]
    sent = []
    for some in sendings:
        with byte_bar(title or some[0].name) as progress:
            sent.append(
                client.media.upload(project, *some, kind=kind, title=title, make_task=task, progress=progress)
            )
    if not wait:
        return sent
    with undone("Reading goes on at the server: “labelyard media list” shows it."):
        return [client.media.wait(one) for one in sent]
