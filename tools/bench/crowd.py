"""A film of things that cross, hide each other, leave and come in, and of which some look alike.

Who is who is known on every frame, so that identity switches can be counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from labeling.geometry.shapes import BoolMask

WIDTH, HEIGHT = 320, 200
HUES = ((200, 60, 50), (60, 160, 70), (70, 90, 200), (210, 180, 60))
"""Fewer than things: some look alike."""

_SEEN = 0.3
"""Of a thing: what has to be seen of it for a detector to find it."""


Who = tuple[int, int]
"""A thing's number, and how often it has left."""


@dataclass(frozen=True)
class Thing:
    """A spotted ellipse. ``start``, ``speed`` in pixels and pixels a frame; it swings by ``swing`` pixels."""

    start: tuple[float, float]
    speed: tuple[float, float]
    swing: float
    axes: tuple[int, int]
    hue: tuple[int, int, int]

    def place(self, frame: int) -> tuple[int, int, int]:
        """Return its centre, and how often it has left: what comes in on the other side is another one."""
        x = self.start[0] + self.speed[0] * frame + 40
        y = self.start[1] + self.speed[1] * frame + self.swing * np.sin(frame / 11 + self.start[0]) + 40
        (over, x), (under, y) = divmod(x, WIDTH + 80), divmod(y, HEIGHT + 80)
        return round(x - 40), round(y - 40), int(abs(over) + abs(under))


@dataclass(frozen=True)
class Scene:
    """What is seen on a frame: ``masks`` ``(HEIGHT, WIDTH)`` of the visible parts, by who it is."""

    rgb: NDArray[np.uint8]
    masks: Mapping[Who, BoolMask]


def crowd(seed: int, *, things: int = 8) -> list[Thing]:
    """Return things that move in all directions."""
    random = np.random.default_rng(seed)
    return [
        Thing(
            start=(float(random.uniform(0, WIDTH)), float(random.uniform(0, HEIGHT))),
            speed=(float(random.uniform(-3, 3)), float(random.uniform(-2, 2))),
            swing=float(random.uniform(0, 8)),
            axes=(int(random.integers(10, 22)), int(random.integers(10, 22))),
            hue=HUES[number % len(HUES)],
        )
        for number in range(things)
    ]


def scenes(things: Sequence[Thing], *, frames: int, step: int = 1) -> Iterator[Scene]:
    """Yield every ``step``-th frame. Things are drawn in their order, each over those before it."""
    for frame in range(0, frames * step, step):
        rgb = np.full((HEIGHT, WIDTH, 3), 110, np.uint8)
        whose = np.full((HEIGHT, WIDTH), -1, np.int32)
        visible: dict[Who, float] = {}
        for number, thing in enumerate(things):
            x, y, left = thing.place(frame)
            layer = np.zeros((HEIGHT, WIDTH), np.uint8)
            cv2.ellipse(layer, (x, y), thing.axes, 20 * number, 0, 360, 1, -1)
            visible[number, left] = _SEEN * np.pi * thing.axes[0] * thing.axes[1]
            rgb[layer > 0] = thing.hue
            whose[layer > 0] = number
        noise = np.random.default_rng(frame).normal(0, 8, rgb.shape)
        shown = np.clip(rgb + noise, 0, 255).astype(np.uint8)
        masks = {who: np.asarray(whose == who[0], np.bool_) for who in visible}
        yield Scene(shown, {who: mask for who, mask in masks.items() if mask.sum() > visible[who]})


def switches(told: Sequence[Mapping[Who, int]]) -> int:
    """Count how often one has another number than when it was seen last. ``told``: who → number, by frame."""
    last: dict[Who, int] = {}
    count = 0
    for numbers in told:
        count += sum(1 for who, number in numbers.items() if last.get(who, number) != number)
        last |= numbers
    return count


def takeovers(told: Sequence[Mapping[Who, int]]) -> int:
    """Count how often a number goes over to another thing than it named last."""
    last: dict[int, Who] = {}
    count = 0
    for numbers in told:
        count += sum(1 for who, number in numbers.items() if last.get(number, who) != who)
        last |= {number: who for who, number in numbers.items()}
    return count
