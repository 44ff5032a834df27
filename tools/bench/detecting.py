"""Detecting jobs against the bare detector on the same pictures, and how often linking takes one for another.

The detector is the scripted one, on one core: it is fast, so what a job adds shows most. The pictures are
those of ``crowd.py``, four times as large.
"""

from __future__ import annotations

from tools import ready  # noqa: F401

# isort: split
import time
from collections.abc import Sequence

import cv2
from django.conf import settings

from labeling import queue
from labeling.geometry.boxes import box_iou
from labeling.geometry.masks import mask_bounds
from labeling.geometry.shapes import Box
from labeling.models import JobState, Media, Project, Task
from labeling.services.jobs import job_submit
from labeling.services.orders import DetectOrder, WantedClass
from tests.factories import make_ontology
from tools.bench.crowd import HUES, Scene, Who, crowd, scenes, switches, takeovers
from tools.bench.lines import figure, median
from tools.faults.crowded import colour_name, crowd_media
from workers.backends.detecting import Wish
from workers.backends.detectors import detector_get
from workers.detecting.linking import Linker
from workers.detecting.look import look_of
from workers.frames import frames_of_media
from workers.read_ahead import ReadAhead
from workers.runner import run_next

Told = list[dict[Who, int]]
"""Of each frame who has which number."""

FRAMES, SCALE, ROUNDS = 200, 4, 3
COLOURS = tuple(colour_name(hue) for hue in HUES[:3])
CROWDS, CROWD_FRAMES, MISSED = 8, 150, 20


def main(database: str) -> None:
    cv2.setNumThreads(1)
    settings.SCRIPTED_BACKEND = True
    queue.ring = lambda capability, *, times=1: None  # nobody else takes the parts
    throughput()
    for step in (1, 3):
        identities(step)


def throughput() -> None:
    """Whole jobs, from the order to the last commit, against reading and detecting alone."""
    project = Project.objects.create(name="Bench", ontology=make_ontology())
    media = crowd_media(project, scale=SCALE)
    bare, jobs = [], []
    for _ in range(ROUNDS):
        bare.append(bare_seconds(media))
        jobs.append(job_seconds(media))
    reference = f"the bare detector ({FRAMES / median(bare):.4g}/s)"
    ratio = median([one / other for one, other in zip(bare, jobs, strict=True)])
    name = f"detect_all_{FRAMES}_frames_{len(COLOURS)}_classes"
    figure(name, FRAMES / median(jobs), "frames/s", ratio=ratio, reference=reference)
    added = median([other - one for one, other in zip(bare, jobs, strict=True)])
    figure("detect_all_added", 1000 * added / FRAMES, "ms/frame")


def bare_seconds(media: Media) -> float:
    detector = detector_get("scripted")
    start = time.perf_counter()
    with frames_of_media(media) as reader, ReadAhead(reader) as frames:
        for frame in range(FRAMES):
            embedding = detector.open(frames.read_rgb(frame))
            for words in COLOURS:
                detector.detect(embedding, Wish(words=words, threshold=detector.threshold, most=201))
    return time.perf_counter() - start


def job_seconds(media: Media) -> float:
    task = Task.objects.create(
        project=media.project, media=media, title=media.title, first_frame=0, last_frame=FRAMES - 1
    )
    classes = media.project.ontology.classes.filter(name__in=COLOURS)
    start = time.perf_counter()
    order = DetectOrder(
        classes=tuple(WantedClass(object_class=one.pk) for one in classes),
        first_frame=0,
        last_frame=FRAMES - 1,
        link=True,
        detector="scripted",
    )
    job = job_submit(user=None, task=task, order=order).job
    while run_next(capability="cpu"):
        pass
    seconds = time.perf_counter() - start
    job.refresh_from_db()
    assert (job.state, job.frames_done) == (JobState.SUCCEEDED, FRAMES)
    return seconds


def identities(step: int) -> None:
    """Link what is truly seen, one in ``MISSED`` missed; against taking the greatest overlap first."""
    ours = theirs = seen = 0
    for seed in range(CROWDS):
        film = list(scenes(crowd(seed), frames=CROWD_FRAMES, step=step))
        found = [[who for who in sorted(scene.masks) if missed(scene, who)] for scene in film]
        seen += sum(len(whos) for whos in found)
        linked, greedy = linked_numbers(film, found, step=step), greedy_numbers(film, found)
        ours += switches(linked) + takeovers(linked)
        theirs += switches(greedy) + takeovers(greedy)
    figure(
        f"identity_errors_every_{step}_frames",
        ours,
        f"of {seen} detections",
        ratio=ours / max(theirs, 1),
        reference=f"greedy overlap ({theirs})",
    )


def missed(scene: Scene, who: Who) -> bool:
    """False for one in ``MISSED``, the same each time."""
    return bool(int(scene.masks[who].sum()) * 7919 % MISSED)


def linked_numbers(
    film: Sequence[Scene], found: Sequence[Sequence[Who]], *, step: int
) -> list[dict[Who, int]]:
    linker, next_number = Linker(step=step), 0
    told: Told = []
    for place, (scene, whos) in enumerate(zip(film, found, strict=True)):
        boxes = [box_of(scene, who) for who in whos]
        looks = [look_of(scene.rgb, scene.masks[who]) for who in whos]
        numbers = linker.link(boxes, looks, frame=place * step, next_number=next_number)
        next_number = max([next_number, *(number + 1 for number in numbers)])
        told.append(dict(zip(whos, numbers, strict=True)))
    return told


def greedy_numbers(film: Sequence[Scene], found: Sequence[Sequence[Who]]) -> Told:
    """The simplest linking there is: of the frame before, the greatest overlap first, 0.3 at least."""
    told: Told = []
    before: dict[int, Box] = {}
    next_number = 0
    for scene, whos in zip(film, found, strict=True):
        boxes = {who: box_of(scene, who) for who in whos}
        pairs = [
            (box_iou(box, other), who, number)
            for who, box in boxes.items()
            for number, other in before.items()
        ]
        numbers: dict[Who, int] = {}
        for overlap, who, number in sorted(pairs, reverse=True):
            if overlap > 0.3 and who not in numbers and number not in numbers.values():
                numbers[who] = number
        for who in whos:
            if who not in numbers:
                numbers[who] = next_number
                next_number += 1
        before = {number: boxes[who] for who, number in numbers.items()}
        told.append(numbers)
    return told


def box_of(scene: Scene, who: Who) -> Box:
    left, top, width, height = mask_bounds(scene.masks[who]) or (0, 0, 0, 0)
    return Box(float(left), float(top), float(width), float(height))


if __name__ == "__main__":
    import sys

    main(sys.argv[1])
