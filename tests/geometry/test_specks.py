"""Small pieces and holes of masks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling.geometry.masks import mask_to_shape
from labeling.geometry.shapes import BoolMask, Polygon, ShapeKind
from labeling.geometry.specks import specks_removed
from tests.geometry.shapes_made import any_masks


def drawn(*rows: str) -> BoolMask:
    return np.array([[pixel == "#" for pixel in row] for row in rows])


RING = drawn(
    "........",
    ".####...",
    ".#..#..#",
    ".####...",
    "........",
)


def removed(mask: BoolMask, *, smallest_piece: int = 0, largest_hole: int = 0) -> BoolMask:
    found = specks_removed(mask, smallest_piece=smallest_piece, largest_hole=largest_hole)
    assert found is not None
    return found


def test_pieces_below_the_minimum_go() -> None:
    found = removed(RING, smallest_piece=2)
    assert found.sum() == RING.sum() - 1
    assert not found[2, 7]


def test_a_piece_of_exactly_the_minimum_stays() -> None:
    assert np.array_equal(removed(RING, smallest_piece=10), removed(RING, smallest_piece=2))


def test_holes_up_to_the_size_are_filled_and_larger_ones_stay() -> None:
    filled = removed(RING, largest_hole=2)
    assert filled[2, 2:4].all()
    assert np.array_equal(removed(RING, largest_hole=1), RING)


def test_a_filled_hole_counts_towards_its_piece() -> None:
    found = removed(RING, smallest_piece=12, largest_hole=2)
    assert found.sum() == 12


def test_a_bay_at_the_border_is_no_hole() -> None:
    bay = drawn("##.##", "##.##", "#####")
    assert np.array_equal(removed(bay, largest_hole=100), bay)


def test_a_hole_does_not_leak_through_a_corner() -> None:
    # The outline hangs together by corners only; the pixel within is enclosed all the same.
    diamond = drawn(".....", "..#..", ".#.#.", "..#..", ".....")
    filled = removed(diamond, largest_hole=1)
    assert filled[2, 2]


def test_nothing_large_enough_is_none() -> None:
    assert specks_removed(RING, smallest_piece=11) is None
    assert specks_removed(np.zeros((4, 5), np.bool_)) is None


@given(any_masks, st.integers(0, 30), st.integers(0, 30))
def test_removing_specks_again_changes_nothing(mask: BoolMask, smallest: int, largest: int) -> None:
    once = specks_removed(mask, smallest_piece=smallest, largest_hole=largest)
    if once is not None:
        again = specks_removed(once, smallest_piece=smallest)
        assert again is not None
        assert np.array_equal(again, once)


@pytest.mark.parametrize("tolerance", [1.0, 3.0, 8.0])
def test_a_polygon_strays_no_further_than_its_tolerance(tolerance: float) -> None:
    rows, columns = np.mgrid[:200, :200]
    angle = np.arctan2(rows - 100, columns - 100)
    star = np.hypot(rows - 100, columns - 100) < 60 + 25 * np.cos(7 * angle)
    fine = mask_to_shape(star, ShapeKind.POLYGON, max_points=1000)
    coarse = mask_to_shape(star, ShapeKind.POLYGON, max_points=1000, tolerance=tolerance)
    assert isinstance(fine, Polygon)
    assert isinstance(coarse, Polygon)
    kept, all_points = coarse.polygons[0][0], fine.polygons[0][0]
    assert len(kept) < len(all_points)
    ends = np.roll(kept, -1, axis=0)
    assert max(_distance(point, kept, ends) for point in all_points) <= tolerance + 1


def _distance(point: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> float:
    """Return the distance of a point to the nearest of many lines ``(n, 2)`` from start to end."""
    along = ends - starts
    shares = np.clip(((point - starts) * along).sum(axis=1) / np.square(along).sum(axis=1), 0, 1)
    return float(np.hypot(*(starts + shares[:, None] * along - point).T).min())
