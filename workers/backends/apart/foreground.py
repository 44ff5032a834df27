"""What stands out in an area: the pixels that are unlike what runs along its edge."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from labeling.geometry.boxes import box_clip
from labeling.geometry.shapes import BoolMask, Box
from workers.backends.base import RgbFrame

SIDE = 320
"""Pixels of the longer side of the window in which an area is looked at, at most."""

_AROUND = 0.05  # of the area's longer side: the strip outside that shows the background
_BORDER = 0.02  # the same inside
_COLOURS = 4
_BACKGROUND = 0.8  # of the pixels along the edge: the commonest colours; the rest are other objects
_ROUNDS = 3
_UNLIKE = 3.0  # standard deviations from the nearest colour of the background


@dataclass(frozen=True)
class Window:
    """The part of a picture around an area, at its own size: ``scale`` pixels to one of the picture."""

    left: int
    top: int
    width: int
    height: int
    scale: float

    def cut(self, rgb: RgbFrame) -> RgbFrame:
        """Return the window's pixels."""
        part = rgb[self.top : self.top + self.height, self.left : self.left + self.width]
        size = max(1, round(self.width * self.scale)), max(1, round(self.height * self.scale))
        return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)

    def spread(self, mask: BoolMask, *, width: int, height: int) -> BoolMask:
        """Return a mask of the window as one of the picture."""
        size = self.width, self.height
        grown = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_LINEAR) > 0.5
        whole = np.zeros((height, width), np.bool_)
        whole[self.top : self.top + self.height, self.left : self.left + self.width] = grown
        return whole


def window_of(area: Box, *, width: int, height: int) -> Window:
    """Return the window around an area of a picture."""
    reach = max(2.0, _AROUND * max(area.width, area.height))
    around = Box(area.left - reach, area.top - reach, area.width + 2 * reach, area.height + 2 * reach)
    inside = box_clip(around, width=width, height=height)
    assert inside is not None  # noqa: S101  (the area lies in the picture)
    left, top = int(inside.left), int(inside.top)
    right, bottom = int(np.ceil(inside.left + inside.width)), int(np.ceil(inside.top + inside.height))
    scale = min(1.0, SIDE / max(right - left, bottom - top))
    return Window(left, top, right - left, bottom - top, scale)


def foreground_of(rgb: RgbFrame, area: Box, window: Window) -> BoolMask:
    """Return what stands out in the area, as a mask of the window."""
    picture = cv2.pyrMeanShiftFiltering(window.cut(rgb), 6, 14)
    inside = _inside(picture.shape[:2], area, window)
    border = max(1, round(_BORDER * max(picture.shape[:2])))
    core = cv2.erode(inside.astype(np.uint8), np.ones((2 * border + 1,) * 2, np.uint8), borderValue=0) > 0
    lab = np.asarray(cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2Lab), np.float32)
    unlike = _unlikeness(lab, ~core) > _UNLIKE
    marks = np.where(unlike, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    # Outside lies background, and what else is there: other objects, which are no background.
    marks[~core & ~unlike] = cv2.GC_BGD
    if not (marks == cv2.GC_PR_FGD).any():
        return np.zeros(inside.shape, np.bool_)
    cv2.setRNGSeed(0)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(np.asarray(picture, np.uint8), marks, (0, 0, 0, 0), *models, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    return np.asarray(marks == cv2.GC_PR_FGD)


def _inside(shape: tuple[int, ...], area: Box, window: Window) -> BoolMask:
    """Return the pixels of the window that belong to the area."""
    rows = (np.arange(shape[0]) + 0.5) / window.scale + window.top
    columns = (np.arange(shape[1]) + 0.5) / window.scale + window.left
    high = (rows >= area.top) & (rows <= area.top + area.height)
    wide = (columns >= area.left) & (columns <= area.left + area.width)
    return np.asarray(high[:, None] & wide[None, :])


def _unlikeness(lab: NDArray[np.float32], background: BoolMask) -> NDArray[np.float32]:
    """Return how far each pixel is from the nearest colour of the background, in standard deviations."""
    samples = np.ascontiguousarray(lab[background])
    cv2.setRNGSeed(0)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.5)
    count = min(_COLOURS, len(samples))
    start = np.zeros((len(samples), 1), np.int32)
    _, labels, centres = cv2.kmeans(samples, count, start, stop, 1, cv2.KMEANS_PP_CENTERS)
    far = np.full(lab.shape[:2], np.inf, np.float32)
    shares = np.bincount(labels[:, 0], minlength=count) / len(samples)
    common = np.argsort(-shares, kind="stable")
    for number in common[: int(np.searchsorted(np.cumsum(shares[common]), _BACKGROUND)) + 1]:
        mine = samples[labels[:, 0] == number]
        spread = np.maximum(mine.std(axis=0), 2.5)
        far = np.minimum(far, np.sqrt((((lab - centres[number]) / spread) ** 2).sum(axis=2)))
    return far
