"""Areas of pictures that hold several objects whole, whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from labeling.geometry.masks import mask_bounds
from labeling.geometry.shapes import BoolMask, Box
from tests.backends.copies import coins, copies_drawn
from tests.backends.scenes import texture
from workers.backends.apart.inside import lies_in
from workers.backends.base import RgbFrame

MARGIN = 8
"""Pixels between the objects and the area's edge, as a hand leaves them."""


@dataclass(frozen=True)
class Area:
    rgb: RgbFrame
    masks: list[BoolMask]

    @property
    def box(self) -> Box:
        """The box around the objects."""
        height, width = self.rgb.shape[:2]
        bounds = mask_bounds(np.any(self.masks, axis=0))
        assert bounds is not None
        left, top = max(0, bounds[0] - MARGIN), max(0, bounds[1] - MARGIN)
        right = min(width, bounds[0] + bounds[2] + MARGIN)
        bottom = min(height, bounds[1] + bounds[3] + MARGIN)
        return Box(left, top, right - left, bottom - top)


def coin_areas(seeds: int) -> list[Area]:
    """The areas of some coins with the three nearest to each, and all coins in them."""
    picture = coins()
    middles = np.array([np.argwhere(mask).mean(axis=0) for mask in picture.masks])
    areas = []
    for number in range(0, len(middles), max(1, len(middles) // seeds)):
        near = np.argsort(np.linalg.norm(middles - middles[number], axis=1))[:4]
        areas.append(whole(picture.rgb, picture.masks, [picture.masks[n] for n in near]))
    return areas


def whole(rgb: RgbFrame, masks: list[BoolMask], chosen: list[BoolMask]) -> Area:
    """The area around some objects, with all those that lie in it."""
    box = Area(rgb, chosen).box
    return Area(rgb, [mask for mask in masks if lies_in(mask, box)])


def fish_areas(seeds: int) -> list[Area]:
    """Nine equal striped fish apart from each other, turned at will, on noise."""
    pictures = [copies_drawn("turned", seed=seed, copies=9, others=0) for seed in range(seeds)]
    return [Area(picture.rgb, picture.masks) for picture in pictures]


def thing_areas(seeds: int, *, gap: int, alike: bool = False) -> list[Area]:
    """Six textured ellipses, ``gap`` pixels between neighbours; ``alike``: all of one colour."""
    return [things(seed, gap=gap, alike=alike) for seed in range(seeds)]


def things(seed: int, *, gap: int, alike: bool) -> Area:
    rng = np.random.default_rng(seed)
    canvas = texture(640, 360, colour=(105, 115, 95), seed=seed + 900)
    masks: list[BoolMask] = []
    left, top = 120.0, 90.0
    for number in range(6):
        if number == 3:
            left, top = 120.0, top + 90 + gap
        wide, high = rng.uniform(60, 100), rng.uniform(60, 90)
        alpha = np.zeros(canvas.shape[:2], np.uint8)
        middle = left + wide / 2, top + 45.0
        cv2.ellipse(alpha, (middle, (wide, high), 0.0), 1, -1)
        mask = (alpha > 0) & ~np.any([np.zeros(alpha.shape, np.bool_), *masks], axis=0)
        colour = np.array([200, 90, 40]) if alike else rng.permutation([200, 90, 40])
        look = texture(
            640, 360, colour=(int(colour[0]), int(colour[1]), int(colour[2])), seed=seed * 10 + number
        )
        canvas[mask] = look[mask]
        masks.append(mask)
        left += wide + gap
    return Area(canvas, masks)
