"""SAM 2 and SAM 3 at work for the page, as micro models of random weights in a real worker.

What they find means nothing: that the page shows and keeps what was answered, and says who answered, does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Response, expect

from labeling.geometry.packing import shape_unpack
from labeling.geometry.shapes import ShapeKind
from labeling.geometry.wire import shape_to_json
from labeling.lane.live import best_clicker, best_detector, live_workers
from labeling.lane.store import store
from labeling.models import Instance, Job, JobState, Label, Worker
from labeling.offers import Reads
from tests.backends import sam2_micro, sam3_micro
from tests.conftest import child_environment
from tests.lane.desks import worker_running
from tests.servers import ValkeyServer
from tests.waiting import until
from tests.web.workbench.balls import LYING, rolling
from tests.web.workbench.conftest import OpenHand
from tests.web.workbench.hand import Hand
from tests.web.workbench.sam import ANSWER_SECONDS, answered, draft, open_wand

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("models"),
]

LOADING_SECONDS = 120.0
BEAT_SECONDS = 4.0
"""The rows of workers go with each test: this one says every second again what it offers."""


@pytest.fixture(scope="module")
def models(
    django_db_setup: None,
    valkey: ValkeyServer,
    data_dir: Path,
    scratch: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """One worker for clicks, words and tracks; its SAM 3 finds by words only, so clicks are SAM 2's."""
    sam2_micro.need_sam2()
    sam3_micro.need_sam3()
    told = {
        **child_environment(valkey, data_dir),
        **sam2_micro.micro_environment(scratch / "micro"),
        "LABELYARD_SAM3_MODEL": str(finding_by_words(scratch / "micro3", scratch / "micro3-detector")),
        "LABELYARD_SAM3_DEVICE": "cpu",
        "LABELYARD_SAM2_DEVICE": "cpu",
        "LABELYARD_SCRIPTED_BACKEND": "0",
        "LABELYARD_WORKER_STALE_SECONDS": str(BEAT_SECONDS),
    }
    with worker_running(told, tmp_path_factory.mktemp("models"), queues="interactive,gpu"):
        until(loaded, seconds=LOADING_SECONDS, what="the models to be loaded")
        yield


def finding_by_words(whole: Path, folder: Path) -> Path:
    """Write the detector of the micro SAM 3 without the part that answers clicks."""
    from transformers import Sam3Model

    if not folder.exists():
        sam3_micro.micro_folder(whole, sam3_micro.Depth())
        sam3_micro.write_tokenizer(folder)
        Sam3Model.from_pretrained(whole).save_pretrained(folder)
    return folder


def loaded() -> bool:
    workers = live_workers(store())
    return (best_clicker(workers), best_detector(workers, reads=Reads.WORDS)) == ("sam2", "sam3")


class Replies:
    """The last answer of the API to what the page asked, as the page got it."""

    def __init__(self, bench: Hand) -> None:
        self.last: Any = None
        bench.page.on("response", self.hear)

    def hear(self, response: Response) -> None:
        if "/prompts/" in response.url and response.ok:
            told = response.json()
            self.last = told if told.get("state") == "done" else self.last


def kept_shapes() -> list[Any]:
    """The shapes of all labels, the object that was made first in front."""
    rows = Label.objects.order_by("instance__number").values_list("geometry", flat=True)
    return [shape_to_json(shape_unpack(bytes(one))) for one in rows if one is not None]


def test_a_click_is_answered_by_sam_2_and_words_by_sam_3_and_both_are_kept_as_answered(
    sam_hand: OpenHand,
) -> None:
    bench = sam_hand(ShapeKind.BITMASK)
    made = bench.page.locator("#sam-made")
    replies = Replies(bench)
    open_wand(bench, "bitmask")
    bench.click(LYING[0])
    answered(bench)
    expect(made).to_have_text(re.compile(r"Made by micro on cpu, float32.* in \d+ ms, score [01]\.\d\d"))
    clicked = [one["shape"] for one in replies.last["shapes"]]
    assert replies.last["made_by"]["name"] == "sam2"
    assert [one["shape"] for one in draft(bench)["shapes"]] == clicked
    bench.keep("sam_micro_click")
    # The middle button saves, too.
    bench.page.mouse.click(*bench.at(LYING[0]), button="middle")
    bench.saved()
    assert kept_shapes() == clicked
    # Words, of which random weights are unsure: every object counts.
    bench.page.get_by_text("All objects prediction").click()
    expect(bench.page.locator("#sam-popup")).to_contain_text("Names are understood by SAM 3.")
    bench.page.get_by_label("Name of what to look for").fill("ball")
    bench.page.get_by_role("button", name="Detect all objects").click()
    threshold = bench.page.locator("#sam-threshold")
    expect(threshold).to_be_visible(timeout=ANSWER_SECONDS * 1000)
    threshold.fill("0")
    bench.page.locator(".sam-result").first.wait_for(timeout=ANSWER_SECONDS * 1000)
    expect(made).to_have_text(re.compile(r"Made by micro3-detector on cpu, float32"))
    bench.keep("sam_micro_words")
    found = [one["shape"] for one in replies.last["shapes"]]
    assert replies.last["made_by"]["name"] == "sam3"
    bench.page.get_by_role("button", name="Done", exact=True).click()
    bench.saved()
    assert kept_shapes() == [*clicked, *found]
    # One undo takes all of them back.
    bench.press("Control+z")
    until(lambda: Instance.objects.count() == 1, seconds=20, what="the objects to go")


@pytest.mark.usefixtures("relayed")
def test_a_draft_of_sam_2_is_tracked_by_it_and_the_run_says_so(sam_hand: OpenHand) -> None:
    offers = Worker.objects.filter(algorithms__has_key="sam2")
    until(offers.exists, seconds=30, what="the worker to say what it offers")
    bench = sam_hand(ShapeKind.BITMASK)
    open_wand(bench, "bitmask")
    bench.click(rolling(0))
    answered(bench)
    frames = bench.page.get_by_label("Frames to track")
    frames.fill("4")
    frames.press("Escape")
    bench.page.get_by_role("button", name="Forwards", exact=True).click()
    until(
        lambda: Job.objects.filter(finished_at__isnull=False).exists(), seconds=ANSWER_SECONDS, what="the run"
    )
    job = Job.objects.get()
    assert (job.state, job.algorithm) == (JobState.SUCCEEDED, "sam2")
    assert job.model_version.startswith("micro on cpu, float32")
    expect(bench.page.locator("#sam-tracking")).to_have_text(f"Tracked: {job.labels_written} labels")
    # What the API tells of the last frame is what the page shows there.
    last = Label.objects.get(frame=3)
    assert last.geometry is not None
    shown = """() => labelyard.store.labelsOn(3).filter((one) => one.shape).length"""
    until(lambda: bench.page.evaluate(shown) == 1, seconds=20, what="the label on the page")
    bench.keep("sam_micro_track")
