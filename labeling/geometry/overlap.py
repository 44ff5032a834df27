"""How much two shapes of one frame cover each other, in pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labeling.geometry.boxes import box_iou, shape_bounds
from labeling.geometry.masks import mask_bounds, shape_to_mask
from labeling.geometry.shapes import BoolMask, Box, Shape


@dataclass(frozen=True)
class Cover:
    """The pixels of a shape: ``crop`` ``(height, width)`` at ``left, top``, of which ``area`` are set."""

    shape: Shape
    left: int
    top: int
    crop: BoolMask
    area: int


def shape_cover(shape: Shape, *, width: int, height: int) -> Cover | None:
    """Return what the shape covers of a frame, None when that is nothing.

    Raise ``ShapeError`` for a shape without an area.
    """
    mask = shape_to_mask(shape, width=width, height=height)
    bounds = mask_bounds(mask)
    if bounds is None:
        return None
    left, top, wide, high = bounds
    crop = np.ascontiguousarray(mask[top : top + high, left : left + wide])
    return Cover(shape, left, top, crop, int(crop.sum()))


def cover_iou(one: Cover, other: Cover) -> float:
    """Return intersection over union, 0..1: of two boxes exactly, else by pixels."""
    if isinstance(one.shape, Box) and isinstance(other.shape, Box):
        return box_iou(one.shape, other.shape)
    left, top = max(one.left, other.left), max(one.top, other.top)
    right = min(one.left + one.crop.shape[1], other.left + other.crop.shape[1])
    bottom = min(one.top + one.crop.shape[0], other.top + other.crop.shape[0])
    if left >= right or top >= bottom:
        return 0.0
    shared = int((_within(one, left, top, right, bottom) & _within(other, left, top, right, bottom)).sum())
    return shared / (one.area + other.area - shared)


def shapes_meet(one: Shape, other: Shape) -> bool:
    """Say whether the upright boxes around two shapes share any area."""
    return box_iou(shape_bounds(one), shape_bounds(other)) > 0


def _within(cover: Cover, left: int, top: int, right: int, bottom: int) -> BoolMask:
    rows = slice(top - cover.top, bottom - cover.top)
    return cover.crop[rows, left - cover.left : right - cover.left]
