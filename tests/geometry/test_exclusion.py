"""What remains of a bitmask beside others."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from labeling.geometry.exclusion import bitmask_excluding, bitmasks_overlap
from labeling.geometry.masks import bitmask_to_mask, mask_to_bitmask
from labeling.geometry.shapes import Bitmask, BoolMask
from tests.geometry.shapes_made import any_masks


def bitmask(mask: BoolMask) -> Bitmask:
    made = mask_to_bitmask(mask)
    assert made is not None
    return made


def drawn(*rows: str) -> Bitmask:
    return bitmask(np.array([[pixel == "#" for pixel in row] for row in rows]))


def pixels(one: Bitmask | None, like: BoolMask) -> BoolMask:
    height, width = like.shape
    return np.zeros_like(like) if one is None else bitmask_to_mask(one, width=width, height=height)


@given(st.data(), any_masks.filter(lambda mask: bool(mask.any())))
def test_what_remains_is_the_bitmask_less_all_others(data: st.DataObject, mask: BoolMask) -> None:
    seeds = data.draw(st.lists(st.integers(0, 2**31), max_size=4))
    share = data.draw(st.sampled_from([0.02, 0.3]))
    others = [np.random.default_rng(seed).random(mask.shape) < share for seed in seeds]
    shapes = [one for other in others if (one := mask_to_bitmask(other)) is not None]
    expected = mask.copy()
    for other in others:
        expected &= ~other
    remains = bitmask_excluding(bitmask(mask), shapes)
    assert np.array_equal(pixels(remains, mask), expected)
    # Cropped to its pixels, as every bitmask is.
    assert remains is None or remains == bitmask(expected)
    assert all(
        bitmasks_overlap(bitmask(mask), shape) == bool((mask & pixels(shape, mask)).any()) for shape in shapes
    )


def test_of_two_bitmasks_one_gives_way() -> None:
    first = drawn("###..", "###..", ".....")
    second = drawn(".####", ".####", ".####")
    assert bitmasks_overlap(first, second)
    assert bitmask_excluding(second, [first]) == drawn("...##", "...##", ".####")


def test_one_that_others_cover_is_none() -> None:
    halves = [drawn("##..", "##.."), drawn("..##", "..##")]
    assert bitmask_excluding(drawn("####", "####"), halves) is None


def test_boxes_that_meet_without_a_common_pixel_change_nothing() -> None:
    frame, middle = drawn("####", "#..#", "####"), drawn("....", ".##.", "....")
    assert not bitmasks_overlap(frame, middle)
    assert bitmask_excluding(frame, [middle]) is frame
