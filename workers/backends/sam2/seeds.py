"""How the shapes that people draw become prompts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labeling.geometry.boxes import shape_bounds
from labeling.geometry.errors import ShapeError
from labeling.geometry.masks import AREA_KINDS, KIND_NAMES, mask_bounds, shape_to_mask
from labeling.geometry.packing import shape_kind
from labeling.geometry.shapes import BoolMask, Box, RotatedBox, Shape
from workers.backends.base import BackendError


@dataclass(frozen=True)
class Prompt:
    """``mask`` is what the shape covers. With ``box`` (left, top, right, bottom) the object is what
    SAM 2 finds in it; without, the mask is the object."""

    mask: BoolMask
    box: tuple[float, float, float, float] | None


def prompt_of(shape: Shape, *, width: int, height: int) -> Prompt:
    """Return the prompt for a shape that was drawn in a picture of ``width`` x ``height`` pixels.

    A box says where the object is and not which of its pixels belong to it, so it is a question; a
    polygon or bitmask is the answer. Raises BackendError for a kind that covers no area, for a shape
    that covers no pixel, and for a polygon or bitmask that covers all of them.
    """
    kind = shape_kind(shape)
    if kind not in AREA_KINDS:
        raise BackendError(f"SAM 2 follows what covers an area, and a {KIND_NAMES[kind]} does not.")
    try:
        mask = shape_to_mask(shape, width=width, height=height)
    except ShapeError as error:
        raise BackendError(str(error)) from error
    if not mask.any():
        raise BackendError("Its shape covers no pixel of the picture, so there is nothing to follow.")
    if isinstance(shape, Box | RotatedBox):
        return Prompt(mask, _corners(mask, shape))
    if mask.all():
        raise BackendError("Its shape covers the whole picture, so nothing is left to tell it apart from.")
    return Prompt(mask, None)


def corners_of(mask: BoolMask) -> tuple[float, float, float, float]:
    """Return left, top, right, bottom of the pixels of a mask that has some."""
    left, top, width, height = mask_bounds(mask) or (0, 0, 0, 0)
    return float(left), float(top), float(left + width), float(top + height)


def _corners(mask: BoolMask, shape: Shape) -> tuple[float, float, float, float]:
    """The upright box around the shape, as far as it lies in the picture."""
    bounds = shape_bounds(shape)
    left, top = max(bounds.left, 0.0), max(bounds.top, 0.0)
    right = min(bounds.left + bounds.width, float(mask.shape[1]))
    bottom = min(bounds.top + bounds.height, float(mask.shape[0]))
    return left, top, right, bottom


def seen_in(mask: BoolMask, drawn: BoolMask) -> BoolMask | None:
    """Return the part of ``mask`` that lies in what was drawn, None where that is nothing."""
    inside = np.logical_and(mask, drawn)
    return inside if inside.any() else None
