"""Outlines of a thing that stands still, or only moves, do not wobble."""

from __future__ import annotations

import cv2
import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from labeling.geometry.masks import mask_to_shape
from labeling.geometry.shapes import BoolMask, Polygon, ShapeKind
from tests.geometry.shapes_made import blobs

MARGIN = 40


def outline(mask: BoolMask, *, max_points: int = 200) -> Polygon:
    shape = mask_to_shape(mask, ShapeKind.POLYGON, max_points=max_points)
    assert isinstance(shape, Polygon)
    return shape


def placed(mask: BoolMask, dx: int, dy: int) -> BoolMask:
    """The mask in a larger frame, ``dx, dy`` pixels off its middle."""
    height, width = mask.shape
    canvas = np.zeros((height + 2 * MARGIN, width + 2 * MARGIN), np.bool_)
    canvas[MARGIN + dy : MARGIN + dy + height, MARGIN + dx : MARGIN + dx + width] = mask
    return canvas


def edges(polygon: Polygon) -> shapely.MultiLineString:
    rings = [ring for rings in polygon.polygons for ring in rings]
    return shapely.MultiLineString([np.vstack([ring, ring[:1]]) for ring in rings])


def trembling(mask: BoolMask, seed: int) -> BoolMask:
    """The mask with its edge moved by up to a quarter of a pixel here and there, as noise moves it."""
    soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 1.0)
    noise = np.random.default_rng(seed).uniform(-0.1, 0.1, mask.shape).astype(np.float32)
    return np.asarray(soft + noise > 0.5)


@settings(max_examples=40)
@given(blobs(), st.integers(-MARGIN, MARGIN), st.integers(-MARGIN, MARGIN), st.sampled_from([12, 40, 200]))
def test_an_outline_moves_with_its_mask_and_changes_in_nothing(
    mask: BoolMask, dx: int, dy: int, max_points: int
) -> None:
    still = outline(placed(mask, 0, 0), max_points=max_points)
    moved = outline(placed(mask, dx, dy), max_points=max_points)
    for here, there in zip(still.polygons, moved.polygons, strict=True):
        for ring, shifted in zip(here, there, strict=True):
            np.testing.assert_allclose(shifted, ring + np.array([dx, dy]), atol=1e-9)


@settings(max_examples=40)
@given(blobs(), st.integers(0, 1000))
def test_the_outline_of_a_trembling_mask_stays_within_a_pixel(mask: BoolMask, seed: int) -> None:
    still, trembled = edges(outline(trembling(mask, seed))), edges(outline(trembling(mask, seed + 1)))
    spots = shapely.points(shapely.get_coordinates(shapely.segmentize(trembled, 1.0)))
    strays = shapely.distance(spots, still)
    assert np.percentile(strays, 90) <= 1.0
    assert strays.mean() <= 0.5
