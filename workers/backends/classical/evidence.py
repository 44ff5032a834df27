"""What speaks for and against each pixel of a window: the channels from which the mask is judged."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from labeling.geometry.shapes import Box, Points
from workers.backends.base import RgbFrame
from workers.backends.classical.arrays import Floats, Mask, SoftMask
from workers.backends.classical.cut import calm_pictures, colour_cut
from workers.backends.classical.geodesic import Terrain
from workers.backends.classical.look import LOOK_VALUES, Look, pixel_features
from workers.backends.classical.window import SIDE, Window


class Channel(IntEnum):
    """What each channel holds. All but the colours lie in about -1..1, the ways from points in 0..1."""

    LIGHTNESS = 0
    GREEN_RED = 1
    BLUE_YELLOW = 2
    BOX = 3
    FROM_OUTSIDE = 4  # the way from outside the box: long for what edges part from it
    CUT = 5
    LOOK = 6
    INCLUDED = 7
    EXCLUDED = 8
    POINTS = 9  # nearness of points as the crow flies
    PREVIOUS = 10  # the mask so far, all 0 when there is none
    MIDDLE = 11  # distance from the middle of the box


CHANNELS = len(Channel)

_COLOUR_STEP = 12  # units of Lab: an edge of this height is as long a way as 1
_PIXEL_WAY = 1.2 / SIDE
_POINT_REACH = 2.1  # a way after which a point speaks a third as loud
_POINT_RADIUS = 3  # window pixels that are certain around a point
_SPOKEN_FOR = 0.4  # from here on a point says where the cut begins
_LAB_UNIT = np.array([50, 25, 25], np.float32)
_LAB_ZERO = np.array([1, 0, 0], np.float32)


@dataclass(frozen=True)
class Clicks:
    """Points ``(n, 2)`` in pixels of the window, and whether each is on the object."""

    points: Points
    include: NDArray[np.bool_]

    def seeds(self, *, included: bool) -> Mask:
        """Return the pixels that the points of one kind are on."""
        seeds = np.zeros((SIDE, SIDE), np.bool_)
        places = np.clip(self.points[self.include == included].astype(np.intp), 0, SIDE - 1)
        seeds[places[:, 1], places[:, 0]] = True
        return seeds

    def certain(self) -> NDArray[np.int8]:
        """Return 1 around included points, -1 around excluded ones, 0 elsewhere; the last point wins."""
        marks = np.zeros((SIDE, SIDE), np.int8)
        for (x, y), included in zip(self.points.astype(int).tolist(), self.include.tolist(), strict=True):
            cv2.circle(marks, (x, y), _POINT_RADIUS, 1 if included else -1, -1)
        return marks


class WindowView:
    """A window and a box in it: all that does not depend on points is made once."""

    NBYTES: ClassVar[int] = SIDE * SIDE * (4 * (LOOK_VALUES + 3 + 2 + 1 + 8) + 2 * 3 + 1)
    """Look, Lab, place, the way from outside, two times four costs of steps; two pictures; the box."""

    def __init__(self, rgb: RgbFrame, window: Window, box: Box) -> None:
        self.window = window
        picture = window.cut(rgb)
        self.lab = np.asarray(cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2Lab), np.float32)
        corner = window.inwards(np.array([[box.left, box.top]]))[0]
        half = np.array([box.width, box.height]) * window.scale / 2
        rows, columns = np.mgrid[:SIDE, :SIDE].astype(np.float32) + 0.5
        self.place = np.dstack([(columns - corner[0]) / half[0] - 1, (rows - corner[1]) / half[1] - 1])
        self.place = self.place.astype(np.float32)
        self.in_box: Mask = np.abs(self.place).max(axis=2) < 1
        blurred = np.asarray(cv2.GaussianBlur(self.lab, (0, 0), 1), np.float32)
        self._terrain = Terrain(blurred / np.float32(_COLOUR_STEP), pixel=_PIXEL_WAY)
        self._look = Look(pixel_features(self.lab), self.place)
        self._calm = calm_pictures(picture)
        self._from_outside = self._terrain.distance(~self.in_box, rounds=2)

    def evidence(self, clicks: Clicks, previous: SoftMask | None) -> Floats:
        """Return the channels, shape ``(CHANNELS, SIDE, SIDE)``. ``previous``: the mask so far."""
        certain = clicks.certain()
        middle = np.square(self.place).sum(axis=2)
        start: Mask = self.in_box if previous is None else previous > 0.5
        included = self._way(clicks.seeds(included=True))
        excluded = self._way(clicks.seeds(included=False))
        if previous is not None:
            start = (start | (included > _SPOKEN_FOR)) & ~(excluded > _SPOKEN_FOR)
        cuts = [
            colour_cut(calm, start=start, possible=self.in_box | start, certain=certain)
            for calm in self._calm
        ]
        cut = np.asarray(np.mean(cuts, axis=0), np.float32)
        channels = [
            *np.moveaxis(self.lab / _LAB_UNIT - _LAB_ZERO, 2, 0),
            np.where(self.in_box, 1, -1),
            np.tanh(self._from_outside / 2) * 2 - 1,
            cut * 2 - 1,
            self._looks_like(np.asarray(cut > 0.5) if previous is None else start, certain),
            included,
            excluded,
            cv2.GaussianBlur(certain.astype(np.float32), (0, 0), 4),
            np.zeros_like(self.lab[..., 0]) if previous is None else previous * 2 - 1,
            np.minimum(middle, 2) - 1,
        ]
        return np.stack(channels).astype(np.float32)

    def _way(self, seeds: Mask) -> Floats:
        """Return 1 at the seeds, less the longer the way from them."""
        if not seeds.any():
            return np.zeros((SIDE, SIDE), np.float32)
        return np.asarray(np.exp(-self._terrain.distance(seeds) / _POINT_REACH), np.float32)

    def _looks_like(self, mask: Mask, certain: NDArray[np.int8]) -> Floats:
        labels = np.where(certain == 0, np.where(mask, 1, -1), certain).astype(np.float32)
        weights = np.where(certain != 0, 20, np.where(self.in_box, 0.5, 1)).astype(np.float32)
        return self._look.evidence(labels, weights)
