"""``labelyard exports``."""

from __future__ import annotations

from pathlib import Path

import click

from labelyard.client import Client
from labelyard.command.bars import byte_bar
from labelyard.command.options import shown
from labelyard.command.undone import undone
from labelyard.exports import BucketExport, Exported


@click.group()
def exports() -> None:
    """Exports: files for other tools."""


@exports.command("project")
@click.argument("project", type=int)
@click.option("--format", "form", required=True, help="coco, encord …")
@click.option(
    "--to", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write."
)
@shown()
def exports_project(client: Client, project: int, form: str, to: Path) -> Exported:
    """Write a whole project to a file."""
    with byte_bar(to.name) as progress:
        return client.exports.project(project, format=form, to=to, progress=progress)


@exports.command("task")
@click.argument("task", type=int)
@click.option("--format", "form", required=True, help="coco, encord …")
@click.option(
    "--to", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write."
)
@shown()
def exports_task(client: Client, task: int, form: str, to: Path) -> Exported:
    """Write one task to a file."""
    with byte_bar(to.name) as progress:
        return client.exports.task(task, format=form, to=to, progress=progress)


@exports.command("bucket")
@click.argument("project", type=int)
@click.option("--connection", type=int, required=True, help="Whose bucket.")
@click.option("--format", "form", required=True, help="coco, encord …")
@click.option("--task", type=int, help="One task; without it, all.")
@click.option("--wait", is_flag=True, help="Wait until it is written.")
@shown("id", "key", "format", "state", "size_bytes", "losses", "error")
def exports_bucket(
    client: Client, *, project: int, connection: int, form: str, task: int | None, wait: bool
) -> BucketExport:
    """Have a worker write a project into a connected bucket."""
    export = client.exports.to_bucket(project, connection=connection, format=form, task=task)
    if not wait:
        return export
    with undone(f"Export {export.id} goes on at the server."):
        return client.exports.wait(export)


@exports.command("report")
@click.argument("project", type=int)
@click.option("--format", "form", required=True, help="coco, encord …")
@shown()
def exports_report(client: Client, project: int, form: str) -> str:
    """Say what the format cannot hold of a project."""
    losses = client.exports.report(project, format=form)
    return "\n".join(losses) or "It holds everything."
