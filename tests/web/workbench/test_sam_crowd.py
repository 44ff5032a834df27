"""SAM mode on a 4K picture with two hundred objects, found by a worker that understands words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from labeling.geometry.shapes import ShapeKind
from labeling.media import configured
from labeling.models import Instance, Label, Project, Task, User
from tests.lane.desks import worker_running
from tests.waiting import until
from tests.web.browser import OpenPage
from tests.web.conftest import media_read
from tests.web.workbench.crowd_worker import COLUMNS, ROWS, SURE
from tests.web.workbench.hand import Hand, only
from tests.web.workbench.sam import ANSWER_SECONDS, open_wand

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTH, HEIGHT = 3840, 2160


@pytest.fixture
def large_task(project: Project, alice: User, tmp_path: Path, valkey: object) -> Iterator[Task]:
    """The task of one picture of 3840 by 2160."""
    configured.forget()
    path = tmp_path / "large.png"
    shades = np.linspace(40, 200, WIDTH, dtype=np.uint8)
    Image.fromarray(np.broadcast_to(shades[None, :, None], (HEIGHT, WIDTH, 3)).copy()).save(
        path, compress_level=1
    )
    yield Task.objects.get(media=media_read(path, title="large.png", project=project, user=alice))
    configured.forget()


@pytest.fixture
def crowd(environment: dict[str, str], tmp_path: Path) -> Iterator[None]:
    """A worker that understands words."""
    with worker_running(environment, tmp_path, module="tests.web.workbench.crowd_worker"):
        yield


def test_two_hundred_objects_of_a_4k_picture_are_kept_and_taken_back_in_one_step(
    page_of: OpenPage,
    live_server: LiveServer,
    large_task: Task,
    alice: User,
    crowd: None,
) -> None:
    only(large_task, ShapeKind.POLYGON)
    bench = Hand(page_of(alice), large_task, width=WIDTH, height=HEIGHT)
    bench.open(f"{live_server.url}/tasks/{large_task.pk}/")
    page = bench.page
    open_wand(bench, "polygon")
    page.get_by_text("All objects prediction").click()
    popup = page.locator("#sam-popup")
    expect(popup).to_contain_text("Names are understood by crowd.")
    # A single picture is not tracked: nothing offers it.
    expect(page.get_by_label("Frames to track")).to_be_hidden()
    name = page.get_by_label("Name of what to look for")
    name.fill("unicorn")
    name.press("Enter")
    status = page.locator("#sam-status")
    nothing = "No such object was found on this frame. A lower threshold finds what is less sure."
    expect(status).to_have_text(nothing, timeout=ANSWER_SECONDS * 1000)
    name.fill("field of a board")
    name.press("Enter")
    count = page.locator("#sam-count")
    expect(count).to_contain_text(f"{SURE} of {SURE}", timeout=ANSWER_SECONDS * 1000)
    # Below the least sure one the page asks again, for as many as are shown at once.
    threshold = page.locator("#sam-threshold")
    threshold.fill("0.2")
    expect(page.locator(".sam-notes")).not_to_be_empty(timeout=ANSWER_SECONDS * 1000)
    expect(count).to_contain_text(f"0.20: {SURE} of {SURE}")
    page.get_by_role("button", name="Delete object 3", exact=True).click()
    bench.keep("sam_crowd")
    page.get_by_role("button", name="Done", exact=True).click()
    until(lambda: Label.objects.count() == SURE - 1, seconds=ANSWER_SECONDS, what="the labels")
    assert COLUMNS * ROWS > SURE
    bench.press("Control+z")
    until(lambda: not Instance.objects.exists(), seconds=ANSWER_SECONDS, what="the objects to go")
