"""The page's geometry gives the same as the server's: counts bit for bit, pixels, bounds and refusals."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeling.geometry.boxes import shape_bounds
from labeling.geometry.errors import ShapeError
from labeling.geometry.masks import shape_to_mask
from labeling.geometry.packing import shape_kind
from labeling.geometry.rle import rle_encode
from labeling.geometry.shapes import Bitmask, BoolMask, ShapeKind
from labeling.geometry.wire import shape_from_json, shape_to_json
from tests.geometry import shapes_made as made
from tests.needs import missing

ANSWERS = Path(__file__).resolve().parent.parent / "js" / "geometry_answers.js"
SIZE = {"width": made.WIDTH, "height": made.HEIGHT}

# One process of Node answers many cases: what is drawn is a list of them.
many = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))


def ask(cases: list[dict[str, Any]]) -> list[Any]:
    """Return what the page's scripts answer to each case."""
    node = shutil.which("node")
    if node is None:
        missing("Node is not installed.")
    done = subprocess.run(
        [node, str(ANSWERS)], input=json.dumps(cases), capture_output=True, text=True, check=True, timeout=60
    )
    answers: list[Any] = json.loads(done.stdout)
    return answers


@many
@given(st.lists(made.any_masks, min_size=10, max_size=40))
def test_counts_are_those_of_pycocotools(masks: list[BoolMask]) -> None:
    sizes = [{"height": mask.shape[0], "width": mask.shape[1]} for mask in masks]
    counts = [rle_encode(mask).decode() for mask in masks]
    rows = [mask.astype(int).ravel().tolist() for mask in masks]
    encoded = ask([{"ask": "encode", "rows": row, **size} for row, size in zip(rows, sizes, strict=True)])
    decoded = ask([{"ask": "decode", "counts": one, **size} for one, size in zip(counts, sizes, strict=True)])
    assert encoded == counts
    assert decoded == rows


def test_counts_of_a_frame_of_4k_are_those_of_pycocotools() -> None:
    height, width = 2160, 3840
    y, x = np.mgrid[:height, :width]
    mask = np.hypot(x - 1900, y - 1000) < 900 + 100 * np.sin(np.arctan2(y - 1000, x - 1900) * 9)
    counts = rle_encode(mask).decode()
    case = {"counts": counts, "width": width, "height": height}
    assert ask([{"ask": "again", **case}, {"ask": "area", **case}]) == [counts, int(mask.sum())]


@many
@given(st.lists(made.polygons, min_size=10, max_size=40))
def test_polygons_cover_the_same_pixels(polygons: list[Any]) -> None:
    answers = ask([{"ask": "filled", **shape_to_json(polygon), **SIZE} for polygon in polygons])
    masks = [shape_to_mask(polygon, **SIZE) for polygon in polygons]
    assert answers == [rle_encode(mask).decode() for mask in masks]


@many
@given(
    st.lists(
        st.one_of(made.boxes(), made.rotated_boxes, made.polygons, made.keypoints, made.skeletons),
        min_size=10,
        max_size=40,
    )
)
def test_bounds_are_the_same(shapes: list[Any]) -> None:
    sent = [(str(shape_kind(shape)), shape_to_json(shape)) for shape in shapes]
    answers = ask([{"ask": "bounds", "kind": kind, "shape": value} for kind, value in sent])
    for (kind, value), answer in zip(sent, answers, strict=True):
        # Any frame will do that holds them: boxes may be rounded out of theirs by a thousandth.
        bounds = shape_bounds(shape_from_json(ShapeKind(kind), value, width=200, height=200))
        expected = [bounds.left, bounds.top, bounds.width, bounds.height]
        assert [answer[side] for side in ("left", "top", "width", "height")] == pytest.approx(expected)


numbers = st.integers(-120, 220)
pairs = st.lists(numbers, min_size=2, max_size=2)
boxes_sent = st.fixed_dictionaries(
    {"left": numbers, "top": numbers, "width": st.integers(0, 120), "height": st.integers(0, 120)}
)
sent_shapes = st.one_of(
    st.tuples(st.just("bounding_box"), boxes_sent),
    st.tuples(
        st.just("rotatable_bounding_box"), boxes_sent.map(lambda box: {**box, "rotation": box["left"] % 360})
    ),
    st.tuples(
        st.just("polygon"),
        st.fixed_dictionaries({"polygons": st.lists(st.lists(st.lists(pairs, min_size=1, max_size=4)))}),
    ).filter(lambda sent: bool(sent[1]["polygons"]) and all(sent[1]["polygons"])),
    st.tuples(
        st.just("polyline"), st.fixed_dictionaries({"points": st.lists(pairs, min_size=1, max_size=3)})
    ),
    st.tuples(
        st.just("point"),
        st.fixed_dictionaries({"x": numbers, "y": numbers, "visibility": st.just("visible")}),
    ),
)


@many
@given(st.lists(sent_shapes, min_size=20, max_size=60))
def test_the_same_is_refused_in_the_same_words(sent: list[tuple[str, dict[str, Any]]]) -> None:
    answers = ask([{"ask": "fault", "kind": kind, "shape": value, **SIZE} for kind, value in sent])
    for (kind, value), answer in zip(sent, answers, strict=True):
        try:
            shape_from_json(ShapeKind(kind), value, **SIZE)
        except ShapeError as error:
            refusal = str(error)
        else:
            refusal = ""
        # Where several things are wrong, or a point lies out on either side, one of them is named.
        assert bool(answer) == bool(refusal), (kind, value, answer, refusal)
        if kind != "polygon" and "has a point at" not in refusal:
            assert answer == refusal


def test_a_bitmask_of_another_size_is_refused_in_the_same_words() -> None:
    counts = rle_encode(np.eye(4, dtype=np.bool_)).decode()
    value = {"left": 3, "top": 3, "width": 4, "height": 5, "counts": counts}
    (answer,) = ask([{"ask": "fault", "kind": "bitmask", "shape": value, **SIZE}])
    with pytest.raises(ShapeError) as refused:
        shape_from_json(ShapeKind.BITMASK, value, **SIZE)
    assert answer == str(refused.value)
    assert isinstance(shape_from_json(ShapeKind.BITMASK, {**value, "height": 4}, **SIZE), Bitmask)
