"""The share of a frame that a shape covers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from labeling.geometry.coverage import shape_share
from labeling.geometry.masks import shape_to_mask
from labeling.geometry.shapes import Box, Keypoint, Polygon, Polyline, RotatedBox
from tests.geometry.shapes_made import HEIGHT, WIDTH, bitmasks, boxes


@given(bitmasks.filter(bool))
def test_of_a_mask_it_is_the_share_of_its_pixels(mask: object) -> None:
    share = shape_share(mask, width=WIDTH, height=HEIGHT)  # type: ignore[arg-type]
    pixels = shape_to_mask(mask, width=WIDTH, height=HEIGHT)  # type: ignore[arg-type]
    assert share == pytest.approx(pixels.mean())


@given(boxes())
def test_of_a_box_it_is_the_share_of_its_area(box: Box) -> None:
    share = shape_share(box, width=WIDTH, height=HEIGHT)
    assert share == pytest.approx(box.width * box.height / (WIDTH * HEIGHT))


def test_what_reaches_out_of_the_frame_does_not_count() -> None:
    assert shape_share(Box(-50, -50, 100, 100), width=100, height=100) == pytest.approx(0.25)
    assert shape_share(RotatedBox(200, 200, 10, 10, 45), width=100, height=100) == 0.0


def test_a_hole_does_not_count() -> None:
    outer = np.array([[0, 0], [100, 0], [100, 100], [0, 100]], np.float64)
    hole = outer / 2 + 25
    assert shape_share(Polygon(((outer, hole),)), width=100, height=100) == pytest.approx(0.75)


@pytest.mark.parametrize("shape", [Keypoint(5, 5), Polyline(np.array([[0, 0], [9, 9.0]]))])
def test_what_has_no_area_has_no_share(shape: Keypoint | Polyline) -> None:
    assert shape_share(shape, width=100, height=100) is None
