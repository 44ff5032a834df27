"""Rings and lines brought into step: as many points in one as in the other, each with its partner.

Where both have as many points, point goes with point; otherwise places go together that lie as far
along the outline, in fractions of its length, and each outline gets the other's places as points too.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from labeling.geometry.shapes import Points, Polygon

_PLACES = 1024
"""How many places of an outline are compared to find where it starts."""

_MAX_PIECES = 500
"""Of more pieces nobody asks which belong together."""

Fractions = NDArray[np.float64]
"""Shape ``(n,)``: how far along an outline, 0..1."""

Rings = Sequence[Points]


def rings_in_step(first: Points, second: Points) -> tuple[Points, Points]:
    """Return both rings with equally many points, the second turned and started so that it moves least."""
    if _turns_clockwise(first) != _turns_clockwise(second):
        second = second[::-1]
    if len(first) == len(second):
        return first, np.roll(second, -_best_start(first, second), axis=0)
    first, second = (np.vstack([ring, ring[:1]]) for ring in (first, second))
    mine, yours = _fractions(first), _fractions(second)
    even = np.arange(_PLACES) / _PLACES
    start = _best_start(_at(first, mine, even), _at(second, yours, even)) / _PLACES
    places = np.unique(np.concatenate([mine[:-1], (yours[:-1] - start) % 1.0]))
    return _at(first, mine, places), _at(second, yours, (places + start) % 1.0)


def lines_in_step(first: Points, second: Points) -> tuple[Points, Points]:
    """Return both lines with equally many points; one drawn the other way round is turned."""
    if len(first) == len(second):
        return first, _nearer_way(first, second)
    mine = _fractions(first)
    even = np.linspace(0.0, 1.0, _PLACES)
    there = _at(second, _fractions(second), even)
    if _nearer_way(_at(first, mine, even), there) is not there:
        second = second[::-1]
    yours = _fractions(second)
    places = np.unique(np.concatenate([mine, yours]))
    return _at(first, mine, places), _at(second, yours, places)


def polygons_in_step(first: Polygon, second: Polygon) -> list[list[tuple[Points, Points]]] | None:
    """Return the rings of each piece in step, None where the pieces or their holes do not correspond.

    Pieces that have as many holes go together, near ones first. None too where rings would cross on
    their way although they do not at its ends.
    """
    pieces = _paired(first.polygons, second.polygons)
    if pieces is None:
        return None
    stepped = []
    for mine, yours in pieces:
        holes = _paired([(hole,) for hole in mine[1:]], [(hole,) for hole in yours[1:]])
        if holes is None:
            return None
        pairs = [(mine[0], yours[0]), *((one[0], other[0]) for one, other in holes)]
        stepped.append([rings_in_step(*pair) for pair in pairs])
    return None if _crosses(first, second, stepped) else stepped


def polygon_at(pieces: Sequence[Sequence[tuple[Points, Points]]], t: float) -> Polygon:
    """Return the polygon at ``t`` of the way between rings in step."""
    return Polygon(tuple(tuple((1 - t) * mine + t * yours for mine, yours in rings) for rings in pieces))


def _crosses(first: Polygon, second: Polygon, pieces: Sequence[Sequence[tuple[Points, Points]]]) -> bool:
    if not (_valid(first) and _valid(second)):
        return False
    return not all(_valid(polygon_at(pieces, t)) for t in (0.125, 0.25, 0.5, 0.75, 0.875))


def _valid(polygon: Polygon) -> bool:
    return bool(shapely.MultiPolygon([(rings[0], rings[1:]) for rings in polygon.polygons]).is_valid)


def _paired(first: Sequence[Rings], second: Sequence[Rings]) -> list[tuple[Rings, Rings]] | None:
    """Return the pieces of both in pairs, None where one has no partner of as many holes."""
    if len(first) != len(second) or len(first) > _MAX_PIECES:
        return None
    mine, yours = _middles(first), _middles(second)
    apart = np.linalg.norm(mine[:, None] - yours[None], axis=2)
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for place in np.argsort(apart, axis=None, kind="stable").tolist():
        one, other = divmod(place, len(second))
        if one not in pairs and other not in taken and len(first[one]) == len(second[other]):
            pairs[one] = other
            taken.add(other)
    if len(pairs) < len(first):
        return None
    return [(first[one], second[pairs[one]]) for one in range(len(first))]


def _middles(pieces: Sequence[Rings]) -> Points:
    """Return where the pieces lie ``(n, 2)``, seen from the middle of all of them."""
    middles = np.array([piece[0].mean(axis=0) for piece in pieces]).reshape(-1, 2)
    return middles - middles.mean(axis=0) if len(middles) else middles


def _best_start(first: Points, second: Points) -> int:
    """Return by how many points ``second`` has to be turned on to lie nearest to ``first``, centres aside."""
    mine, yours = (_complex(points - points.mean(axis=0)) for points in (first, second))
    # Of all turns at once: the squared distance falls as the cyclic correlation rises.
    agreement = np.fft.ifft(np.conj(np.fft.fft(mine)) * np.fft.fft(yours)).real
    # Rounded, so that of turns that are equal up to the last bits the smallest is taken.
    return int(np.round(agreement / max(float(np.abs(agreement).max()), 1e-12), 9).argmax())


def _nearer_way(first: Points, second: Points) -> Points:
    """Return ``second``, or itself backwards where that is clearly nearer to ``first``."""
    along, against = (float(((first - way) ** 2).sum()) for way in (second, second[::-1]))
    return second[::-1] if against < along * (1 - 1e-9) else second


def _complex(points: Points) -> NDArray[np.complex128]:
    return points[:, 0] + 1j * points[:, 1]


def _turns_clockwise(ring: Points) -> bool:
    """Whether the ring runs clockwise on screen."""
    following = np.roll(ring, -1, axis=0)
    return bool((ring[:, 0] * following[:, 1] - following[:, 0] * ring[:, 1]).sum() > 0)


def _fractions(line: Points) -> Fractions:
    """Return how far along the line each of its points lies, 0 and 1 at its ends."""
    run = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    return run / run[-1] if run[-1] > 0 else np.linspace(0.0, 1.0, len(line))


def _at(line: Points, fractions: Fractions, places: Fractions) -> Points:
    """Return the points of the line at ``places`` along it."""
    return np.stack([np.interp(places, fractions, line[:, axis]) for axis in (0, 1)], axis=1)
