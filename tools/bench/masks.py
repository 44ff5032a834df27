"""The fast tracker's masks: five objects against one, and beside OpenCV's CSRT and KCF.

Five against one is measured on the demo's film. The others need pictures with true masks and an
OpenCV with its contributed modules, which the product does not use: ``LABELYARD_BENCH_SEQUENCES`` names a
folder of ``<sequence>/{JPEGImages,Annotations}``, ``LABELYARD_BENCH_CONTRIB`` a Python that has
opencv-contrib-python-headless and Pillow. All run one after the other on one core, sequence by sequence.
"""

from __future__ import annotations

from tools import ready  # noqa: F401

# isort: split
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from labeling.demo.video import FIRST_FRAME, demo_video
from labeling.geometry.shapes import Polygon
from labeling.models import Project, Task
from tests.engine.clips import media_of_file
from tests.factories import make_ontology
from tools.bench.lines import figure, median
from tools.score_masks import Score, score_sequence
from workers.backends.base import FrameSource, Seed
from workers.backends.registry import tracker_get
from workers.folder import FolderFrames, folder_track, index_mask_read
from workers.frames import frames_of_media

ROUNDS = 3
STEPS = 20
ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    five_against_one()
    sequences = os.environ.get("LABELYARD_BENCH_SEQUENCES")
    contrib = os.environ.get("LABELYARD_BENCH_CONTRIB")
    if sequences and contrib:
        beside_opencv(Path(sequences), python=contrib)


def five_against_one() -> None:
    """Processor time a frame, the flow and all it takes included."""
    with film() as frames:
        times = [(seconds(frames, objects=1), seconds(frames, objects=5)) for _ in range(ROUNDS)]
    one, five = (median([pair[n] for pair in times]) for n in (0, 1))
    figure("masks_one_object", 1 / one, "frames/s")
    figure("masks_five_objects", 1 / five, "frames/s", ratio=five / one, reference="the time of one object")


@contextmanager
def film() -> Iterator[FrameSource]:
    project = Project.objects.create(name="Bench", ontology=make_ontology())
    task = Task.objects.get(media=media_of_file(project, demo_video()))
    with frames_of_media(task.media) as frames:
        yield frames


def seconds(frames: FrameSource, *, objects: int) -> float:
    """Processor time that one step takes with so many objects; the pictures are read before."""
    pictures = Pictures(frames)
    session = tracker_get("fast").open(pictures, parameters={})
    session.seed(frame=FIRST_FRAME, seeds=[Seed(n, part_of_van(n)) for n in range(objects)])
    session.step(frame=FIRST_FRAME + 1)
    started = time.process_time()
    for frame in range(FIRST_FRAME + 2, FIRST_FRAME + 2 + STEPS):
        session.step(frame=frame)
    taken = time.process_time() - started
    session.close()
    return taken / STEPS


class Pictures:
    """The frames that are stepped through, read in advance."""

    def __init__(self, frames: FrameSource) -> None:
        self.width, self.height = frames.width, frames.height
        self._length = len(frames)
        span = range(FIRST_FRAME, FIRST_FRAME + STEPS + 2)
        self._pictures = {frame: frames.read_rgb(frame) for frame in span}

    def __len__(self) -> int:
        return self._length

    def read_rgb(self, frame: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        return self._pictures[frame]


def part_of_van(number: int) -> Polygon:
    """Return one of five upright strips of the demo's van, which stands still: none of them is lost."""
    left, top = 20.0 + 56 * number, 90.0
    ring = np.array([[left, top], [left + 50, top], [left + 50, top + 130], [left, top + 130]])
    return Polygon(((ring,),))


def beside_opencv(folder: Path, *, python: str) -> None:
    """Frames a second and IoU of the box, as means over the sequences."""
    sequences = sorted(path for path in folder.iterdir() if (path / "JPEGImages").is_dir())
    names = ("fast", "csrt", "kcf")
    speeds: dict[str, list[float]] = {name: [] for name in names}
    scores: dict[str, list[Score]] = {name: [] for name in names}
    with tempfile.TemporaryDirectory() as out:
        for sequence in sequences:
            for name in names:
                masks = Path(out) / name / sequence.name
                own = name == "fast"
                speeds[name].append(ours(sequence, masks) if own else theirs(sequence, masks, name, python))
                scores[name].append(score_sequence(masks, sequence / "Annotations"))
    csrt = float(np.mean(speeds["csrt"]))
    for name in names:
        speed = float(np.mean(speeds[name]))
        reference = f"CSRT's {csrt:.3g} frames/s"
        figure(f"masks_{name}_speed", speed, "frames/s", ratio=speed / csrt, reference=reference)
        figure(f"masks_{name}_box", float(np.mean([score.box for score in scores[name]])), "IoU")


def ours(sequence: Path, out: Path) -> float:
    frames = FolderFrames(sequence / "JPEGImages")
    first = index_mask_read(min((sequence / "Annotations").glob("*.png")))
    return folder_track(frames, {0: first}, tracker=tracker_get("fast"), out=out).frames_per_second


def theirs(sequence: Path, out: Path, algorithm: str, python: str) -> float:
    mask = min((sequence / "Annotations").glob("*.png"))
    script, frames = ROOT / "tools" / "opencv_boxes.py", sequence / "JPEGImages"
    command: list[str | Path] = [
        python,
        script,
        frames,
        "--mask",
        mask,
        "--algorithm",
        algorithm,
        "--out",
        out,
    ]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"([\d.]+) frames a second", said)
    assert found is not None, said
    return float(found[1])


if __name__ == "__main__":
    main()
