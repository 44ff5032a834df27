"""Shapes as arrays: nothing is lost between the API's JSON and NumPy."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given

from labeling.geometry.masks import mask_bounds, shape_to_mask
from labeling.geometry.shapes import BoolMask, Polygon, Shape, Skeleton
from labeling.geometry.wire_out import shape_to_json
from labelyard import Bitmask, Box, Keypoint, LabelyardError, RotatedBox, bitmask_of, polygon_of
from labelyard.labels import Label
from labelyard.shapes import shape_bounds, shape_mask, shape_of
from labelyard.table import LabelTable
from tests.geometry.shapes_made import HEIGHT, WIDTH, any_masks, shapes


@given(shapes)
def test_a_shape_comes_back_from_what_the_api_tells_of_it(shape: Shape) -> None:
    told = shape_to_json(shape)
    back = shape_of(told)
    assert type(back) is type(shape)
    assert shape_to_json(back) == told


@given(any_masks)
def test_a_mask_becomes_a_bitmask_and_the_same_mask_again(mask: BoolMask) -> None:
    height, width = mask.shape
    if not mask.any():
        with pytest.raises(LabelyardError, match="no pixel"):
            bitmask_of(mask)
        return
    bitmask = bitmask_of(mask)
    assert (bitmask.left, bitmask.top, bitmask.width, bitmask.height) == mask_bounds(mask)
    assert np.array_equal(shape_mask(bitmask, width=width, height=height), mask)


def test_a_polygon_with_a_hole_is_filled_as_the_server_fills_it() -> None:
    ring, hole = [(10, 10), (50, 10), (50, 40), (10, 40)], [(20, 20), (30, 20), (30, 30), (20, 30)]
    polygon = polygon_of(ring, hole)
    mask = shape_mask(polygon, width=WIDTH, height=HEIGHT)
    assert mask.sum() == 40 * 30 - 10 * 10
    assert np.array_equal(mask, shape_to_mask(polygon, width=WIDTH, height=HEIGHT))
    assert isinstance(polygon, Polygon)


def test_bounds_hold_a_box_that_is_turned() -> None:
    # A quarter turn about the centre 30, 25 swaps the sides.
    assert shape_bounds(RotatedBox(10, 20, 40, 10, 90)).round(9).tolist() == [25, 5, 10, 40]


def test_columns_have_a_value_for_each_label_and_nan_where_one_is_absent() -> None:
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[3:5, 7:17] = True
    table = LabelTable([label(0, Box(1, 2, 3, 4)), label(1, bitmask_of(mask)), label(2, None)])
    assert table.frames.tolist() == [0, 1, 2]
    assert table.boxes[:2].tolist() == [[1, 2, 3, 4], [7, 3, 10, 2]]
    assert np.isnan(table.boxes[2]).all()
    assert table.on(1).masks(width=WIDTH, height=HEIGHT)[0].sum() == 20
    assert not table.on(2).masks(width=WIDTH, height=HEIGHT).any()
    assert LabelTable([]).boxes.shape == (0, 4)


def test_what_covers_no_area_has_no_mask() -> None:
    for shape in (Keypoint(1, 2), Skeleton(np.array([[1.0, 2.0]]), ())):
        with pytest.raises(LabelyardError, match="no area"):
            shape_mask(shape, width=WIDTH, height=HEIGHT)


def test_a_shape_of_a_newer_server_is_named() -> None:
    with pytest.raises(LabelyardError, match="radius"):
        shape_of({"radius": 3})


def test_importing_it_brings_neither_django_nor_opencv() -> None:
    code = "import sys, labelyard.command.main; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "labelyard" in loaded
    assert not {"django", "rest_framework", "celery", "cv2", "shapely", "boto3", "workers"} & set(loaded)


def label(frame: int, shape: Box | Bitmask | None) -> Label:
    return Label(
        instance=1, frame=frame, shape=None if shape is None else shape_to_json(shape),
        provenance="manual", confidence=1.0, protected=True, version=1, seq=1, z_order=0, occluded=False,
        job=None, author=1, review="unreviewed",
    )  # fmt: skip
