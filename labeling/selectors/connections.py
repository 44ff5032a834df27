"""Reading connections, their listings, and the buckets themselves."""

from __future__ import annotations

import json

from django.conf import settings
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from labeling.addresses import AddressRule
from labeling.errors import conflict, not_found, refused
from labeling.media.configured import bucket_storage
from labeling.media.s3 import S3Options, S3Storage
from labeling.models import Connection, Credentials, Listing, Media
from labeling.sealing import SealBroken, unseal

ANY_BUCKET = "*"


def connection_list(*, project_id: int) -> QuerySet[Connection]:
    """Return the connections of a project, each with ``media_count``."""
    return counted(Connection.objects.filter(project_id=project_id))


def connection_get(*, connection_id: int) -> Connection:
    """Return a connection with ``media_count``. Raises ``not_found``."""
    found = counted(Connection.objects.filter(pk=connection_id)).first()
    if found is None:
        raise not_found("connection")
    return found


def counted(rows: QuerySet[Connection]) -> QuerySet[Connection]:
    media = Media.objects.filter(connection=OuterRef("pk")).order_by().values("connection")
    count = Subquery(media.annotate(count=Count("pk")).values("count"), output_field=IntegerField())
    return rows.select_related("created_by", "project").annotate(media_count=Coalesce(count, 0))


def listing_get(*, listing_id: int) -> Listing:
    """Return a listing. Raises ``not_found``."""
    found = Listing.objects.select_related("connection", "created_by").filter(pk=listing_id).first()
    if found is None:
        raise not_found("listing")
    return found


def listing_list(*, connection_id: int) -> QuerySet[Listing]:
    """Return the listings of a connection."""
    return Listing.objects.filter(connection_id=connection_id).select_related("created_by", "connection")


def connection_options(connection: Connection) -> S3Options:
    """Return how to reach the connection's bucket; keys of objects are whole, without its prefix.

    Raises ``credentials_sealed`` (409) when the keys cannot be opened.
    """
    keys = connection_keys(connection)
    return S3Options(
        bucket=connection.bucket,
        endpoint=connection.endpoint or None,
        region=connection.region or None,
        path_style=connection.path_style,
        access_key=keys.get("access_key"),
        secret_key=keys.get("secret_key"),
        session_token=keys.get("session_token") or None,
        rule=address_rule(connection),
        owner=f"connection {connection.pk}",
    )


def address_rule(connection: Connection) -> AddressRule | None:
    """What the connection may ask: the operator's own endpoint needs no rule."""
    if connection.endpoint and connection.endpoint == settings.S3_ENDPOINT:
        return None
    return AddressRule(private=settings.PRIVATE_ENDPOINTS) if connection.endpoint else None


def connection_keys(connection: Connection) -> dict[str, str]:
    if connection.credentials == Credentials.ENVIRONMENT:
        environment_require(connection)
        if not settings.S3_ACCESS_KEY or not settings.S3_SECRET_KEY:
            return {}
        return {"access_key": settings.S3_ACCESS_KEY, "secret_key": settings.S3_SECRET_KEY}
    try:
        keys: dict[str, str] = json.loads(unseal(connection.sealed))
    except SealBroken as error:
        raise conflict(
            "credentials_sealed",
            f"The keys of the connection “{connection}” were sealed with another SECRET_KEY. Enter "
            "them again, or have the operator put the former key into SECRET_KEY_FALLBACKS.",
        ) from error
    return keys


def connection_storage(connection: Connection) -> S3Storage:
    """Return the connection's bucket. Raises ``credentials_sealed`` (409), StorageError."""
    return bucket_storage(connection_options(connection))


def environment_require(connection: Connection) -> None:
    """Raise ``bucket_not_allowed`` (422) unless the installation's own credentials may be used here: they
    open what the operator says, and are shown to no other store."""
    allowed = settings.ENVIRONMENT_BUCKETS
    if connection.endpoint != (settings.S3_ENDPOINT or ""):
        sentence = "The installation's own credentials are for its own store: leave the endpoint out."
        raise refused("bucket_not_allowed", sentence)
    if ANY_BUCKET not in allowed and connection.bucket not in allowed:
        raise refused(
            "bucket_not_allowed",
            f"The installation's own credentials may not be used for the bucket {connection.bucket}. "
            "Give keys, or have the operator name the bucket in LABELYARD_ENVIRONMENT_BUCKETS.",
        )
