"""Run-length codes against a plain reference, COCO's and Encord's own readers."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest
from encord.common.bitmask_operations import deserialise_bitmask, serialise_bitmask
from hypothesis import given
from hypothesis import strategies as st
from pycocotools import mask as coco_mask

from labeling.geometry.errors import ShapeError
from labeling.geometry.masks import mask_to_bitmask
from labeling.geometry.rle import (
    rle_area,
    rle_check,
    rle_decode,
    rle_encode,
    rle_from_rows,
    rle_in_frame,
    rle_runs,
)
from labeling.geometry.shapes import Bitmask, BoolMask
from tests.geometry.shapes_made import any_masks


def plain_runs(mask: BoolMask) -> list[int]:
    """The runs of a mask by columns, counted one pixel after the other."""
    pixels = [bool(pixel) for pixel in mask.T.ravel()]
    runs = [len(list(group)) for _, group in groupby(pixels)]
    return [0, *runs] if pixels[0] else runs


@given(any_masks)
def test_a_mask_comes_back(mask: BoolMask) -> None:
    height, width = mask.shape
    counts = rle_encode(mask)
    assert np.array_equal(rle_decode(counts, width=width, height=height), mask)
    assert np.array_equal(coco_mask.decode({"size": [height, width], "counts": counts}), mask)


@given(any_masks)
def test_runs_are_those_of_a_plain_count(mask: BoolMask) -> None:
    assert rle_runs(rle_encode(mask)).tolist() == plain_runs(mask)


@given(any_masks)
def test_the_area_is_the_number_of_pixels(mask: BoolMask) -> None:
    assert rle_area(rle_encode(mask)) == int(mask.sum())


def test_long_runs_are_read() -> None:
    mask = np.zeros((2000, 3000), np.bool_)
    mask[3, 7] = mask[1999, 2999] = True
    runs = rle_runs(rle_encode(mask)).tolist()
    assert runs == [7 * 2000 + 3, 1, 3000 * 2000 - 1 - (7 * 2000 + 4), 1]


@given(any_masks, st.integers(0, 5), st.integers(0, 5), st.integers(0, 5), st.integers(0, 5))
def test_a_crop_in_its_frame_is_coded_as_the_whole_frame(
    crop: BoolMask, left: int, top: int, right: int, bottom: int
) -> None:
    frame = np.pad(crop, ((top, bottom), (left, right)))
    height, width = frame.shape
    bitmask = mask_to_bitmask(frame)
    if bitmask is None:
        return
    assert rle_in_frame(bitmask, width=width, height=height) == rle_encode(frame).decode()
    rows = rle_in_frame(bitmask, width=width, height=height, order="rows")
    assert rows == serialise_bitmask(frame.tobytes())
    assert deserialise_bitmask(rows, width * height) == frame.tobytes()
    assert np.array_equal(rle_from_rows(rows, width=width, height=height), frame)


@given(any_masks)
def test_counts_in_the_frame_are_read_by_pycocotools(mask: BoolMask) -> None:
    height, width = mask.shape
    bitmask = mask_to_bitmask(mask)
    if bitmask is None:
        return
    counts = rle_in_frame(bitmask, width=width, height=height)
    assert np.array_equal(coco_mask.decode({"size": [height, width], "counts": counts}), mask)


def test_a_crop_without_pixels_is_an_empty_frame() -> None:
    empty = Bitmask(3, 2, 4, 4, rle_encode(np.zeros((4, 4), np.bool_)))
    for order in ("columns", "rows"):
        counts = rle_in_frame(empty, width=10, height=8, order=order)
        assert rle_runs(counts.encode()).tolist() == [80]


def test_coco_counts_taken_for_encords_rows_give_another_mask() -> None:
    mask = np.zeros((4, 8), np.bool_)
    mask[1, 2:6] = True
    counts = rle_encode(mask).decode()
    assert not np.array_equal(rle_from_rows(counts, width=8, height=4), mask)


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        (b"8", "cover 8 pixels; its size of 4 by 4 has 16"),
        (b"", "cover 0 pixels"),
        (b"P", "not a COCO compressed run-length string"),
        (b"\xff", "not a COCO compressed run-length string"),
        (b"!", "not a COCO compressed run-length string"),
        (b"oooooooo0", "not a COCO compressed run-length string"),
        (b"000000N0", "not a COCO compressed run-length string"),
        (b"OQ1", "not a COCO compressed run-length string"),
    ],
)
def test_counts_that_do_not_fit_are_refused_before_pycocotools_sees_them(
    counts: bytes, sentence: str
) -> None:
    with pytest.raises(ShapeError, match=sentence):
        rle_decode(counts, width=4, height=4)


@given(st.binary(max_size=40), st.integers(1, 9), st.integers(1, 9))
def test_any_bytes_are_read_or_refused(junk: bytes, width: int, height: int) -> None:
    try:
        runs = rle_check(junk, width=width, height=height)
    except ShapeError:
        return
    assert rle_decode(junk, width=width, height=height).sum() == runs[1::2].sum()


@given(st.text(alphabet=[chr(code) for code in range(48, 112)], max_size=12), st.integers(1, 6))
def test_any_counts_in_the_right_letters_are_read_or_refused(letters: str, size: int) -> None:
    try:
        mask = rle_from_rows(letters, width=size, height=size)
    except ShapeError:
        return
    assert mask.shape == (size, size)


def test_letters_that_are_not_ascii_are_refused() -> None:
    with pytest.raises(ShapeError, match="not a COCO compressed run-length string"):
        rle_from_rows("é", width=2, height=2)
