"""Shapes as the bytes of a label's row."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling.geometry.errors import ShapeError
from labeling.geometry.packing import packed_form, shape_kind, shape_pack, shape_unpack
from labeling.geometry.shapes import (
    Bitmask,
    Box,
    Keypoint,
    Polygon,
    Polyline,
    RotatedBox,
    Shape,
    ShapeKind,
    Skeleton,
    Visibility,
)
from tests.geometry.shapes_made import same_shape, shapes

SQUARE = np.array([(0, 0), (4, 0), (4, 4), (0, 4)], np.float64)


@given(shapes)
def test_a_shape_comes_back_within_a_thousandth_of_a_pixel(shape: Shape) -> None:
    assert same_shape(shape_unpack(shape_pack(shape)), shape, within=1e-3)


@given(shapes)
def test_packing_what_was_unpacked_gives_the_same_bytes(shape: Shape) -> None:
    packed = shape_pack(shape)
    assert shape_pack(shape_unpack(packed)) == packed


@given(st.floats(0, 16_384, allow_nan=False))
def test_coordinates_of_large_frames_are_kept_to_a_thousandth(place: float) -> None:
    kept = shape_unpack(shape_pack(Keypoint(place, place)))
    assert isinstance(kept, Keypoint)
    assert abs(kept.x - place) <= 1e-3


@given(shapes, st.data())
def test_bytes_cut_short_are_refused_or_are_another_whole_shape(shape: Shape, data: st.DataObject) -> None:
    packed = shape_pack(shape)
    cut = packed[: data.draw(st.integers(0, len(packed) - 1))]
    try:
        again = shape_unpack(cut)
    except ShapeError:
        return
    assert shape_pack(again) == cut


@pytest.mark.parametrize("damaged", [b"", b"\x63", b"\1\0", b"\6\x09" + bytes(8), b"\3\xff\xff\xff\xff"])
def test_damaged_bytes_are_refused_with_a_sentence(damaged: bytes) -> None:
    with pytest.raises(ShapeError, match="The stored shape is damaged and cannot be read"):
        shape_unpack(damaged)


@given(st.binary(max_size=64))
def test_any_bytes_are_read_or_refused(junk: bytes) -> None:
    try:
        shape_unpack(junk)
    except ShapeError:
        return


@pytest.mark.parametrize(
    ("shape", "packed"),
    [
        (Box(1, 2, 3, 4), b"\1" + struct.pack("<4f", 1, 2, 3, 4)),
        (RotatedBox(1, 2, 3, 4, 30), b"\2" + struct.pack("<5f", 1, 2, 3, 4, 30)),
        (
            Polygon(((SQUARE, SQUARE[:3]), (SQUARE,))),
            b"\3"
            + struct.pack("<6I", 2, 2, 1, 4, 3, 4)
            + struct.pack("<22f", *SQUARE.ravel(), *SQUARE[:3].ravel(), *SQUARE.ravel()),
        ),
        (Bitmask(1, 2, 3, 4, b"05"), b"\4" + struct.pack("<4i", 1, 2, 3, 4) + b"05"),
        (Polyline(SQUARE[:2]), b"\5" + struct.pack("<4f", 0, 0, 4, 0)),
        (Keypoint(1, 2, Visibility.OCCLUDED), b"\6\1" + struct.pack("<2f", 1, 2)),
        (
            Skeleton(SQUARE[:2], (Visibility.SELF_OCCLUDED, Visibility.INVISIBLE)),
            b"\7\2\3" + struct.pack("<4f", 0, 0, 4, 0),
        ),
        (
            Polyline(SQUARE[:2], (Visibility.VISIBLE, Visibility.INVISIBLE)),
            b"\x08\0\3" + struct.pack("<4f", 0, 0, 4, 0),
        ),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, bytes) else "",
)
def test_the_stored_form_stays_as_it_is(shape: Shape, packed: bytes) -> None:
    assert shape_pack(shape) == packed
    assert same_shape(shape_unpack(packed), shape)


@pytest.mark.parametrize(
    "shape",
    [Polyline(SQUARE), Polyline(SQUARE, (Visibility.OCCLUDED, *[Visibility.VISIBLE] * 3))],
    ids=["visible", "marked"],
)
def test_a_polyline_is_of_its_class_whether_its_points_are_marked_or_not(shape: Shape) -> None:
    assert packed_form(shape_pack(shape)) == (ShapeKind.POLYLINE, None)


def test_a_memoryview_out_of_the_database_is_read() -> None:
    assert shape_unpack(memoryview(shape_pack(Box(1, 2, 3, 4)))) == Box(1, 2, 3, 4)


@given(shapes)
def test_the_kind_is_known_by_its_type(shape: Shape) -> None:
    assert shape_kind(shape) in ShapeKind
