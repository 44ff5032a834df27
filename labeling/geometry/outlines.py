"""Masks traced to outlines: polygons with holes and a bounded number of points."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from labeling.geometry.shapes import BoolMask, Points, Polygon

_FINEST = 0.6
"""Pixels: an outline of a straight edge in pixels strays from it by half a pixel, so less shows stairs."""

_STEPS = np.array([(1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1)])
"""The eight neighbours of a pixel, clockwise on screen from the right one."""


def _sides_table() -> NDArray[np.intp]:
    """Return ``(8, 8, 4)``: the sides of a pixel that face outwards where its border passes through.

    Indexed by the step that came in and the one that goes out; sides are even indexes of ``_STEPS``,
    in the order of the walk; -1 fills up. OpenCV walks with the outside on the right hand, so that
    these are the sides between the pixel left behind and the pixel ahead.
    """
    table = np.full((8, 8, 4), -1, np.intp)
    for came in range(8):
        for goes in range(8):
            between = range(came + 3, came + 4 - ((came + 4 - goes) % 8 or 8), -1)
            sides = [side % 8 for side in between if side % 2 == 0]
            table[came, goes, : len(sides)] = sides
    return table


_SIDES = _sides_table()


def mask_outlines(mask: BoolMask, *, most: int | None = None) -> list[list[Points]]:
    """Return every connected piece as rings, the outer one first, then its holes; long rings first.

    A ring goes through the middles of the pixels' sides that part inside from outside: no two rings
    touch, none crosses itself, and exactly the centres of the mask's pixels lie inside. Pixels that
    touch at a corner are connected. ``most`` bounds the number of pieces and that of holes.
    """
    borders, hierarchy = cv2.findContours(mask.view(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    if not borders:
        return []
    parents = hierarchy[0, :, 3]
    longest = np.argsort([-len(border) for border in borders], kind="stable")
    pieces = {
        index: [_border_ring(borders[index])] for index in longest[parents[longest] < 0][:most].tolist()
    }
    for index in longest[parents[longest] >= 0][:most].tolist():
        if parents[index] in pieces:
            pieces[parents[index]].append(_border_ring(borders[index]))
    return list(pieces.values())


def _border_ring(border: NDArray[Any]) -> Points:
    """Return the ring around a border that OpenCV walked pixel by pixel."""
    pixels = border.reshape(-1, 2)
    if len(pixels) == 1:
        return pixels + 0.5 + 0.5 * _STEPS[::-2]
    goes_to = np.roll(pixels, -1, axis=0) - pixels
    goes = _STEP_INDEX[goes_to[:, 1] + 1, goes_to[:, 0] + 1]
    sides = _SIDES[np.roll(goes, 1), goes]
    middles = pixels[:, None, :] + 0.5 + 0.5 * _STEPS[sides]
    ring: Points = middles[sides >= 0]
    return ring


_STEP_INDEX = np.zeros((3, 3), np.intp)
_STEP_INDEX[_STEPS[:, 1] + 1, _STEPS[:, 0] + 1] = np.arange(8)


def mask_polygon(mask: BoolMask, *, max_points: int, tolerance: float = 0.0) -> Polygon | None:
    """Return the mask's outline with at most ``max_points`` (≥ 4) points in all, None when it is empty.

    Rings are simplified (Ramer, Douglas, Peucker) by ``tolerance`` pixels (0.6 at least, or stairs show), and
    more coarsely than that where the number of points asks for it; small
    ones more finely than large ones. What cannot be held within the points, the smallest pieces and
    holes, is left out. The result is valid in the sense of the OGC's simple features.
    """
    pieces = mask_outlines(mask, most=max_points // 4)
    if not pieces:
        return None
    pieces.sort(key=lambda piece: -_area(piece[0]))
    tolerance = max(tolerance, _FINEST)
    simple = fine = _simplified(pieces, tolerance)
    while tolerance < max(mask.shape):
        count = _point_count(simple)
        if count <= max_points:
            valid = _valid(simple)
            if valid and _point_count(valid) <= max_points:
                return Polygon(tuple(map(tuple, valid)))
        tolerance *= min(max(count / max_points, 1.25), 2.0)
        simple = _simplified(fine, tolerance)
    return Polygon(((_four_corners(pieces[0][0]),),))


def _point_count(pieces: Sequence[Sequence[Points]]) -> int:
    return sum(map(len, chain.from_iterable(pieces)))


def _simplified(pieces: Sequence[Sequence[Points]], tolerance: float) -> list[list[Points]]:
    """Return the pieces with fewer points; rings that shrink to a line are left out, but for the largest."""
    # Where points are short, specks must go before the large outlines lose their form.
    smallest = tolerance**2 if tolerance > _FINEST else 0.0
    simple: list[list[Points]] = []
    for number, piece in enumerate(pieces):
        outer, *holes = [_ring_simplified(ring, tolerance) for ring in piece]
        if number and (len(outer) < 3 or _area(outer) < smallest):
            continue
        kept = [hole for hole in holes if len(hole) >= 3 and _area(hole) >= smallest]
        simple.append([outer if len(outer) >= 3 else _four_corners(piece[0]), *kept])
    return simple


def _ring_simplified(ring: Points, tolerance: float) -> Points:
    """Return the ring within ``tolerance`` pixels, and less where it is thin."""
    outline = _floats(ring)
    thickness = 2 * cv2.contourArea(outline) / cv2.arcLength(outline, closed=True)
    scale = min(max(thickness / 4, 0.05), 1.0)
    return cv2.approxPolyDP(outline, tolerance * scale, closed=True).reshape(-1, 2).astype(np.float64)


def _four_corners(ring: Points) -> Points:
    """Return the smallest rotated box around the ring, cut to its bounds: it stays in the frame."""
    corners = cv2.boxPoints(cv2.minAreaRect(_floats(ring))).astype(np.float64)
    return np.clip(corners, ring.min(axis=0), ring.max(axis=0))


def _area(ring: Points) -> float:
    return cv2.contourArea(_floats(ring))


def _floats(ring: Points) -> NDArray[np.float32]:
    """Return the points in the precision of OpenCV's outlines: half pixels are exact in it."""
    return ring.astype(np.float32)


def _valid(pieces: Sequence[Sequence[Points]]) -> list[list[Points]]:
    """Return the pieces as valid, disjoint polygons (simplifying can make rings cross)."""
    shapes = [shapely.Polygon(piece[0], piece[1:]) for piece in pieces]
    whole: BaseGeometry = shapely.MultiPolygon(shapes)
    if not whole.is_valid:
        whole = shapely.make_valid(whole, method="structure", keep_collapsed=False)
    return [
        [shapely.get_coordinates(ring)[:-1] for ring in (part.exterior, *part.interiors)]
        for part in shapely.get_parts(whole)
        if isinstance(part, shapely.Polygon) and not part.is_empty
    ]
