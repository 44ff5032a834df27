"""Hypothesis strategies for shapes in a frame, and for masks."""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import Any

import cv2
import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from labeling.geometry.masks import mask_to_bitmask
from labeling.geometry.shapes import (
    BoolMask,
    Box,
    Keypoint,
    Points,
    Polygon,
    Polyline,
    RotatedBox,
    Shape,
    Skeleton,
    Visibility,
)

WIDTH, HEIGHT = 96, 64
"""The frame that these shapes lie in."""


def places(limit: float) -> st.SearchStrategy[float]:
    """Coordinates of whole thousandths, as the API gives them out."""
    return st.integers(0, int(limit * 1000)).map(lambda thousandths: thousandths / 1000)


def points(least: int, most: int = 12) -> st.SearchStrategy[Points]:
    """At least ``least`` points, no two alike."""
    pairs = st.lists(st.tuples(places(WIDTH), places(HEIGHT)), min_size=least, max_size=most, unique=True)
    return pairs.map(lambda pairs: np.array(pairs, np.float64))


def with_area(ring: Points) -> bool:
    """Whether the points of a ring are not all on one line."""
    return bool(np.linalg.svd(ring - ring.mean(axis=0), compute_uv=False)[1] > 0.1)


rings = points(3).filter(with_area)

polygons = st.lists(st.lists(rings, min_size=1, max_size=3).map(tuple), min_size=1, max_size=3).map(
    lambda pieces: Polygon(tuple(pieces))
)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    left, top = draw(places(WIDTH - 1)), draw(places(HEIGHT - 1))
    width = draw(places(WIDTH - left).filter(lambda size: size >= 0.01))
    height = draw(places(HEIGHT - top).filter(lambda size: size >= 0.01))
    return Box(left, top, width, height)


rotated_boxes = st.builds(
    lambda box, rotation: RotatedBox(box.left, box.top, box.width, box.height, rotation),
    boxes(),
    places(359.999),
)

visibilities = st.sampled_from(Visibility)

keypoints = st.builds(Keypoint, places(WIDTH), places(HEIGHT), visibilities)

skeletons = points(1).flatmap(
    lambda vertices: st.builds(
        Skeleton, st.just(vertices), st.tuples(*[visibilities for _ in range(len(vertices))])
    )
)

polylines = points(2).flatmap(
    lambda line: st.builds(
        Polyline, st.just(line), st.just(()) | st.tuples(*[visibilities for _ in range(len(line))])
    )
)

any_masks: st.SearchStrategy[BoolMask] = hnp.arrays(
    np.bool_, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=24)
)
"""Masks of any size with any pixels."""

frame_masks: st.SearchStrategy[BoolMask] = hnp.arrays(
    np.bool_, (HEIGHT, WIDTH), elements=st.booleans(), fill=st.booleans()
)

bitmasks = frame_masks.filter(lambda mask: bool(mask.any())).map(mask_to_bitmask)

shapes: st.SearchStrategy[Shape] = st.one_of(
    boxes(), rotated_boxes, polygons, bitmasks.filter(bool), polylines, keypoints, skeletons
)


@st.composite
def blobs(draw: st.DrawFn) -> BoolMask:
    """A round thing of some size with bulges and perhaps a hole, as segmenters give them."""
    mask: np.ndarray[Any, np.dtype[np.uint8]] = np.zeros((120, 160), np.uint8)
    x, y = draw(st.integers(40, 120)), draw(st.integers(40, 80))
    for _ in range(draw(st.integers(1, 4))):
        centre = (x + draw(st.integers(-20, 20)), y + draw(st.integers(-20, 20)))
        axes = (draw(st.integers(10, 35)), draw(st.integers(10, 35)))
        cv2.ellipse(mask, centre, axes, draw(st.integers(0, 180)), 0, 360, 1, -1)
    if draw(st.booleans()):
        cv2.circle(mask, (x, y), draw(st.integers(3, 8)), 0, -1)
    return mask.view(np.bool_)


def same_shape(first: Shape, second: Shape, *, within: float = 0.0) -> bool:
    """Whether two shapes are of one kind and have the same numbers."""
    if type(first) is not type(second):
        return False
    mine, yours = parts(first), parts(second)
    return len(mine) == len(yours) and all(map(partial(same_part, within=within), mine, yours))


def parts(shape: Shape) -> list[object]:
    """All that a shape consists of, one after the other."""
    if isinstance(shape, Polygon):
        return [len(rings) for rings in shape.polygons] + list(chain.from_iterable(shape.polygons))
    return [getattr(shape, name) for name in type(shape).__dataclass_fields__]


def same_part(first: object, second: object, *, within: float) -> bool:
    if isinstance(first, float | int | np.ndarray):
        one, two = np.asarray(first), np.asarray(second)
        return one.shape == two.shape and np.allclose(one, two, rtol=0, atol=within)
    return first == second
