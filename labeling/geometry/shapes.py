"""The seven shapes, in pixels of the displayed frame.

Coordinates are floats with the origin at the outer corner of the top-left pixel: the picture
spans ``0..width`` by ``0..height``, and the centre of its first pixel is ``(0.5, 0.5)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Shape ``(n, 2)``: x and y of n points, in pixels."""

BoolMask = NDArray[np.bool_]
"""Shape ``(height, width)``: True where the object is."""


class ShapeKind(StrEnum):
    """What a class of the ontology draws. The values are Encord's names."""

    BOUNDING_BOX = "bounding_box"
    ROTATABLE_BOUNDING_BOX = "rotatable_bounding_box"
    POLYGON = "polygon"
    BITMASK = "bitmask"
    POLYLINE = "polyline"
    KEYPOINT = "point"
    SKELETON = "skeleton"


class Visibility(StrEnum):
    """Of a keypoint, or of a vertex of a skeleton or a polyline. A lost one is INVISIBLE."""

    VISIBLE = "visible"
    OCCLUDED = "occluded"
    SELF_OCCLUDED = "selfOccluded"
    INVISIBLE = "invisible"


@dataclass(frozen=True, slots=True)
class Box:
    """An upright box: left, top, width, height."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class RotatedBox:
    """A box turned by ``rotation`` degrees, clockwise on screen, about its own centre.

    ``left, top, width, height`` are those of the box before it is turned.
    """

    left: float
    top: float
    width: float
    height: float
    rotation: float


@dataclass(frozen=True, eq=False)
class Polygon:
    """One or more polygons, each a tuple of rings: the outer one first, then its holes.

    Rings are open (the last point is not the first again).
    """

    polygons: tuple[tuple[Points, ...], ...]


@dataclass(frozen=True, slots=True)
class Bitmask:
    """A binary mask cropped to its box: whole-pixel offset and size, COCO compressed RLE."""

    left: int
    top: int
    width: int
    height: int
    counts: bytes


@dataclass(frozen=True, eq=False)
class Polyline:
    """An open line through ``points``.

    ``visibility`` is that of each point, and empty where all are visible, as in nearly all lines.
    """

    points: Points
    visibility: tuple[Visibility, ...] = ()

    def __post_init__(self) -> None:
        if all(one is Visibility.VISIBLE for one in self.visibility):
            object.__setattr__(self, "visibility", ())
        elif len(self.visibility) != len(self.points):
            raise ValueError(f"{len(self.points)} points have {len(self.visibility)} visibilities")

    @property
    def visibilities(self) -> tuple[Visibility, ...]:
        """The visibility of every point."""
        return self.visibility or (Visibility.VISIBLE,) * len(self.points)


@dataclass(frozen=True, slots=True)
class Keypoint:
    """A single point."""

    x: float
    y: float
    visibility: Visibility = Visibility.VISIBLE


@dataclass(frozen=True, eq=False)
class Skeleton:
    """The vertices in the template's order, with the visibility of each."""

    points: Points
    visibility: tuple[Visibility, ...]


Shape = Box | RotatedBox | Polygon | Bitmask | Polyline | Keypoint | Skeleton
