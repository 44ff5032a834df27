"""Several files as one media: uploads of groups, sequences and DICOM series, read by the real reader."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from rest_framework.test import APIClient

from labeling.media import configured
from labeling.models import Media, Project, Task
from tests.clips import read_number
from tests.clips.series import SIZES, group_files, sequence_files, zipped
from workers.probing import probe_next


@pytest.fixture(autouse=True)
def stills_end() -> Iterator[None]:
    """Ends the children that decoded stills."""
    yield
    configured.forget()


def send(client: APIClient, project: Project, files: Mapping[str, bytes], **fields: str) -> Any:
    """Upload the files in one request."""
    body = {"file": [SimpleUploadedFile(name, data) for name, data in files.items()], **fields}
    return client.post(f"/api/v1/projects/{project.pk}/media/", body, format="multipart")


def read(client: APIClient, media_id: int) -> dict[str, Any]:
    """Let the worker read what waits, and return the media."""
    assert probe_next()
    facts: dict[str, Any] = client.get(f"/api/v1/media/{media_id}/").json()
    return facts


def shown(client: APIClient, media_id: int, frame: int, **query: float) -> np.ndarray[Any, Any]:
    answer = client.get(f"/api/v1/media/{media_id}/frames/{frame}/", query)
    assert answer.status_code == 200, answer.content
    return np.asarray(Image.open(io.BytesIO(answer.content)))


def shuffled(files: Mapping[str, bytes]) -> dict[str, bytes]:
    names = list(files)
    random.Random(3).shuffle(names)
    return {name: files[name] for name in names}


def test_an_archive_becomes_an_image_sequence(alice_client: APIClient, project: Project) -> None:
    archive = zipped(shuffled(sequence_files(12)))
    answer = send(alice_client, project, {"walk.zip": archive}, kind="image_sequence")
    assert answer.status_code == 201
    facts = read(alice_client, answer.json()["id"])
    assert (facts["state"], facts["kind"], facts["frame_count"], facts["title"]) == (
        "ready", "image_sequence", 12, "walk.zip",
    )  # fmt: skip
    assert (facts["width"], facts["height"], facts["frame_sizes"], facts["fps"]) == (160, 128, None, None)
    order = [7, 0, 11, 10, 2, 1, 9, 3]
    assert [read_number(shown(alice_client, facts["id"], frame)) for frame in order] == order
    assert Task.objects.get(media_id=facts["id"]).last_frame == 11


def test_pictures_become_an_image_group_with_sizes_of_their_own(
    alice_client: APIClient, project: Project
) -> None:
    answer = send(alice_client, project, shuffled(group_files(12)), kind="image_group", title="Birds")
    facts = read(alice_client, answer.json()["id"])
    assert (facts["state"], facts["kind"], facts["title"]) == ("ready", "image_group", "Birds")
    assert facts["frame_sizes"] == [list(SIZES[frame % 3]) for frame in range(12)]
    assert (facts["width"], facts["height"]) == (200, 160)
    for frame in range(12):
        picture = shown(alice_client, facts["id"], frame)
        assert (picture.shape[1], picture.shape[0]) == SIZES[frame % 3]
        assert read_number(picture) == frame
    small = shown(alice_client, facts["id"], 2, w=100)
    assert small.shape == (40, 100, 3)


def test_the_same_files_in_another_order_are_the_same_media(
    alice_client: APIClient, project: Project
) -> None:
    files = sequence_files(5)
    first = send(alice_client, project, files, kind="image_sequence")
    again = send(alice_client, project, shuffled(files), kind="image_sequence")
    other = send(alice_client, project, files, kind="image_group")
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 201)
    assert first.json()["id"] == again.json()["id"] != other.json()["id"]
    archive = {"a.zip": zipped(files)}
    ids = {
        send(alice_client, project, archive, kind=kind).json()["id"]
        for kind in ("image_group", "image_sequence")
    }
    assert len(ids) == 2
    assert Media.objects.count() == 4
