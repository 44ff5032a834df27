"""Pictures of series on the workbench: groups of several sizes, and the grey levels of DICOM."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from labeling.models import Project, Task, User
from tests.clips.dicom import dicom_series
from tests.clips.series import SIZES, group_files, zipped
from tests.engine.clips import media_of_file
from tests.waiting import until
from tests.web.browser import OpenPage, TaskPage, keep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenSeries = Callable[[dict[str, bytes], str], TaskPage]


@pytest.fixture
def open_series(
    page_of: OpenPage, live_server: LiveServer, project: Project, alice: User, tmp_path: Path
) -> OpenSeries:
    """Return the workbench of a series of these files, stored and read."""

    def opened(files: dict[str, bytes], kind: str) -> TaskPage:
        path = tmp_path / f"{kind}.zip"
        path.write_bytes(zipped(files))
        media = media_of_file(project, path, uploaded_as=kind)
        bench = TaskPage(page_of(alice), width=160, height=128)
        bench.open(f"{live_server.url}/tasks/{Task.objects.get(media=media).pk}/")
        return bench

    return opened


@pytest.mark.usefixtures("valkey")
def test_pictures_of_a_group_are_shown_whole_each_in_its_own_size(open_series: OpenSeries) -> None:
    bench = open_series(group_files(6), "image_group")
    for frame in (0, 1, 2, 5, 1):
        bench.go(frame)
        bench.width, bench.height = SIZES[frame % 3]
        assert bench.number() == frame
        fitted = bench.page.evaluate("[labelyard.viewport.frameWidth, labelyard.viewport.frameHeight]")
        assert tuple(fitted) == SIZES[frame % 3]
    bench.go(0)
    bench.page.keyboard.press("Space")
    bench.wait_frame(5)
    until(
        lambda: bench.page.evaluate("labelyard.frames.loading.size") == 0, seconds=20, what="the neighbours"
    )


@pytest.mark.usefixtures("valkey")
def test_grey_levels_are_set_by_slider_preset_and_a_drag_with_a_key(open_series: OpenSeries) -> None:
    bench = open_series(dicom_series(4), "dicom")
    page = bench.page
    levels = page.get_by_role("group", name="Grey values")
    expect(levels).to_be_visible()
    assert bench.number() == 0
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    before = bench.pixels("layer-image").mean()
    with page.expect_response(re.compile(r"/frames/0/\?.*wc=")):
        levels.get_by_label("Level").fill("200")
    until(lambda: bench.pixels("layer-image").mean() > before, seconds=20, what="a brighter picture")
    keep(page, "frames-levels")
    page.keyboard.press("f")
    bench.wait_frame(1)
    assert "wc=" in next(url for url in asked if "/frames/1/" in url)
    levels.get_by_role("button", name="Default").click()
    until(
        lambda: page.evaluate("labelyard.frames.levels") is None, seconds=20, what="the levels of the series"
    )
    until(lambda: bench.number() == 1, seconds=20, what="the picture as it was")
    page.keyboard.down("g")
    with page.expect_response(re.compile(r"/frames/1/\?.*ww=")):
        bench.drag((80, 60), (130, 60))
    page.keyboard.up("g")
    window = page.evaluate("labelyard.facts.window")
    assert page.evaluate("labelyard.frames.levels.width") > window["width"]
    expect(page.locator(".levels-glass")).to_have_count(0)
    levels.get_by_role("button", name="Full range").click()
    full = window["high"] - window["low"]
    until(
        lambda: abs(page.evaluate("labelyard.frames.levels.width") - full) < full / 100, seconds=20, what="it"
    )
    # The decoder is let go with the page: nothing may wait for it then.
    until(lambda: page.evaluate("labelyard.frames.loading.size") == 0, seconds=20, what="the neighbours")
