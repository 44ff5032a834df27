"""``labelyard labels``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np

from labelyard.client import Client
from labelyard.command.options import shown
from labelyard.labels import Label

COLUMNS = ("frame", "instance", "provenance", "confidence", "protected", "review", "version")


@click.group()
def labels() -> None:
    """Labels: the shape of an object on a frame."""


@labels.command("list")
@click.argument("task", type=int)
@click.option("--first", type=int, help="First frame, inclusive.")
@click.option("--last", type=int, help="Last frame, inclusive.")
@shown(*COLUMNS)
def labels_list(client: Client, task: int, first: int | None, last: int | None) -> Iterator[Label]:
    """List labels by frame. With --json each has its shape."""
    windows = client.labels.windows(task, first_frame=first, last_frame=last)
    return (label for window in windows for label in window)


@labels.command("save")
@click.argument("task", type=int)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--first", type=int, help="First frame, inclusive.")
@click.option("--last", type=int, help="Last frame, inclusive.")
@shown()
def labels_save(client: Client, task: int, file: Path, first: int | None, last: int | None) -> str:
    """Save labels as arrays to a file of NumPy (.npz): frames, instances, confidences, boxes, protected."""
    table = client.labels.read(task, first_frame=first, last_frame=last)
    np.savez_compressed(
        file,
        frames=table.frames,
        instances=table.instances,
        confidences=table.confidences,
        boxes=table.boxes,
        protected=table.protected,
    )
    return f"{len(table)} labels in {file}"
