"""SAM 3 on the micro model: three classes on one encoding of a picture, beside three calls of the library.

Its weights are random and small, so these figures are about what is reused and not about finding. With two
layers its image encoder is small beside what is done a class; with as many as the published one it is not.
"""

from __future__ import annotations

from tools import ready  # noqa: F401

# isort: split
import tempfile
import time
from pathlib import Path

from labeling.geometry.shapes import Box
from tests.backends.sam3_micro import PUBLISHED, Depth, micro_options, need_sam3
from tests.backends.sam3_stock import Stock
from tests.backends.test_sam3_identity import picture
from tools.bench.clicks import Clicks, second_click_figure
from tools.bench.lines import figure, median
from workers.backends.base import RgbFrame
from workers.backends.detecting import Wish
from workers.backends.sam3.clicks import Sam3Clicker
from workers.backends.sam3.detector import Sam3Detector
from workers.backends.sam3.options import Sam3Options

CLASSES = ("car", "dog", "person")
ROUNDS = 15
CLICKS = Clicks([], [], box=Box(30.0, 40.0, 60.0, 60.0))


def main() -> None:
    need_sam3()
    with tempfile.TemporaryDirectory() as name:
        for depth, called in ((Depth(), ""), (PUBLISHED, "_of_published_depth")):
            options = micro_options(Path(name) / f"micro3{called}", depth=depth)
            detecting_figure(options, called)
            pictures = [picture(seed=seed) for seed in (0, *range(ROUNDS))]
            second_click_figure(f"sam3_micro{called}_second_click", Sam3Clicker(options), CLICKS, pictures)


def detecting_figure(options: Sam3Options, called: str) -> None:
    """Processor time of one thread, the two taken alternately, on a picture that is new each time."""
    detector, stock = Sam3Detector(options), Stock.load(options.folder)
    found_by_us(detector, picture())
    pairs = []
    for seed in range(ROUNDS):
        rgb = picture(seed=seed)
        begun = time.process_time()
        found_by_us(detector, rgb)
        between = time.process_time()
        for words in CLASSES:
            stock.find(rgb, words)
        pairs.append((between - begun, time.process_time() - between))
    ours, theirs = (1000 * median(taken) for taken in zip(*pairs, strict=True))
    figure(
        f"sam3_micro{called}_three_classes",
        ours,
        "ms",
        ratio=ours / theirs,
        reference=f"three calls of the library, {theirs:.3g} ms",
    )


def found_by_us(detector: Sam3Detector, rgb: RgbFrame) -> None:
    embedding = detector.open(rgb)
    for words in CLASSES:
        detector.detect(embedding, Wish(words=words, threshold=0.0, most=200))


if __name__ == "__main__":
    main()
