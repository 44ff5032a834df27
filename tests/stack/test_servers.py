"""The servers that the tests lean on are real, and are what the tests take them for."""

from __future__ import annotations

import os

import boto3
import psycopg
import pytest
import redis
from botocore.client import Config
from botocore.exceptions import ClientError
from django.db import connection

from labeling.models import Task
from tests.servers import S3Server, ValkeyServer, stranger_at


def s3_client(server: S3Server, *, secret_key: str | None = None):  # type: ignore[no-untyped-def]
    return boto3.client(
        "s3",
        endpoint_url=server.endpoint,
        region_name=server.region,
        aws_access_key_id=server.access_key,
        aws_secret_access_key=secret_key or server.secret_key,
        config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
    )


def test_valkey_keeps_its_messages_over_a_restart(valkey: ValkeyServer) -> None:
    valkey.client.rpush("a-queue", "a message")
    valkey.stop()
    assert not valkey.answers()
    valkey.start()
    assert valkey.client.lrange("a-queue", 0, -1) == [b"a message"]
    valkey.wipe()
    assert valkey.client.lrange("a-queue", 0, -1) == []


def test_valkey_is_closed_without_its_password(valkey: ValkeyServer) -> None:
    with stranger_at(valkey.server.port) as client, pytest.raises(redis.AuthenticationError):
        client.ping()


@pytest.mark.s3
def test_moto_stores_what_it_is_given(moto_server: S3Server) -> None:
    client = s3_client(moto_server)
    client.create_bucket(Bucket="of-the-harness")
    client.put_object(Bucket="of-the-harness", Key="a", Body=b"bytes")
    assert client.get_object(Bucket="of-the-harness", Key="a")["Body"].read() == b"bytes"


@pytest.mark.s3
def test_nanio_refuses_a_wrong_secret(nanio_server: S3Server) -> None:
    s3_client(nanio_server).create_bucket(Bucket="of-the-harness")
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        s3_client(nanio_server, secret_key="wrong").list_objects_v2(Bucket="of-the-harness")


@pytest.mark.postgres
def test_postgresql_answers(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as server:
        row = server.execute("select version()").fetchone()
    assert row is not None
    assert row[0].startswith("PostgreSQL")


@pytest.mark.engine
def test_the_database_is_the_one_in_the_environment(task: Task) -> None:
    expected = "postgresql" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "sqlite"
    assert connection.vendor == expected
    assert Task.objects.get(pk=task.pk).last_frame == 99


def test_the_test_database_is_a_file_that_other_processes_see(environment: dict[str, str]) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode")
            assert cursor.fetchone() == ("wal",)
        assert environment["DATABASE_URL"] == f"sqlite:///{connection.settings_dict['NAME']}"
