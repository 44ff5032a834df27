"""Members of a shape's JSON, read strictly: a number is a number, and it lies in the frame."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from labeling.geometry.errors import ShapeError
from labeling.geometry.shapes import Points, Visibility

Value = dict[str, Any]
"""A JSON object."""

OVERHANG = 0.5
"""Pixels: so far out of the frame a coordinate may lie; it is moved to the edge."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The size of the frame that a shape has to fit, in pixels."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width} by {self.height} pixels"

    def holds(self, x: float, y: float) -> bool:
        """Return whether a point lies in the frame, or out of it by half a pixel at most."""
        in_width = -OVERHANG <= x <= self.width + OVERHANG
        return in_width and -OVERHANG <= y <= self.height + OVERHANG

    def meets(self, corners: Points) -> bool:
        """Return whether a convex outline and the frame share an area."""
        shared = shapely.Polygon(corners).intersection(shapely.box(0, 0, self.width, self.height))
        return bool(shared.area > 1e-6)


def value_fields(
    value: object, names: tuple[str, ...], *, optional: tuple[str, ...] = (), of: str
) -> Mapping[str, object]:
    """Return ``value`` when it is an object with exactly these members; ``of`` names it in the sentence."""
    if not isinstance(value, dict):
        raise ShapeError(f"The {of} is not an object with {_listed(names)}.")
    for name in names:
        if name not in value:
            raise ShapeError(f"The {of} lacks {name!r}; it has {_listed(names)}.")
    for name in value:
        if name not in names and name not in optional:
            raise ShapeError(
                f"The {of} has no member {str(name)[:40]!r}; it has {_listed(names + optional)}."
            )
    return value


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(repr(name) for name in names)


def value_number(value: object, *, name: str, whole: bool = False) -> float:
    """Return a finite number; text, truth values and null are none. ``whole`` refuses fractions."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ShapeError(f"The {name} is not a number.")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ShapeError(f"The {name} is not a finite number.")
    if whole and not number.is_integer():
        raise ShapeError(f"The {name} is not a whole number of pixels.")
    return number


def value_list(value: object, *, name: str) -> list[object]:
    """Return a list that is not empty."""
    if not isinstance(value, list | tuple):
        raise ShapeError(f"The {name} are not a list.")
    if not value:
        raise ShapeError(f"The {name} are an empty list.")
    return list(value)


def value_points(value: object, *, name: str, frame: Frame, most: int) -> Points:
    """Return points ``(n, 2)``, n ≥ 1, all within the frame (overhang of half a pixel is moved in)."""
    pairs = value_list(value, name=f"{name}'s points")
    if len(pairs) > most:
        raise ShapeError(f"The {name} has too many points: {len(pairs)}, where {most} are left.")
    for pair in pairs:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise ShapeError(f"A point of the {name} is not a pair of x and y.")
        for number in pair:
            value_number(number, name=f"{name}'s coordinate")
    points = np.array(pairs, np.float64)
    for x, y in points[[*points.argmin(axis=0), *points.argmax(axis=0)]].tolist():
        if not frame.holds(x, y):
            raise ShapeError(
                f"The {name} reaches out of the frame of {frame}: it has a point at {x:g}, {y:g}."
            )
    return np.clip(points, 0.0, (frame.width, frame.height))


def value_visibility(members: Mapping[str, object], *, of: str) -> Visibility:
    """Return the member ``visibility``, visible when it is not there."""
    return _visibility(members.get("visibility", Visibility.VISIBLE), of=of)


def value_visibilities(members: Mapping[str, object], *, count: int, of: str) -> tuple[Visibility, ...]:
    """Return the member ``visibility``, one for each of ``count`` points; empty when it is not there."""
    if "visibility" not in members:
        return ()
    values = value_list(members["visibility"], name=f"{of}'s visibilities")
    if len(values) != count:
        raise ShapeError(f"The {of} has {count} points and {len(values)} visibilities.")
    return tuple(_visibility(value, of=of) for value in values)


def _visibility(value: object, *, of: str) -> Visibility:
    try:
        return Visibility(value)  # type: ignore[arg-type]
    except ValueError as error:
        raise ShapeError(
            f"The visibility of a {of} is one of {_listed(tuple(map(str, Visibility)))}."
        ) from error
