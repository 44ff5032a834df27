"""Moving pictures whose truth is known: textured things over a textured background."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from labeling.geometry.shapes import BoolMask, RotatedBox
from workers.backends.base import RgbFrame

Place = tuple[float, float, float, float]
"""Centre x and y, scale, and turn in degrees (clockwise on screen)."""


def texture(width: int, height: int, *, colour: tuple[int, int, int], seed: int) -> RgbFrame:
    """Return smooth noise around a colour."""
    noise = np.random.default_rng(seed).normal(size=(height, width, 3)).astype(np.float32)
    smooth = np.asarray(cv2.GaussianBlur(noise, (0, 0), 2.5))
    smooth *= 28 / smooth.std()
    return np.clip(smooth + np.array(colour, np.float32), 0, 255).astype(np.uint8)


@dataclass
class Thing:
    """A textured ellipse or rectangle. ``course``: where it is on a frame, None when it is away."""

    course: Callable[[int], Place | None]
    width: int = 70
    height: int = 50
    colour: tuple[int, int, int] = (190, 90, 70)
    seed: int = 1
    round: bool = True

    def __post_init__(self) -> None:
        self._picture = texture(self.width, self.height, colour=self.colour, seed=self.seed)
        self._alpha = np.zeros((self.height, self.width), np.uint8)
        middle, size = ((self.width - 1) / 2, (self.height - 1) / 2), (self.width, self.height)
        if self.round:
            cv2.ellipse(self._alpha, (middle, size, 0.0), 255, -1)
        else:
            self._alpha[:] = 255

    def draw(self, canvas: NDArray[np.uint8], frame: int) -> BoolMask:
        """Draw the thing and return where it is."""
        place = self.course(frame)
        if place is None:
            return np.zeros(canvas.shape[:2], np.bool_)
        x, y, scale, turn = place
        matrix = cv2.getRotationMatrix2D(((self.width - 1) / 2, (self.height - 1) / 2), -turn, scale)
        matrix[:, 2] += np.array([x - self.width / 2, y - self.height / 2])
        size = canvas.shape[1], canvas.shape[0]
        picture = cv2.warpAffine(self._picture, matrix, size, borderMode=cv2.BORDER_REPLICATE)
        mask = np.asarray(cv2.warpAffine(self._alpha, matrix, size) > 127)
        canvas[mask] = np.asarray(picture)[mask]
        return mask

    def box(self, frame: int) -> RotatedBox:
        """Return the true box."""
        place = self.course(frame)
        assert place is not None
        x, y, scale, turn = place
        width, height = self.width * scale, self.height * scale
        return RotatedBox(x - width / 2, y - height / 2, width, height, turn % 360)


@dataclass
class Scene:
    """Things, the later ones in front of the earlier ones, on a background; the frames of one media."""

    things: list[Thing]
    length: int = 24
    width: int = 320
    height: int = 240
    occluder: tuple[int, int] | None = None
    """Left and right edge of an upright bar in front of everything."""
    read: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._background = texture(self.width, self.height, colour=(90, 130, 100), seed=99)
        self._bar = texture(self.width, self.height, colour=(60, 60, 160), seed=98)

    def __len__(self) -> int:
        return self.length

    def read_rgb(self, frame: int) -> RgbFrame:
        """Return a picture and note that it was read."""
        self.read.append(frame)
        return self._drawn(frame)[0]

    def truth(self, frame: int, thing: int = 0) -> BoolMask:
        """Return the visible part of a thing."""
        return self._drawn(frame)[1][thing]

    def _drawn(self, frame: int) -> tuple[RgbFrame, list[BoolMask]]:
        canvas = self._background.copy()
        masks: list[BoolMask] = []
        for thing in self.things:
            mask = thing.draw(canvas, frame)
            masks = [*(earlier & ~mask for earlier in masks), mask]
        if self.occluder:
            columns = slice(*self.occluder)
            canvas[:, columns] = self._bar[:, columns]
            for mask in masks:
                mask[:, columns] = False
        return canvas, masks


def straight(
    x: float, y: float, dx: float, dy: float = 0.0, *, growth: float = 1.0, turn: float = 0.0
) -> Callable[[int], Place]:
    """Return a course of ``dx, dy`` pixels a frame, that grows by a factor and turns by degrees a frame."""
    return lambda frame: (x + dx * frame, y + dy * frame, growth**frame, turn * frame)


def iou(first: BoolMask, second: BoolMask) -> float:
    """Return the intersection over union; 1 when both are empty."""
    union = int((first | second).sum())
    return int((first & second).sum()) / union if union else 1.0
