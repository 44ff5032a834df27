"""A client of one bucket."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import boto3
from botocore.awsrequest import (
    AWSHTTPConnection,
    AWSHTTPConnectionPool,
    AWSHTTPSConnection,
    AWSHTTPSConnectionPool,
)
from botocore.config import Config

from labeling.addresses import AddressRefused, AddressRule
from labeling.media.errors import StorageError

if TYPE_CHECKING:
    from socket import socket

    from mypy_boto3_s3 import S3Client

CONNECT_SECONDS = 5
READ_SECONDS = 20
ATTEMPTS = 4
CONNECTIONS = 16


@dataclass(frozen=True)
class S3Options:
    """Which bucket, and how to reach it. Without keys the environment's own credentials are used."""

    bucket: str
    prefix: str = ""
    """Put before every key as it is; end it with a slash to have a folder."""
    endpoint: str | None = None
    """Address of a compatible store; None for Amazon's."""
    region: str | None = None
    path_style: bool = False
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    session_token: str | None = field(default=None, repr=False)
    rule: AddressRule | None = None
    """Which addresses may be asked; None where the operator named the endpoint."""
    attempts: int = ATTEMPTS
    """How often a request is tried, with growing pauses, while the store is away or asks to slow down."""
    owner: str = ""
    """Whose the bucket's objects are in a cache that others share."""

    @property
    def where(self) -> str:
        """The store in words."""
        return self.endpoint or "Amazon S3"


def s3_client(options: S3Options) -> S3Client:
    """Return a client. Raises StorageError: ``refused`` for an endpoint not to be asked, ``invalid``."""
    try:
        if options.rule is not None and options.endpoint:
            options.rule.require_url(options.endpoint)
        client = client_made(options)
    except AddressRefused as error:
        raise StorageError("refused", error.sentence) from error
    except ValueError as error:
        raise StorageError("invalid", f"“{options.where}” is not the address of a store.") from error
    if options.rule is not None:
        guard_connections(client, options.rule)
    return client


def client_made(options: S3Options) -> S3Client:
    config = Config(
        signature_version="s3v4",
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        max_pool_connections=CONNECTIONS,
        retries={"total_max_attempts": options.attempts, "mode": "standard"},
        s3={"addressing_style": "path" if options.path_style else "auto"},
        # Compatible stores do not know the newer checksums.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    # A session of its own: boto3's default session is not safe to share between threads.
    return boto3.session.Session().client(
        "s3",
        endpoint_url=options.endpoint,
        region_name=options.region,
        aws_access_key_id=options.access_key,
        aws_secret_access_key=options.secret_key,
        aws_session_token=options.session_token,
        config=config,
    )


def guard_connections(client: Any, rule: AddressRule) -> None:
    """Look at the address of every connection before anything is sent: a name may lead elsewhere than
    a moment ago, and a store may redirect. Connections by the operator's proxy are the proxy's to judge."""

    class Guarded:
        def _new_conn(self) -> socket:
            opened: socket = super()._new_conn()  # type: ignore[misc]
            try:
                rule.require(opened.getpeername()[0])
            except BaseException:
                opened.close()
                raise
            return opened

    class Plain(Guarded, AWSHTTPConnection):  # type: ignore[misc]
        pass

    class Secure(Guarded, AWSHTTPSConnection):  # type: ignore[misc]
        pass

    class PlainPool(AWSHTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(AWSHTTPSConnectionPool):
        ConnectionCls = Secure

    session = client._endpoint.http_session
    session._manager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
