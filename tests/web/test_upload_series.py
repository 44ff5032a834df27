"""Uploading series by the page: files, folders and archives, each as what they are said to be."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from labeling.models import Media, MediaState, Project, User
from tests.clips.dicom import dicom_series
from tests.clips.series import group_files, sequence_files, zipped
from tests.web.browser import OpenPage
from workers.probing import probe_next

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def media_page(
    page_of: OpenPage, live_server: LiveServer, alice: User, project: Project, valkey: object
) -> Page:
    page = page_of(alice)
    page.goto(f"{live_server.url}/projects/{project.pk}/media/")
    return page


def lay(folder: Path, files: dict[str, bytes]) -> list[Path]:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return [folder / name for name in files]


def choose(page: Page, kind: str) -> None:
    page.get_by_label("Upload them as").select_option(label=kind)


def read_all() -> list[Media]:
    """Let the worker read everything that waits."""
    while probe_next():
        pass
    media = list(Media.objects.order_by("pk"))
    assert {one.state for one in media} == {MediaState.READY}, [one.error for one in media]
    return media


def test_chosen_pictures_become_one_sequence(media_page: Page, tmp_path: Path) -> None:
    choose(media_page, "One image sequence")
    expect(media_page.locator("#upload-help")).to_contain_text("all of one size")
    media_page.locator("#files").set_input_files(lay(tmp_path, sequence_files(4)))
    expect(media_page.locator("#media")).to_contain_text("Image sequence of 4 files")
    (media,) = read_all()
    assert (media.kind, media.frame_count) == ("image_sequence", 4)


def test_a_folder_becomes_one_group_of_its_name(media_page: Page, tmp_path: Path) -> None:
    files = {f"part{number}/{name}": data for number in (1, 2) for name, data in group_files(3).items()}
    lay(tmp_path / "Birds", files | {".hidden": b"x", "part1/.DS_Store": b"x"})
    choose(media_page, "One image group")
    media_page.locator("#folder").set_input_files(tmp_path / "Birds")
    expect(media_page.locator("#media")).to_contain_text("Birds")
    (media,) = read_all()
    assert (media.kind, media.title, media.frame_count) == ("image_group", "Birds", 6)


def test_each_archive_is_a_series_and_loose_files_are_another(media_page: Page, tmp_path: Path) -> None:
    scans = dicom_series(3)
    archives = {f"{name}.zip": zipped(dicom_series(2 + place)) for place, name in enumerate("ab")}
    choose(media_page, "One DICOM series")
    media_page.locator("#files").set_input_files(lay(tmp_path, scans | archives))
    for title in ("a.zip", "b.zip", "DICOM series of 3 files"):
        expect(media_page.locator("#media")).to_contain_text(title)
    assert sorted((one.kind, one.frame_count) for one in read_all()) == [
        ("dicom", 2),
        ("dicom", 3),
        ("dicom", 3),
    ]


def test_without_a_kind_each_file_of_a_folder_is_a_media(media_page: Page, tmp_path: Path) -> None:
    lay(tmp_path / "walk", sequence_files(3))
    media_page.locator("#folder").set_input_files(tmp_path / "walk")
    for number in range(3):
        expect(media_page.locator("#media")).to_contain_text(f"frame{number}.png")
    assert [one.kind for one in read_all()] == ["image"] * 3
