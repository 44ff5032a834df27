"""SAM 2 on the micro model: through the queue, beside the publisher's predictor, over many frames.

Its weights are random and small, so these figures are about what is built around the model and not
about tracking: what the queue costs, whether masks stay the same to the bit, what is held in memory.
"""

from __future__ import annotations

from tools import ready  # noqa: F401

# isort: split
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

from labeling.demo.video import FIRST_FRAME, LAST_FRAME, demo_video
from labeling.models import Project, Task, Worker
from tests.backends.sam2_micro import SIZE as MICRO_SIZE
from tests.backends.sam2_micro import micro_environment, micro_options, need_sam2, stock_predictor
from tests.backends.sam2_stock import Film, differing, film, mask_seeds, session_masks, stock_masks
from tests.backends.scenes import Scene
from tests.engine.clips import media_of_file
from tests.factories import make_ontology
from tools.bench.clicks import Clicks, second_click_figure
from tools.bench.lines import figure, median
from tools.bench.tracking import bare_loop, queued_run
from tools.faults.shop import Shop, wait_for
from workers.backends.device.computing import tensors_nbytes
from workers.backends.registry import tracker_add
from workers.backends.sam2.clicks import Sam2Clicker
from workers.backends.sam2.options import Sam2Options
from workers.backends.sam2.session import Sam2Session
from workers.backends.sam2.tracker import Sam2Tracker

ROUNDS = 3
LONG, LONGER = 300, 3000
CLICKED = 15
PUBLISHED_SIZE = 1024
CLICKS = Clicks([(60.5, 70.5, True)], [(60.5, 70.5, True), (120.5, 100.5, False)])


def main() -> None:
    need_sam2()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tracker = Sam2Tracker(micro_options(folder))
        tracker_add("sam2", lambda: tracker)
        queue_figure(folder)
        pictures = film(folder / "film", length=LONG)
        click_figure(tracker.options, pictures)
        identity_figure(tracker, stock_predictor(folder / "micro.pt"), pictures)
        state_figure(tracker, stock_predictor(folder / "micro.pt"), pictures)
        memory_figure(tracker, pictures.scene)


def queue_figure(folder: Path) -> None:
    """A job through the queue against a bare loop of the same session, over the demo's film."""
    project = Project.objects.create(name="Bench", ontology=make_ontology())
    task = Task.objects.get(media=media_of_file(project, demo_video()))
    environment = {**os.environ, **micro_environment(folder)}
    bare, queued = [], []
    with Shop(environment=environment, workers=1, logs=folder, hasty=False, queues="cpu,gpu"):
        wait_for(
            lambda: Worker.objects.filter(algorithms__has_key="sam2").exists(), seconds=120, what="a worker"
        )
        queued_run(task, algorithm="sam2")  # the worker's first job loads the model
        for _ in range(ROUNDS):
            bare.append(bare_loop(task, algorithm="sam2"))
            queued.append(queued_run(task, algorithm="sam2"))
    frames = LAST_FRAME - FIRST_FRAME + 1
    figure(
        "sam2_micro_through_queue",
        frames / median(queued),
        "frames/s",
        ratio=median(bare) / median(queued),
        reference=f"a bare loop of {frames / median(bare):.3g} frames/s",
    )


def identity_figure(tracker: Sam2Tracker, stock: Any, pictures: Film) -> None:
    """How many masks are the publisher's to the bit: both ways, one and three objects, and changes midway."""
    equal, compared = 0, 0
    frames = pictures.frames
    for prompts, reverse in passes(pictures):
        order = range(LONG - 1, -1, -1) if reverse else range(LONG)
        ours = session_masks(tracker.open(frames, parameters={}), frames, prompts, order=order)
        theirs = stock_masks(stock, pictures.folder, prompts, reverse=reverse)
        masks = sum(len(found) for found in ours.values())
        compared += masks
        equal += masks - len(differing(ours, theirs))
    figure(
        f"sam2_micro_equal_masks_of_{LONG}_frames",
        equal,
        "masks",
        ratio=equal / compared,
        reference=f"{compared} masks of the publisher's predictor",
    )


def passes(pictures: Film) -> Iterator[tuple[dict[int, Any], bool]]:
    for reverse in (False, True):
        start, middle = (LONG - 1, 140) if reverse else (0, 160)
        yield {start: pictures.masks(start, 1)}, reverse
        yield {start: pictures.masks(start, 1, 2, 3)}, reverse
        yield {start: pictures.masks(start, 1), middle: pictures.masks(middle, 2)}, reverse
        yield {start: pictures.masks(start, 1, 2), middle: pictures.masks(middle, 1)}, reverse


def click_figure(options: Sam2Options, pictures: Film) -> None:
    """Processor time of a second click beside the first, which encodes the picture: a new one each time.

    The micro model's decoder has the depth of the published ones, and at its own 128 pixels little to
    decode: there calls cost more than computing. So it is measured at the published size as well.
    """
    frames = [pictures.frames.read_rgb(frame) for frame in (0, *range(CLICKED))]
    for size in (MICRO_SIZE, PUBLISHED_SIZE):
        clicker = Sam2Clicker(replace(options, image_size=size))
        second_click_figure(f"sam2_micro_second_click_at_{size}", clicker, CLICKS, frames)


def state_figure(tracker: Sam2Tracker, stock: Any, pictures: Film) -> None:
    """Bytes held after a pass of three objects, an object and frame, beside what the stock state holds."""
    import torch

    objects = (1, 2, 3)
    session = tracker.open(pictures.frames, parameters={})
    for _ in stepped(session, pictures, objects):
        pass
    with torch.inference_mode():
        state = stock.init_state(str(pictures.folder))
        for number, mask in pictures.masks(0, *objects).items():
            stock.add_new_mask(state, 0, number, mask)
        for _ in stock.propagate_in_video(state):
            pass
    places = LONG * len(objects)
    ours, theirs = session.nbytes / places, tensors_nbytes(state) / places
    figure(
        "sam2_micro_bytes_per_object_and_frame",
        ours,
        "bytes",
        ratio=ours / theirs,
        reference=f"the publisher's state of {theirs:.0f} bytes",
    )


def stepped(session: Sam2Session, pictures: Film, objects: tuple[int, ...]) -> Iterator[int]:
    session.seed(frame=0, seeds=mask_seeds(pictures.masks(0, *objects)))
    for frame in range(1, LONG):
        session.step(frame=frame)
        yield frame


class Round:
    """A scene over and over, as long as a film of many thousand frames."""

    def __init__(self, scene: Scene, length: int) -> None:
        self.width, self.height = scene.width, scene.height
        self._length = length
        self._pictures = [scene.read_rgb(frame) for frame in range(30)]

    def __len__(self) -> int:
        return self._length

    def read_rgb(self, frame: int) -> Any:
        there_and_back = [*range(30), *range(28, 0, -1)]
        return self._pictures[there_and_back[frame % len(there_and_back)]].copy()


def memory_figure(tracker: Sam2Tracker, scene: Scene) -> None:
    """Resident memory of this process after 300 and after 3,000 frames of two objects."""
    frames = Round(scene, LONGER + 1)
    session = tracker.open(frames, parameters={})
    session.seed(frame=0, seeds=mask_seeds({one: scene.truth(0, one - 1) for one in (1, 2)}))
    resident = {}
    started = time.monotonic()
    for frame in range(1, LONGER + 1):
        session.step(frame=frame)
        if frame in (LONG, LONGER):
            resident[frame] = psutil.Process().memory_info().rss
    figure(
        f"sam2_micro_resident_memory_{LONGER}_frames",
        resident[LONGER] / 2**20,
        "MiB",
        ratio=resident[LONGER] / resident[LONG],
        reference=f"that after {LONG} frames",
    )
    figure("sam2_micro_bare", LONGER / (time.monotonic() - started), "frames/s")


if __name__ == "__main__":
    main()
