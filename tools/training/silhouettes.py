"""Outlines of things: segments of photos, and shapes drawn by rule."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.training.images import Alpha, Picture

_SIDE = 220  # pixels of a drawn shape
_MARKERS = 70


def segment(picture: Picture, rng: np.random.Generator) -> Alpha | None:
    """Return a piece of ``picture`` that its own edges bound: neighbouring watersheds of like colour.

    None when the picture has none of a fair size there.
    """
    basins = _basins(picture, rng)
    count = int(basins.max()) + 1
    sizes = np.bincount(basins.ravel(), minlength=count)
    sums = [np.bincount(basins.ravel(), picture[..., channel].ravel(), count) for channel in range(3)]
    colours = np.stack(sums, axis=1) / np.maximum(sizes, 1)[:, None]
    touching = _touching(basins, count)
    height, width = basins.shape
    start = int(basins[rng.integers(height // 4, 3 * height // 4), rng.integers(width // 4, 3 * width // 4)])
    chosen, wanted = {start}, rng.uniform(0.02, 0.2) * basins.size
    while sizes[list(chosen)].sum() < wanted:
        around = np.flatnonzero(touching[list(chosen)].any(axis=0))
        around = np.array([basin for basin in around if basin not in chosen])
        if not len(around):
            break
        unlike = np.abs(colours[around] - colours[list(chosen)].mean(axis=0)).sum(axis=1)
        chosen.add(int(around[np.argmin(unlike * rng.uniform(0.6, 1.4, len(unlike)))]))
    ragged = np.isin(basins, list(chosen)).astype(np.float32)
    mask = np.asarray(cv2.morphologyEx(ragged, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.float32)
    return mask if 0.01 < mask.mean() < 0.4 else None


def _basins(picture: Picture, rng: np.random.Generator) -> NDArray[np.int32]:
    """Return the number of its watershed for each pixel."""
    height, width = picture.shape[:2]
    markers = np.zeros((height, width), np.int32)
    rows, columns = rng.integers(2, height - 2, _MARKERS), rng.integers(2, width - 2, _MARKERS)
    for number, (row, column) in enumerate(zip(rows, columns, strict=True), start=1):
        cv2.circle(markers, (int(column), int(row)), 2, number, -1)
    basins = np.asarray(cv2.watershed(cv2.GaussianBlur(picture, (0, 0), 1), markers), np.int32)
    spread = cv2.dilate(np.maximum(basins, 0).astype(np.float32), np.ones((3, 3), np.uint8))
    return np.where(basins > 0, basins, spread).astype(np.int32)


def _touching(basins: NDArray[np.int32], count: int) -> NDArray[np.bool_]:
    touching = np.zeros((count, count), np.bool_)
    for first, second in ((basins[:, 1:], basins[:, :-1]), (basins[1:], basins[:-1])):
        touching[first.ravel(), second.ravel()] = touching[second.ravel(), first.ravel()] = True
    return touching


def drawn(rng: np.random.Generator) -> Alpha:
    """Return a shape drawn by rule: a blob, a figure with limbs, or something on wheels."""
    canvas = np.zeros((_SIDE, _SIDE), np.uint8)
    (_blob, _figure, _vehicle)[rng.integers(3)](canvas, rng)
    smooth = cv2.GaussianBlur(canvas, (0, 0), rng.uniform(0.8, 3)) > 127
    return smooth.astype(np.float32)


def _blob(canvas: NDArray[np.uint8], rng: np.random.Generator) -> None:
    angles = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    radius = np.full(64, 60.0)
    for wave in range(1, 6):
        radius += rng.normal() * 22 / wave * np.cos(wave * angles + rng.uniform(0, 6))
    radius = np.clip(radius, 12, 100)
    points = np.stack([110 + radius * np.cos(angles), 110 + radius * np.sin(angles)], axis=1)
    cv2.fillPoly(canvas, [points.astype(np.int32)], 255)


def _figure(canvas: NDArray[np.uint8], rng: np.random.Generator) -> None:
    """Draw a trunk with a head and thin limbs of two parts."""
    width = int(rng.integers(22, 46))
    top, bottom = (110, 65), (int(110 + rng.normal() * 12), 130)
    cv2.line(canvas, top, bottom, 255, width)
    cv2.circle(canvas, (int(110 + rng.normal() * 8), 38), int(rng.integers(11, 20)), 255, -1)
    for root in (top, top, bottom, bottom):
        place = np.array(root, float)
        for _ in range(2):
            turn = rng.uniform(0, np.pi)
            following = place + rng.uniform(25, 42) * np.array([np.cos(turn), abs(np.sin(turn))])
            cv2.line(canvas, _point(place), _point(following), 255, int(rng.integers(5, 16)))
            place = following


def _vehicle(canvas: NDArray[np.uint8], rng: np.random.Generator) -> None:
    """Draw a body, a cabin on it, and wheels below it."""
    left, right, floor = 15, 205, 140
    height = int(rng.integers(30, 60))
    cv2.rectangle(canvas, (left, floor - height), (right, floor), 255, -1)
    ends = np.sort(rng.uniform(left, right, 2))
    roof = floor - height - int(rng.integers(15, 55))
    slope = rng.uniform(0, 30)
    cabin = [
        (ends[0], floor - height),
        (ends[0] + slope, roof),
        (ends[1] - slope, roof),
        (ends[1], floor - height),
    ]
    cv2.fillPoly(canvas, [np.array(cabin, np.int32)], 255)
    for x in np.linspace(left + 30, right - 30, int(rng.integers(2, 4))):
        cv2.circle(canvas, (int(x), floor), int(rng.integers(13, 25)), 255, -1)


def _point(place: NDArray[np.float64]) -> tuple[int, int]:
    return int(place[0]), int(place[1])
