"""Clicks through the lane against direct calls of the same segmenter on the same encoded frame.

The lane's time is that of a request without HTTP: sent, answered by a worker process, and read.
"""

from __future__ import annotations

from tools import ready  # noqa: F401

# isort: split
import os
import tempfile
import time
from pathlib import Path
from uuid import uuid4

import numpy as np

from labeling.geometry.shapes import ShapeKind
from labeling.lane.lane import prompt_submit
from labeling.lane.live import best_clicker, live_workers
from labeling.lane.prompts import Picture, Prompt, PromptState
from labeling.lane.store import store
from labeling.models import Media, Project
from tests.engine.clips import clip_task
from tests.factories import make_ontology
from tests.lane.desks import worker_running
from tools.bench.lines import figure, median, p95
from workers.backends.clickers import clicker_get
from workers.backends.clicking import Clicker, Embedding
from workers.frames import frames_of_media
from workers.lane.finding import segment
from workers.lane.finishing import finished

CLICKS = 60
FRAME = 3


def main(database: str) -> None:
    project = Project.objects.create(name="Bench", ontology=make_ontology())
    with tempfile.TemporaryDirectory() as name:
        media = clip_task(project, Path(name)).media
        with worker_running(dict(os.environ), Path(name)):
            prompts = [prompt_of(media, number) for number in range(CLICKS)]
            clicker = clicker_get(best_clicker(live_workers(store())))
            with frames_of_media(media) as frames:
                embedding = clicker.open(frames.read_rgb(FRAME))
            click(prompt_of(media, CLICKS))
            pairs = [(click(prompt), direct(clicker, embedding, prompt)) for prompt in prompts]
    added = [lane - alone for lane, alone in pairs]
    alone = median([one for _, one in pairs])
    figure("lane_click_added_p50", median(added), "ms", reference=f"{clicker.name} alone")
    figure(
        "lane_click_added_p95",
        p95(added),
        "ms",
        ratio=median([lane for lane, _ in pairs]) / alone,
        reference=f"a direct call of {clicker.name} ({alone:.4g} ms)",
    )


def prompt_of(media: Media, number: int) -> Prompt:
    """A click somewhere in the frame; another draft each time."""
    width, height = media.width or 0, media.height or 0
    x, y = np.random.default_rng(number).uniform(0.2, 0.8, 2) * (width, height)
    return Prompt(
        id=str(uuid4()),
        task_id=1,
        user_id=1,
        draft_id=str(number),
        seq=1,
        picture=Picture(media.pk, media.pictures_key, FRAME),
        kind=ShapeKind.POLYGON.value,
        points=((float(x), float(y), True),),
    )


def click(prompt: Prompt) -> float:
    """Milliseconds through the lane."""
    start = time.perf_counter()
    reply = prompt_submit(prompt, seconds=30)
    assert reply.state is PromptState.DONE, reply
    return (time.perf_counter() - start) * 1000


def direct(clicker: Clicker, embedding: Embedding, prompt: Prompt) -> float:
    """Milliseconds of the same click on the segmenter itself."""
    start = time.perf_counter()
    finished([segment(clicker, embedding, prompt)], prompt)
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    import sys

    main(sys.argv[1])
