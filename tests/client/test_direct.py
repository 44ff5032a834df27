"""The client's uploads straight into a bucket that checks every signature."""

from __future__ import annotations

import hashlib
from pathlib import Path

import httpx2
import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from labeling.models import DirectUpload, Media, Project, User
from labeling.services.tokens import token_create
from labelyard import Client
from labelyard.direct import DirectUpload as Opened
from labelyard.direct import Parts
from tests.api.direct import store_in
from tests.client.weather import breaking_line
from tests.servers import S3Server
from workers.probing import probe_next

pytestmark = [pytest.mark.s3, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def client(
    live_server: LiveServer,
    alice: User,
    nanio_server: S3Server,
    monkeypatch: pytest.MonkeyPatch,
    valkey: object,
) -> Client:
    store_in(nanio_server, monkeypatch)
    return Client(live_server.url, token_create(user=alice, name="script").secret)


@pytest.fixture
def large(film: Path, tmp_path: Path) -> Path:
    """The film, and a box of 8 MiB that readers pass over: two parts."""
    path = tmp_path / "large.mp4"
    path.write_bytes(film.read_bytes() + ((8 << 20) + 8).to_bytes(4, "big") + b"free" + bytes(8 << 20))
    return path


def test_a_large_file_goes_straight_into_the_bucket_over_a_line_that_breaks(
    client: Client, project: Project, large: Path, nanio_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []
    with breaking_line(nanio_server.endpoint, breaks=[100_000, 100_000]) as line:
        monkeypatch.setattr(settings, "S3_PUBLIC_ENDPOINT", line.url)
        media = client.media.upload(project.pk, large, progress=lambda done, _: sent.append(done))
    assert line.opened >= 3
    assert sent[-1] == large.stat().st_size == media.size_bytes
    assert probe_next()
    assert client.media.wait(media, timeout=1).frame_count == 40
    assert client.media.upload(project.pk, large).id == media.id
    assert Media.objects.get().storage_key.startswith("direct/")


def test_an_upload_that_broke_off_goes_on_with_what_is_missing(
    client: Client, project: Project, large: Path
) -> None:
    data = large.read_bytes()
    told = {"name": "large.mp4", "size_bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    opened = client.connection.post(Opened, f"projects/{project.pk}/uploads/", told)
    (part,) = client.connection.post(Parts, f"uploads/{opened.id}/parts/", {"numbers": [1]}).parts
    assert httpx2.put(part.url, content=data[: part.size]).status_code == 200
    sent: list[int] = []
    media = client.media.upload(project.pk, large, progress=lambda done, _: sent.append(done))
    assert sent == [part.size, len(data)]
    assert DirectUpload.objects.get().media_id == media.id


def test_where_the_bucket_cannot_be_reached_the_server_takes_it(
    client: Client, project: Project, large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "S3_PUBLIC_ENDPOINT", "http://127.0.0.1:1")
    media = client.media.upload(project.pk, large)
    assert Media.objects.get(pk=media.id).storage_key.startswith(media.sha256[:2])
    assert DirectUpload.objects.get().state == "cancelled"
