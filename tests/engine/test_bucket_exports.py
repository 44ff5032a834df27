"""Exports into a bucket: queued, written whole under a key of their own, told of at the end."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.conf import settings as django_settings

from labeling.models import BucketExport, Connection, Event, ExportState, Project, Task, User
from labeling.services.bucket_exports import bucket_export_order
from labeling.services.connections import Keys, connection_create
from tests.buckets import RealBucket
from tests.factories import make_instance, make_label
from tests.servers import S3Server
from workers.exporting import claim_export, export_next
from workers.reaper import reap

pytestmark = [pytest.mark.django_db, pytest.mark.s3]


@pytest.fixture
def bucket(nanio_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> RealBucket:
    monkeypatch.setattr(django_settings, "PRIVATE_ENDPOINTS", True)
    return RealBucket(nanio_server, f"out-{uuid4().hex}")


@pytest.fixture
def connection(project: Project, bucket: RealBucket) -> Connection:
    server = bucket.server
    return connection_create(
        user=None,
        project=project,
        name="Out",
        bucket=bucket.name,
        endpoint=server.endpoint,
        region=server.region,
        prefix="to them/",
        path_style=True,
        keys=Keys(server.access_key, server.secret_key),
    )


def test_an_export_lies_in_the_bucket_and_is_told_of(
    project: Project, connection: Connection, bucket: RealBucket, task: Task, alice: User
) -> None:
    make_label(instance=make_instance(task=task), frame=3)
    export = bucket_export_order(user=alice, project=project, connection=connection, form="coco")
    assert export_next()
    assert not export_next()
    export.refresh_from_db()
    assert (export.state, export.key) == ("succeeded", f"to them/exports/crossing-{export.pk}.coco.json")
    data = bucket.client.get_object(Bucket=bucket.name, Key=export.key)["Body"].read()
    assert len(json.loads(data)["annotations"]) == 1
    assert len(data) == export.size_bytes
    told = Event.objects.get(kind="export.finished")
    assert (told.payload["export"], told.payload["state"]) == (export.pk, "succeeded")


def test_a_bucket_that_denies_is_said(project: Project, connection: Connection, task: Task) -> None:
    Connection.objects.filter(pk=connection.pk).update(bucket="no-such-bucket")
    export = bucket_export_order(user=None, project=project, connection=connection, form="encord", task=task)
    assert export_next()
    export.refresh_from_db()
    assert (export.state, export.error_code) == (ExportState.FAILED, "missing")
    assert "no-such-bucket" in export.error
    assert Event.objects.get(kind="export.finished").payload["sentence"] == export.error


def test_an_export_whose_worker_died_is_written_by_another(
    project: Project, connection: Connection, task: Task
) -> None:
    export = bucket_export_order(user=None, project=project, connection=connection, form="coco", task=task)
    assert claim_export()
    BucketExport.objects.update(lease_expires_at="2026-01-01T00:00Z")
    assert reap() == 1
    assert export_next()
    export.refresh_from_db()
    assert (export.state, export.losses) == ("succeeded", 1)
