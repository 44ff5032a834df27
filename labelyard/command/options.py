"""What all commands share: whose client, and how what they return is shown."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any

import click
import msgspec

from labelyard.client import Client
from labelyard.command.config import account_kept

Columns = Sequence[str]


@dataclass
class Settings:
    """What was said before the command's name."""

    url: str | None = None


def client_of(settings: Settings) -> Client:
    """Return a client of the address that was given, the environment's, or the one signed in to."""
    token = os.environ.get("LABELYARD_TOKEN", "")
    kept = None if settings.url and token else account_kept()
    url = settings.url or (kept.url if kept else "")
    # A token is never sent to another address than the one it was kept for.
    if not token and kept is not None and url.rstrip("/") == kept.url.rstrip("/"):
        token = kept.token
    if not url or not token:
        raise click.UsageError("Sign in with “labelyard login”, or set LABELYARD_URL and LABELYARD_TOKEN.")
    return Client(url, token)


def shown(*columns: str) -> Callable[[Callable[..., Any]], Callable[..., None]]:
    """Give a command its client as first argument, and ``--json``; show what it returns.

    Records are shown by these columns: one as lines, several as a table. With ``--json`` whole.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., None]:
        @click.option("--json", "as_json", is_flag=True, help="Write JSON to standard output.")
        @functools.wraps(function)
        def command(*, as_json: bool, **given: Any) -> None:
            with client_of(click.get_current_context().find_object(Settings) or Settings()) as client:
                value = function(client, **given)
                show(value, columns=columns, as_json=as_json)

        return command

    return decorate


def show(value: object, *, columns: Columns, as_json: bool) -> None:
    """Write what a command returned to standard output."""
    rows = value if isinstance(value, Iterator | list) else None
    if as_json:
        whole = list(rows) if rows is not None else value
        click.echo(msgspec.json.encode(whole))
    elif rows is not None:
        table(rows, columns)
    elif is_dataclass(value):
        for name in columns or [field.name for field in fields(value)]:
            click.echo(f"{name}: {cell(member(value, name))}")
    elif value is not None:
        click.echo(str(value))


def table(rows: Iterable[object], columns: Columns) -> None:
    """Write rows beneath a line of names, columns apart by at least two spaces."""
    cells = [list(columns), *([cell(member(row, name)) for name in columns] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        click.echo("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def member(row: object, name: str) -> object:
    """Return a member of a record, or of a member of it: ``media.title``. None where there is none."""
    for part in name.split("."):
        if row is not None:
            row = row.get(part) if isinstance(row, dict) else getattr(row, part)
    return row


def cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M")
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, dict):
        return "; ".join(f"{name}: {cell(one)}" for name, one in value.items()) or "-"
    if isinstance(value, list | tuple):
        return "; ".join(cell(one) for one in value) or "-"
    return str(value)
