"""Shapes and pictures that the backends' tests share."""

from __future__ import annotations

import cv2
import numpy as np
from hypothesis import strategies as st
from pycocotools import mask as coco

from labeling.geometry.shapes import (
    Bitmask,
    Box,
    Keypoint,
    Polygon,
    Polyline,
    RotatedBox,
    Shape,
    Skeleton,
    Visibility,
)
from workers.backends.base import RgbFrame

WIDTH, HEIGHT = 320, 240


class StillFrames:
    """A media of equal grey frames."""

    width, height = WIDTH, HEIGHT

    def __init__(self, length: int = 100) -> None:
        self._length = length
        self.read: list[int] = []

    def __len__(self) -> int:
        return self._length

    def read_rgb(self, frame: int) -> RgbFrame:
        self.read.append(frame)
        return np.full((HEIGHT, WIDTH, 3), 128, np.uint8)


def disk_bitmask(left: int, top: int, size: int) -> Bitmask:
    """A round mask of ``size`` pixels across."""
    mask = np.zeros((size, size), np.uint8)
    cv2.circle(mask, (size // 2, size // 2), size // 2, 1, -1)
    counts = coco.encode(np.asfortranarray(mask))["counts"]
    return Bitmask(left=left, top=top, width=size, height=size, counts=counts)


def every_kind(*, left: float = 100.0, top: float = 80.0) -> list[Shape]:
    """One shape of each of the seven kinds, about 60 pixels across."""
    corner = np.array([left, top])
    square = np.array([[0, 0], [60, 0], [60, 60], [0, 60]], float) + corner
    hole = np.array([[20, 20], [20, 40], [40, 40]], float) + corner
    return [
        Box(left, top, 60, 40),
        RotatedBox(left, top, 60, 40, 30.0),
        Polygon(((square, hole),)),
        disk_bitmask(round(left), round(top), 61),
        Polyline(square, (Visibility.VISIBLE, Visibility.INVISIBLE, Visibility.VISIBLE, Visibility.VISIBLE)),
        Keypoint(left, top, Visibility.OCCLUDED),
        Skeleton(square, (Visibility.VISIBLE, Visibility.OCCLUDED, Visibility.VISIBLE, Visibility.INVISIBLE)),
    ]


any_shape = st.builds(
    lambda left, top, kind: every_kind(left=left, top=top)[kind],
    st.floats(10, 240),
    st.floats(10, 160),
    st.integers(0, 6),
)
