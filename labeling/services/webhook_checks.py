"""What an endpoint may be: an address that can be sent to, and kinds that there are."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from labeling.addresses import is_cloud_service
from labeling.errors import LabelyardError, refused
from labeling.webhooks.catalogue import ALL, KINDS

URL_CHARACTERS = 2000


def url_check(url: str) -> None:
    """Raise ``invalid_address`` or ``private_address`` (422) for what nothing is ever sent to.

    A name is looked up when something is sent, each time; here only what is written is judged.
    What the operator allows is no address of a cloud's own services.
    """
    parts = url_parts(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host:
        raise invalid("It begins with https:// or http:// and a host.")
    if parts.username or parts.password:
        raise invalid("It may not hold a user name or a password: the signature says who sends.")
    if parts.fragment:
        raise invalid("It may not hold a fragment (#).")
    if is_cloud_service(host):
        raise refused(
            "private_address",
            f"{host} is an address of a cloud's own services, and nothing is ever sent there.",
        )
    if host not in settings.WEBHOOK_PRIVATE_HOSTS and is_private(host):
        raise refused(
            "private_address",
            f"{host} is a private address, and nothing is sent there. "
            "The operator can allow it: LABELYARD_WEBHOOK_PRIVATE_HOSTS.",
        )


def url_parts(url: str) -> SplitResult:
    if len(url) > URL_CHARACTERS or any(
        character.isspace() or not character.isprintable() for character in url
    ):
        raise invalid(f"It has at most {URL_CHARACTERS} characters, none of them a space.")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise invalid("Its host or port cannot be read.") from error
    return parts


def invalid(why: str) -> LabelyardError:
    return refused("invalid_address", f"This is no address that can be sent to. {why}")


def is_private(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def kinds_check(kinds: Sequence[str]) -> None:
    """Raise ``no_kinds`` or ``unknown_kind`` (422). ``*`` is all kinds, those of later versions too."""
    if not kinds:
        raise refused("no_kinds", "Choose at least one kind of event, or “*” for all.")
    unknown = sorted(set(kinds) - KINDS.keys() - {ALL})
    if unknown:
        raise refused("unknown_kind", f"There is no kind of event “{unknown[0]}”.", kinds=unknown)
