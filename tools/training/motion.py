"""How a thing moves: as a whole, bending, and rippling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]
"""Shape ``(height, width, 2)``: x and y a pixel."""


def sampled(values: NDArray[Any], source: Field, *, border: int = cv2.BORDER_CONSTANT) -> NDArray[np.float32]:
    """Return what of ``values``, shape ``(h, w)`` or with channels, is seen through ``source``."""
    columns, rows = (np.ascontiguousarray(source[..., axis]) for axis in (0, 1))
    return np.asarray(cv2.remap(values, columns, rows, cv2.INTER_LINEAR, borderMode=border), np.float32)


def places(width: int, height: int) -> Field:
    """Return x and y of every pixel."""
    columns, rows = np.meshgrid(np.arange(width), np.arange(height))
    return np.stack([columns, rows], axis=-1).astype(np.float32)


def ripple(rng: np.random.Generator, *, width: int, height: int, amount: float, cells: int = 5) -> Field:
    """Return a smooth random field of some ``amount`` pixels."""
    coarse = rng.standard_normal((cells, cells, 2)).astype(np.float32)
    smooth = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(smooth * np.float32(amount), np.float32)


@dataclass
class Bend:
    """What lies beyond a line swings about a point on it, as limbs do."""

    pivot: tuple[float, float]
    direction: float
    reach: float
    swing: float
    pace: float
    phase: float

    def bent(self, at: Field, time: float) -> Field:
        """Return where the thing's pixels that are seen at ``at`` come from."""
        away = at - np.array(self.pivot, np.float32)
        beyond = away[..., 0] * np.cos(self.direction) + away[..., 1] * np.sin(self.direction)
        share = 1 / (1 + np.exp(np.clip(-beyond / self.reach, -20, 20)))
        angle = share * np.float32(self.swing * np.sin(self.phase + self.pace * time))
        cosine, sine = np.cos(angle), np.sin(angle)
        x = cosine * away[..., 0] - sine * away[..., 1]
        y = sine * away[..., 0] + cosine * away[..., 1]
        return np.asarray(np.stack([x, y], axis=-1) + np.array(self.pivot), np.float32)


class Motion:
    """A course over the frames, and the map from the picture back to the thing."""

    def __init__(
        self,
        rng: np.random.Generator,
        *,
        frame: tuple[int, int],
        thing: tuple[int, int],
        start: tuple[float, float],
        scale: float,
        speed: float,
        rippling: float,
        growth: float,
        turning: float,
        bends: int = 0,
    ) -> None:
        """``frame``, ``thing``: width and height. ``speed``: pixels a frame. ``growth``, ``turning``: spread
        of the factor and of radians a frame. ``rippling``: pixels."""
        self._rng = rng
        self._at = places(*frame)
        self._middle = np.array(thing, np.float32) / 2
        self._centre = np.array(start, float)
        self.velocity = rng.standard_normal(2) * speed
        self._scale, self._growth = scale, float(np.exp(rng.normal() * growth))
        self._angle, self._turn = 0.0, rng.normal() * turning
        self._mirrored = -1.0 if rng.random() < 0.5 else 1.0
        self._squeeze = rng.uniform(0, 0.35) if rng.random() < 0.3 else 0.0
        self._ripples = [ripple(rng, width=frame[0], height=frame[1], amount=rippling) for _ in range(2)]
        self._pace, self._phase = rng.uniform(0.15, 0.7), rng.uniform(0, 6)
        self._bends = [self._bend(thing) for _ in range(bends)]
        self.time = 0

    @property
    def scale(self) -> float:
        return self._scale

    def source(self) -> Field:
        """Return for every pixel of the picture the place in the thing that is seen there."""
        away = self._at - self._centre.astype(np.float32)
        cosine, sine = np.cos(self._angle), np.sin(self._angle)
        x = (cosine * away[..., 0] + sine * away[..., 1]) / self._scale
        y = (cosine * away[..., 1] - sine * away[..., 0]) / self._scale
        narrow = self._mirrored * (
            1 - self._squeeze * (0.5 + 0.5 * np.sin(self._phase + self._pace * self.time))
        )
        shaken = self._ripples[0] * np.float32(np.sin(self._phase + self._pace * self.time))
        shaken = shaken + self._ripples[1] * np.float32(
            np.sin(2 * self._phase + 0.7 * self._pace * self.time)
        )
        field = np.stack([x / narrow, y], axis=-1) + shaken / np.float32(self._scale) + self._middle
        for bend in self._bends:
            field = bend.bent(field, self.time)
        return np.asarray(field, np.float32)

    def step(self) -> None:
        """Go on to the next frame."""
        self.time += 1
        jolt = self._rng.standard_normal(2) * 0.4 * np.abs(self.velocity).mean()
        self.velocity = 0.9 * self.velocity + jolt
        self._centre += self.velocity
        self._angle += self._turn
        self._scale *= self._growth

    def _bend(self, thing: tuple[int, int]) -> Bend:
        rng = self._rng
        return Bend(
            pivot=(thing[0] * rng.uniform(0.3, 0.7), thing[1] * rng.uniform(0.3, 0.8)),
            direction=rng.uniform(0, 2 * np.pi),
            reach=0.05 * max(thing) * rng.uniform(0.3, 1.5),
            swing=rng.uniform(0.05, 0.55),
            pace=rng.uniform(0.15, 0.7),
            phase=rng.uniform(0, 6),
        )
