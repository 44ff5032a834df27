"""An area is taken apart into the objects that stand out in it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeling.geometry.masks import mask_iou
from labeling.geometry.raster import box_fill
from labeling.geometry.shapes import BoolMask, Box
from tests.backends.areas import Area, coin_areas, thing_areas
from tests.backends.scenes import texture
from tests.geometry.shapes_made import any_masks
from workers.backends.apart.basins import pieces_split
from workers.backends.apart.inside import lies_in
from workers.backends.apart.pieces import pieces_of
from workers.backends.classical.clicker import ClassicalClicker


def found_in(area: Area) -> list[BoolMask]:
    clicker = ClassicalClicker()
    pieces = pieces_of(clicker, clicker.open(area.rgb), area.rgb, area.box)
    confidences = [one.confidence for one in pieces]
    assert confidences == sorted(confidences, reverse=True)
    return [one.mask for one in pieces if lies_in(one.mask, area.box)]


def hits(found: list[BoolMask], masks: list[BoolMask]) -> int:
    return sum(any(mask_iou(one, mask) >= 0.5 for one in found) for mask in masks)


def test_coins_beside_other_coins_are_found_one_by_one() -> None:
    area = coin_areas(2)[1]
    found = found_in(area)
    assert hits(found, area.masks) >= len(area.masks) - 1
    assert len(found) <= len(area.masks) + 1


@pytest.mark.parametrize("gap", [14, -2])
def test_things_are_parted_also_where_they_touch(gap: int) -> None:
    (area,) = thing_areas(1, gap=gap)
    found = found_in(area)
    assert hits(found, area.masks) >= 5  # of 6
    assert len(found) <= 7


def test_an_area_without_anything_in_it_gives_nothing() -> None:
    rgb = texture(320, 200, colour=(105, 115, 95), seed=3)
    clicker = ClassicalClicker()
    area = Box(60, 40, 160, 100)
    found = pieces_of(clicker, clicker.open(rgb), rgb, area)
    assert sum(int(one.mask.sum()) for one in found) < 0.1 * area.width * area.height


def test_an_area_of_the_whole_picture_is_one() -> None:
    (area,) = thing_areas(1, gap=14)
    clicker = ClassicalClicker()
    height, width = area.rgb.shape[:2]
    found = pieces_of(clicker, clicker.open(area.rgb), area.rgb, Box(0, 0, width, height))
    assert hits([one.mask for one in found], area.masks) >= 5


@given(mask=any_masks, least=st.floats(1, 10))
@settings(deadline=None)
def test_pieces_are_parts_of_the_mask_that_do_not_overlap(mask: BoolMask, least: float) -> None:
    pieces = pieces_split(mask, least=least)
    assert all(piece.sum() >= least for piece in pieces)
    together = np.sum([np.zeros(mask.shape, int), *pieces], axis=0)
    assert together.max(initial=0) <= 1
    assert not (together.astype(bool) & ~mask).any()


@pytest.mark.parametrize(("left", "belongs"), [(94, True), (95, False)])
def test_an_object_belongs_to_an_area_by_four_fifths(left: int, belongs: bool) -> None:
    mask = box_fill(Box(left, 20, 20, 10), width=160, height=90)
    assert lies_in(mask, Box(10, 10, 100, 60)) == belongs
