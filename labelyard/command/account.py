"""Signing in and out."""

from __future__ import annotations

import click

from labelyard.client import Client, Me
from labelyard.command.config import Account, account_forget, account_keep
from labelyard.command.options import Settings, shown


@click.command()
@click.option("--token", envvar="LABELYARD_TOKEN", help="Better left out: then it is asked for, unseen.")
@click.argument("url", required=False)
@click.pass_obj
def login(settings: Settings, url: str | None, token: str | None) -> None:
    """Keep the address and an API token of yours, in a file that only you can read.

    A token is made on the page “Tokens”, or by “manage.py create_token”.
    """
    address = url or settings.url
    if not address:
        raise click.UsageError("Say where: labelyard login https://labels.example.org")
    secret = token or click.prompt("Token", hide_input=True)
    with Client(address, secret.strip()) as client:
        who = client.me()
    path = account_keep(Account(url=address, token=secret.strip()))
    click.echo(f"Signed in to {address} as {who.username}; kept in {path}.")


@click.command()
def logout() -> None:
    """Forget the token. It stays valid: revoke it on the page “Tokens”."""
    account_forget()
    click.echo("Forgotten on this machine.")


@click.command()
@shown("username", "is_service")
def me(client: Client) -> Me:
    """Say who the token acts as."""
    return client.me()
