"""``labelyard webhooks``: endpoints, their log, sending again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import click

from labelyard.client import Client
from labelyard.command.options import shown
from labelyard.webhooks import Delivery, EventKind, Webhook

LINE = ("id", "name", "url", "format", "state", "waiting", "failed", "delivered_at")
DELIVERY = ("id", "kind", "state", "status", "outcome", "attempts", "created_at", "finished_at")
ENDPOINT = click.argument("webhook", type=int)


@click.group()
def webhooks() -> None:
    """Webhooks: other systems that are told what happens."""


@webhooks.command("kinds")
@shown("name", "when")
def webhooks_kinds(client: Client) -> list[EventKind]:
    """List the kinds of events."""
    return client.webhooks.kinds()


@webhooks.command("list")
@click.argument("project", type=int, required=False)
@shown(*LINE)
def webhooks_list(client: Client, project: int | None) -> Iterator[Webhook]:
    """List the endpoints of a project; without one, those of the installation (operators)."""
    return client.webhooks.list(project)


@webhooks.command("show")
@ENDPOINT
@shown(*LINE, "kinds", "state_reason", "failing_since")
def webhooks_show(client: Client, webhook: int) -> Webhook:
    """Show an endpoint, and how it is doing."""
    return client.webhooks.get(webhook)


@webhooks.command("create")
@click.argument("name")
@click.argument("url")
@click.option("--project", type=int, help="Without it, told of all projects (operators).")
@click.option("kinds", "--kind", multiple=True, required=True, help="May be repeated; “*” is all.")
@click.option("--format", "form", type=click.Choice(["standard", "encord"]), default="standard")
@shown("id", "name", "url", "kinds", "state", "secret")
def webhooks_create(
    client: Client, *, name: str, url: str, project: int | None, kinds: tuple[str, ...], form: str
) -> Webhook:
    """Make an endpoint. Its secret is shown this once."""
    return client.webhooks.create(project, name=name, url=url, kinds=kinds, format=form)


@webhooks.command("delete")
@ENDPOINT
@shown()
def webhooks_delete(client: Client, webhook: int) -> None:
    """Delete an endpoint with its log."""
    client.webhooks.delete(webhook)


@webhooks.command("secret")
@ENDPOINT
@click.option("--overlap-hours", type=float, default=24.0, show_default=True, help="How long both sign.")
@shown("id", "name", "secret")
def webhooks_secret(client: Client, webhook: int, overlap_hours: float) -> Webhook:
    """Make a new secret, shown this once."""
    return client.webhooks.rotate(webhook, overlap_hours=overlap_hours)


@webhooks.command("test")
@ENDPOINT
@shown(*DELIVERY)
def webhooks_test(client: Client, webhook: int) -> Delivery:
    """Send webhook.test; “labelyard webhooks log” tells what came of it."""
    return client.webhooks.test(webhook)


@webhooks.command("pause")
@ENDPOINT
@shown(*LINE)
def webhooks_pause(client: Client, webhook: int) -> Webhook:
    """Send nothing until it is resumed."""
    return client.webhooks.pause(webhook)


@webhooks.command("resume")
@ENDPOINT
@shown(*LINE)
def webhooks_resume(client: Client, webhook: int) -> Webhook:
    """Send what waits, and what happens from now on."""
    return client.webhooks.resume(webhook)


@webhooks.command("log")
@ENDPOINT
@click.option("--state", type=click.Choice(["waiting", "delivered", "failed"]))
@click.option("--kind", help="Only this kind of event.")
@shown(*DELIVERY)
def webhooks_log(client: Client, webhook: int, state: str | None, kind: str | None) -> Iterator[Delivery]:
    """List what was sent to an endpoint, newest first."""
    return client.webhooks.deliveries(webhook, state=state, kind=kind)


@webhooks.command("delivery")
@ENDPOINT
@click.argument("delivery", type=int)
@shown(*DELIVERY, "body")
def webhooks_delivery(client: Client, webhook: int, delivery: int) -> Delivery:
    """Show what was sent, and with --json what each attempt was answered."""
    return client.webhooks.delivery(webhook, delivery)


@webhooks.command("redeliver")
@ENDPOINT
@click.option("--since", type=click.DateTime(), help="All that failed since then, in your time zone.")
@click.option("--delivery", type=int, help="This one.")
@shown()
def webhooks_redeliver(
    client: Client, webhook: int, since: datetime | None, delivery: int | None
) -> Delivery | str:
    """Send again what failed."""
    if (since is None) == (delivery is None):
        raise click.UsageError("Say what to send again: --since TIME or --delivery ID.")
    if delivery is not None:
        return client.webhooks.redeliver_one(webhook, delivery)
    assert since is not None  # noqa: S101  (one of both is there)
    return f"{client.webhooks.redeliver(webhook, since=since.astimezone())} are sent again."
