"""Small pieces and holes of masks, and what remains of a mask beside others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling.geometry.errors import ShapeError
from labeling.geometry.masks import bitmask_to_mask, mask_excluding, mask_to_bitmask, mask_to_shape
from labeling.geometry.shapes import Bitmask, BoolMask, Polygon, ShapeKind
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


@given(st.data(), any_masks)
def test_what_remains_is_the_mask_less_all_others(data: st.DataObject, mask: BoolMask) -> None:
    seeds = data.draw(st.lists(st.integers(0, 2**31), max_size=4))
    others = [np.random.default_rng(seed).random(mask.shape) < 0.3 for seed in seeds]
    bitmasks = [bitmask for other in others if (bitmask := mask_to_bitmask(other)) is not None]
    before = mask.copy()
    remains = mask_excluding(mask, bitmasks)
    expected = mask.copy()
    for other in others:
        expected &= ~other
    assert np.array_equal(expected, np.zeros_like(mask) if remains is None else remains)
    assert (remains is None) == (not expected.any())
    assert np.array_equal(mask, before)


def test_two_masks_of_which_one_excludes_the_other_never_overlap() -> None:
    first = mask_to_bitmask(drawn("###..", "###..", "....."))
    assert first is not None
    remains = mask_excluding(drawn(".####", ".####", ".####"), [first])
    assert remains is not None
    assert not (remains & bitmask_to_mask(first, width=5, height=3)).any()
    assert np.array_equal(remains, drawn("...##", "...##", ".####"))


def test_a_mask_that_others_cover_is_none() -> None:
    whole = mask_to_bitmask(np.ones((3, 4), np.bool_))
    assert whole is not None
    assert mask_excluding(np.ones((3, 4), np.bool_), [whole]) is None


def test_a_bitmask_of_another_frame_is_refused() -> None:
    large = mask_to_bitmask(np.ones((9, 9), np.bool_))
    assert isinstance(large, Bitmask)
    with pytest.raises(ShapeError, match="the frame is 4 by 3"):
        mask_excluding(np.ones((3, 4), np.bool_), [large])


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
