"""Clicks through the lane against direct calls of the same segmenter on the same encoded frame.

The lane's time is that of a request without HTTP: sent, answered by a worker process, and read. Then how
long a click waits until its segmenter begins, without bulk work and beside a worker that tracks all the time.
"""

from __future__ import annotations

from tools import ready  # noqa: F401

# isort: split
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import numpy as np

from labeling.geometry.shapes import Box, ShapeKind
from labeling.lane.lane import prompt_submit
from labeling.lane.live import best_clicker, live_workers
from labeling.lane.prompts import Picture, Prompt, PromptState
from labeling.lane.store import store
from labeling.models import Job, JobState, Media, Project, Task
from tests.engine.clips import clip_task
from tests.engine.ordering import track
from tests.factories import make_instance, make_label, make_ontology
from tests.lane.desks import worker_running
from tests.waiting import until
from tools.bench.lines import figure, median, p95
from tools.faults.shop import Shop
from workers.backends.clickers import clicker_get
from workers.backends.clicking import Clicker, Embedding
from workers.frames import frames_of_media
from workers.lane.finding import segment
from workers.lane.finishing import finished

CLICKS = 60
FRAME = 3
BULK_JOBS = 40


def main(database: str) -> None:
    project = Project.objects.create(name="Bench", ontology=make_ontology())
    with tempfile.TemporaryDirectory() as name:
        task = clip_task(project, Path(name))
        with worker_running(dict(os.environ), Path(name)):
            clicker = clicker_get(best_clicker(live_workers(store())))
            click(prompt_of(task.media, CLICKS))
            added_by_lane(task.media, clicker)
            idle = waits(task.media, first=1000)
            with bulk_running(task, Path(name)):
                beside = waits(task.media, first=2000)
    reference = f"idle ({median(idle):.4g} ms)"
    figure(
        "lane_wait_beside_bulk_p50",
        median(beside),
        "ms",
        ratio=median(beside) / median(idle),
        reference=reference,
    )
    reference = f"idle ({p95(idle):.4g} ms)"
    figure("lane_wait_beside_bulk_p95", p95(beside), "ms", ratio=p95(beside) / p95(idle), reference=reference)


def added_by_lane(media: Media, clicker: Clicker) -> None:
    """What the lane adds to a click."""
    with frames_of_media(media) as frames:
        embedding = clicker.open(frames.read_rgb(FRAME))
    prompts = [prompt_of(media, number) for number in range(CLICKS)]
    trips = [(click(prompt), direct(clicker, embedding, prompt)) for prompt in prompts]
    added = [whole - alone for (whole, _), alone in trips]
    # A click on a busy machine takes now more, now less; what its segmenter took itself says how much of
    # that is the lane's.
    around = [whole - segmented for (whole, segmented), _ in trips]
    alone = median([one for _, one in trips])
    reference = f"a direct call of {clicker.name} ({alone:.4g} ms)"
    figure("lane_click_added_p50", median(added), "ms")
    ratio = median([whole for (whole, _), _ in trips]) / alone
    figure("lane_click_added_p95", p95(added), "ms", ratio=ratio, reference=reference)
    figure("lane_click_around_p50", median(around), "ms")
    figure("lane_click_around_p95", p95(around), "ms")


def waits(media: Media, *, first: int) -> list[float]:
    """Milliseconds from sending a click to the begin of its segmenter."""
    return [
        prompt_submit(prompt_of(media, first + number), seconds=30).times["waited"]
        for number in range(CLICKS)
    ]


@contextmanager
def bulk_running(task: Task, folder: Path) -> Iterator[None]:
    """A worker of one process that tracks with the fast tracker, for longer than the clicks take."""
    jobs = []
    for _ in range(BULK_JOBS):
        instance = make_instance(task=task)
        make_label(instance=instance, frame=0, shape=Box(20, 20, 60, 40))
        jobs.append(track(task, instance, last=task.last_frame, algorithm="fast"))
    with Shop(environment=os.environ, workers=1, logs=folder, hasty=False):
        until(lambda: bool(Job.objects.exclude(frames_done=0)), seconds=120, what="the first commit")
        yield
        left = Job.objects.filter(
            pk__in=[job.pk for job in jobs], state__in=(JobState.QUEUED, JobState.RUNNING)
        )
        assert left.exists(), "The bulk work ended before the clicks did: order more of it."


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


def click(prompt: Prompt) -> tuple[float, float]:
    """Milliseconds through the lane, and those of them that the segmenter took in its worker."""
    start = time.perf_counter()
    reply = prompt_submit(prompt, seconds=30)
    assert reply.state is PromptState.DONE, reply
    return (time.perf_counter() - start) * 1000, reply.times["segmented"]


def direct(clicker: Clicker, embedding: Embedding, prompt: Prompt) -> float:
    """Milliseconds of the same click on the segmenter itself."""
    start = time.perf_counter()
    finished([segment(clicker, embedding, prompt)], prompt)
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    import sys

    main(sys.argv[1])
