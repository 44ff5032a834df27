"""A deterministic detector of milliseconds: things of one flat colour, which the words name.

It is for demonstrations and tests of all that surrounds a detector.
"""

from __future__ import annotations

import re

import cv2
import numpy as np
from numpy.typing import NDArray

from labeling.geometry.masks import mask_iou
from workers.backends.base import RgbFrame
from workers.backends.detecting import EXAMPLES, WORDS, Detected, Example, Wish
from workers.backends.scripted_picture import FlatPicture

COLOURS = {
    "red": (230, 25, 25),
    "green": (25, 200, 25),
    "blue": (25, 25, 230),
    "yellow": (230, 230, 25),
    "cyan": (25, 230, 230),
    "magenta": (230, 25, 230),
    "orange": (240, 130, 25),
    "white": (250, 250, 250),
}
_HEX = re.compile(r"#([0-9a-f]{6})\b")
_REACH = 60.0
"""Levels of a channel by which a pixel may stray from the colour."""

_LEAST_PIXELS = 9
_SAME = 0.5
"""IoU from which on something is the example itself."""


class ScriptedDetector:
    """The detector ``scripted``: connected pixels of a colour that is named, or shown by an example.

    A score is 1 where they have exactly that colour, and falls to 0 as they stray.
    """

    name = "scripted"
    version = "scripted 1"
    device = "cpu"
    reads = frozenset({WORDS, EXAMPLES})
    threshold = 0.5

    def open(self, rgb: RgbFrame) -> FlatPicture:
        return FlatPicture(rgb)

    def detect(self, embedding: FlatPicture, wish: Wish) -> list[Detected]:
        rgb = embedding.rgb
        colours = [*colours_named(wish.words), *(colour_shown(one, rgb) for one in wish.examples)]
        shown = [one.mask for one in wish.examples if one.rgb is None]
        found = [one for colour in colours for one in things(rgb, colour) if one.score >= wish.threshold]
        found = [one for one in found if not any(mask_iou(one.mask, mask) > _SAME for mask in shown)]
        return sorted(found, key=lambda one: -one.score)[: wish.most]


def colours_named(words: str) -> list[tuple[int, int, int]]:
    """Return the colours that the words name, none where they name none."""
    told = words.lower()
    named = [colour for name, colour in COLOURS.items() if re.search(rf"\b{name}\b", told)]
    spelled = [
        (int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)) for digits in _HEX.findall(told)
    ]
    return named + spelled


def colour_shown(example: Example, rgb: RgbFrame) -> tuple[int, int, int]:
    """Return the middle of the example's colours."""
    picture = rgb if example.rgb is None else example.rgb
    red, green, blue = np.median(picture[example.mask], axis=0).astype(int).tolist()
    return red, green, blue


def things(rgb: RgbFrame, colour: tuple[int, int, int]) -> list[Detected]:
    """Return the connected things of a colour, from the top down."""
    away: NDArray[np.float32] = np.abs(rgb.astype(np.float32) - np.array(colour, np.float32)).max(axis=2)
    count, areas, stats, _ = cv2.connectedComponentsWithStats(
        (away <= _REACH).astype(np.uint8), connectivity=8
    )
    sums = np.bincount(areas.ravel(), weights=away.ravel(), minlength=count)
    sizes = stats[:, cv2.CC_STAT_AREA]
    return [
        Detected(np.asarray(areas == one, np.bool_), float(1 - sums[one] / sizes[one] / _REACH))
        for one in range(1, count)
        if sizes[one] >= _LEAST_PIXELS
    ]
