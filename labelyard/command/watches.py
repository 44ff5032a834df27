"""``labelyard watches``: buckets that are listed again and again."""

from __future__ import annotations

from collections.abc import Iterator

import click

from labelyard.client import Client
from labelyard.command.options import shown
from labelyard.command.taking import taking
from labelyard.rules import Watch

LINE = (
    "id", "state", "prefix", "every_minutes", "at", "next_at", "listing.state", "listing.added", "failures",
    "error",
)  # fmt: skip
WATCH = click.argument("watch", type=int)


@click.group()
def watches() -> None:
    """Watches: buckets whose new objects are registered by themselves."""


@watches.command("list")
@click.argument("connection", type=int)
@shown(*LINE)
def watches_list(client: Client, connection: int) -> Iterator[Watch]:
    """List the watches of a connection."""
    return client.watches.list(connection)


@watches.command("show")
@WATCH
@shown(*LINE)
def watches_show(client: Client, watch: int) -> Watch:
    """Show a watch, with its last listing."""
    return client.watches.get(watch)


@watches.command("create")
@click.argument("connection", type=int)
@click.option("--every", "every_minutes", type=click.IntRange(1), metavar="MINUTES")
@click.option("--at", metavar="HH:MM", help="Instead: once a day at this time, UTC.")
@taking
@shown(*LINE)
def watches_create(
    client: Client, *, connection: int, every_minutes: int | None, at: str | None, prefix: str | None,
    kinds: tuple[str, ...], suffixes: tuple[str, ...], folders_as: str | None, when_changed: str,
    make_tasks: bool,
) -> Watch:  # fmt: skip
    """Make a watch, which is off."""
    if (every_minutes is None) == (at is None):
        raise click.UsageError("Give --every MINUTES or --at HH:MM.")
    return client.watches.create(
        connection, every_minutes=every_minutes, at=at, prefix=prefix, kinds=list(kinds) or None,
        suffixes=suffixes, folders_as=folders_as, when_changed=when_changed, make_tasks=make_tasks,
    )  # fmt: skip


@watches.command("on")
@WATCH
@shown(*LINE)
def watches_on(client: Client, watch: int) -> Watch:
    """List from now on."""
    return client.watches.on(watch)


@watches.command("off")
@WATCH
@shown(*LINE)
def watches_off(client: Client, watch: int) -> Watch:
    """List no more."""
    return client.watches.off(watch)


@watches.command("delete")
@WATCH
@shown()
def watches_delete(client: Client, watch: int) -> None:
    """Remove a watch. What it registered stays."""
    client.watches.delete(watch)
