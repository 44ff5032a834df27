"""Pictures with many copies of one thing among others, whose truth is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from labeling.geometry.masks import mask_iou
from labeling.geometry.shapes import BoolMask
from tests.backends.scenes import texture
from workers.backends.base import RgbFrame
from workers.backends.detecting import Detected

WIDTH, HEIGHT = 640, 480
_CELL = 110
_SIDE = 72
COINS = Path(__file__).with_name("coins.png")
"""Greek coins from Pompeii, Brooklyn Museum; no known copyright restrictions. From scikit-image's data."""

CONDITIONS = ("copied", "turned", "resized", "lit", "hidden", "all of it")


@dataclass(frozen=True)
class Copies:
    """A picture, and the visible parts of the copies; the first is the exemplar, upright and whole."""

    rgb: RgbFrame
    masks: list[BoolMask]


@dataclass(frozen=True)
class Count:
    """``found`` of ``there`` copies, and how many answers were none."""

    found: int
    there: int
    false: int


def copies_drawn(condition: str, *, seed: int, copies: int = 8, others: int = 8) -> Copies:
    """Draw copies and other things in the cells of a grid; ``condition``: one of ``CONDITIONS``."""
    rng = np.random.default_rng(seed)
    canvas: NDArray[np.float32] = texture(WIDTH, HEIGHT, colour=(105, 115, 95), seed=seed + 500).astype(
        np.float32
    )
    columns, rows = WIDTH // _CELL, HEIGHT // _CELL
    cells = rng.permutation(columns * rows)[: copies + others]
    thing = _fish(np.array([190, 90, 60]), np.array([235, 200, 80]))
    strangers = [
        _fish(np.array([60, 90, 190]), np.array([80, 200, 235])),  # the form, in other colours
        _wheel(np.array([190, 90, 60]), np.array([235, 200, 80])),  # the colours, in another form
    ]
    masks = []
    for number, cell in enumerate(cells):
        drawn = thing if number < copies else strangers[number % 2]
        x, y = (cell % columns + 0.5) * _CELL, (cell // columns + 0.5) * _CELL
        hidden = condition if number else "copied"
        mask = _placed(canvas, drawn, x, y, condition=hidden, rng=rng)
        if number < copies:
            masks.append(mask)
    noisy = canvas + rng.normal(0, 4, canvas.shape)
    return Copies(np.clip(noisy, 0, 255).astype(np.uint8), masks)


def _placed(
    canvas: NDArray[np.float32],
    drawn: NDArray[np.float32],
    x: float,
    y: float,
    *,
    condition: str,
    rng: np.random.Generator,
) -> BoolMask:
    """Draw one thing as the condition has it, and return what is seen of it."""
    everything = condition == "all of it"
    turn = rng.uniform(0, 360) if condition == "turned" or everything else 0.0
    scale = rng.uniform(0.75, 1.35) if condition == "resized" or everything else 1.0
    matrix = np.asarray(cv2.getRotationMatrix2D((_SIDE / 2, _SIDE / 2), -turn, scale), np.float64)
    matrix[0, 2] += x - _SIDE / 2 + rng.uniform(-4, 4)
    matrix[1, 2] += y - _SIDE / 2 + rng.uniform(-4, 4)
    size = WIDTH, HEIGHT
    colour = cv2.warpAffine(drawn[..., :3], matrix, size, borderMode=cv2.BORDER_REPLICATE)
    mask = np.asarray(cv2.warpAffine(drawn[..., 3], matrix, size) > 0.5)
    if condition == "lit" or everything:
        left, right = rng.uniform(0.75, 1.25, 2).tolist()
        slope = np.linspace(left, right, _CELL)
        light = rng.uniform(0.55, 1.25) * np.interp(np.arange(WIDTH), x + np.arange(_CELL) - _CELL / 2, slope)
        colour = colour * light[None, :, None].astype(np.float32)
    canvas[mask] = np.asarray(colour)[mask]
    if condition == "hidden" or everything:
        return mask & ~_bar_over(canvas, mask, rng)
    return mask


def _bar_over(canvas: NDArray[np.float32], mask: BoolMask, rng: np.random.Generator) -> BoolMask:
    """Draw a bar over a quarter to two fifths of the mask, and return where it is."""
    columns = np.flatnonzero(mask.any(axis=0))
    rows = np.flatnonzero(mask.any(axis=1))
    share = rng.uniform(0.25, 0.4)
    order = np.cumsum(mask.sum(axis=0)[columns])
    edge = columns[np.searchsorted(order, share * order[-1])]
    bar = np.zeros_like(mask)
    bar[rows[0] - 4 : rows[-1] + 5, max(0, columns[0] - 6) : edge] = True
    canvas[bar] = (70, 75, 85)
    return bar


def _fish(body: NDArray[np.int_], stripes: NDArray[np.int_]) -> NDArray[np.float32]:
    """Return ``(side, side, 4)``: colours and alpha of a striped body with a tail."""
    colour = np.zeros((_SIDE, _SIDE, 3), np.float32) + body
    for left in (22, 36):
        colour[:, left : left + 6] = stripes
    alpha = np.zeros((_SIDE, _SIDE), np.uint8)
    cv2.ellipse(alpha, (30, 36), (27, 17), 0, 0, 360, 1, -1)
    cv2.fillPoly(alpha, [np.array([[50, 36], [69, 18], [69, 50]], np.int32)], 1)
    cv2.circle(colour, (12, 31), 4, (20, 20, 20), -1)
    return np.dstack([colour, alpha]).astype(np.float32)


def _wheel(body: NDArray[np.int_], spokes: NDArray[np.int_]) -> NDArray[np.float32]:
    """Return ``(side, side, 4)``: colours and alpha of a disc with a cross."""
    colour = np.zeros((_SIDE, _SIDE, 3), np.float32) + body
    cv2.line(colour, (8, 36), (64, 36), spokes.tolist(), 7)
    cv2.line(colour, (36, 8), (36, 64), spokes.tolist(), 7)
    alpha = np.zeros((_SIDE, _SIDE), np.uint8)
    cv2.circle(alpha, (36, 36), 26, 1, -1)
    return np.dstack([colour, alpha]).astype(np.float32)


def coins() -> Copies:
    """Return the picture of 24 coins, with masks by watershed from dark and bright pixels."""
    grey = cv2.imread(str(COINS), cv2.IMREAD_GRAYSCALE)
    assert grey is not None
    markers = np.where(grey < 30, 1, np.where(grey > 150, 2, 0)).astype(np.int32)
    edges = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    cv2.watershed(np.dstack([edges] * 3), markers)
    inside = cv2.morphologyEx((markers == 2).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    outlines, _ = cv2.findContours(inside, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    cv2.drawContours(inside, outlines, -1, 1, -1)
    count, pieces, stats, _ = cv2.connectedComponentsWithStats(inside)
    masks = [pieces == n for n in range(1, count) if stats[n, cv2.CC_STAT_AREA] > 300]
    return Copies(np.dstack([grey] * 3), masks)


def coins_halved() -> tuple[Copies, Copies]:
    """Return the left and the right half of that picture, each with the coins that it shows whole."""
    picture = coins()
    middle = picture.rgb.shape[1] // 2
    return halved(picture, slice(0, middle)), halved(picture, slice(middle, 2 * middle))


def halved(picture: Copies, columns: slice) -> Copies:
    whole = [mask[:, columns] for mask in picture.masks if mask[:, columns].sum() == mask.sum()]
    return Copies(np.ascontiguousarray(picture.rgb[:, columns]), [np.ascontiguousarray(one) for one in whole])


def count_found(found: list[Detected], masks: list[BoolMask], *, least: float = 0.5) -> Count:
    """Count answers that lie on a copy, each copy once, by their IoU; all others are false."""
    hits = len(matched([one.mask for one in found], masks, least=least))
    return Count(hits, len(masks), len(found) - hits)


def matched(found: Sequence[BoolMask], masks: Sequence[BoolMask], *, least: float = 0.5) -> list[float]:
    """Return the IoU of each answer that lies on one of ``masks``, of which each counts once."""
    left, ious = list(masks), []
    for answer in found:
        overlaps = [mask_iou(answer, mask) for mask in left]
        if overlaps and max(overlaps) >= least:
            ious.append(max(overlaps))
            left.pop(overlaps.index(ious[-1]))
    return ious
