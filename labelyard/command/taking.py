"""What is taken of a bucket, and what becomes of it: options of a listing and of a watch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

Command = Callable[..., Any]

OPTIONS = (
    click.option("--prefix", help="Keys that begin so; the connection's prefix unless told."),
    click.option("kinds", "--kind", type=click.Choice(["video", "image", "dicom", "other"]), multiple=True),
    click.option("suffixes", "--suffix", multiple=True, help="Endings that are taken too: .bin"),
    click.option(
        "--folders-as",
        type=click.Choice(["image_sequence", "image_group"]),
        help="The pictures of each folder are one media.",
    ),
    click.option("--when-changed", type=click.Choice(["say", "register"]), default="say", show_default=True),
    click.option("--task/--no-task", "make_tasks", default=True, help="Make a task of each once it is read."),
)


def taking(function: Command) -> Command:
    """Give a command these options."""
    for option in reversed(OPTIONS):
        function = option(function)
    return function
