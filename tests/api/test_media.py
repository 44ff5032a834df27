"""``media/``: uploads, facts and frames, with real files and the real reading of them."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks
from rest_framework.test import APIClient

from labeling.media.configured import media_stills
from labeling.models import Media, MediaState, Project, Task
from tests import factories
from tests.api.things import error_of
from workers.probing import probe_next


def picture(*, width: int = 64, height: int = 48) -> bytes:
    """A PNG, red on the left half and blue on the right."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, : width // 2, 0] = 255
    pixels[:, width // 2 :, 2] = 255
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def upload(
    client: APIClient, project: Project, data: bytes, name: str = "halves.png"
) -> tuple[int, Media | None]:
    answer = client.post(
        f"/api/v1/projects/{project.pk}/media/", {"file": SimpleUploadedFile(name, data)}, format="multipart"
    )
    return answer.status_code, Media.objects.filter(pk=answer.json().get("id")).first()


def waiting_files() -> list[Path]:
    """Files that arrived and were not put away."""
    folder: Path = django_settings.MEDIA_DIR / ".incoming"
    return list(folder.iterdir()) if folder.exists() else []


def test_an_upload_is_stored_under_its_hash_and_registered(alice_client: APIClient, project: Project) -> None:
    data = picture()
    status, media = upload(alice_client, project, data)
    assert (status, media is not None) == (201, True)
    assert media is not None
    digest = hashlib.sha256(data).hexdigest()
    assert (media.sha256, media.size_bytes, media.title) == (digest, len(data), "halves.png")
    assert (media.state, media.wants_task) == (MediaState.REGISTERED, True)
    assert (django_settings.MEDIA_DIR / digest[:2] / digest).read_bytes() == data
    assert waiting_files() == []


def test_the_same_bytes_again_are_the_same_media(alice_client: APIClient, project: Project) -> None:
    first_status, first = upload(alice_client, project, picture())
    again_status, again = upload(alice_client, project, picture(), name="another name.png")
    assert (first_status, again_status) == (201, 200)
    assert first == again
    assert Media.objects.count() == 1


def test_an_upload_rings_the_bell_of_the_media_queue(
    alice_client: APIClient,
    project: Project,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rung: list[str] = []
    monkeypatch.setattr("labeling.queue.ring", lambda capability, times=1: rung.append(capability))
    with django_capture_on_commit_callbacks(execute=True):
        upload(alice_client, project, picture())
    assert rung == ["media"]


def test_a_file_over_the_cap_is_refused_and_leaves_nothing(
    alice_client: APIClient, project: Project, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(django_settings, "UPLOAD_MAX_BYTES", 100)
    answer = alice_client.post(
        f"/api/v1/projects/{project.pk}/media/",
        {"file": SimpleUploadedFile("large.png", bytes(200_000))},
        format="multipart",
    )
    assert (answer.status_code, error_of(answer)["code"]) == (413, "file_too_large")
    assert not Media.objects.exists()
    assert waiting_files() == []


def test_an_image_is_read_by_the_worker_and_shown(alice_client: APIClient, project: Project) -> None:
    status, media = upload(alice_client, project, picture(width=64, height=48))
    assert status == 201
    assert media is not None
    assert probe_next()
    facts = alice_client.get(f"/api/v1/media/{media.pk}/").json()
    assert (facts["state"], facts["kind"], facts["width"], facts["height"], facts["frame_count"]) == (
        "ready", "image", 64, 48, 1,
    )  # fmt: skip
    assert Task.objects.get(media=media).last_frame == 0
    try:
        answer = alice_client.get(f"/api/v1/media/{media.pk}/frames/0/")
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        assert "immutable" in answer["Cache-Control"]
        shown = np.asarray(Image.open(io.BytesIO(answer.content)))
        assert shown.shape == (48, 64, 3)
        assert shown[24, 8, 0] > 200
        assert shown[24, 8, 2] < 60
        small = alice_client.get(f"/api/v1/media/{media.pk}/frames/0/", {"w": 32})
        assert Image.open(io.BytesIO(small.content)).size == (32, 24)
        again = alice_client.get(
            f"/api/v1/media/{media.pk}/frames/0/", headers={"if-none-match": answer["ETag"]}
        )
        assert (again.status_code, again.content) == (304, b"")
        past = alice_client.get(f"/api/v1/media/{media.pk}/frames/1/")
        assert (past.status_code, error_of(past)["code"]) == (404, "frame_out_of_range")
    finally:
        media_stills().close()
        media_stills.cache_clear()


def test_a_frame_of_a_media_that_is_not_read_yet_is_refused(
    alice_client: APIClient, project: Project
) -> None:
    _, media = upload(alice_client, project, picture())
    assert media is not None
    answer = alice_client.get(f"/api/v1/media/{media.pk}/frames/0/")
    assert (answer.status_code, error_of(answer)["code"]) == (409, "media_not_ready")


def test_the_list_is_narrowed_by_state(alice_client: APIClient, project: Project, media: Media) -> None:
    upload(alice_client, project, picture())
    address = f"/api/v1/projects/{project.pk}/media/"
    assert len(alice_client.get(address).json()["results"]) == 2
    ready = alice_client.get(address, {"state": "ready"}).json()["results"]
    assert [row["id"] for row in ready] == [media.pk]


def test_the_list_asks_as_much_for_many_as_for_few(
    alice_client: APIClient, project: Project, media: Media, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = f"/api/v1/projects/{project.pk}/media/"
    with django_assert_num_queries(4):  # session, user, role, media
        alice_client.get(address)
    for _ in range(5):
        factories.make_media(project=project)
    with django_assert_num_queries(4):
        assert len(alice_client.get(address).json()["results"]) == 6
