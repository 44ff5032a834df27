"""The smallest rotated box, and how its angle goes on from one frame to the next."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from labeling.geometry.masks import mask_to_shape, shape_to_mask
from labeling.geometry.rotation import mask_rotated_box
from labeling.geometry.shapes import BoolMask, RotatedBox, ShapeKind
from tests.geometry.shapes_made import any_masks, blobs, same_shape


def between(first: float, second: float) -> float:
    """Degrees between two angles, the short way round."""
    return abs((first - second + 180) % 360 - 180)


def bar(rotation: float, *, width: float = 60, height: float = 20) -> BoolMask:
    box = RotatedBox(80 - width / 2, 60 - height / 2, width, height, rotation)
    return shape_to_mask(box, width=160, height=120)


@given(any_masks.filter(lambda mask: bool(mask.any())), st.none() | st.floats(0, 359.9))
@example(np.array([[True, True]]), 1.2611619647738594)
def test_every_pixels_centre_is_in_the_box(mask: BoolMask, rotation: float | None) -> None:
    previous = None if rotation is None else RotatedBox(0, 0, 1, 1, rotation)
    box = mask_rotated_box(mask, previous=previous)
    assert box is not None
    assert 0 <= box.rotation < 360
    angle = np.deg2rad(box.rotation)
    rows, columns = np.nonzero(mask)
    x, y = columns + 0.5 - (box.left + box.width / 2), rows + 0.5 - (box.top + box.height / 2)
    along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    assert np.abs(along).max() <= box.width / 2
    assert np.abs(across).max() <= box.height / 2


@given(blobs())
def test_the_box_is_about_as_small_as_opencvs(mask: BoolMask) -> None:
    box = mask_rotated_box(mask)
    assert box is not None
    borders, _ = cv2.findContours(mask.view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    _, (width, height), _ = cv2.minAreaRect(np.concatenate(borders))
    # OpenCV's goes through the centres, ours around the pixels: up to one pixel more on each side.
    assert box.width * box.height <= (width + 1) * (height + 1) * 1.03


@given(st.floats(0, 359.9), st.floats(-20, 20))
def test_a_drawn_box_is_found_again_under_the_same_name(rotation: float, off: float) -> None:
    mask = bar(rotation)
    found = mask_to_shape(
        mask, ShapeKind.ROTATABLE_BOUNDING_BOX, previous=RotatedBox(0, 0, 60, 20, (rotation + off) % 360)
    )
    assert isinstance(found, RotatedBox)
    assert between(found.rotation, rotation) < 4
    assert found.width == pytest.approx(60, abs=2)
    assert found.height == pytest.approx(20, abs=2)
    drawn = shape_to_mask(found, width=160, height=120)
    assert (drawn & mask).sum() / (drawn | mask).sum() > 0.9


@pytest.mark.parametrize("step", [7, -7, 3])
def test_a_bar_that_turns_round_and_round_never_jumps(step: int) -> None:
    previous = RotatedBox(50, 50, 60, 20, 0)
    for frame in range(1, 130):
        found = mask_to_shape(bar(frame * step), ShapeKind.ROTATABLE_BOUNDING_BOX, previous=previous)
        assert isinstance(found, RotatedBox)
        assert between(found.rotation, frame * step) < 4
        assert found.width > 2 * found.height
        previous = found


@given(st.lists(st.integers(-1, 1), min_size=5, max_size=15))
def test_a_disc_that_breathes_keeps_its_angle(changes: list[int]) -> None:
    previous = RotatedBox(0, 0, 1, 1, 33.0)
    radius = 30
    for change in changes:
        radius += change
        mask = np.zeros((120, 160), np.uint8)
        cv2.circle(mask, (80, 60), radius, 1, -1)
        found = mask_to_shape(mask.view(np.bool_), ShapeKind.ROTATABLE_BOUNDING_BOX, previous=previous)
        assert isinstance(found, RotatedBox)
        assert between(found.rotation, previous.rotation) < 15
        previous = found


def test_without_a_previous_box_the_name_nearest_to_upright_is_taken() -> None:
    found = mask_to_shape(bar(100), ShapeKind.ROTATABLE_BOUNDING_BOX)
    assert isinstance(found, RotatedBox)
    assert between(found.rotation, 10) < 4
    assert found.height > found.width


def test_an_upright_rectangle_keeps_its_whole_pixels() -> None:
    mask = np.zeros((40, 50), np.bool_)
    mask[5:15, 10:40] = True
    found = mask_to_shape(mask, ShapeKind.ROTATABLE_BOUNDING_BOX)
    assert found is not None
    assert same_shape(found, RotatedBox(10, 5, 30, 10, 0), within=1e-9)


def test_a_previous_shape_of_another_kind_is_not_asked() -> None:
    mask = bar(10)
    box = mask_to_shape(mask, ShapeKind.BOUNDING_BOX)
    found = mask_to_shape(mask, ShapeKind.ROTATABLE_BOUNDING_BOX, previous=box)
    assert found == mask_to_shape(mask, ShapeKind.ROTATABLE_BOUNDING_BOX)
