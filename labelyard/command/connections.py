"""``labelyard connections``: buckets, and registering what lies there."""

from __future__ import annotations

from collections.abc import Iterator

import click

from labelyard.buckets import BucketConnection, Listing, ListingPreview, Trial
from labelyard.client import Client
from labelyard.command.options import shown
from labelyard.command.taking import taking
from labelyard.command.undone import undone

LINE = ("id", "name", "bucket", "prefix", "endpoint", "credentials", "media_count", "test_code")
LISTING = (
    "id",
    "state",
    "prefix",
    "seen",
    "added",
    "same",
    "known",
    "changed",
    "vanished",
    "skipped",
    "error",
)


@click.group()
def connections() -> None:
    """Connections to buckets that media stay in."""


@connections.command("list")
@click.argument("project", type=int)
@shown(*LINE)
def connections_list(client: Client, project: int) -> Iterator[BucketConnection]:
    """List the connections of a project."""
    return client.connections.list(project)


@connections.command("create")
@click.argument("project", type=int)
@click.argument("name")
@click.option("--bucket", required=True)
@click.option("--prefix", default="", help="Nothing outside of it is listed or written.")
@click.option("--endpoint", default="", help="Of a compatible store; without it Amazon's.")
@click.option("--region", default="")
@click.option("--path-style", is_flag=True, help="The bucket stands in the path, not in the host's name.")
@click.option("--access-key", envvar="AWS_ACCESS_KEY_ID", help="Without keys: the installation's own.")
@click.option("--secret-key", envvar="AWS_SECRET_ACCESS_KEY", help="Better by AWS_SECRET_ACCESS_KEY.")
@shown(*LINE)
def connections_create(
    client: Client, *, project: int, name: str, bucket: str, prefix: str, endpoint: str, region: str,
    path_style: bool, access_key: str | None, secret_key: str | None,
) -> BucketConnection:  # fmt: skip
    """Make a connection. Keys come best by AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."""
    return client.connections.create(
        project, name=name, bucket=bucket, prefix=prefix, endpoint=endpoint, region=region,
        path_style=path_style, access_key=access_key, secret_key=secret_key,
    )  # fmt: skip


@connections.command("test")
@click.argument("connection", type=int)
@shown()
def connections_test(client: Client, connection: int) -> Trial:
    """List one object and read its first byte."""
    return client.connections.test(connection)


@connections.command("delete")
@click.argument("connection", type=int)
@shown()
def connections_delete(client: Client, connection: int) -> None:
    """Remove a connection that no media depend on."""
    client.connections.delete(connection)


@connections.command("register")
@click.argument("connection", type=int)
@taking
@click.option("--dry-run", is_flag=True, help="Only say what the first 1,000 keys would come to.")
@click.option("--wait", is_flag=True, help="Wait for its end.")
@shown()
def connections_register(
    client: Client, *, connection: int, prefix: str | None, kinds: tuple[str, ...], suffixes: tuple[str, ...],
    folders_as: str | None, when_changed: str, make_tasks: bool, dry_run: bool, wait: bool,
) -> Listing | ListingPreview:  # fmt: skip
    """Register what lies below a prefix."""
    chosen = list(kinds) or None
    if dry_run:
        return client.listings.dry_run(
            connection, prefix=prefix, kinds=chosen, suffixes=suffixes, folders_as=folders_as
        )
    listing = client.listings.create(
        connection, prefix=prefix, kinds=chosen, suffixes=suffixes, folders_as=folders_as,
        when_changed=when_changed, make_tasks=make_tasks,
    )  # fmt: skip
    return waited(client, listing.id) if wait else listing


def waited(client: Client, listing: int) -> Listing:
    with undone(f"Listing {listing} goes on at the server: “labelyard connections wait {listing}”."):
        return client.listings.wait(listing)


@connections.command("listings")
@click.argument("connection", type=int)
@shown(*LISTING)
def connections_listings(client: Client, connection: int) -> Iterator[Listing]:
    """List the listings of a connection, newest first."""
    return client.listings.list(connection)


@connections.command("wait")
@click.argument("listing", type=int)
@shown(*LISTING)
def connections_wait(client: Client, listing: int) -> Listing:
    """Follow a listing to its end. Exit code 4 when it fails."""
    return waited(client, listing)


@connections.command("cancel")
@click.argument("listing", type=int)
@shown(*LISTING)
def connections_cancel(client: Client, listing: int) -> Listing:
    """End a listing; what it registered stays."""
    return client.listings.cancel(listing)


@connections.command("retry")
@click.argument("listing", type=int)
@shown(*LISTING)
def connections_retry(client: Client, listing: int) -> Listing:
    """Go on with a listing that failed or was cancelled."""
    return client.listings.retry(listing)
