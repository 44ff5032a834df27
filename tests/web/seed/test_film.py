"""The gestures on a real film, with everything real: the stack's processes, its queue, SAM 3 and SAM 2.

Both have small random weights: what they find means nothing, that the page gets it from them does.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from labeling.demo.story import Story
from labeling.demo.video import FIRST_FRAME, demo_video
from labeling.stack.ports import free_port
from labeling.stack.stack import Stack
from labelyard import Client
from tests.backends import sam2_micro, sam3_micro
from tests.factories import PASSWORD
from tests.waiting import until
from tests.web.browser import Complaints, TaskPage, keep, opened
from tests.web.seed.page import following

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.timeout(600)]

MODELS_SECONDS = 240.0
ANSWER_MS = 60_000.0
RIDER = (460.0, 170.0)
ONTOLOGY = {
    "name": "Street",
    "classes": [
        {"name": "Rider", "color": "#e0812e", "shape": "polygon"},
        {"name": "Vehicle", "color": "#2f6fde", "shape": "bitmask"},
    ],
}
ACCOUNT = f"""
import django; django.setup()
from labeling.services.tokens import token_create
from labeling.services.users import user_create
user = user_create(username="mara", password={PASSWORD!r})
print(token_create(user=user, name="film").secret)
"""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, scratch: Path) -> Iterator[Stack]:
    """The embedded stack, of which the workers have both models."""
    sam2_micro.need_sam2()
    sam3_micro.need_sam3()
    models = {
        **sam2_micro.micro_environment(scratch / "film2"),
        **sam3_micro.micro_environment(scratch / "film3"),
        "LABELYARD_SCRIPTED_BACKEND": "0",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in models.items():
            patch.setenv(name, value)
        with Stack(tmp_path_factory.mktemp("film"), free_port()) as running:
            running.wait_ready()
            yield running


@pytest.fixture(scope="module")
def client(stack: Stack) -> Iterator[Client]:
    """Somebody who calls the API, and whose password is known."""
    done = subprocess.run(
        [sys.executable, "-c", ACCOUNT],
        env=stack.environment,
        cwd=settings.BASE_DIR,
        check=True,
        capture_output=True,
        text=True,
    )
    with Client(url=stack.url, token=done.stdout.strip()) as client:
        yield client


@pytest.fixture(scope="module")
def task(client: Client) -> int:
    """The task of the demo's film, once the workers have loaded both models."""
    project = client.projects.create(name="Street", ontology=ONTOLOGY)
    task = Story(client=client, say=print).task_of_upload(project, demo_video())
    until(lambda: understands_words(client, task), seconds=MODELS_SECONDS, what="SAM 3")
    until(lambda: "sam2" in offered(client), seconds=MODELS_SECONDS, what="SAM 2")
    return task


def understands_words(client: Client, task: int) -> bool:
    told = client.connection.post(dict[str, Any], f"tasks/{task}/prompts/warm/", {"frames": [FIRST_FRAME]})
    return bool(told["words"] == "sam3")


def offered(client: Client) -> set[str]:
    """The trackers that workers have announced."""
    workers = client.connection.pages(dict[str, Any], "workers/")
    return {name for worker in workers for name in worker["algorithms"]}


@pytest.fixture
def bench(browser: Browser, complaints: Complaints, stack: Stack, task: int) -> Iterator[TaskPage]:
    """The film's workbench at the begin of the demo's shot."""
    with closing(opened(browser)) as context:
        context.set_default_timeout(30_000)
        page = context.new_page()
        complaints.listen(page)
        page.goto(stack.url)
        page.get_by_label("User name").fill("mara")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Projects")).to_be_visible()
        bench = TaskPage(page, width=640, height=272)
        bench.open(f"{stack.url}/tasks/{task}/?frame={FIRST_FRAME}")
        yield bench


def test_sam_3_labels_and_sam_2_tracks_on_a_real_film(bench: TaskPage, client: Client, task: int) -> None:
    with following("Info") as says:
        says("SAM 3 is used for labeling objects")
        click(bench.page, bench)
        find_all(bench)
        says("SAM 2 is used for tracking")
        track(bench)
    (job,) = client.jobs.list(client.tasks.get(task).project, task=task)
    assert (job.algorithm, job.state, job.last_frame) == ("sam2", "succeeded", FIRST_FRAME + 3)


def click(page: Page, bench: TaskPage) -> None:
    """Label New Instances: by a click, saved with Enter."""
    page.get_by_role("button", name="Segment Rider with SAM").click()
    expect(page.locator("#sam-hint")).to_contain_text("Answered by SAM 3.")
    page.mouse.click(*bench.at(*RIDER))
    expect(page.locator("#sam-made")).to_contain_text("Made by", timeout=ANSWER_MS)
    keep(page, "seed_film_click")
    page.keyboard.press("Enter")
    expect(page.locator("#object-table")).to_contain_text("Rider 1")
    bench.wait_saved()


def find_all(bench: TaskPage) -> None:
    """Label All Objects: by a typed name, down to a low threshold; Delete stays, Done, one undo."""
    page = bench.page
    page.get_by_text("All objects prediction").click()
    name = page.get_by_label("Name of what to look for")
    name.fill("a man on a pole")
    page.get_by_role("button", name="Detect all objects").click()
    threshold = page.get_by_label("Threshold", exact=True)
    expect(threshold).to_be_visible(timeout=ANSWER_MS)
    below(threshold, 0.1)
    rows = page.locator(".sam-result:visible")
    expect(rows).not_to_have_count(0, timeout=ANSWER_MS)
    found = rows.count()
    page.get_by_role("button", name="Delete object 1", exact=True).click()
    expect(rows).to_have_count(found - 1)
    # Asked again for less sure ones, the deleted one does not come back.
    below(threshold, 0.0)
    expect(page.locator("#sam-save")).to_be_enabled(timeout=ANSWER_MS)
    expect(page.get_by_role("button", name="Delete object 1", exact=True)).to_be_hidden()
    keep(page, "seed_film_all")
    page.get_by_role("button", name="Done", exact=True).click()
    expect(page.locator("#object-table")).to_contain_text("Rider 2")
    bench.wait_saved()
    page.keyboard.press("Control+z")
    expect(page.locator("#object-table")).not_to_contain_text("Rider 2")
    bench.wait_saved()
    page.get_by_text("Single-object detection").click()


def below(threshold: Any, value: float) -> None:
    """Draw the threshold down, and let go."""
    threshold.fill(f"{value:.2f}")
    threshold.dispatch_event("change")


def track(bench: TaskPage) -> None:
    """Track While Creating Labels: over four frames, and saved."""
    page = bench.page
    page.get_by_role("button", name="Segment Vehicle with SAM").click()
    page.mouse.click(*bench.at(160, 180))
    expect(page.locator("#sam-forwards")).to_be_enabled(timeout=ANSWER_MS)
    frames = page.get_by_label("Frames to track")
    frames.fill("4")
    page.get_by_role("button", name="Forwards", exact=True).click()
    expect(page.locator("#sam-tracking")).to_have_text("Tracked: 3 labels", timeout=2 * ANSWER_MS)
    page.get_by_role("button", name="Save", exact=True).click()
    there = f"labelyard.store.labelsOn({FIRST_FRAME + 3}).filter((one) => one.shape).length"
    until(lambda: page.evaluate(there) == 1, seconds=10, what="the label on the page")
    keep(page, "seed_film_tracked")
