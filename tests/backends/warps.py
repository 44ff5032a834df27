"""Clips made of real pictures, in which the motion of every point is known.

A round piece of one picture moves over another, which drifts slowly. Something cut out of a third may pass
in front. Light changes, and there is noise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from labeling.demo.video import demo_video
from labeling.geometry.shapes import BoolMask, Points
from workers.backends.base import RgbFrame

Warp = Callable[[Points, float], Points]
"""From points ``(n, 2)`` relative to the piece's middle, and the time, to where they are, likewise."""

LENGTH = 40
_NOISE = 3.0  # grey levels
_SOME_CONTRAST = 10  # grey levels: the standard deviation about points that are followed
_OCCLUDED = (12, 28)  # the first frame on which the thing in front comes near, and the last


@cache
def film_frame(frame: int) -> RgbFrame:
    """Return a picture of the film ``bikes.mp4``, 640 x 272."""
    with av.open(str(demo_video())) as container:
        for number, picture in enumerate(container.decode(video=0)):
            if number == frame:
                return np.asarray(picture.to_ndarray(format="rgb24"), np.uint8)
    raise ValueError(f"The film has no frame {frame}.")


@cache
def _contrast(frame: int) -> NDArray[np.float32]:
    """Return the standard deviation of brightness around each pixel of a picture of the film."""
    grey = cv2.cvtColor(film_frame(frame), cv2.COLOR_RGB2GRAY).astype(np.float32)
    mean = cv2.blur(grey, (21, 21))
    return np.asarray(np.sqrt(np.maximum(cv2.blur(grey * grey, (21, 21)) - mean * mean, 0)), np.float32)


def _linear(matrix: Callable[[float], list[list[float]]]) -> Warp:
    return lambda points, time: points @ np.array(matrix(time)).T


def _turning(points: Points, time: float) -> Points:
    angle = np.radians(2.5 * time)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.asarray(points @ turn, np.float64)


def _tilting(points: Points, time: float) -> Points:
    depth = 1 + points[:, :1] * (0.00006 * time) + points[:, 1:] * (0.00003 * time)
    return points / depth


def _waving(points: Points, time: float) -> Points:
    swing = 5 * np.sin(2 * np.pi * time / 25)
    x, y = points[:, 0], points[:, 1]
    wave = np.column_stack([np.sin(y / 28), np.sin(x / 33 + 1)])
    return np.asarray(points + swing * wave, np.float64)


WARPS: Mapping[str, Warp] = {
    "shift": lambda points, time: points,
    "rotation": _turning,
    "scale": _linear(lambda time: [[1.012**time, 0], [0, 1.012**time]]),
    "perspective": _tilting,
    "non-rigid": _waving,
}
"""What happens to the piece besides its way over the picture."""


@dataclass
class WarpedClip:
    """The frames of one media, and where each point of the piece is.

    ``pictures``: of the film, for the piece, the background and what passes in front.
    """

    warp: Warp
    pictures: tuple[int, int, int]
    occluded: bool = False
    seed: int = 0
    radius: int = 75
    width: int = 640
    height: int = 272

    def __post_init__(self) -> None:
        rng = np.random.default_rng(self.seed)
        self._contrast = _contrast(self.pictures[0])
        middles = rng.uniform((150, 100), (490, 172), (20, 2))
        self._source = max(middles, key=self._busy)
        self._start = np.array([rng.uniform(200, 260), rng.uniform(115, 150)])
        self._speed = np.array([rng.uniform(2, 4.5), rng.uniform(-0.6, 0.6)])

    def __len__(self) -> int:
        return LENGTH

    def _busy(self, middle: Points) -> float:
        """Return how much there is to be seen in a piece around ``middle``."""
        left, top = (middle - 0.7 * self.radius).astype(int)
        size = int(1.4 * self.radius)
        return float((self._contrast[top : top + size, left : left + size] > _SOME_CONTRAST).mean())

    def _middle(self, frame: int) -> Points:
        return np.asarray(self._start + self._speed * frame, np.float64)

    def places(self, points: Points, frame: int) -> Points:
        """Return where points of the piece (relative to its middle) are on ``frame``."""
        return self._middle(frame) + self.warp(points, float(frame))

    def hidden(self, points: Points, frame: int) -> BoolMask:
        """Return which of them are behind something, or out of the picture."""
        places = self.places(points, frame)
        inside = (places >= 0).all(axis=1) & (places < (self.width, self.height)).all(axis=1)
        bar = self._bar(frame)
        covered = np.zeros(len(points), np.bool_)
        if bar is not None:
            covered = (places[:, 0] >= bar[0]) & (places[:, 0] < bar[1])
        return np.asarray(covered | ~inside)

    def points(self, count: int) -> Points:
        """Return points of the piece, spread at random where the picture has some contrast."""
        rng = np.random.default_rng(self.seed + 1000)
        chosen: list[Points] = []
        for point in rng.uniform(-0.85 * self.radius, 0.85 * self.radius, (2000, 2)):
            x, y = np.rint(self._source + point - 0.5).astype(int)
            apart = min((float(np.hypot(*(point - other))) for other in chosen), default=np.inf)
            busy = self._contrast[y, x] > _SOME_CONTRAST
            if np.hypot(*point) < 0.85 * self.radius and busy and apart > 12:
                chosen.append(point)
        return np.array(chosen[:count])

    def read_rgb(self, frame: int) -> RgbFrame:
        """Return the picture of ``frame``."""
        picture = self._background(frame)
        piece, alpha, part = self._piece(frame)
        picture[part] += alpha * (piece - picture[part])
        bar = self._bar(frame)
        if bar is not None:
            left, right = max(0, bar[0]), min(self.width, bar[1])
            front = film_frame(self.pictures[2])
            picture[:, left:right] = front[:, left - bar[0] : right - bar[0]]
        rng = np.random.default_rng([self.seed, frame])
        light = 1 + 0.08 * np.sin(frame / 9)
        noise = rng.normal(0, _NOISE, picture.shape)
        return np.asarray(np.clip(picture * light + noise, 0, 255), np.uint8)

    def _background(self, frame: int) -> NDArray[np.float64]:
        shift = np.array([[1.0, 0, -20 + 0.7 * frame], [0, 1, 0]])
        drawn = cv2.warpAffine(
            film_frame(self.pictures[1]), shift, (self.width, self.height), borderMode=cv2.BORDER_REFLECT
        )
        return np.asarray(drawn, np.float64)

    def _bar(self, frame: int) -> tuple[int, int] | None:
        """Return the edges of what is in front: it comes from the right, and passes the piece."""
        first, last = _OCCLUDED
        if not self.occluded or not first <= frame <= last:
            return None
        done = (frame - first) / (last - first)
        middle = self._middle(frame)[0] + (1 - 2 * done) * 2 * self.radius
        return int(middle - 40), int(middle + 40)

    def _piece(self, frame: int) -> tuple[NDArray[np.float64], NDArray[np.float64], tuple[slice, slice]]:
        """Return the part of the picture around the piece: its colours, how much it covers, and where."""
        middle, reach = self._middle(frame), 2 * self.radius
        left, top = max(0, int(middle[0] - reach)), max(0, int(middle[1] - reach))
        right, bottom = min(self.width, int(middle[0] + reach)), min(self.height, int(middle[1] + reach))
        columns, rows = np.meshgrid(np.arange(left, right) + 0.5, np.arange(top, bottom) + 0.5)
        seen = np.column_stack([columns.ravel(), rows.ravel()]) - middle
        origin = self._unwarped(seen, float(frame))
        distance = np.sqrt(np.square(origin).sum(axis=1)).reshape(columns.shape)
        alpha = np.clip(self.radius - distance + 0.5, 0, 1)[..., None]
        columns, rows = (origin + self._source - 0.5).astype(np.float32).T.reshape(2, *columns.shape)
        picture = film_frame(self.pictures[0])
        piece = cv2.remap(picture, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        return np.asarray(piece, np.float64), alpha, (slice(top, bottom), slice(left, right))

    def _unwarped(self, seen: Points, time: float) -> Points:
        """Return the points of the piece that are at ``seen``: the warp turned round step by step."""
        linear = (self.warp(np.eye(2) * 1e-3, time) - self.warp(np.zeros((2, 2)), time)) / 1e-3
        inverse = np.linalg.inv(linear)
        origin = seen @ inverse
        for _ in range(30):
            off = self.warp(origin, time) - seen
            if np.abs(off).max() < 0.005:
                break
            origin = origin - off @ inverse
        return np.asarray(origin, np.float64)
