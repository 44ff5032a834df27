"""The whole way with everything real: sign in, upload, draw, track, accept, export.

The embedded stack runs as its own processes: uvicorn, Valkey, the workers, the relay.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from labeling.stack.ports import free_port
from labeling.stack.stack import Stack
from tests.clips.encoding import Encoding, encode_pictures
from tests.clips.numbers import Picture
from tests.factories import PASSWORD
from tests.web.browser import Complaints, TaskPage, keep, opened

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.timeout(180)]

WIDTH, HEIGHT, FRAMES = 320, 240, 90
SIDE, STEP = 48, 2
ACCOUNT = """
import django; django.setup()
from labeling.services.users import user_create
user_create(username="mara", password={password!r})
"""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The embedded stack with one account in it."""
    with Stack(tmp_path_factory.mktemp("journey"), free_port()) as running:
        running.wait_ready()
        code = ACCOUNT.format(password=PASSWORD)
        subprocess.run(
            [sys.executable, "-c", code], env=running.environment, cwd=settings.BASE_DIR, check=True
        )
        yield running


def scene(frame: int) -> Picture:
    """A textured square that moves to the right over a textured ground."""
    noise = np.random.default_rng(5)
    picture = noise.integers(90, 140, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    square = np.random.default_rng(6).integers(0, 255, (SIDE // 8, SIDE // 8, 3), dtype=np.uint8)
    left = square_left(frame)
    picture[100 : 100 + SIDE, left : left + SIDE] = np.kron(square, np.ones((8, 8, 1), dtype=np.uint8))
    return picture


def square_left(frame: int) -> int:
    return 40 + STEP * frame


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scene as a video of 90 frames."""
    path = tmp_path_factory.mktemp("video") / "square.mp4"
    encode_pictures(path, (scene(frame) for frame in range(FRAMES)), encoding=Encoding(b_frames=2))
    return path


@pytest.fixture
def page(browser: Browser, complaints: Complaints) -> Iterator[Page]:
    """A page in a fresh profile; events come by their stream."""
    with closing(opened(browser)) as context:
        context.set_default_timeout(30_000)
        page = context.new_page()
        complaints.listen(page)
        yield page


def test_from_sign_in_to_export(page: Page, stack: Stack, video: Path, tmp_path: Path) -> None:
    arrive(page, stack)
    make_project(page)
    upload(page, video)
    bench = open_task(page)
    draw(bench)
    track(bench)
    review(bench)
    hand_in(bench)
    look_at_the_job(page)
    for form, name in (("COCO", "coco"), ("Encord JSON", "encord")):
        with page.expect_download() as download:
            page.get_by_role("link", name=f"Download {form}").click()
        download.value.save_as(tmp_path / f"{name}.json")
    keep(page, "journey-6-export")
    check_coco(json.loads((tmp_path / "coco.json").read_text()))
    rows = json.loads((tmp_path / "encord.json").read_text())
    assert rows.keys() >= {"ontology", "label_rows"}


def arrive(page: Page, stack: Stack) -> None:
    page.goto(stack.url)
    page.get_by_label("User name").fill("mara")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="No projects yet")).to_be_visible()
    keep(page, "journey-1-signed-in")


def make_project(page: Page) -> None:
    page.get_by_role("link", name="New project").click()
    page.get_by_label("Name", exact=True).fill("Moving things")
    page.get_by_label("Name of the class").first.fill("Square")
    page.get_by_role("button", name="Create the project").click()
    expect(page.get_by_role("heading", name="Moving things")).to_be_visible()


def upload(page: Page, video: Path) -> None:
    page.get_by_role("link", name="Upload media").click()
    page.locator("#files").set_input_files(video)
    expect(page.locator("#media")).to_contain_text("Ready", timeout=30_000)
    keep(page, "journey-2-uploaded")


def open_task(page: Page) -> TaskPage:
    page.get_by_role("link", name="Tasks").click()
    bench = TaskPage(page, width=WIDTH, height=HEIGHT)
    row = page.get_by_role("link", name="square.mp4")
    expect(row).to_be_visible(timeout=30_000)
    bench.open(f"{page.url.split('/projects/')[0]}{row.get_attribute('href')}")
    return bench


def draw(bench: TaskPage) -> None:
    bench.page.keyboard.press("1")
    bench.page.keyboard.press("w")
    bench.drag((40, 100), (40 + SIDE, 100 + SIDE))
    expect(bench.page.locator("#object-table")).to_contain_text("Square 1")
    bench.wait_saved()
    keep(bench.page, "journey-3-drawn")


def track(bench: TaskPage) -> None:
    """Track over 60 frames; the labels appear by themselves, where the square is."""
    page = bench.page
    page.get_by_role("tab", name="Automate").click()
    page.locator("#track-last").fill("59")
    expect(page.locator("#track-plan")).to_contain_text("1 object over 60 frames")
    page.get_by_role("button", name="Run tracking").click()
    expect(page.locator("#job-words")).to_have_text("Tracked: 59 labels", timeout=60_000)
    page.get_by_role("tab", name="Objects").click()
    bench.go(45)
    expect(page.locator("#object-table")).to_contain_text("tracked")
    keep(page, "journey-4-tracked")
    left = page.evaluate("labelyard.store.labelsOn(45)[0].shape.left")
    assert abs(left - square_left(45)) < 6


def review(bench: TaskPage) -> None:
    page = bench.page
    page.get_by_role("tab", name="Review").click()
    page.locator("#review").get_by_role("button", name="Accept", exact=True).click()
    bench.wait_saved()
    expect(page.locator("#review-about")).to_contain_text("accepted")
    keep(page, "journey-5-accepted")


def hand_in(bench: TaskPage) -> None:
    page = bench.page
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("button", name="Accept task").click()
    expect(page.locator("#barrier")).to_contain_text("The task is complete.")


def look_at_the_job(page: Page) -> None:
    page.get_by_role("link", name="Back to Moving things").click()
    page.get_by_role("link", name="Jobs").click()
    expect(page.locator("#jobs")).to_contain_text("60 / 60 frames · 59 labels")
    page.get_by_role("link", name="Track 1").click()
    expect(page.get_by_text("Succeeded", exact=True)).to_be_visible()
    page.get_by_role("link", name="Moving things").click()
    page.get_by_role("link", name="Export").click()


def check_coco(document: dict[str, Any]) -> None:
    """The export holds a box on each of the 60 frames, and the boxes follow the square."""
    frames = {image["id"]: image["frame"] for image in document["images"]}
    lefts = {frames[one["image_id"]]: one["bbox"][0] for one in document["annotations"]}
    assert sorted(lefts) == list(range(60))
    assert all(abs(left - square_left(frame)) < 6 for frame, left in lefts.items())
