"""Several files as one media: uploads of groups, sequences and DICOM series, read by the real reader."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from rest_framework.test import APIClient

from labeling.media import configured
from labeling.models import Media, Project, Task
from labeling.services.media import SERIES_FILES_MAX
from tests import factories
from tests.api.things import error_of
from tests.clips import read_number
from tests.clips.dicom import cut_short, dicom_series, dicom_slice, multi_frame
from tests.clips.series import SIZES, group_files, numbered_png, sequence_files, zipped
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


def test_an_archive_becomes_a_dicom_series_that_is_shown_in_any_window(
    alice_client: APIClient, project: Project
) -> None:
    answer = send(alice_client, project, {"scan.zip": zipped(dicom_series(6))}, kind="dicom")
    facts = read(alice_client, answer.json()["id"])
    assert (facts["kind"], facts["frame_count"], facts["mime_type"]) == ("dicom", 6, "application/dicom")
    assert facts["window"] == {"center": 1000.0, "width": 2000.0, "low": -24.0, "high": 1976.0}
    assert facts["frame_sizes"] is None
    for frame in (5, 0, 3):
        assert read_number(shown(alice_client, facts["id"], frame)) == frame
    assert shown(alice_client, facts["id"], 2, wc=5000, ww=10).max() == 0
    assert shown(alice_client, facts["id"], 2, wc=-5000, ww=10).min() == 255
    middle = shown(alice_client, facts["id"], 2, wc=976, ww=4000)
    assert {int(value) for value in np.unique(np.round(middle / 64.0))} == {1, 3}


def test_windows_that_look_alike_are_one_address_of_the_cache(
    alice_client: APIClient, project: Project
) -> None:
    media_id = send(alice_client, project, dicom_series(2), kind="dicom").json()["id"]
    read(alice_client, media_id)

    def tag(**window: float) -> str:
        answer = alice_client.get(f"/api/v1/media/{media_id}/frames/1/", window)
        assert answer.status_code == 200
        return str(answer["ETag"])

    assert tag(wc=40.2, ww=400.4) == tag(wc=40, ww=400) != tag(wc=41, ww=400)
    assert tag() == tag(wc=1000) == tag(ww=2000) == tag(wc=1000.3, ww=1999.8)
    assert tag(wc=1e300, ww=1e300) == tag(wc=1e200, ww=1e299)


@pytest.mark.parametrize("query", [{"wc": "nan"}, {"ww": "-1"}, {"ww": "inf"}, {"wc": "left"}])
def test_a_window_that_is_none_is_refused(
    alice_client: APIClient, project: Project, query: dict[str, str]
) -> None:
    media_id = send(alice_client, project, dicom_series(2), kind="dicom").json()["id"]
    read(alice_client, media_id)
    answer = alice_client.get(f"/api/v1/media/{media_id}/frames/1/", query)
    assert (answer.status_code, error_of(answer)["code"]) == (400, "invalid")


def test_a_window_means_nothing_to_other_media(alice_client: APIClient, project: Project) -> None:
    media_id = send(alice_client, project, sequence_files(2), kind="image_sequence").json()["id"]
    assert read(alice_client, media_id)["window"] is None
    assert read_number(shown(alice_client, media_id, 1, wc=1, ww=1)) == 1


def test_nothing_of_the_patient_is_told(
    alice_client: APIClient, project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    broken = {"Doe-cut.dcm": cut_short(dicom_slice(7)), "Doe-bad.dcm": b""}
    media_id = send(alice_client, project, dicom_series(3) | broken, kind="dicom").json()["id"]
    facts = read(alice_client, media_id)
    assert (facts["state"], facts["damaged"]) == ("ready", [[3, 4]])
    refused = alice_client.get(f"/api/v1/media/{media_id}/frames/3/")
    assert (refused.status_code, error_of(refused)["code"]) == (422, "frame_unreadable")
    listed = alice_client.get(f"/api/v1/projects/{project.pk}/media/")
    events = alice_client.get(f"/api/v1/events/?after=0&project={project.pk}")
    told = " ".join(
        [str(facts), refused.content.decode(), listed.content.decode(), events.content.decode(), caplog.text]
    )
    assert "Doe" not in told
    assert "4711" not in told


def test_a_dicom_file_by_itself_is_a_series(alice_client: APIClient, project: Project) -> None:
    answer = send(alice_client, project, {"cine.dcm": multi_frame([5, 6, 7])})
    facts = read(alice_client, answer.json()["id"])
    assert (facts["kind"], facts["frame_count"]) == ("dicom", 3)
    assert read_number(shown(alice_client, facts["id"], 2)) == 7


def test_a_picture_by_itself_may_be_a_group(alice_client: APIClient, project: Project) -> None:
    answer = send(alice_client, project, {"one.png": numbered_png(9)}, kind="image_group")
    facts = read(alice_client, answer.json()["id"])
    assert (facts["kind"], facts["frame_count"], facts["title"]) == (
        "image_group",
        1,
        "Image group of 1 file",
    )


def refused_upload(
    client: APIClient, project: Project, files: Any, status: int, **fields: str
) -> dict[str, Any]:
    body = {"file": [SimpleUploadedFile(name, data) for name, data in files], **fields}
    answer = client.post(f"/api/v1/projects/{project.pk}/media/", body, format="multipart")
    assert answer.status_code == status, answer.content
    assert not Media.objects.exists()
    folder = django_settings.MEDIA_DIR / ".incoming"
    assert not folder.exists() or list(folder.iterdir()) == []
    return error_of(answer)


def test_several_files_without_a_kind_are_refused(alice_client: APIClient, project: Project) -> None:
    files = sequence_files(2).items()
    assert refused_upload(alice_client, project, files, 400)["code"] == "one_file"


def test_files_of_one_name_are_refused(alice_client: APIClient, project: Project) -> None:
    files = [("a.png", numbered_png(1)), ("a.png", numbered_png(2))]
    error = refused_upload(alice_client, project, files, 422, kind="image_group")
    assert error["code"] == "duplicate_name"
    assert "a.png" in error["sentence"]


def test_an_archive_among_pictures_is_refused(alice_client: APIClient, project: Project) -> None:
    files = [("a.png", numbered_png(1)), ("b.zip", zipped(sequence_files(2)))]
    error = refused_upload(alice_client, project, files, 422, kind="image_group")
    assert error["code"] == "archive_among_files"


@pytest.mark.parametrize("kind", ["video", "image", "opaque", "poem"])
def test_other_kinds_cannot_be_ordered(alice_client: APIClient, project: Project, kind: str) -> None:
    files = [("a.png", numbered_png(1))]
    assert refused_upload(alice_client, project, files, 400, kind=kind)["code"] == "invalid"


def test_all_files_together_keep_to_the_cap(alice_client: APIClient, project: Project, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 3 * len(numbered_png(0))
    files = sequence_files(8).items()
    error = refused_upload(alice_client, project, files, 413, kind="image_sequence")
    assert error["code"] == "file_too_large"


def test_more_files_than_a_request_may_hold_are_refused(
    alice_client: APIClient, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labeling.api.parsers.SERIES_FILES_MAX", 5)
    error = refused_upload(alice_client, project, sequence_files(6).items(), 413, kind="image_sequence")
    assert error["code"] == "too_many_files"
    assert "ZIP" in error["sentence"]


def test_djangos_own_limit_comes_after_ours() -> None:
    assert django_settings.DATA_UPLOAD_MAX_NUMBER_FILES > SERIES_FILES_MAX


def test_files_under_another_field_are_refused(alice_client: APIClient, project: Project) -> None:
    body = {"file": SimpleUploadedFile("a.png", b"a"), "more": SimpleUploadedFile("b.png", b"b")}
    answer = alice_client.post(f"/api/v1/projects/{project.pk}/media/", body, format="multipart")
    assert (answer.status_code, error_of(answer)["code"]) == (400, "invalid")


def test_what_the_reader_refuses_is_kept_with_the_media(alice_client: APIClient, project: Project) -> None:
    files = sequence_files(3) | {"odd.png": numbered_png(1, size=(50, 50))}
    facts = read(alice_client, send(alice_client, project, files, kind="image_sequence").json()["id"])
    assert (facts["state"], facts["error_code"]) == ("failed", "sizes_differ")
    assert "as an image group" in facts["error"]
    assert not Task.objects.exists()


def test_labels_of_a_group_are_measured_by_their_own_picture(
    alice_client: APIClient, project: Project
) -> None:
    read(alice_client, send(alice_client, project, group_files(3), kind="image_group").json()["id"])
    instance = factories.make_instance(task=Task.objects.get())
    shape = {"shape": {"left": 150, "top": 10, "width": 40, "height": 20}}

    def put(frame: int) -> int:
        answer = alice_client.put(f"/api/v1/instances/{instance.pk}/labels/{frame}/", shape, format="json")
        return answer.status_code

    # Widths are 160, 96 and 200.
    assert [put(frame) for frame in range(3)] == [422, 422, 200]
