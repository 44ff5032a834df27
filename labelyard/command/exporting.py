"""``labelyard exports``."""

from __future__ import annotations

from pathlib import Path

import click

from labelyard.client import Client
from labelyard.command.bars import byte_bar
from labelyard.command.options import shown
from labelyard.exports import Exported


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


@exports.command("report")
@click.argument("project", type=int)
@click.option("--format", "form", required=True, help="coco, encord …")
@shown()
def exports_report(client: Client, project: int, form: str) -> str:
    """Say what the format cannot hold of a project."""
    losses = client.exports.report(project, format=form)
    return "\n".join(losses) or "It holds everything."
