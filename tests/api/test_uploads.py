"""``uploads/``: files that go straight into a real bucket, and what is made sure of before they count."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from rest_framework.test import APIClient

from labeling.models import DirectUpload, Media, MediaState, Project, Role, UploadState, User
from labeling.services import direct_uploads
from labeling.services.abandoned_uploads import abandoned_remove
from labeling.services.storage_trials import storage_trials
from tests import factories
from tests.api.conftest import As
from tests.api.direct import Sender, put, store_in
from tests.api.test_media import picture
from tests.api.things import error_of
from tests.buckets import RealBucket
from tests.clips import make_clip
from tests.servers import S3Server
from workers.probing import probe_next

pytestmark = pytest.mark.s3
SERVERS = ("moto", "nanio")


@pytest.fixture
def bucket(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> RealBucket:
    """The installation's store: on nanio, which checks signatures, where nothing else is asked for."""
    server: S3Server = request.getfixturevalue(f"{getattr(request, 'param', 'nanio')}_server")
    return store_in(server, monkeypatch)


@pytest.fixture
def sender(bucket: RealBucket, alice_client: APIClient, project: Project) -> Sender:
    """Alice, with a picture."""
    return Sender(alice_client, project, picture())


@pytest.fixture
def large(sender: Sender, tmp_path: Path) -> Sender:
    """Alice, with a video of two parts: what follows its last box is passed over by readers."""
    film = make_clip("b_frames", tmp_path).path.read_bytes()
    filler = 8 << 20
    sender.name = "film.mp4"
    sender.data = film + (filler + 8).to_bytes(4, "big") + b"free" + bytes(filler)
    return sender


def objects_of(bucket: RealBucket) -> list[str]:
    return [one["Key"] for one in bucket.client.list_objects_v2(Bucket=bucket.name).get("Contents", [])]


def open_in(bucket: RealBucket) -> int:
    """How many uploads the bucket holds parts of."""
    return len(bucket.client.list_multipart_uploads(Bucket=bucket.name).get("Uploads", []))


def read() -> Media:
    """Let the worker read what came, and return it."""
    assert probe_next()
    return Media.objects.get()


@pytest.mark.parametrize("bucket", SERVERS, indirect=True)
def test_a_file_goes_into_the_bucket_in_parts_and_is_read(large: Sender, bucket: RealBucket) -> None:
    begun = large.begin()
    upload = begun.json()
    assert (begun.status_code, upload["part_count"], upload["parts_there"]) == (201, 2, [])
    large.send(upload, 1, 2)
    done = large.complete(upload, parts_sha256=large.promised(upload))
    assert done.status_code == 201, done.content
    again = large.complete(upload)
    assert (again.status_code, again.json()["id"]) == (200, done.json()["id"])
    media = read()
    assert (media.state, media.kind, media.frame_count) == (MediaState.READY, "video", 60), media.error
    assert media.sha256 == hashlib.sha256(large.data).hexdigest()
    assert media.tasks.count() == 1
    assert objects_of(bucket) == [f"labelyard/{media.storage_key}"]
    assert large.show(upload)["media"] == media.pk


@pytest.mark.parametrize("bucket", SERVERS, indirect=True)
def test_an_upload_that_broke_off_goes_on_with_what_is_missing(large: Sender, bucket: RealBucket) -> None:
    upload = large.begin(fingerprint="film.mp4:1").json()
    large.send(upload, 2)
    error = error_of(large.complete(upload))
    assert (error["code"], error["details"]) == ("parts_missing", {"parts": [1]})
    resumed = large.begin(fingerprint="film.mp4:1")
    assert (resumed.status_code, resumed.json()["id"]) == (200, upload["id"])
    assert resumed.json()["parts_there"] == [2]
    assert large.begin(fingerprint="film.mp4:2").json()["id"] != upload["id"]
    large.send(upload, 1)
    assert large.complete(upload).status_code == 201


def test_an_address_takes_just_its_part_of_just_its_size(large: Sender) -> None:
    upload = large.begin().json()
    (part,) = large.addresses(upload, 2).json()["parts"]
    right = large.part(upload, 2)
    assert part["size"] == len(right)
    assert put(part["url"], right + b"more") == 403
    assert put(part["url"].replace("partNumber=2", "partNumber=1"), right) == 403
    assert put(part["url"].replace(DirectUpload.objects.get().storage_key, "other"), right) == 403
    assert put(part["url"], right) == 200
    assert settings.S3_SECRET_KEY not in part["url"]
    assert error_of(large.addresses(upload, 3))["code"] == "no_such_part"


def test_an_address_ends_with_its_time(sender: Sender) -> None:
    upload = sender.begin().json()
    an_hour_ago = timezone.now() - timedelta(hours=1)
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr("botocore.auth.get_current_datetime", lambda: an_hour_ago.replace(tzinfo=None))
        (part,) = sender.addresses(upload, 1).json()["parts"]
    assert put(part["url"], sender.data) == 403
    assert sender.show(upload)["parts_there"] == []


@pytest.mark.parametrize("bucket", ["moto"], indirect=True)
def test_who_sends_less_than_was_said_gets_no_media(sender: Sender, bucket: RealBucket) -> None:
    """moto takes parts of any size, as stores do that sign no lengths."""
    upload = sender.begin().json()
    (part,) = sender.addresses(upload, 1).json()["parts"]
    assert put(part["url"], sender.data[:-1]) == 200
    assert error_of(sender.complete(upload))["code"] == "parts_missing"
    row = DirectUpload.objects.get()
    parts = direct_uploads.store_required().parts(row.storage_key, row.store_upload)
    direct_uploads.store_required().finish(row.storage_key, row.store_upload, parts)
    error = error_of(sender.complete(upload))
    assert error["code"] == "size_differs"
    assert (Media.objects.count(), objects_of(bucket)) == (0, [])
    assert error_of(sender.complete(upload))["code"] == "upload_over"


def test_other_bytes_than_were_promised_are_refused_when_they_are_read(sender: Sender) -> None:
    upload = sender.begin(sha256=hashlib.sha256(b"another file").hexdigest()).json()
    sender.send(upload, 1)
    sender.complete(upload)
    media = read()
    assert (media.state, media.error_code) == (MediaState.FAILED, "upload_differs")
    sender.client.post(f"/api/v1/media/{media.pk}/read/")
    assert read().error_code == "upload_differs"


def test_a_part_that_was_replaced_between_is_noticed(sender: Sender) -> None:
    upload = sender.begin().json()
    promised = sender.promised(upload)
    sender.data = picture()[:-1] + b"?"
    sender.send(upload, 1)
    sender.complete(upload, parts_sha256=promised)
    assert read().error_code == "upload_differs"


def test_an_object_that_was_replaced_before_it_is_read_is_another_one(
    sender: Sender, bucket: RealBucket
) -> None:
    upload = sender.begin().json()
    sender.send(upload, 1)
    sender.complete(upload)
    (key,) = objects_of(bucket)
    bucket.put(key, picture(width=32))
    assert read().error_code == "changed"


def test_bytes_that_the_project_has_are_not_sent_again(sender: Sender, bucket: RealBucket) -> None:
    digest = hashlib.sha256(sender.data).hexdigest()
    first = sender.begin(sha256=digest).json()
    sender.send(first, 1)
    sender.complete(first)
    media = read()
    again = sender.begin(sha256=digest)
    assert (again.status_code, again.json()["state"], again.json()["media"]) == (200, "done", media.pk)


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_the_same_bytes_under_another_key_become_one_media(sender: Sender, bucket: RealBucket) -> None:
    uploads = [sender.begin().json() for _ in range(2)]
    for upload in uploads:
        sender.send(upload, 1)
        sender.complete(upload)
        assert probe_next()
    media = Media.objects.get()
    assert objects_of(bucket) == [f"labelyard/{media.storage_key}"]
    assert [sender.show(upload)["media"] for upload in uploads] == [media.pk] * 2


@pytest.mark.engine
@pytest.mark.parametrize("bucket", SERVERS, indirect=True)
def test_what_nobody_goes_on_with_leaves_nothing_in_the_bucket(sender: Sender, bucket: RealBucket) -> None:
    old, new = (sender.begin().json() for _ in range(2))
    sender.send(old, 1)
    long_ago = timezone.now() - timedelta(hours=25)
    DirectUpload.objects.filter(pk=old["id"]).update(touched_at=long_ago)
    assert abandoned_remove() == 1
    assert (open_in(bucket), objects_of(bucket)) == (1, [])
    assert sender.show(old)["state"] == UploadState.CANCELLED
    assert error_of(sender.addresses(old, 1))["code"] == "upload_over"
    assert error_of(sender.complete(old))["code"] == "upload_over"
    assert sender.client.delete(f"/api/v1/uploads/{new['id']}/").status_code == 204
    assert open_in(bucket) == 0


def test_nobody_goes_on_with_the_upload_of_somebody_else(
    sender: Sender, client_of: As, project: Project, bob: User, charlie: User
) -> None:
    other = factories.make_member(project=project, username="mallory", role=Role.MANAGER)
    upload = sender.begin().json()
    for user, status in ((other, 403), (bob, 403), (charlie, 404)):
        foreign = Sender(client_of(user), project, sender.data)
        assert foreign.addresses(upload, 1).status_code == status
        assert foreign.complete(upload).status_code == status
    assert Sender(client_of(bob), project, b"x").begin().status_code == 403


def test_the_limits_are_those_of_every_upload(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    assert error_of(sender.begin(size_bytes=0))["code"] == "file_empty"
    too_large = sender.begin(size_bytes=settings.UPLOAD_MAX_BYTES + 1)
    assert (too_large.status_code, error_of(too_large)["code"]) == (413, "file_too_large")
    monkeypatch.setattr(direct_uploads, "OPEN_MAX", 1)
    assert sender.begin().status_code == 201
    assert error_of(sender.begin())["code"] == "too_many_uploads"


def test_a_series_is_an_archive(sender: Sender, bucket: RealBucket) -> None:
    upload = sender.begin(kind="image_group").json()
    sender.send(upload, 1)
    assert error_of(sender.complete(upload))["code"] == "not_an_archive"
    assert objects_of(bucket) == []


def test_without_a_bucket_files_go_through_the_server(alice_client: APIClient, project: Project) -> None:
    sender = Sender(alice_client, project, picture())
    way = alice_client.get(f"/api/v1/projects/{project.pk}/uploads/").json()
    assert (way["direct"], way["sentence"]) == (False, "Files go through the server.")
    assert error_of(sender.begin())["code"] == "not_direct"


def test_clients_are_shown_the_endpoint_that_they_reach(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "S3_PUBLIC_ENDPOINT", "https://files.example.org")
    (part,) = sender.addresses(sender.begin().json(), 1).json()["parts"]
    assert part["url"].startswith(f"https://files.example.org/{settings.S3_BUCKET}/labelyard/direct/")


@pytest.mark.parametrize(("bucket", "last"), [("nanio", "no_cors"), ("moto", "ok")], indirect=["bucket"])
def test_a_trial_of_the_store_says_whether_pages_may_send_files(bucket: RealBucket, last: str) -> None:
    trials = storage_trials(origins=["https://labelyard.example.org"])
    assert [trial.code for trial in trials] == ["ok", "ok", last], trials
    assert "https://labelyard.example.org" in trials[-1].sentence
    assert open_in(bucket) == 0
