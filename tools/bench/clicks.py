"""A second click on a picture beside the first one, which encodes it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from labeling.geometry.shapes import Box, Points
from tools.bench.lines import figure, median
from workers.backends.base import RgbFrame
from workers.backends.clicking import Clicker


class Clicks:
    """What is asked first, and what is asked next of the same picture: points, and whether each includes."""

    def __init__(self, *prompts: Sequence[tuple[float, float, bool]], box: Box | None = None) -> None:
        self.box = box
        self.prompts: list[tuple[Points, NDArray[np.bool_]]] = [
            (
                np.array([[x, y] for x, y, _ in prompt], np.float64).reshape(-1, 2),
                np.array([there for *_, there in prompt], np.bool_),
            )
            for prompt in prompts
        ]

    def times(self, clicker: Clicker, rgb: RgbFrame) -> tuple[float, float]:
        """Return seconds of processor time: of the first prompt with the encoding, and of the next one."""
        (first, include_first), (second, include_second) = self.prompts
        begun = time.process_time()
        embedding = clicker.open(rgb)
        clicker.segment(embedding, points=first, include=include_first, box=self.box)
        between = time.process_time()
        clicker.segment(embedding, points=second, include=include_second, box=self.box)
        return between - begun, time.process_time() - between


def second_click_figure(name: str, clicker: Clicker, clicks: Clicks, pictures: Iterable[RgbFrame]) -> None:
    """Print the figure over ``pictures``, of which the first only loads the model."""
    times = [clicks.times(clicker, rgb) for rgb in pictures][1:]
    first, second = (1000 * median(taken) for taken in zip(*times, strict=True))
    figure(name, second, "ms", ratio=second / first, reference=f"the first, {first:.3g} ms")
