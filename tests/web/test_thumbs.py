"""The small pictures in lists of media and tasks, for every modality that has pictures."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from labeling.models import Media, Project, User
from tests import factories
from tests.clips import make_clip, read_number
from tests.clips.dicom import dicom_series
from tests.clips.series import group_files, numbered_png, sequence_files, zipped
from tests.engine.clips import media_of_file
from tests.web.browser import OpenPage, keep

# What each shows: the first whole frame, of a volume its middle.
SHOWN = {"video": 0, "image": 3, "image_group": 1, "image_sequence": 0, "dicom": 4}


def broken_group() -> bytes:
    return zipped({**group_files(6), "0.png": b""})


MAKERS: dict[str, Callable[[], bytes]] = {
    "image": lambda: numbered_png(3),
    "image_group": broken_group,
    "image_sequence": lambda: zipped(sequence_files(5)),
    "dicom": lambda: zipped(dicom_series(8)),
}


def media_of_kind(project: Project, kind: str, folder: Path) -> Media:
    """Store a media of this kind and have it read."""
    if kind == "video":
        media = media_of_file(project, make_clip("constant_rate", folder).path)
    else:
        path = folder / kind
        path.write_bytes(MAKERS[kind]())
        media = media_of_file(project, path, uploaded_as="" if kind == "image" else kind)
    media.refresh_from_db()
    assert (media.state, media.kind) == ("ready", kind), media.error
    return media


@pytest.mark.django_db
@pytest.mark.parametrize("kind", SHOWN)
def test_every_modality_has_one(
    client: Client, alice: User, project: Project, tmp_path: Path, kind: str
) -> None:
    client.force_login(alice)
    media = media_of_kind(project, kind, tmp_path)
    answer = client.get(reverse("media-thumb", args=[media.pk]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.width == (96 if kind == "image_group" else 128)
    assert read_number(np.asarray(picture)) == SHOWN[kind]


@pytest.mark.django_db
def test_where_there_is_none_the_list_stays_whole(client: Client, alice: User, project: Project) -> None:
    client.force_login(alice)
    media = factories.make_media(project=project)
    answer = client.get(reverse("media-thumb", args=[media.pk]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_lists_show_them(
    *, page_of: OpenPage, live_server: LiveServer, alice: User, project: Project, tmp_path: Path
) -> None:
    for kind in SHOWN:
        media_of_kind(project, kind, tmp_path)
    page = page_of(alice)
    for name, address in (("media", f"projects/{project.pk}/media/"), ("tasks", f"projects/{project.pk}/")):
        page.goto(f"{live_server.url}/{address}")
        thumbs = page.locator("img.thumb")
        expect(thumbs).to_have_count(len(SHOWN))
        for place in range(len(SHOWN)):
            expect(thumbs.nth(place)).to_have_js_property("complete", value=True)
            assert thumbs.nth(place).evaluate("(one) => one.naturalWidth") >= 64
        keep(page, f"thumbs-{name}")
