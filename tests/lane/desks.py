"""Desks of the lane in the test's own process, with a segmenter that counts; and workers as processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from labeling.geometry.raster import box_fill
from labeling.geometry.shapes import Box, Points, ShapeKind
from labeling.lane.live import LiveWorker, live_workers, worker_beat
from labeling.lane.prompts import Picture, Prompt
from labeling.lane.store import store
from labeling.models import Task, Worker
from tests.servers import stop
from tests.waiting import until
from workers.backends.base import RgbFrame
from workers.backends.clickers import clicker_add
from workers.backends.clicking import Segmented
from workers.backends.detecting import Detected, Wish
from workers.backends.detectors import detector_add
from workers.backends.scripted_clicks import ScriptedClicker
from workers.backends.scripted_picture import FlatPicture
from workers.lane.answering import Desk
from workers.lane.embeddings import KeptEmbeddings

_names = count(1)
START_SECONDS = 240.0


class CountingClicker(ScriptedClicker):
    """The scripted segmenter, which tells what it was asked."""

    name = "counting"
    version = "counting 1"

    def __init__(self) -> None:
        self.opened = 0
        self.points: list[list[list[float]]] = []

    def open(self, rgb: RgbFrame) -> FlatPicture:
        self.opened += 1
        return super().open(rgb)

    def segment(
        self, embedding: FlatPicture, *, points: Points, include: NDArray[np.bool_], box: Box | None
    ) -> Segmented:
        self.points.append(points.tolist())
        return super().segment(embedding, points=points, include=include, box=box)


class PlacedDetector:
    """Finds the boxes that a test lays down, and tells what it was asked."""

    name = "placed"
    version = "placed 1"
    threshold = 0.5

    def __init__(self, *reads: str) -> None:
        self.reads = frozenset(reads)
        self.boxes: list[tuple[Box, float]] = []
        self.wishes: list[Wish] = []

    def open(self, rgb: RgbFrame) -> FlatPicture:
        return FlatPicture(rgb)

    def detect(self, embedding: FlatPicture, wish: Wish) -> list[Detected]:
        self.wishes.append(wish)
        found = [
            Detected(box_fill(box, width=embedding.width, height=embedding.height), score)
            for box, score in self.boxes
            if score >= wish.threshold
        ]
        return sorted(found, key=lambda one: -one.score)[: wish.most]


@dataclass
class Place:
    """A desk that is announced as alive, and its segmenter and detectors."""

    desk: Desk
    clicker: CountingClicker


def place_make(*detectors: PlacedDetector, most_bytes: int = 10**9) -> Place:
    """Announce a worker that answers when the test says so."""
    clicker, name = CountingClicker(), f"counting-{next(_names)}"
    clicker_add(name, lambda: clicker)
    told = {}
    for detector in detectors:
        detector.name = f"placed-{next(_names)}"
        detector_add(detector.name, lambda detector=detector: detector)  # type: ignore[misc]
        told[detector.name] = tuple(sorted(detector.reads))
    worker = LiveWorker(f"{name}@here", f"interactive.{name}", (name,), told)
    worker_beat(store(), worker)
    return Place(Desk(worker, KeptEmbeddings(most_bytes)), clicker)


def prompt_make(
    task: Task,
    *,
    seq: int = 1,
    draft: str = "draft",
    frame: int = 0,
    point: tuple[float, float] = (20.0, 20.0),
    user_id: int = 1,
    clicker: str = "",
) -> Prompt:
    """A click on the task's media that wants a bitmask."""
    return Prompt(
        id=str(uuid4()),
        task_id=task.pk,
        user_id=user_id,
        draft_id=draft,
        seq=seq,
        picture=Picture(task.media_id, task.media.pictures_key, frame),
        kind=ShapeKind.BITMASK.value,
        points=((*point, True),),
        clicker=clicker,
    )


@contextmanager
def worker_running(
    environment: Mapping[str, str],
    folder: Path,
    *,
    module: str = "celery",
    queues: str = "interactive",
    log: str = "",
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker as a process of its own; it is there when it says that it lives."""
    command = [sys.executable, "-m", module, "-A", "workers.app", "worker"]
    command += ["-Q", queues, "-P", "solo", "-n", f"lane-{next(_names)}@test"]
    command += ["--without-mingle", "--without-gossip", "--without-heartbeat", "-l", "info"]
    before = voices(queues)
    with (folder / (log or f"worker-{next(_names)}.log")).open("wb") as output:
        told = {"LABELYARD_SCRIPTED_BACKEND": "1", **environment}
        child = subprocess.Popen(command, env=told, stdout=output, stderr=output, start_new_session=True)
    try:
        until(lambda: bool(voices(queues) - before), seconds=START_SECONDS, what="the worker's beat")
        yield child
    finally:
        child.kill()
        stop(child)


def voices(queues: str) -> set[str]:
    """The workers that say they live: those of clicks in the lane, the others in the database."""
    if "interactive" in queues.split(","):
        return {worker.id for worker in live_workers(store())}
    return set(Worker.objects.values_list("name", flat=True))
