"""Uploading by the page straight into the bucket, and through the server where that cannot be reached."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from labeling.models import DirectUpload, Media, MediaState, Project, User
from labeling.stack.ports import free_port
from tests.api.direct import store_in
from tests.buckets import RealBucket
from tests.clips import make_clip
from tests.servers import S3Server
from tests.web.browser import OpenPage
from tests.web.conftest import SignedIn
from workers.probing import probe_next

pytestmark = [pytest.mark.s3, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bucket(moto_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> RealBucket:
    """The installation's store, which lets pages of any origin in."""
    return store_in(moto_server, monkeypatch)


@pytest.fixture
def media_page(
    page_of: OpenPage, live_server: LiveServer, alice: User, bucket: object, valkey: object
) -> Page:
    """Where alice uploads to the one project."""
    page = page_of(alice)
    page.goto(f"{live_server.url}/projects/{Project.objects.get().pk}/media/")
    return page


def connections_of(policy: str) -> str:
    return next(rule for rule in policy.split("; ") if rule.startswith("connect-src"))


def test_the_page_may_send_to_the_bucket_and_nowhere_else(
    signed_in: SignedIn, project: Project, alice: User, victor: User, bucket: RealBucket
) -> None:
    page, other = f"/projects/{project.pk}/media/", f"/projects/{project.pk}/"
    allowed = connections_of(signed_in(alice).get(page).headers["Content-Security-Policy"])
    assert allowed == f"connect-src 'self' {bucket.server.endpoint}/{bucket.name}/"
    for user, address in ((alice, other), (victor, page)):
        answer = signed_in(user).get(address)
        assert connections_of(answer.headers["Content-Security-Policy"]) == "connect-src 'self'"


@pytest.mark.browser
def test_a_file_goes_straight_into_the_bucket_and_else_through_the_server(
    media_page: Page, bucket: RealBucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = media_page
    film = tmp_path / "film.mp4"
    # Two parts: readers pass over the last box.
    clip = make_clip("b_frames", tmp_path).path.read_bytes()
    film.write_bytes(clip + ((8 << 20) + 8).to_bytes(4, "big") + b"free" + bytes(8 << 20))
    page.locator("#files").set_input_files(film)
    expect(page.locator("#media")).to_contain_text("film.mp4")
    assert probe_next()
    media, upload = Media.objects.get(), DirectUpload.objects.get()
    assert (media.state, media.sha256) == (MediaState.READY, hashlib.sha256(film.read_bytes()).hexdigest())
    assert (upload.media, media.storage_key) == (media, upload.storage_key)
    assert upload.parts_sha256

    monkeypatch.setattr(settings, "S3_PUBLIC_ENDPOINT", f"http://127.0.0.1:{free_port()}")
    page.reload()
    other = tmp_path / "other.mp4"
    other.write_bytes(clip)
    page.locator("#files").set_input_files(other)
    expect(page.locator("#upload-way")).to_contain_text("cannot reach the bucket")
    expect(page.locator("#media")).to_contain_text("other.mp4")
    assert not Media.objects.get(title="other.mp4").direct_uploads.exists()
