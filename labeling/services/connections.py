"""Connections to buckets: made, tried, changed, removed. Their keys go in and never come out."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils import timezone

from labeling.addresses import AddressRefused, AddressRule, server_of
from labeling.errors import LabelyardError, conflict, refused
from labeling.media.s3 import Trial, bucket_trial
from labeling.models import Connection, Credentials, Media, Project, User
from labeling.sealing import seal
from labeling.selectors.connections import connection_options, environment_require

# What names where the media lie: not to be changed under them.
PLACE = ("endpoint", "bucket")
ACCESS_KEY_SHOWN = 4


@dataclass(frozen=True)
class Keys:
    """An access key with its secret, and a session token where the store gave one."""

    access_key: str
    secret_key: str
    session_token: str = ""


def connection_create(
    *,
    user: User | None,
    project: Project,
    name: str,
    bucket: str,
    credentials: str = Credentials.KEYS,
    keys: Keys | None = None,
    **place: Any,
) -> Connection:
    """Make a connection, with ``keys`` of its own or the installation's credentials. Nothing is asked yet.

    ``place``: ``endpoint``, ``region``, ``prefix``, ``path_style``. Raises ``connection_exists`` (409),
    ``endpoint_refused``, ``bucket_not_allowed``, ``keys_incomplete``, ``prefix_too_long`` (422).
    """
    connection = Connection(project=project, name=name, bucket=bucket, created_by=user, **place)
    credentials_put(connection, credentials, keys)
    connection_check(connection)
    connection_save(connection)
    return connection


def connection_update(
    *, connection: Connection, credentials: str | None = None, keys: Keys | None = None, **changes: Any
) -> Connection:
    """Change a connection; ``keys`` replace those that it has.

    Where media lie in its bucket, endpoint and bucket stay. Kept keys are never sent to another place than
    they were given for. Raises as ``connection_create`` does, ``connection_in_use`` (409), ``keys_needed``.
    """
    moved = any(field in changes and changes[field] != getattr(connection, field) for field in PLACE)
    if moved and Media.objects.filter(connection=connection).exists():
        sentence = (
            f"Media lie in the bucket of “{connection}”: its endpoint and bucket stay. Make another one."
        )
        raise conflict("connection_in_use", sentence)
    for field, value in changes.items():
        setattr(connection, field, value)
    wanted = credentials or (Credentials.KEYS if keys else connection.credentials)
    if keys is not None or wanted != connection.credentials:
        credentials_put(connection, wanted, keys)
    elif moved and wanted == Credentials.KEYS:
        raise refused("keys_needed", "Give the keys again: those that are kept were given for another place.")
    connection.test_code, connection.test_sentence, connection.tested_at = "", "", None
    connection_check(connection)
    connection_save(connection)
    return connection


def connection_delete(*, connection: Connection) -> None:
    """Remove a connection that no media and no rule depends on. Raises ``connection_in_use`` (409)."""
    try:
        with transaction.atomic():
            connection.delete()
    except ProtectedError as error:
        count = Media.objects.filter(connection=connection).count()
        sentence = f"{count:,} media are read by “{connection}”: it stays as long as they do."
        raise conflict("connection_in_use", sentence, media=count) from error
    except RestrictedError as error:
        names = ", ".join(f"“{rule}”" for rule in connection.rules.order_by("name"))
        sentence = f"“{connection}” is what these rules are about: {names}. Remove or change them first."
        raise conflict("connection_in_use", sentence) from error


def connection_test(*, connection: Connection) -> Trial:
    """Try the bucket out, and keep what came of it. It takes a few seconds at most."""
    try:
        trial = bucket_trial(replace(connection_options(connection), prefix=connection.prefix))
    except LabelyardError as error:
        trial = Trial(error.code, error.sentence)
    connection.test_code, connection.test_sentence = trial.code, trial.sentence
    connection.tested_at = timezone.now()
    connection.save(update_fields=["test_code", "test_sentence", "tested_at"])
    return trial


def credentials_put(connection: Connection, credentials: str, keys: Keys | None) -> None:
    """Seal the keys into the row, or leave them to the installation. Raises ``keys_incomplete`` (422)."""
    if credentials == Credentials.ENVIRONMENT:
        if keys is not None:
            raise refused("keys_incomplete", "Give keys, or use the installation's credentials: not both.")
        connection.credentials = Credentials.ENVIRONMENT
        connection.sealed, connection.access_key_end, connection.keys_set_at = "", "", None
        return
    if keys is None or not keys.access_key or not keys.secret_key:
        raise refused("keys_incomplete", "An access key and its secret key belong together: give both.")
    connection.credentials = Credentials.KEYS
    connection.sealed = seal(json.dumps(vars(keys)).encode())
    # Of a short one the last four would be too much of it.
    connection.access_key_end = keys.access_key[-ACCESS_KEY_SHOWN:] if len(keys.access_key) > 8 else ""
    connection.keys_set_at = timezone.now()


def connection_check(connection: Connection) -> None:
    """Raise for what may not be asked, before anything is."""
    if len(connection.prefix.encode()) > 1024:
        raise refused("prefix_too_long", "A prefix is at most 1,024 bytes long, as keys are.")
    try:
        if connection.endpoint:
            server_of(connection.endpoint)
            if connection.endpoint != settings.S3_ENDPOINT:
                AddressRule(private=settings.PRIVATE_ENDPOINTS).require_url(connection.endpoint)
    except AddressRefused as error:
        raise refused("endpoint_refused", error.sentence) from error
    if connection.credentials == Credentials.ENVIRONMENT:
        environment_require(connection)


def connection_save(connection: Connection) -> None:
    try:
        with transaction.atomic():
            connection.save()
    except IntegrityError as error:
        sentence = f"The project has a connection “{connection.name}” already. Name this one otherwise."
        raise conflict("connection_exists", sentence) from error
