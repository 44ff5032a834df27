"""How far an object reaches that was only clicked on: the box that a person would have drawn."""

from __future__ import annotations

import cv2
import numpy as np

from labeling.geometry.masks import mask_bounds
from labeling.geometry.shapes import BoolMask, Box, Points
from workers.backends.base import RgbFrame
from workers.backends.classical.arrays import Floats
from workers.backends.classical.geodesic import Terrain

_SIDE = 160  # pixels of the longer side at which the whole picture is looked at
_SMALLEST, _LARGEST = 0.002, 0.5  # shares of the picture that an object may have
_SIZES = 14


def clicked_extent(rgb: RgbFrame, *, included: Points, excluded: Points) -> Box:
    """Return a box around the object that holds the points ``(n, 2)``, n ≥ 1, and not the excluded ones.

    Areas that grow from the points along like colours are compared: the one whose border runs along
    the strongest edges is taken. A guess, to be corrected by further points.
    """
    height, width = rgb.shape[:2]
    scale = min(1.0, _SIDE / max(height, width))
    size = max(2, round(width * scale)), max(2, round(height * scale))
    small = cv2.bilateralFilter(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), 7, 30, 3)
    lab = np.asarray(cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2Lab), np.float32)
    terrain = Terrain(lab / np.float32(12), pixel=1.0 / _SIDE)
    far = terrain.distance(_marked(included * scale, size), rounds=2)
    allowed = far < np.inf
    if len(excluded):
        allowed = far < terrain.distance(_marked(excluded * scale, size), rounds=2)
    area = _clearest_area(np.where(allowed, far, np.inf).astype(np.float32), _edges(lab))
    bounds = mask_bounds(area | _marked(included * scale, size))
    left, top, wide, high = bounds or (0, 0, *size)
    return Box(left / scale, top / scale, wide / scale, high / scale)


def _marked(points: Points, size: tuple[int, int]) -> BoolMask:
    mask = np.zeros((size[1], size[0]), np.bool_)
    places = np.clip(points.astype(np.intp), 0, np.array(size) - 1)
    mask[places[:, 1], places[:, 0]] = True
    return mask


def _edges(lab: Floats) -> Floats:
    """Return how strong an edge runs through each pixel, 0..1, shape ``(h, w)``."""
    across = cv2.Sobel(lab, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(lab, cv2.CV_32F, 0, 1)
    strength = np.sqrt((across * across + down * down).sum(axis=2))
    return np.asarray(strength / (strength + 60), np.float32)


def _clearest_area(far: Floats, edges: Floats) -> BoolMask:
    """Return the pixels nearer than that distance at whose border the edges are strongest."""
    sizes = np.geomspace(_SMALLEST, _LARGEST, _SIZES) * far.size
    nearest = np.sort(far, axis=None)
    best, clearest = np.zeros(far.shape, np.bool_), -1.0
    for size in np.minimum(sizes, far.size - 1).astype(int).tolist():
        if not np.isfinite(nearest[size]):
            break
        area = far <= nearest[size]
        closed = cv2.morphologyEx(area.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
        # What lies beyond the picture is no border of the object, and no edge speaks for it.
        border = cv2.morphologyEx(np.pad(closed, 1), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
        clear = float(np.pad(edges, 1)[border].mean())
        if clear > clearest:
            best, clearest = area, clear
    return best
